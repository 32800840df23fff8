//! The panel: its state, its view, and what changes either.

mod mirror;
mod run;

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use perch_api::messaging::client::{Connection, EndReason, Refusal};
use perch_client::driver::{Command, Handle};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, Event};

use crate::{
    action::Action,
    dom::Listener,
    host::{Options, Shell, detail},
    state::{Phase, State},
    store::Store,
    view::View,
};

/// The largest message, in bytes, while the platform has not named its own limit.
const MAX_MESSAGE_BYTES: u64 = 131_072;

/// One mounted panel. Tasks and listeners hold it weakly: when the loader lets go, all of it ends.
pub(crate) struct Chat {
    pub(crate) shell: Shell,
    options: Options,
    store: Store,
    state: RefCell<State>,
    view: RefCell<View>,
    handle: RefCell<Option<Handle>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Chat {
    /// Builds the panel into the shell and opens a session, or the one before this page.
    pub(crate) fn start(shell: Shell, options: Options) -> Rc<Self> {
        let mut state = State::new(&options.lang, options.queue.clone());
        state.local = crate::view::card::is_local(&options.edge);
        let chat = Rc::new_cyclic(|own: &Weak<Self>| {
            let resized = {
                let own = own.clone();
                move || {
                    if let Some(chat) = own.upgrade() {
                        chat.view.borrow().log.keep_end();
                    }
                }
            };
            let view = View::new(&shell, resized);
            let store = Store::new(&options.site);
            Self {
                shell,
                options,
                store,
                state: RefCell::new(state),
                view: RefCell::new(view),
                handle: RefCell::default(),
                listeners: RefCell::default(),
            }
        });
        chat.listen();
        // What was typed before the panel came goes before what an earlier page left.
        if chat.shell.area.value().is_empty()
            && let Some(draft) = chat.store.draft()
        {
            chat.shell.area.set_value(&draft);
        }
        chat.paint();
        chat.open();
        chat
    }

    /// Says something; false when it cannot be said and should stay in the composer.
    pub(crate) fn send(self: &Rc<Self>, text: &str) -> bool {
        let limit = {
            let mut state = self.state.borrow_mut();
            if state.over() {
                return false;
            }
            let limit = state.status.capabilities.max_message_size_bytes;
            let limit = limit.unwrap_or(MAX_MESSAGE_BYTES);
            let too_long = u64::try_from(text.len()).unwrap_or(u64::MAX) > limit;
            state.notice =
                too_long.then_some(Refusal::TooLong { limit: usize::try_from(limit).unwrap_or(0) });
            text.clone_into(&mut state.last);
            too_long
        };
        if limit {
            self.paint();
            return false;
        }
        if !self.command(Command::Send(text.to_owned())) {
            self.state.borrow_mut().waiting.push(text.to_owned());
        }
        self.view.borrow().log.to_end();
        self.paint();
        self.emit("message", &detail(&[("author", "visitor"), ("text", text)]));
        true
    }

    /// Ends the conversation.
    pub(crate) fn end(&self) {
        self.command(Command::End);
    }

    /// The panel was opened or closed.
    pub(crate) fn show(self: &Rc<Self>, open: bool) {
        self.state.borrow_mut().shown = open;
        if open {
            self.count_unread(0);
            self.view.borrow().log.to_end();
        }
    }

    /// Draws what changed.
    pub(crate) fn paint(self: &Rc<Self>) {
        let own = Rc::downgrade(self);
        let tick = move || {
            if let Some(chat) = own.upgrade() {
                chat.paint();
            }
        };
        self.view.borrow_mut().paint(&self.shell, &self.state.borrow(), tick);
    }

    fn open(self: &Rc<Self>) {
        wasm_bindgen_futures::spawn_local(run::run(Rc::downgrade(self)));
    }

    /// Tries to open a session again, after that failed.
    fn restart(self: &Rc<Self>) {
        self.state.borrow_mut().phase = Phase::Opening;
        self.paint();
        self.open();
    }

    /// Hands a command to the running session; false when there is none.
    fn command(&self, command: Command) -> bool {
        self.handle.borrow().as_ref().is_some_and(|handle| handle.command(command))
    }

    fn act(self: &Rc<Self>, action: Action) {
        match action {
            Action::Say(text) => {
                self.send(&text);
                // The chip is gone by now, and the focus must not go with it.
                self.shell.refocus();
            }
            Action::SendAgain(id) => {
                self.command(Command::Retry(id));
            }
            Action::Connect => {
                self.command(Command::Connect);
            }
            Action::Restart => self.restart(),
            Action::Newest => {
                self.view.borrow().log.to_end();
                self.shell.refocus();
            }
            Action::AskToEnd => self.ask(None),
            Action::End => {
                self.ask(Some(false));
                self.end();
            }
            Action::StartOver => {
                self.state.borrow_mut().start_over();
                self.view.borrow_mut().log.clear();
                self.restart();
                self.shell.refocus();
            }
        }
    }

    /// Asks whether to end the chat or stops asking; `None` changes over.
    fn ask(self: &Rc<Self>, asking: Option<bool>) {
        let asking = {
            let mut state = self.state.borrow_mut();
            state.asking = asking.unwrap_or(!state.asking);
            state.asking
        };
        self.paint();
        if asking {
            self.view.borrow().foot.focus_question();
        } else {
            self.shell.refocus();
        }
    }

    fn listen(self: &Rc<Self>) {
        let on = |target: &web_sys::EventTarget, event, work: fn(&Rc<Self>, &Event)| {
            let own = Rc::downgrade(self);
            let listener = Listener::new(target, event, move |event| {
                if let Some(chat) = own.upgrade() {
                    work(&chat, &event);
                }
            });
            self.listeners.borrow_mut().push(listener);
        };
        let press = |chat: &Rc<Self>, event: &Event| {
            let hit = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(action) = hit.as_ref().and_then(Action::of) {
                chat.act(action);
            }
        };
        on(&self.shell.menu, "click", press);
        on(&self.shell.body, "click", press);
        on(&self.shell.body, "keydown", |chat, event| {
            let key = event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key);
            if key.as_deref() == Some("Escape") && chat.state.borrow().asking {
                // Else the shell would close the panel.
                event.prevent_default();
                chat.ask(Some(false));
            }
        });
        on(&self.shell.body, "scroll", |chat, _| chat.view.borrow().log.scrolled());
        on(&self.shell.body, "error", |_, event| crate::view::card::replace_broken(event));
        on(&self.shell.area, "input", |chat, _| {
            let text = chat.shell.area.value();
            chat.store.keep_draft(&text);
            chat.command(Command::Typing(!text.is_empty()));
            if chat.state.borrow_mut().notice.take().is_some() {
                chat.paint();
            }
        });
        let Some(window) = web_sys::window() else { return };
        on(&window, "offline", |chat, _| {
            chat.command(Command::Offline);
        });
        on(&window, "online", |chat, _| {
            chat.command(Command::Online);
            if chat.state.borrow().phase == Phase::Failed {
                chat.restart();
            }
        });
        // A visitor who comes back should not wait for a timer that slept along with the tab.
        for event in ["visibilitychange", "pageshow"] {
            on(&window, event, |chat, _| {
                let connection = chat.state.borrow().status.connection;
                if matches!(connection, Connection::Waiting { .. }) {
                    chat.command(Command::Connect);
                }
            });
        }
    }

    fn emit(&self, name: &str, detail: &JsValue) {
        self.options.emit(name, detail);
    }

    fn count_unread(&self, unread: u32) {
        self.state.borrow_mut().unread = unread;
        self.emit("unread", &JsValue::from(unread));
    }

    fn ended(&self, reason: &EndReason) {
        let reason = match reason {
            EndReason::Visitor => "visitor",
            EndReason::Idle => "idle",
            EndReason::Natural => "natural",
            EndReason::Closed => "closed",
            EndReason::Other(other) => other,
        };
        self.store.forget_session();
        self.emit("ended", &detail(&[("reason", reason)]));
    }
}

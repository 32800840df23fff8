//! A visitor's chat, for JavaScript: a session through the edge worker, told of in JSON.

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

mod failure;
mod told;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    sync::Arc,
    time::Duration,
};

use js_sys::Function;
use perch_api::json::{Object, Value};
use perch_api::messaging::client::{ClientSession, Config, Event, PendingMessage};
use perch_client::driver::{self, Command, Finish, Handle};
use perch_client::visitor::Visitor;
use perch_client::{OwnPlatform, Sockets};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::failure::fields;

/// A chat. Freeing it closes the socket, and the conversation can be taken up again.
#[wasm_bindgen]
pub struct Chat(Rc<Inner>);

struct Inner {
    edge: String,
    site: String,
    emit: Function,
    handle: RefCell<Option<Handle>>,
    /// Said before there was a session to say it to.
    waiting: RefCell<Vec<Command>>,
    running: Cell<bool>,
}

#[wasm_bindgen]
impl Chat {
    /// Opens a session of `site`, or takes up the one of `resume`; `outbox` is what an earlier page
    /// left undelivered, as it was told of. `emit(name, json)` hears of everything.
    #[wasm_bindgen(constructor)]
    pub fn new(
        edge: String,
        site: String,
        resume: Option<String>,
        outbox: Option<String>,
        emit: Function,
    ) -> Self {
        let (handle, waiting, running) = (RefCell::default(), RefCell::default(), Cell::new(true));
        let inner = Rc::new(Inner { edge, site, emit, handle, waiting, running });
        let outbox = outbox.as_deref().and_then(Value::parse);
        let outbox = outbox.iter().flat_map(Value::items).filter_map(PendingMessage::from_json);
        spawn_local(run(Rc::downgrade(&inner), resume, outbox.collect()));
        Self(inner)
    }

    /// Says something; false when the conversation is over.
    pub fn send(&self, text: String) -> bool {
        self.0.command(Command::Send(text))
    }

    /// Sends an undelivered message again, by its `clientEventId`.
    pub fn retry(&self, id: String) -> bool {
        self.0.command(Command::Retry(id))
    }

    /// A key was pressed, or the input cleared.
    pub fn typing(&self, on: bool) -> bool {
        self.0.command(Command::Typing(on))
    }

    /// Asks the agent to join again, after it could not start.
    #[wasm_bindgen(js_name = requestAgent)]
    pub fn request_agent(&self) -> bool {
        self.0.command(Command::RequestAgent)
    }

    /// Ends the conversation.
    pub fn end(&self) -> bool {
        self.0.command(Command::End)
    }

    /// Connects, or tries again after a failure.
    pub fn connect(&self) -> bool {
        self.0.command(Command::Connect)
    }

    /// The network is back, or gone.
    pub fn online(&self, on: bool) -> bool {
        self.0.command(if on { Command::Online } else { Command::Offline })
    }
}

impl Inner {
    fn command(&self, command: Command) -> bool {
        if let Some(handle) = &*self.handle.borrow() {
            return handle.command(command);
        }
        let runs = self.running.get();
        if runs {
            self.waiting.borrow_mut().push(command);
        }
        runs
    }

    fn emit(&self, name: &str, detail: impl Into<Value>) {
        let detail = JsValue::from_str(&detail.into().encode());
        // A listener that throws is its own affair.
        let _ = self.emit.call2(&JsValue::UNDEFINED, &JsValue::from_str(name), &detail);
    }
}

/// Opens sessions and drives them, one after another, until the chat is over or let go.
async fn run(own: Weak<Inner>, resume: Option<String>, outbox: Vec<PendingMessage>) {
    sessions(&own, resume, outbox).await;
    if let Some(chat) = own.upgrade() {
        chat.running.set(false);
        chat.handle.replace(None);
        chat.waiting.borrow_mut().clear();
    }
}

/// `None` when the chat was let go.
async fn sessions(
    own: &Weak<Inner>,
    mut resume: Option<String>,
    mut outbox: Vec<PendingMessage>,
) -> Option<()> {
    let platform: Arc<dyn Sockets> = Arc::new(OwnPlatform::new().ok()?);
    for losses in 0_u32.. {
        let (edge, site) = own.upgrade().map(|chat| (chat.edge.clone(), chat.site.clone()))?;
        let opened = Visitor::open(platform.clone(), &edge, &site, resume.as_deref()).await;
        let chat = own.upgrade()?;
        let visitor = match opened {
            Ok(visitor) => visitor,
            Err(error) => {
                chat.emit("failed", fields(&error));
                return Some(());
            }
        };
        let config = Config { resumed: visitor.resumed(), ..Config::default() };
        let mut session = ClientSession::new(config, platform.random());
        session.restore(std::mem::take(&mut outbox));
        let (handle, commands) = driver::handle();
        for command in chat.waiting.borrow_mut().drain(..) {
            handle.command(command);
        }
        chat.handle.replace(Some(handle));
        chat.emit("opened", told::opened(&visitor));
        chat.emit("reset", told::whole(&session));
        drop(chat);
        let mut told = visitor.resume_handle();
        let observe = |session: &ClientSession, event| {
            let Some(chat) = own.upgrade() else { return };
            chat.observe(session, event);
            // It changes whenever the token is renewed.
            let handle = visitor.resume_handle();
            if handle != told {
                chat.emit("resume", handle.as_str());
                told = handle;
            }
        };
        let finish = driver::drive(&mut session, &*platform, &visitor, commands, observe).await;
        own.upgrade()?.handle.replace(None);
        if finish != Finish::Lost {
            return Some(());
        }
        (resume, outbox) = (None, session.outbox());
        // Sessions that are lost as soon as they are made must not become a storm of requests.
        platform.sleep(Duration::from_secs(u64::from(losses.min(6)) * 5)).await;
    }
    None
}

impl Inner {
    fn observe(&self, session: &ClientSession, event: Event) {
        match event {
            Event::Entry(key) => {
                if let Some(entry) = told::placed(session.transcript(), key) {
                    self.emit("entry", entry);
                    let outbox = session.outbox();
                    self.emit("outbox", told::list(outbox.iter().map(PendingMessage::to_json)));
                }
            }
            Event::Announce(key) => {
                if let Some(entry) = session.transcript().entry(key) {
                    self.emit("message", told::entry(entry));
                }
            }
            Event::Refused(refusal) => self.emit("refused", told::refusal(refusal)),
            Event::Ended(reason) => {
                self.emit("status", told::status(session));
                self.emit("ended", told::reason(&reason));
            }
            Event::Resync => self.emit("reset", told::whole(session)),
            Event::Connection(_) | Event::Status => self.emit("status", told::status(session)),
            Event::SessionLost => {
                self.emit("status", told::status(session));
                self.emit("lost", Object::new());
            }
            Event::Unknown { .. } | Event::Unreadable(_) => {}
        }
    }
}

//! Everything said, and whether the end of it is in view.

use std::cell::Cell;

use perch_api::messaging::transcript::{Author, Transcript};
use perch_ui::Glyph;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Element, ResizeObserver};

use super::{
    message::Message,
    when::{Clock, local_day},
};
use crate::{
    action::Action,
    dom,
    labels::fill,
    rows::{Outline, shapes},
    state::State,
};

/// So close to the end counts as the end, in pixels.
const NEAR: i32 = 48;

/// The log. It is no live region itself (see `perch_ui::announcer`): streamed text would be read out
/// piece by piece.
pub(crate) struct Log {
    pub(super) root: Element,
    scroller: Element,
    list: Element,
    /// What was said before there was a session.
    waiting: Element,
    typing: Element,
    typist: Element,
    newer: Element,
    /// Rows in the order of the page: of earlier sessions, then of this one.
    rows: Vec<Row>,
    clock: Clock,
    at_end: Cell<bool>,
    /// Where the log was scrolled to, to tell a visitor's scrolling from growing text.
    top: Cell<i32>,
    streaming: bool,
    observer: Option<ResizeObserver>,
    _resized: Closure<dyn FnMut()>,
}

struct Row {
    session: u32,
    entry: u64,
    outline: Outline,
    message: Message,
}

impl Log {
    pub(super) fn new(resized: impl FnMut() + 'static) -> Self {
        let [root, scroller] = ["logs", "log"].map(|class| dom::make("div", class));
        for (name, value) in [("role", "log"), ("aria-live", "off"), ("tabindex", "0")] {
            dom::set(&scroller, name, value);
        }
        let list = dom::make("ol", "");
        dom::set(&list, "role", "list");
        let waiting = dom::make("li", "row visitor waiting");
        let typing = dom::make("li", "row agent first typing");
        let bubble = dom::make("div", "bubble");
        let dots = dom::make("div", "dots");
        dom::set(&dots, "aria-hidden", "true");
        (0..3).for_each(|_| dom::add(&dots, &dom::make("i", "")));
        let typist = dom::make("span", "ui-hidden");
        let newer = dom::button("ui-button newer", Action::NEWEST, "");
        dom::show(&newer, false);
        for (parent, child) in [
            (&bubble, &dots),
            (&bubble, &typist),
            (&typing, &bubble),
            (&list, &waiting),
            (&list, &typing),
            (&scroller, &list),
            (&root, &scroller),
            (&root, &newer),
        ] {
            dom::add(parent, child);
        }

        // Whatever grows or shrinks (text, pictures, the window, the keyboard): the end stays in view.
        let resized = Closure::<dyn FnMut()>::new(resized);
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&scroller);
            observer.observe(&list);
        }
        Self {
            root,
            scroller,
            list,
            waiting,
            typing,
            typist,
            newer,
            rows: Vec::new(),
            clock: Clock::new("en"),
            at_end: Cell::new(true),
            top: Cell::new(0),
            streaming: false,
            observer,
            _resized: resized,
        }
    }

    /// Takes the transcript of the current session over.
    pub(crate) fn update(&mut self, state: &State, transcript: &Transcript) {
        let known = self.rows.iter().filter(|row| row.session == state.session).count();
        if !self.clock.fits(&state.locale) {
            self.clock = Clock::new(&state.locale);
        }
        self.arrange(state, transcript);
        let shapes = {
            let outlines: Vec<Outline> = self.rows.iter().map(|row| row.outline.clone()).collect();
            shapes(&outlines, local_day)
        };
        let earlier = self.rows.len() - transcript.len().min(self.rows.len());
        let pairs = self.rows.iter_mut().zip(shapes).skip(earlier);
        for ((row, shape), entry) in pairs.zip(transcript.iter()) {
            row.message.paint(entry, shape, state, &self.clock);
        }
        self.streaming = transcript
            .iter()
            .next_back()
            .is_some_and(|entry| entry.streaming && entry.author != Author::Visitor);
        if transcript.len() > known && !self.at_end.get() {
            dom::show(&self.newer, true);
        }
    }

    /// Draws the rest: who is typing, and what waits for a session.
    pub(super) fn paint(&self, state: &State) {
        let labels = state.labels;
        if self.scroller.get_attribute("lang").as_deref() != Some(&state.locale) {
            dom::set(&self.scroller, "lang", &state.locale);
        }
        dom::set(&self.scroller, "aria-label", labels.conversation);
        if self.newer.text_content().as_deref() != Some(labels.new_messages) {
            dom::say(&self.newer, labels.new_messages);
            dom::add(&self.newer, &dom::icon(Glyph::Down));
        }

        let told = state.status.indicator.is_some() && !state.over();
        // The greeting is on its way, or the history.
        let starting = self.rows.is_empty() && !state.over();
        dom::show(&self.typing, (told || starting) && !self.streaming);
        dom::say(&self.typist, &fill(labels.typing, state.partner()));

        dom::show(&self.waiting, !state.waiting.is_empty());
        self.waiting.set_text_content(None);
        for text in &state.waiting {
            dom::add(&self.waiting, &dom::words("div", "bubble", text));
        }
        let missing =
            matches!(state.phase, crate::state::Phase::Failed | crate::state::Phase::Refused);
        dom::show(&self.root, !missing);
    }

    /// Makes the next update draw every row again, for another language.
    pub(crate) fn forget(&mut self) {
        self.rows.iter_mut().for_each(|row| row.message.forget());
    }

    /// Empties the log.
    pub(crate) fn clear(&mut self) {
        for row in self.rows.drain(..) {
            row.message.divider.remove();
            row.message.root.remove();
        }
    }

    /// Goes to the newest message and stays there.
    pub(crate) fn to_end(&self) {
        self.at_end.set(true);
        dom::show(&self.newer, false);
        self.scroller.set_scroll_top(self.scroller.scroll_height());
    }

    /// Something changed its size: the end stays in view if it was.
    pub(crate) fn keep_end(&self) {
        if self.at_end.get() {
            self.to_end();
        }
    }

    /// The visitor scrolled, or the log did after more text than a scroll event keeps up with.
    pub(crate) fn scrolled(&self) {
        let log = &self.scroller;
        // A closed panel has no height, and its position means nothing.
        if log.client_height() == 0 {
            return;
        }
        let top = log.scroll_top();
        let up = top < self.top.replace(top);
        if log.scroll_height() - top - log.client_height() < NEAR {
            self.at_end.set(true);
            dom::show(&self.newer, false);
        } else if up {
            self.at_end.set(false);
        }
    }

    /// Gives the session's entries rows, in order.
    fn arrange(&mut self, state: &State, transcript: &Transcript) {
        let start = self.rows.iter().take_while(|row| row.session != state.session).count();
        let mut old: Vec<Row> = self.rows.drain(start..).collect();
        for entry in transcript.iter() {
            let number = entry.key.number();
            let outline = Outline::of(state.session, entry);
            // Nearly always the first of those left: order changes seldom.
            let row = match old.iter().position(|row| row.entry == number) {
                Some(at) => Row { outline, ..old.remove(at) },
                None => Row {
                    session: state.session,
                    entry: number,
                    outline,
                    message: Message::new(entry.author),
                },
            };
            self.rows.push(row);
        }
        for row in old {
            row.message.divider.remove();
            row.message.root.remove();
        }
        // From the end, so that each row knows what it stands before.
        let mut next = self.waiting.clone();
        for row in self.rows.iter().skip(start).rev() {
            for part in [&row.message.root, &row.message.divider] {
                if part.next_element_sibling().as_ref() != Some(&next) {
                    let _ = self.list.insert_before(part, Some(&next));
                }
                next.clone_from(part);
            }
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

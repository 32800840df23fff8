//! The panel's state: signals that views read, and the ways to change them.

mod mirror;
mod run;

use std::collections::BTreeMap;

use leptos::prelude::*;
use perch_api::messaging::{
    client::{Agent, Connection, EndReason, Refusal, Status},
    transcript::{Author, Entry},
};
use perch_client::{
    driver::{Command, Handle},
    visitor::Site,
};
use perch_ui::Announcer;
use wasm_bindgen::JsValue;

use crate::{
    host::{Options, Shell, detail},
    labels::Labels,
    rows::Shape,
    store::Store,
};

/// The largest message, in bytes, while the platform has not named its own limit.
const MAX_MESSAGE_BYTES: u64 = 131_072;

/// Where the panel stands before there is a session to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The session is being opened.
    Opening,
    /// It could not be opened; trying again may help.
    Failed,
    /// This page may not open one.
    Refused,
    /// There is a session, perhaps a finished one.
    Running,
}

/// Names a row: sessions follow each other, and each counts its own entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowKey {
    /// The session, counted from 0.
    pub(crate) session: u32,
    pub(crate) entry: u64,
}

/// One entry on screen. Counted references, because rows come and go while the panel stays.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) entry: ArcRwSignal<Entry>,
    pub(crate) shape: ArcRwSignal<Shape>,
}

/// Everything the views need; cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) phase: RwSignal<Phase>,
    pub(crate) site: RwSignal<Option<Site>>,
    pub(crate) status: RwSignal<Status>,
    /// Whether the connection ever stood.
    pub(crate) was_open: RwSignal<bool>,
    /// When the next attempt comes, in milliseconds since the Unix epoch.
    pub(crate) retry_at: RwSignal<Option<u64>>,
    pub(crate) rows: RwSignal<Vec<RowKey>>,
    /// Said before there was a session to say it to.
    pub(crate) waiting: RwSignal<Vec<String>>,
    /// Why the last message was not taken.
    pub(crate) notice: RwSignal<Option<Refusal>>,
    pub(crate) labels: RwSignal<&'static Labels>,
    /// The conversation's language tag, for dates and for readers of the text.
    pub(crate) locale: RwSignal<String>,
    /// The panel is open.
    pub(crate) shown: RwSignal<bool>,
    pub(crate) unread: RwSignal<u32>,
    /// Counts what the visitor said, so that the log can go along.
    pub(crate) said: RwSignal<u32>,
    pub(crate) announcer: Announcer,
    entries: StoredValue<BTreeMap<RowKey, Row>>,
    session: StoredValue<u32>,
    handle: StoredValue<Option<Handle>>,
    /// The last text sent, to give it back when it is refused.
    last: StoredValue<String>,
    store: StoredValue<Store>,
    host: StoredValue<(Shell, Options), LocalStorage>,
}

impl Chat {
    /// The state of a new panel; belongs to the current reactive owner.
    pub(crate) fn new(shell: Shell, options: Options) -> Self {
        Self {
            phase: RwSignal::new(Phase::Opening),
            site: RwSignal::new(None),
            status: RwSignal::new(Status::default()),
            was_open: RwSignal::new(false),
            retry_at: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(options.queue.clone()),
            notice: RwSignal::new(None),
            labels: RwSignal::new(Labels::of(&options.lang)),
            locale: RwSignal::new(options.lang.clone()),
            shown: RwSignal::new(false),
            unread: RwSignal::new(0),
            said: RwSignal::new(0),
            announcer: Announcer::new(),
            entries: StoredValue::new(BTreeMap::new()),
            session: StoredValue::new(0),
            handle: StoredValue::new(None),
            last: StoredValue::new(String::new()),
            store: StoredValue::new(Store::new(&options.site)),
            host: StoredValue::new_local((shell, options)),
        }
    }

    /// Opens a session, or the one before this page, and keeps at it until the panel goes.
    pub(crate) fn start(self) {
        leptos::task::spawn_local(run::run(self));
    }

    /// Says something; false when it is too long to be said.
    pub(crate) fn send(self, text: String) -> bool {
        let limit = self.status.with_untracked(|status| status.capabilities.max_message_size_bytes);
        let limit = limit.unwrap_or(MAX_MESSAGE_BYTES);
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > limit {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            self.notice.set(Some(Refusal::TooLong { limit }));
            return false;
        }
        if self.status.with_untracked(|status| status.ended.is_some()) {
            return false;
        }
        self.notice.set(None);
        self.said.update(|said| *said = said.wrapping_add(1));
        self.emit("message", &detail(&[("author", "visitor"), ("text", &text)]));
        self.last.set_value(text.clone());
        if !self.command(Command::Send(text.clone())) {
            self.waiting.update(|waiting| waiting.push(text));
        }
        true
    }

    /// Ends the conversation.
    pub(crate) fn end(self) {
        self.command(Command::End);
    }

    /// Starts anew after the end, with an empty log.
    pub(crate) fn start_over(self) {
        self.rows.set(Vec::new());
        self.entries.update_value(BTreeMap::clear);
        self.waiting.set(Vec::new());
        self.status.set(Status::default());
        self.was_open.set(false);
        self.restart();
    }

    /// Tries to open a session again, after that failed.
    pub(crate) fn restart(self) {
        self.phase.set(Phase::Opening);
        self.start();
    }

    /// Whether the conversation is over, for views.
    pub(crate) fn over(self) -> bool {
        self.status.with(|status| status.ended.is_some())
    }

    /// Hands a command to the running session; false when there is none.
    pub(crate) fn command(self, command: Command) -> bool {
        self.handle
            .try_with_value(|handle| handle.as_ref().is_some_and(|handle| handle.command(command)))
            .unwrap_or(false)
    }

    /// Connects now, if that is what is being waited for.
    pub(crate) fn connect_if_waiting(self) {
        let waits = |status: &Status| matches!(status.connection, Connection::Waiting { .. });
        if self.status.try_with_untracked(waits).unwrap_or(false) {
            self.command(Command::Connect);
        }
    }

    /// Opens or closes the view on it all.
    pub(crate) fn show(self, open: bool) {
        self.shown.set(open);
        if open {
            self.count_unread(0);
        }
    }

    /// A row that is on screen.
    pub(crate) fn row(self, key: RowKey) -> Option<Row> {
        self.entries.try_with_value(|entries| entries.get(&key).cloned()).flatten()
    }

    /// Who said something: as the platform named them, or as the site names its agent.
    pub(crate) fn speaker(self, entry: &Entry) -> String {
        let labels = self.labels.get();
        let named = entry.name.clone().filter(|name| !name.is_empty());
        match entry.author {
            Author::Visitor => labels.you.to_owned(),
            Author::Agent => named
                .or_else(|| self.agent_name())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| labels.assistant.to_owned()),
            Author::LiveAgent => named.unwrap_or_else(|| labels.person.to_owned()),
            Author::System => String::new(),
        }
    }

    /// Who is on the other side, for views: a person, the agent, or nobody in particular.
    pub(crate) fn partner(self) -> String {
        let named = self.status.with(|status| match &status.agent {
            Agent::Live(person) => Some(person.name.clone().unwrap_or_default()),
            Agent::Poly(agent) => agent.name.clone().or_else(|| self.agent_name()),
            Agent::None => self.agent_name(),
        });
        let labels = self.labels.get();
        let live = self.status.with(|status| matches!(status.agent, Agent::Live(_)));
        let nobody = if live { labels.person } else { labels.chat };
        named.filter(|name| !name.is_empty()).unwrap_or_else(|| nobody.to_owned())
    }

    fn agent_name(self) -> Option<String> {
        self.site.with(|site| site.as_ref().map(|site| site.agent_name.clone()))
    }

    /// Works with the shell.
    pub(crate) fn shell<T>(self, work: impl FnOnce(&Shell) -> T) -> Option<T> {
        self.host.try_with_value(|(shell, _)| work(shell))
    }

    pub(crate) fn store<T>(self, work: impl FnOnce(&Store) -> T) -> Option<T> {
        self.store.try_with_value(work)
    }

    fn emit(self, name: &str, detail: &JsValue) {
        // The listener may remove the panel, so nothing is borrowed while it runs.
        if let Some((_, options)) = self.host.try_get_value() {
            options.emit(name, detail);
        }
    }

    fn count_unread(self, unread: u32) {
        if self.unread.try_set(unread).is_none() {
            self.emit("unread", &JsValue::from(unread));
        }
    }

    fn ended(self, reason: &EndReason) {
        let reason = match reason {
            EndReason::Visitor => "visitor",
            EndReason::Idle => "idle",
            EndReason::Natural => "natural",
            EndReason::Closed => "closed",
            EndReason::Other(other) => other,
        };
        self.store(Store::forget_session);
        self.emit("ended", &detail(&[("reason", reason)]));
    }
}

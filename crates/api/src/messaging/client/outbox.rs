//! Messages that are not acknowledged yet, and what becomes of them.

use super::{
    ClientSession, PendingMessage,
    socket::{Open, Socket},
    timers,
};
use crate::{
    messaging::transcript::{Author, Delivery, EntryKey},
    model::Millis,
};

#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) key: EntryKey,
    pub(super) at: Millis,
    pub(super) state: State,
    pub(super) writes: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not written, or to be written once more at the visitor's wish.
    Queued,
    /// Written to that socket, not acknowledged.
    Written { socket: u32, at: Millis },
    /// Written and given up.
    Uncertain,
    /// Known not to have arrived, or never written.
    Failed,
}

impl Pending {
    pub(super) fn export(&self) -> PendingMessage {
        let delivery = match self.state {
            State::Queued | State::Written { .. } => Delivery::Sending,
            State::Uncertain => Delivery::Uncertain,
            State::Failed => Delivery::Failed,
        };
        PendingMessage {
            id: self.id.clone(),
            text: self.text.clone(),
            written: self.writes > 0,
            delivery,
            at_ms: self.at.0,
        }
    }
}

impl ClientSession {
    /// The platform says that it could not take a message.
    pub(super) fn rejected(&mut self, id: &str) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.id == id) {
            pending.state = State::Failed;
            let key = pending.key;
            self.mark(key, Delivery::Failed);
        }
    }

    /// No socket will carry what is still waiting.
    pub(super) fn give_up_writing(&mut self) {
        self.give_up_written();
        for at in 0..self.pending.len() {
            if let Some(pending) = self.pending.get_mut(at)
                && pending.state == State::Queued
            {
                pending.state = State::Failed;
                let key = pending.key;
                self.mark(key, Delivery::Failed);
            }
        }
    }

    /// No acknowledgement will come for what was written.
    pub(super) fn give_up_written(&mut self) {
        self.give_up_if(|_| true);
    }

    /// Marks messages as uncertain that were not acknowledged in time.
    pub(super) fn give_up_late(&mut self) {
        let Socket::Open(open) = &self.socket else { return };
        let (now, since, serial) = (self.now, open.since, self.serial);
        self.give_up_if(|state| echo_by(state, since, serial).is_some_and(|by| now >= by));
    }

    /// When the first message counts as not acknowledged.
    pub(super) fn echo_deadline(&self, open: &Open) -> Option<Millis> {
        self.pending.iter().filter_map(|p| echo_by(p.state, open.since, self.serial)).min()
    }

    pub(super) fn import(&mut self, message: PendingMessage) {
        let known = self.pending.iter().any(|pending| pending.id == message.id);
        if known || message.delivery == Delivery::Sent || !self.make_room() {
            return;
        }
        let state = match message.delivery {
            Delivery::Sending if message.written => State::Written { socket: 0, at: message.at() },
            Delivery::Sending | Delivery::Sent => State::Queued,
            Delivery::Uncertain => State::Uncertain,
            Delivery::Failed => State::Failed,
        };
        let at = message.at();
        self.add_pending(message.id, message.text, at, state, message.delivery);
        if message.written
            && let Some(pending) = self.pending.last_mut()
        {
            pending.writes = 1;
        }
    }

    /// Forgets the oldest message that was given up, when there are too many.
    pub(super) fn make_room(&mut self) -> bool {
        if self.pending.len() < self.config.backlog {
            return true;
        }
        let given_up = |p: &Pending| matches!(p.state, State::Uncertain | State::Failed);
        match self.pending.iter().position(given_up) {
            Some(at) => {
                self.pending.remove(at);
                true
            }
            None => false,
        }
    }

    pub(super) fn add_pending(
        &mut self,
        id: String,
        text: String,
        at: Millis,
        state: State,
        delivery: Delivery,
    ) {
        let mut entry = self.transcript.draft(Author::Visitor, text.clone(), at);
        entry.delivery = delivery;
        entry.client_event_id = Some(id.clone());
        let key = entry.key;
        self.transcript.add(entry);
        self.pending.push(Pending { id, text, key, at, state, writes: 0 });
        self.out.entry(key);
    }

    fn give_up_if(&mut self, test: impl Fn(State) -> bool) {
        for at in 0..self.pending.len() {
            if let Some(pending) = self.pending.get_mut(at)
                && matches!(pending.state, State::Written { .. })
                && test(pending.state)
            {
                pending.state = State::Uncertain;
                let key = pending.key;
                self.mark(key, Delivery::Uncertain);
            }
        }
    }

    pub(super) fn mark(&mut self, key: EntryKey, delivery: Delivery) {
        if self
            .transcript
            .edit(key, |entry| std::mem::replace(&mut entry.delivery, delivery) != delivery)
        {
            self.out.entry(key);
        }
    }
}

/// When a written message counts as not acknowledged: on its own socket some time after it was
/// written, on a later one some time after that socket opened.
fn echo_by(state: State, since: Millis, serial: u32) -> Option<Millis> {
    match state {
        State::Written { socket, at } if socket == serial => Some(at.plus(timers::ECHO_MS)),
        State::Written { .. } => Some(since.plus(timers::ECHO_MS)),
        _ => None,
    }
}

//! What the visitor typed: waiting, written, acknowledged, or marked as not delivered.

use super::{
    ClientSession, EndReason, Event, Refusal,
    outbox::{Pending, State},
    socket::{Open, Socket},
};
use crate::messaging::{
    frame::{ClientEvent, ClientFrame, MAX_FRAME_BYTES, ServerFrame},
    transcript::{Author, Delivery, Entry, EntryKey, Place},
};

/// How often a message is written without the visitor asking for it again.
const WRITES: u8 = 4;

impl ClientSession {
    pub(super) fn send(&mut self, text: String) {
        if let Err(refusal) = self.admit(&text) {
            return self.out.event(Event::Refused(refusal));
        }
        let id = self.dice.uuid();
        let at = self.now;
        self.add_pending(id, text, at, State::Queued, Delivery::Sending);
        self.connect_if_resting();
    }

    pub(super) fn retry(&mut self, id: &str) {
        if self.is_closed_to_visitor() {
            return self.out.event(Event::Refused(Refusal::Over));
        }
        let same = |entry: &Entry| entry.client_event_id.as_deref() == Some(id);
        let given_up =
            |entry: &&Entry| matches!(entry.delivery, Delivery::Uncertain | Delivery::Failed);
        let Some(entry) = self.transcript.find(same).filter(given_up) else { return };
        let (key, at, text) = (entry.key, entry.at, entry.text.clone());
        // It goes last now; its double, if there is one, is recognised by its id.
        self.pending.retain(|pending| pending.key != key);
        if !self.make_room() {
            return self.out.event(Event::Refused(Refusal::Backlog { limit: self.config.backlog }));
        }
        let id = id.to_owned();
        self.pending.push(Pending { id, text, key, at, state: State::Queued, writes: 0 });
        self.mark(key, Delivery::Sending);
        self.connect_if_resting();
    }

    pub(super) fn end(&mut self) {
        match self.socket {
            Socket::Ended | Socket::Lost => {}
            Socket::Idle | Socket::Replaced | Socket::Failed => self.finish(EndReason::Visitor),
            _ if self.closing.is_none() && !self.status.ending => {
                self.status.ending = true;
                self.out.event(Event::Status);
            }
            _ => {}
        }
    }

    /// Writes the request to join, then messages in the order typed, then the wish to end.
    pub(super) fn write_what_waits(&mut self) {
        self.join();
        let Socket::Open(Open { ready: true, anchored, settled, .. }) = self.socket else { return };
        if self.closing.is_some() {
            return;
        }
        // Only such a history shows that a message is not in it.
        let proof = anchored && settled && !self.seen.has_hole();
        for at in 0..self.pending.len() {
            let Some(pending) = self.pending.get_mut(at) else { return };
            match pending.state {
                State::Queued => {}
                State::Written { socket, .. } if socket != self.serial => {
                    if !proof {
                        return; // what was typed later must not overtake it
                    }
                    if pending.writes >= WRITES {
                        pending.state = State::Uncertain;
                        let key = pending.key;
                        self.mark(key, Delivery::Uncertain);
                        continue;
                    }
                }
                _ => continue,
            }
            if !self.out.has_room() {
                return;
            }
            pending.writes += 1;
            pending.state = State::Written { socket: self.serial, at: self.now };
            let frame = ClientFrame::message(&pending.text, &pending.id);
            self.write(&frame);
            self.stop_typing();
        }
        if self.status.ending && self.end_written.is_none() && self.out.has_room() {
            self.end_written = Some(self.now);
            self.write(&ClientFrame::new(ClientEvent::UserEndSession));
        }
    }

    pub(super) fn write(&mut self, frame: &ClientFrame) {
        self.out.order(super::Output::Write(frame.encode()));
    }

    /// The platform has a message of the visitor's, from this window or another.
    pub(super) fn echoed(&mut self, frame: &ServerFrame, text: String, message_id: Option<String>) {
        let place = self.place_of(frame.sequence);
        let id = frame.client_event_id();
        let mine = match id {
            Some(id) => self.pending.iter().position(|pending| pending.id == id),
            // An echo that lost its metadata: the first written message with that text.
            None => self.pending.iter().position(|pending| {
                matches!(pending.state, State::Written { .. }) && pending.text == text
            }),
        };
        let key = match mine {
            Some(at) => Some(self.pending.remove(at).key),
            None => self.known_message(id, message_id.as_deref()),
        };
        let key = key.filter(|key| self.transcript.entry(*key).is_some()).unwrap_or_else(|| {
            let mut entry = self.transcript.draft(Author::Visitor, text, self.now);
            entry.place = place;
            entry.client_event_id = id.map(str::to_owned);
            let key = entry.key;
            self.transcript.add(entry);
            self.out.entry(key);
            key
        });
        let timestamp = frame.timestamp.clone();
        let changed = self.transcript.edit(key, |entry| {
            let changed = entry.delivery != Delivery::Sent;
            entry.delivery = Delivery::Sent;
            entry.message_id = entry.message_id.take().or(message_id);
            entry.timestamp = entry.timestamp.take().or(timestamp);
            changed
        });
        if self.transcript.place(key, place) || changed {
            self.out.entry(key);
        }
    }

    pub(super) fn is_ready(&self) -> bool {
        matches!(self.socket, Socket::Open(Open { ready: true, .. }))
    }

    /// The place of an event; a transient one stands behind everything seen so far.
    pub(super) fn place_of(&mut self, sequence: Option<u64>) -> Place {
        match sequence {
            Some(sequence) => Place::at(sequence),
            None => self.transcript.behind(self.seen.highest()),
        }
    }

    fn admit(&mut self, text: &str) -> Result<(), Refusal> {
        if self.is_closed_to_visitor() {
            return Err(Refusal::Over);
        }
        if text.trim().is_empty() {
            return Err(Refusal::Empty);
        }
        let announced = self.status.capabilities.max_message_size_bytes;
        let announced = announced.and_then(|bytes| usize::try_from(bytes).ok());
        let limit = announced.unwrap_or(MAX_FRAME_BYTES).min(MAX_FRAME_BYTES);
        // The id has the length of every other id.
        let frame = ClientFrame::message(text, "00000000-0000-4000-8000-000000000000");
        if frame.encode().len() > limit {
            return Err(Refusal::TooLong { limit });
        }
        if !self.make_room() {
            return Err(Refusal::Backlog { limit: self.config.backlog });
        }
        Ok(())
    }

    /// A visitor's message that is in the transcript already.
    fn known_message(&self, id: Option<&str>, message_id: Option<&str>) -> Option<EntryKey> {
        let same =
            |one: &Option<String>, other: Option<&str>| other.is_some() && one.as_deref() == other;
        let found = self.transcript.find(|entry| {
            entry.author == Author::Visitor
                && (same(&entry.client_event_id, id) || same(&entry.message_id, message_id))
        });
        found.map(|entry| entry.key)
    }

    fn is_closed_to_visitor(&self) -> bool {
        self.status.ended.is_some()
            || self.status.ending
            || matches!(self.socket, Socket::Lost | Socket::Ended)
    }

    fn connect_if_resting(&mut self) {
        if matches!(self.socket, Socket::Idle | Socket::Replaced | Socket::Failed) {
            self.connect();
        }
    }
}

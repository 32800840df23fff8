//! Takes over what changed in a session.

use std::rc::Rc;

use perch_api::messaging::{
    client::{Agent, ClientSession, Connection, Event, Refusal, Status},
    transcript::{Author, EntryKey},
};
use perch_ui::rich;

use super::Chat;
use crate::{
    banner::banner,
    host::detail,
    labels::{Labels, fill},
};

impl Chat {
    /// Takes one event of a session over; the session is as it is after the event.
    pub(super) fn observe(self: &Rc<Self>, session: &ClientSession, event: Event) {
        match event {
            Event::Entry(_) => {
                self.log(session);
                self.store.keep_outbox(&session.outbox());
            }
            Event::Announce(key) => self.announce(session, key),
            Event::Refused(refusal) => self.refused(refusal),
            Event::Ended(reason) => {
                self.status(session);
                self.ended(&reason);
            }
            Event::Resync => {
                self.log(session);
                self.status(session);
            }
            Event::Connection(_) | Event::Status | Event::SessionLost => self.status(session),
            Event::Unknown { .. } | Event::Unreadable(_) => {}
        }
    }

    fn log(self: &Rc<Self>, session: &ClientSession) {
        self.view.borrow_mut().log.update(&self.state.borrow(), session.transcript());
        self.paint();
    }

    /// A whole message came just now.
    fn announce(&self, session: &ClientSession, key: EntryKey) {
        let Some(entry) = session.transcript().entry(key) else { return };
        let unread = {
            let state = self.state.borrow();
            let speaker = state.speaker(entry);
            let text = rich::plain(&rich::parse(&entry.text));
            if state.shown {
                let line = if speaker.is_empty() { text } else { [speaker, ": ", &text].concat() };
                self.view.borrow().announcer.say(line);
            }
            (!state.shown).then(|| state.unread.saturating_add(1))
        };
        if let Some(unread) = unread {
            self.count_unread(unread);
        }
        let author = match entry.author {
            Author::Visitor => "visitor",
            Author::Agent => "agent",
            Author::LiveAgent => "live_agent",
            Author::System => "system",
        };
        self.emit("message", &detail(&[("author", author), ("text", &entry.text)]));
    }

    fn refused(self: &Rc<Self>, refusal: Refusal) {
        self.state.borrow_mut().notice = Some(refusal);
        // Back into the composer with it, unless the visitor has begun something else.
        if self.shell.area.value().is_empty() && refusal != Refusal::Over {
            self.shell.area.set_value(&self.state.borrow().last);
        }
        self.paint();
    }

    fn status(self: &Rc<Self>, session: &ClientSession) {
        let (line, relabelled) = {
            let mut state = self.state.borrow_mut();
            let next = session.status().clone();
            let language = next.language.clone().unwrap_or_else(|| state.locale.clone());
            let relabelled = language != state.locale;
            state.labels = Labels::of(&language);
            state.locale = language;
            let line = worth_saying(&state.status, &next, state.labels);
            state.was_open |= next.connection == Connection::Open;
            let waits = matches!(next.connection, Connection::Waiting { .. });
            state.retry_at = session.deadline().filter(|_| waits).map(|at| at.0);
            state.status = next;
            (line, relabelled)
        };
        if let Some(line) = line {
            self.view.borrow().announcer.say(line);
        }
        if relabelled {
            self.view.borrow_mut().log.forget();
        }
        // Chips and "send again" depend on the status, too.
        self.log(session);
    }
}

/// What of a change is worth saying aloud: comings and goings, not every attempt to connect.
fn worth_saying(before: &Status, next: &Status, labels: &Labels) -> Option<String> {
    if before.ended != next.ended {
        return Some(labels.ended.to_owned());
    }
    if before.agent != next.agent
        && let Agent::Live(person) = &next.agent
    {
        let name = person.name.as_deref().unwrap_or(labels.person);
        return Some(fill(labels.joined, name));
    }
    if before.handoff != next.handoff {
        return banner(next, labels, None, true).map(|banner| banner.text);
    }
    let lost = |connection: Connection| {
        matches!(connection, Connection::Waiting { .. } | Connection::Offline | Connection::Failed)
    };
    match (lost(before.connection), next.connection) {
        (false, Connection::Offline) => Some(labels.offline.to_owned()),
        (_, Connection::Failed) => Some(labels.gave_up.to_owned()),
        (true, Connection::Open) => Some(labels.connected.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use perch_api::messaging::client::EndReason;
    use perch_api::messaging::frame::AgentIdentity;

    use super::*;

    fn at(connection: Connection) -> Status {
        Status { connection, ..Status::default() }
    }

    fn said(before: &Status, next: &Status) -> Option<String> {
        worth_saying(before, next, Labels::of("en"))
    }

    #[test]
    fn attempts_are_not_read_out_one_by_one() {
        let waiting = at(Connection::Waiting { attempt: 1 });
        assert_eq!(said(&at(Connection::Open), &waiting), None);
        assert_eq!(said(&waiting, &at(Connection::Waiting { attempt: 2 })), None);
        assert_eq!(said(&waiting, &at(Connection::Open)).as_deref(), Some("Connected again."));
        assert_eq!(said(&at(Connection::Connecting), &at(Connection::Open)), None);
    }

    #[test]
    fn people_and_the_end_are_read_out() {
        let open = at(Connection::Open);
        let person = AgentIdentity { name: Some("Imre".to_owned()), ..AgentIdentity::default() };
        let live = Status { agent: Agent::Live(person), ..open.clone() };
        assert_eq!(said(&open, &live).as_deref(), Some("Imre has joined the chat."));
        let ended = Status { ended: Some(EndReason::Natural), ..live.clone() };
        assert_eq!(said(&live, &ended).as_deref(), Some("The chat has ended."));
    }
}

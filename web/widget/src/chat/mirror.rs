//! Copies what changed in a session into the signals.

use leptos::prelude::*;
use perch_api::messaging::{
    client::{Agent, ClientSession, Connection, Event, Refusal, Status},
    transcript::{Author, Entry, EntryKey},
};
use perch_ui::rich;

use super::{Chat, Row, RowKey};
use crate::{
    banner::banner,
    host::detail,
    labels::{Labels, fill},
    rows::{Outline, Shape, shapes},
};

impl Chat {
    /// Takes one event of a session over; the session is as it is after the event.
    pub(super) fn observe(self, session: &ClientSession, event: Event) {
        match event {
            Event::Entry(key) => self.entry(session, key),
            Event::Announce(key) => self.announce(session, key),
            Event::Refused(refusal) => self.refused(refusal),
            Event::Ended(reason) => {
                self.mirror_status(session);
                self.ended(&reason);
            }
            Event::Resync => {
                session.transcript().iter().for_each(|entry| self.put(entry));
                self.arrange(session);
                self.mirror_status(session);
            }
            Event::Connection(_) | Event::Status | Event::SessionLost => {
                self.mirror_status(session);
            }
            Event::Unknown { .. } | Event::Unreadable(_) => {}
        }
    }

    fn entry(self, session: &ClientSession, key: EntryKey) {
        if let Some(entry) = session.transcript().entry(key) {
            self.put(entry);
        }
        self.arrange(session);
        self.store(|store| store.keep_outbox(&session.outbox()));
    }

    /// Adds or renews one row, without giving it its place.
    fn put(self, entry: &Entry) {
        let key = self.key(entry);
        if let Some(row) = self.row(key) {
            row.entry.set(entry.clone());
            return;
        }
        let row = Row {
            entry: ArcRwSignal::new(entry.clone()),
            shape: ArcRwSignal::new(Shape::default()),
        };
        self.entries.update_value(|entries| {
            entries.insert(key, row);
        });
    }

    /// Puts rows in order and gives them their shapes.
    fn arrange(self, session: &ClientSession) {
        let own = self.session.get_value();
        let earlier = self.rows.get_untracked().into_iter().filter(|key| key.session < own);
        let order: Vec<RowKey> =
            earlier.chain(session.transcript().iter().map(|entry| self.key(entry))).collect();
        let rows: Vec<(u32, Row)> =
            order.iter().filter_map(|key| Some((key.session, self.row(*key)?))).collect();
        let outline = |(session, row): &(u32, Row)| {
            row.entry.with_untracked(|entry| Outline::of(*session, entry))
        };
        let outlines: Vec<Outline> = rows.iter().map(outline).collect();
        for ((_, row), shape) in rows.iter().zip(shapes(&outlines, local_day)) {
            if row.shape.get_untracked() != shape {
                row.shape.set(shape);
            }
        }
        if self.rows.with_untracked(|rows| *rows != order) {
            if order.len() < self.entries.with_value(|entries| entries.len()) {
                self.entries.update_value(|entries| entries.retain(|key, _| order.contains(key)));
            }
            self.rows.set(order);
        }
    }

    fn key(self, entry: &Entry) -> RowKey {
        RowKey { session: self.session.get_value(), entry: entry.key.number() }
    }

    /// A whole message came just now.
    fn announce(self, session: &ClientSession, key: EntryKey) {
        let Some(entry) = session.transcript().entry(key) else { return };
        let text = rich::plain(&rich::parse(&entry.text));
        let speaker = untrack(|| self.speaker(entry));
        if self.shown.get_untracked() {
            self.announcer.say(if speaker.is_empty() {
                text
            } else {
                format!("{speaker}: {text}")
            });
        } else {
            self.count_unread(self.unread.get_untracked().saturating_add(1));
        }
        let author = match entry.author {
            Author::Visitor => "visitor",
            Author::Agent => "agent",
            Author::LiveAgent => "live_agent",
            Author::System => "system",
        };
        self.emit("message", &detail(&[("author", author), ("text", &entry.text)]));
    }

    fn refused(self, refusal: Refusal) {
        self.notice.set(Some(refusal));
        // Back into the composer with it, unless the visitor has begun something else.
        self.shell(|shell| {
            if shell.area.value().is_empty() && refusal != Refusal::Over {
                shell.area.set_value(&self.last.get_value());
            }
        });
    }

    fn mirror_status(self, session: &ClientSession) {
        let next = session.status().clone();
        let before = self.status.get_untracked();
        if let Some(language) = &next.language {
            let labels = Labels::of(language);
            if labels != self.labels.get_untracked() {
                self.labels.set(labels);
            }
            if *language != self.locale.get_untracked() {
                self.locale.set(language.clone());
            }
        }
        if let Some(line) = worth_saying(&before, &next, self.labels.get_untracked()) {
            self.announcer.say(line);
        }
        if next.connection == Connection::Open {
            self.was_open.set(true);
        }
        let waits = matches!(next.connection, Connection::Waiting { .. });
        self.retry_at.set(session.deadline().filter(|_| waits).map(|at| at.0));
        if next != before {
            self.status.set(next);
        }
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

/// The reader's calendar day of a time, as a number that differs from day to day.
#[allow(clippy::cast_precision_loss, reason = "milliseconds of our time fit a double")]
fn local_day(at_ms: i64) -> i64 {
    let date = js_sys::Date::new(&(at_ms as f64).into());
    (i64::from(date.get_full_year()) * 12 + i64::from(date.get_month())) * 31
        + i64::from(date.get_date())
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

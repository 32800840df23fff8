//! Results from other systems: ids that conversations wait with for an hour, and what came in.
//!
//! On the platform a function of the agent makes the id. Here the control listener does, for any
//! conversation, and shows what was accepted.

mod id;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

pub(crate) use self::id::{Place, Request};
use crate::refusal::Refusal;

/// How long an id is known.
pub(crate) const LIFETIME_MS: i64 = 3_600_000;
/// Most ids waited with at once; the oldest goes.
const WAITING: usize = 10_000;
/// How many of the latest events and notices are kept.
const KEPT: usize = 100;
/// How much of an event is kept, in characters.
const KEPT_CHARACTERS: usize = 4_096;
/// Digits of ids, as in ULIDs.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Everything of one account.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct ExternalEvents {
    /// The oldest first, and so the first to expire.
    waiting: VecDeque<Waiting>,
    received: VecDeque<Received>,
    bridges: VecDeque<BridgeEnd>,
}

/// A conversation that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    id: String,
    project: String,
    conversation: String,
    until_ms: i64,
}

/// An event that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Received {
    /// Its id.
    pub(crate) id: String,
    /// The agent, by its id as it is written.
    pub(crate) project: String,
    /// The conversation.
    pub(crate) conversation: String,
    /// When, Unix milliseconds.
    pub(crate) at_ms: i64,
    /// `json`, `form`, `xml` or `text`.
    pub(crate) kind: String,
    /// Its beginning.
    pub(crate) payload: String,
}

/// A notice that a bridged call ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BridgeEnd {
    /// The conversation.
    pub(crate) conversation: String,
    /// When the notice came, Unix milliseconds.
    pub(crate) at_ms: i64,
    /// Seconds the two parties were joined.
    pub(crate) bridge_seconds: f64,
    /// Seconds from start to end.
    pub(crate) call_seconds: f64,
}

impl ExternalEvents {
    /// An id for a conversation to wait with, made of `random` bits; it sorts by the moment.
    pub(crate) fn wait(
        &mut self,
        project: String,
        conversation: String,
        now_ms: i64,
        random: u64,
    ) -> (String, i64) {
        let bits = u128::from(now_ms.unsigned_abs()) << 64 | u128::from(random);
        let digit = |place: u32| DIGITS.get((bits >> (place * 5) & 31) as usize).copied();
        let id =
            format!("evt_{}", (0..23).rev().filter_map(digit).map(char::from).collect::<String>());
        push(
            &mut self.waiting,
            WAITING,
            Waiting { id: id.clone(), project, conversation, until_ms: now_ms + LIFETIME_MS },
        );
        (id, now_ms + LIFETIME_MS)
    }

    /// Hands an event to the conversation that waits for it: one of this agent, for an hour.
    pub(crate) fn deliver(
        &mut self,
        id: &str,
        project: &str,
        (kind, payload): (&str, &str),
        now_ms: i64,
    ) -> Result<&Received, Refusal> {
        self.waiting.retain(|one| now_ms < one.until_ms);
        let waits = |one: &&Waiting| one.id == id && one.project == project;
        let waiting = self.waiting.iter().find(waits).ok_or_else(not_valid)?;
        let received = Received {
            id: id.to_owned(),
            project: project.to_owned(),
            conversation: waiting.conversation.clone(),
            at_ms: now_ms,
            kind: kind.to_owned(),
            payload: payload.chars().take(KEPT_CHARACTERS).collect(),
        };
        push(&mut self.received, KEPT, received);
        self.received.back().ok_or_else(not_valid)
    }

    /// Notes the end of a bridged call.
    pub(crate) fn bridge_ended(&mut self, end: BridgeEnd) {
        push(&mut self.bridges, KEPT, end);
    }

    /// The latest events, the oldest first.
    pub(crate) fn received(&self) -> impl Iterator<Item = &Received> {
        self.received.iter()
    }

    /// The latest notices, the oldest first.
    pub(crate) fn bridges(&self) -> impl Iterator<Item = &BridgeEnd> {
        self.bridges.iter()
    }
}

/// The refusal of an id that nobody waits with.
pub(crate) fn not_valid() -> Refusal {
    Refusal::new(400, "", "External event id not valid")
}

fn push<T>(list: &mut VecDeque<T>, most: usize, item: T) {
    if list.len() == most {
        list.pop_front();
    }
    list.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(events: &mut ExternalEvents, project: &str, now_ms: i64, random: u64) -> String {
        events.wait(project.to_owned(), "c-1".to_owned(), now_ms, random).0
    }

    #[test]
    fn an_id_is_known_for_an_hour_to_its_agent() {
        let mut events = ExternalEvents::default();
        let id = wait(&mut events, "a", 1_000, 7);
        assert!(id.starts_with("evt_0") && id.len() == 27);
        let other = wait(&mut events, "a", 1_000, 8);
        assert!(id < other && other < wait(&mut events, "a", 1_001, 0), "they sort by the moment");
        let mut deliver = |id: &str, project: &str, now_ms: i64| {
            let delivered = events.deliver(id, project, ("text", "x"), now_ms);
            delivered.map(drop).map_err(|refusal| refusal.message)
        };
        let unknown = Err("External event id not valid".to_owned());
        assert_eq!(deliver(&id, "b", 2_000), unknown);
        assert_eq!(deliver("evt_1", "a", 2_000), unknown);
        assert_eq!(deliver(&id, "a", 2_000), Ok(()));
        assert_eq!(deliver(&id, "a", 1_000 + LIFETIME_MS - 1), Ok(()), "as often as it is sent");
        assert_eq!(deliver(&id, "a", 1_000 + LIFETIME_MS), unknown);
        assert_eq!(events.received().count(), 2);
    }

    #[test]
    fn everything_is_bounded() {
        let mut events = ExternalEvents::default();
        let first = wait(&mut events, "a", 0, 0);
        for random in 1..=WAITING as u64 {
            wait(&mut events, "a", 0, random);
        }
        assert!(events.deliver(&first, "a", ("text", "x"), 1).is_err(), "the oldest went");
        let last = wait(&mut events, "a", 0, 0);
        for _ in 0..=KEPT {
            events.deliver(&last, "a", ("text", &"x".repeat(1 << 16)), 1).unwrap();
            events.bridge_ended(BridgeEnd {
                conversation: "c-1".to_owned(),
                at_ms: 1,
                bridge_seconds: 1.0,
                call_seconds: 2.0,
            });
        }
        assert_eq!((events.received().count(), events.bridges().count()), (KEPT, KEPT));
        assert!(events.received().all(|one| one.payload.len() == KEPT_CHARACTERS));
    }
}

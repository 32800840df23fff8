//! The live agents' desk: who waits after a hand-over, and what was said.
//!
//! While somebody is on duty here, visitors wait for that person; otherwise a scripted colleague
//! comes by himself.

mod entry;

use std::collections::BTreeMap;
use std::sync::Mutex;

use perch_api::model::Timestamp;
use serde::Serialize;

pub(crate) use self::entry::Entry;
use crate::agent::Language;
use crate::sync::lock;

/// Conversations on the desk; further ones wait unseen until there is room.
const KEPT: usize = 500;
/// Ended conversations that stay to be looked at.
const ENDED: usize = 20;
/// Characters of the last words that the list shows.
const EXCERPT: usize = 120;

/// The desk.
#[derive(Debug, Default)]
pub(crate) struct Desk(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    on_duty: bool,
    /// In the order of coming.
    cases: BTreeMap<u64, Listed>,
    last: u64,
}

/// How far a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Case {
    /// The visitor waits.
    Waiting,
    /// A person at the desk has it.
    Open,
    /// It is over.
    Ended,
    /// Others have it, or nobody.
    Elsewhere,
}

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Listed {
    /// The session.
    pub(crate) id: String,
    /// How far it is.
    pub(crate) state: Case,
    /// Since when.
    pub(crate) waiting_since: Timestamp,
    /// BCP 47.
    pub(crate) language: &'static str,
    /// The visitor's last words.
    pub(crate) excerpt: String,
    /// How much the visitor said that was not answered.
    pub(crate) unanswered: usize,
}

/// A conversation in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct View {
    /// The session.
    pub(crate) id: String,
    /// How far it is.
    pub(crate) state: Case,
    /// BCP 47.
    pub(crate) language: &'static str,
    /// Whether the visitor types.
    pub(crate) visitor_typing: bool,
    /// What was said and what happened.
    pub(crate) entries: Vec<Entry>,
}

impl Desk {
    /// Somebody comes on duty, or goes.
    pub(crate) fn set_on_duty(&self, on_duty: bool) {
        lock(&self.0).on_duty = on_duty;
    }

    /// Whether somebody is there.
    pub(crate) fn is_on_duty(&self) -> bool {
        lock(&self.0).on_duty
    }

    /// A visitor waits from now on; gives how many wait already.
    pub(crate) fn wait(&self, id: &str, language: Language, now_ms: i64) -> usize {
        let mut inner = lock(&self.0);
        let ahead = inner.cases.values().filter(|case| case.state == Case::Waiting).count();
        if inner.cases.len() >= KEPT {
            return ahead;
        }
        inner.last += 1;
        let number = inner.last;
        let listed = Listed {
            id: id.to_owned(),
            state: Case::Waiting,
            waiting_since: Timestamp::from_unix_ms(now_ms),
            language: language.code(),
            excerpt: String::new(),
            unanswered: 0,
        };
        inner.cases.insert(number, listed);
        ahead
    }

    /// Whether this visitor waits to be seen here.
    pub(crate) fn holds(&self, id: &str) -> bool {
        lock(&self.0).cases.values().any(|case| case.id == id && case.state == Case::Waiting)
    }

    /// A person takes it.
    pub(crate) fn open(&self, id: &str) {
        lock(&self.0).change(id, |case| case.state = Case::Open);
    }

    /// The visitor said something.
    pub(crate) fn heard(&self, id: &str, text: &str) {
        lock(&self.0).change(id, |case| {
            case.excerpt = text.chars().take(EXCERPT).collect();
            case.unanswered += 1;
        });
    }

    /// A person answered.
    pub(crate) fn answered(&self, id: &str) {
        lock(&self.0).change(id, |case| case.unanswered = 0);
    }

    /// It is over.
    pub(crate) fn close(&self, id: &str) {
        let mut inner = lock(&self.0);
        inner.change(id, |case| case.state = Case::Ended);
        let ended = inner.cases.iter().filter(|(_, case)| case.state == Case::Ended);
        let ended: Vec<_> = ended.map(|(number, _)| *number).collect();
        for number in ended.iter().take(ended.len().saturating_sub(ENDED)) {
            inner.cases.remove(number);
        }
    }

    /// Everything on the desk, in the order of coming.
    pub(crate) fn list(&self) -> Vec<Listed> {
        lock(&self.0).cases.values().cloned().collect()
    }
}

impl Inner {
    fn change(&mut self, id: &str, change: impl FnOnce(&mut Listed)) {
        // A visitor who came back is there twice: the later one counts.
        let mut own = self.cases.values_mut().rev();
        if let Some(case) = own.find(|case| case.id == id && case.state != Case::Ended) {
            change(case);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_wait_in_the_order_of_coming_and_leave() {
        let desk = Desk::default();
        assert_eq!(desk.wait("a", Language::English, 1_000), 0);
        assert_eq!(desk.wait("b", Language::German, 2_000), 1);
        desk.heard("b", &"x".repeat(300));
        assert!(desk.holds("a") && !desk.holds("c"));
        desk.open("a");
        assert!(!desk.holds("a"), "it has somebody");
        let listed = desk.list();
        assert_eq!((listed[0].state, listed[1].state), (Case::Open, Case::Waiting));
        assert_eq!((listed[1].excerpt.len(), listed[1].unanswered), (EXCERPT, 1));
        desk.close("a");
        assert_eq!(desk.wait("a", Language::English, 3_000), 1);
        assert_eq!(desk.list().iter().filter(|case| case.id == "a").count(), 2);
    }

    #[test]
    fn the_desk_is_bounded() {
        let desk = Desk::default();
        for number in 0..KEPT + 10 {
            desk.wait(&number.to_string(), Language::English, 0);
        }
        assert_eq!(desk.list().len(), KEPT);
        for number in 0..KEPT {
            desk.close(&number.to_string());
        }
        assert_eq!(desk.list().len(), ENDED);
    }
}

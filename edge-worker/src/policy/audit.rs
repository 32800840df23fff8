//! The record of what operators did: rows that each contain the hash of the row before.
//!
//! A row's hash covers every field in a length-prefixed form, so no two rows share one, and nothing can be
//! moved from one field into the next. Whoever changes, removes or reorders a row has to rewrite all
//! later ones, and that shows against any head that was noted elsewhere ([`chain`]).

pub mod chain;
pub mod limits;
pub mod pages;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The format's name: the first line of an export, and the first bytes of every hash.
pub const FORMAT: &str = "perch audit v1";
/// The action of the row that names what retention removed.
pub const CHECKPOINT: &str = "audit.checkpoint";
/// Longest text of a field; beyond, it is cut.
const MAX_TEXT: usize = 256;

/// What a row says about its action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// It is about to happen. Written before the platform is called; without this row it is not called.
    Intent,
    /// It happened, with this status; the intent has the same request id.
    Done,
    /// Personal data was read.
    Read,
    /// It was refused.
    Refused,
}

impl Phase {
    /// Its word in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Done => "done",
            Self::Read => "read",
            Self::Refused => "refused",
        }
    }
}

/// Something to be recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What the row says.
    pub phase: Phase,
    /// The operation's id, or one of the edge's own actions such as `session.open`.
    pub action: String,
    /// Who, in the identity provider's words; empty before anybody is known.
    pub subject: String,
    /// The session's fingerprint.
    pub session: String,
    /// The role it was done in.
    pub role: String,
    /// Account and project, as far as the action has them.
    pub tenant: String,
    /// What it was done to, as ids.
    pub target: String,
    /// The answer's status; 0 while there is none.
    pub status: u16,
    /// The request id.
    pub request: String,
}

/// A row of the chain; also a line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Place in the chain, from 1, without gaps.
    pub seq: u64,
    /// Unix seconds.
    pub at: u64,
    /// What it says.
    pub phase: Phase,
    /// See [`Event`].
    pub action: String,
    /// See [`Event`].
    pub subject: String,
    /// See [`Event`].
    pub session: String,
    /// See [`Event`].
    pub role: String,
    /// See [`Event`].
    pub tenant: String,
    /// See [`Event`].
    pub target: String,
    /// See [`Event`].
    pub status: u16,
    /// See [`Event`].
    pub request: String,
    /// The hash of the row before, in hex; zeros before the first.
    pub previous: String,
    /// SHA-256 of all of the above, in hex.
    pub hash: String,
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The last row; 0 of an empty chain.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// From where to where the rows go that are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// The first row's place.
    pub first: u64,
    /// The last row.
    pub head: Head,
}

impl Head {
    /// Of a chain without rows.
    pub fn empty() -> Self {
        Self { seq: 0, hash: "0".repeat(64) }
    }

    /// The next row.
    pub fn append(&self, at: u64, event: Event) -> Entry {
        let mut entry = Entry {
            seq: self.seq.saturating_add(1),
            at,
            phase: event.phase,
            action: cut(event.action),
            subject: cut(event.subject),
            session: cut(event.session),
            role: cut(event.role),
            tenant: cut(event.tenant),
            target: cut(event.target),
            status: event.status,
            request: cut(event.request),
            previous: self.hash.clone(),
            hash: String::new(),
        };
        entry.hash = entry.digest();
        entry
    }

    /// The row that lets a chain begin after `removed`: retention deleted everything up to that row.
    pub fn checkpoint(&self, at: u64, removed: &Self) -> Entry {
        let event = Event {
            phase: Phase::Done,
            action: CHECKPOINT.to_owned(),
            subject: String::new(),
            session: String::new(),
            role: String::new(),
            tenant: String::new(),
            target: format!("{}:{}", removed.seq, removed.hash),
            status: 0,
            request: String::new(),
        };
        self.append(at, event)
    }
}

impl Entry {
    /// What its hash has to be.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            // A field is far shorter than 4 GB.
            hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            hash.update(bytes);
        };
        field(FORMAT.as_bytes());
        field(&self.seq.to_be_bytes());
        field(&self.at.to_be_bytes());
        field(self.phase.as_str().as_bytes());
        for text in
            [&self.action, &self.subject, &self.session, &self.role, &self.tenant, &self.target]
        {
            field(text.as_bytes());
        }
        field(&self.status.to_be_bytes());
        field(self.request.as_bytes());
        field(self.previous.as_bytes());
        hex(&hash.finalize())
    }

    /// The end of a chain that ends here.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash.clone() }
    }

    /// Of a checkpoint: the last row that was removed.
    fn removed(&self) -> Option<Head> {
        let (seq, hash) = self.target.split_once(':').filter(|_| self.action == CHECKPOINT)?;
        Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() })
    }
}

/// Bytes in hex, lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn cut(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        let end = (0..=MAX_TEXT).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
    }
    text
}

#[cfg(test)]
pub(crate) mod fixture {
    use super::*;

    pub(crate) fn event(action: &str, target: &str) -> Event {
        Event {
            phase: Phase::Intent,
            action: action.to_owned(),
            subject: "ada@shop.example".to_owned(),
            session: "5f".to_owned(),
            role: "admin".to_owned(),
            tenant: "ws-1/PROJECT-1".to_owned(),
            target: target.to_owned(),
            status: 200,
            request: "r-1".to_owned(),
        }
    }

    pub(crate) fn chain(rows: u64) -> Vec<Entry> {
        let mut head = Head::empty();
        (0..rows)
            .map(|at| {
                let entry = head.append(1_000 + at, event("agents.delete", &format!("a-{at}")));
                head = entry.head();
                entry
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::event;
    use super::*;

    #[test]
    fn the_hash_is_a_known_one() {
        let entry = Head::empty().append(1_000, event("agents.delete", "a-0"));
        assert_eq!(entry.seq, 1);
        assert_eq!(
            entry.hash, "620c45cfefcfc0b92ae92b8ca463eeb5e9e76796f27ccd1e3b20384e89a3df30",
            "written down once more in another language"
        );
    }

    #[test]
    fn a_field_cannot_lend_its_end_to_the_next() {
        let head = Head::empty();
        let one = head.append(1, Event { subject: "ab".to_owned(), ..event("x", "") });
        let other = head.append(
            1,
            Event { subject: "a".to_owned(), session: "b5f".to_owned(), ..event("x", "") },
        );
        assert_ne!(one.hash, other.hash);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let entry = Head::empty().append(1, event("x", &"é".repeat(300)));
        assert_eq!(entry.target.len(), MAX_TEXT);
        let odd = Head::empty().append(1, event("x", &format!("a{}", "é".repeat(300))));
        assert_eq!(odd.target.len(), MAX_TEXT - 1);
    }
}

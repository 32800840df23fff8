//! Opaque cursors: a place in the order, and the filters it belongs to.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::conversation::Conversation;
use crate::refusal::Refusal;

/// Where a conversation stands: best rank first, then the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'a> {
    rank: u64,
    started_ms: i64,
    id: &'a str,
}

impl<'a> Key<'a> {
    /// The place of `conversation` with `rank`.
    pub(super) fn of(rank: u64, conversation: &'a Conversation) -> Self {
        Self { rank, started_ms: conversation.started_ms, id: &conversation.id }
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.rank, self.started_ms, self.id).cmp(&(other.rank, other.started_ms, other.id))
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The last row of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    rank: u64,
    started_ms: i64,
    id: String,
}

impl Cursor {
    /// Reads a cursor made for the filters with this fingerprint.
    pub(super) fn parse(text: &str, fingerprint: u64) -> Result<Self, Refusal> {
        let malformed = || {
            Refusal::new(400, "GET_CONVERSATIONS_FILTER_PARSE_ERROR", "The cursor is malformed.")
        };
        let bytes = BASE64.decode(text).map_err(|_| malformed())?;
        let number = |at: usize| {
            bytes.get(at..at + 8).and_then(|part| part.try_into().ok()).map(u64::from_be_bytes)
        };
        let (made_for, rank, started) = number(0)
            .zip(number(8))
            .zip(number(16))
            .map(|((a, b), c)| (a, b, c))
            .ok_or_else(malformed)?;
        let id = bytes.get(24..).unwrap_or_default();
        let id = String::from_utf8(id.to_vec()).map_err(|_| malformed())?;
        if made_for != fingerprint {
            let text = "The filters changed since the cursor was given out.";
            return Err(Refusal::new(400, "GET_CONVERSATIONS_FILTER_PARSE_ERROR", text));
        }
        Ok(Self { rank, started_ms: started.cast_signed(), id })
    }

    /// The cursor behind `key`.
    pub(super) fn after(key: &Key<'_>, fingerprint: u64) -> String {
        let mut bytes = Vec::with_capacity(24 + key.id.len());
        bytes.extend(fingerprint.to_be_bytes());
        bytes.extend(key.rank.to_be_bytes());
        bytes.extend(key.started_ms.to_be_bytes());
        bytes.extend(key.id.as_bytes());
        BASE64.encode(bytes)
    }

    /// Whether `key` comes on a later page.
    pub(super) fn is_before(&self, key: &Key<'_>) -> bool {
        *key < Key { rank: self.rank, started_ms: self.started_ms, id: &self.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_and_belongs_to_its_filters() {
        let key = Key { rank: 3, started_ms: -5, id: "CA1" };
        let text = Cursor::after(&key, 77);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        let cursor = Cursor::parse(&text, 77).unwrap();
        assert!(!cursor.is_before(&key));
        assert!(cursor.is_before(&Key { started_ms: -6, ..key }));
        assert!(!cursor.is_before(&Key { rank: 4, ..key }));
        assert_eq!(Cursor::parse(&text, 78).unwrap_err().status, 400);
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in ["a", "!!", "AAAA", "%00", &"A".repeat(31), "é"] {
            assert_eq!(Cursor::parse(text, 0).unwrap_err().status, 400, "{text}");
        }
    }
}

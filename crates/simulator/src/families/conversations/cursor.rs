//! Opaque cursors: a place in the order, and the filters it belongs to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::catalog::Key;
use crate::refusal::Refusal;

/// The cursor behind `key`.
pub(super) fn after(key: Key, fingerprint: u64) -> String {
    let Key { rank, started_ms, place } = key;
    BASE64.encode(
        [fingerprint, rank, started_ms.cast_unsigned(), place].map(u64::to_be_bytes).concat(),
    )
}

/// Reads a cursor made for the filters with this fingerprint.
pub(super) fn parse(text: &str, fingerprint: u64) -> Result<Key, Refusal> {
    let refused = |text: &str| Refusal::new(400, "GET_CONVERSATIONS_FILTER_PARSE_ERROR", text);
    let bytes = BASE64.decode(text).unwrap_or_default();
    let (numbers, rest) = bytes.as_chunks::<8>();
    let [made_for, rank, started, place] = numbers else {
        return Err(refused("The cursor is malformed."));
    };
    if !rest.is_empty() {
        return Err(refused("The cursor is malformed."));
    }
    if u64::from_be_bytes(*made_for) != fingerprint {
        return Err(refused("The filters changed since the cursor was given out."));
    }
    let started_ms = u64::from_be_bytes(*started).cast_signed();
    Ok(Key { rank: u64::from_be_bytes(*rank), started_ms, place: u64::from_be_bytes(*place) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_and_belongs_to_its_filters() {
        let key = Key { rank: 3, started_ms: -5, place: 1 << 41 };
        let text = after(key, 77);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert_eq!(parse(&text, 77), Ok(key));
        assert_eq!(parse(&text, 78).unwrap_err().status, 400);
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in ["a", "!!", "AAAA", "%00", &"A".repeat(31), &"A".repeat(44), "é"] {
            assert_eq!(parse(text, 0).unwrap_err().status, 400, "{text}");
        }
    }
}

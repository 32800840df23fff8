//! Signing, for a simulator, a composer and replays.

use hmac::Mac as _;

use super::{SigningSecret, verify::message};

/// The three headers of a signed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// Value of `X-PolyAI-Timestamp`.
    pub timestamp: String,
    /// Value of `X-PolyAI-Signature`.
    pub signature: String,
    /// Value of `X-PolyAI-Event-ID`.
    pub event_id: String,
}

impl SignedHeaders {
    /// Name and value of each.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [
            (super::header::TIMESTAMP, &self.timestamp),
            (super::header::SIGNATURE, &self.signature),
            (super::header::EVENT_ID, &self.event_id),
        ]
    }
}

/// Signs a body as the platform does, at `now` in Unix seconds.
///
/// A retry is signed anew: the same event id, another timestamp and signature.
pub fn sign(secret: &SigningSecret, event_id: &str, body: &[u8], now: i64) -> SignedHeaders {
    let timestamp = now.to_string();
    let signature = signature(secret, timestamp.as_bytes(), body);
    SignedHeaders { timestamp, signature, event_id: event_id.to_owned() }
}

/// The signature over a timestamp's bytes and a body, 64 lower-case hex digits.
pub fn signature(secret: &SigningSecret, timestamp: &[u8], body: &[u8]) -> String {
    hex(&message(secret.key(), timestamp, body).finalize().into_bytes())
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}

fn digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

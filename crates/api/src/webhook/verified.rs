//! A delivery that has been verified: the only thing an event can be read from.

use std::fmt;

use super::{Event, EventFault, Standing};

/// SHA-256 of a body: the part of a delivery that is both signed and stable across retries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyHash(pub [u8; 32]);

impl fmt::Display for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A delivery whose signature and age were right. Made by [`verify`](super::verify()) only.
#[derive(Clone)]
pub struct Verified<'a> {
    pub(super) body: &'a [u8],
    pub(super) event_id: Option<&'a str>,
    pub(super) timestamp: i64,
    pub(super) tag: [u8; 32],
    pub(super) secret_name: Box<str>,
    pub(super) standing: Standing,
    pub(super) body_hash: BodyHash,
}

impl<'a> Verified<'a> {
    /// The body, byte for byte as it was signed.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The event's id, which the signature does **not** cover.
    ///
    /// Whoever captures a delivery can send it again within the window under another id, so an id
    /// alone must not decide whether an event was seen. Remember [`Self::body_hash`] beside it: the
    /// same hash under another id is a replay, the same id with another hash is a fault or an attack.
    pub fn event_id(&self) -> Option<&'a str> {
        self.event_id
    }

    /// When it was signed, in Unix seconds.
    pub fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// Hash of the body, the same for every attempt at the same event.
    pub fn body_hash(&self) -> BodyHash {
        self.body_hash
    }

    /// What a replay of this very attempt repeats: the signature covers time and body.
    pub fn attempt_key(&self) -> [u8; 32] {
        self.tag
    }

    /// Name of the secret that signed it.
    pub fn secret_name(&self) -> &str {
        &self.secret_name
    }

    /// What that secret is good for: `Previous` says that the rotation has not come through yet.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Reads the event.
    pub fn event(&self) -> Result<Event, EventFault> {
        Event::read(self.body)
    }
}

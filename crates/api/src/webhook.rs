//! Webhook deliveries: verified, explained when they fail, signed, and timed.
//!
//! A delivery carries `X-PolyAI-Timestamp` (Unix seconds), `X-PolyAI-Signature` (64 lower-case hex
//! digits: HMAC-SHA256 over `{timestamp}.{raw body}`, the key being the signing secret as UTF-8 text)
//! and `X-PolyAI-Event-ID`.
//!
//! Rules of this module:
//! - Bytes first: what is signed is what came, so nothing is parsed before [`verify()`] has given a
//!   [`Verified`], and only a `Verified` can be parsed.
//! - The clock is an argument, in Unix seconds.
//! - One spelling per signature: upper-case hex, prefixes and white space are refused, since the
//!   platform sends none of them and something on the way has rewritten the header. [`explain()`]
//!   says so to whoever operates the receiver.
//! - The event id is **not** signed. See [`Verified::event_id`].
//! - No error and no explanation contains a secret, a body or the signature that was expected.
//!
//! Absent on purpose: storage, de-duplication over time, HTTP. Source:
//! <https://docs.poly.ai/api-reference/webhooks/introduction>.

mod delivery;
mod event;
pub mod explain;
mod schedule;
mod secrets;
mod sign;
pub mod standard;
mod verified;
mod verify;

pub use self::{
    delivery::{Delivery, HeaderFault, header},
    event::{Alert, AlertEvent, Event, EventFault, UnknownEvent},
    explain::explain,
    schedule::{
        ATTEMPT_DELAYS_S, ATTEMPT_OFFSETS_S, Answer, Fate, Upcoming, attempt_at, fate, upcoming,
    },
    secrets::{SecretFault, SigningSecret, SigningSecrets, Standing},
    sign::{SignedHeaders, sign, signature},
    verified::{BodyHash, Verified},
    verify::{SignatureFault, TOLERANCE_S, TimestampFault, VerifyError, verify},
};

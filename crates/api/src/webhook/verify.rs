//! Whether a delivery is the platform's.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::{BodyHash, Delivery, HeaderFault, SigningSecrets, Verified, header};

/// How far the timestamp may lie from now, either way, in seconds.
pub const TOLERANCE_S: i64 = 300;

/// Why a delivery was refused.
///
/// The first four kinds are decided before any secret is used. The last two are said only of
/// deliveries with a right signature: those are genuine, but too old or too new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A needed header is missing or there twice.
    #[error("verifying a delivery: {0}")]
    Header(#[from] HeaderFault),
    /// The timestamp is not written as the platform writes it.
    #[error("verifying a delivery: {0}")]
    Timestamp(#[from] TimestampFault),
    /// The signature is not written as the platform writes it.
    #[error("verifying a delivery: {0}")]
    Signature(#[from] SignatureFault),
    /// There is no accepted secret to verify with. Answer 503: a 4xx is final for the platform.
    #[error("verifying a delivery: no signing secret is configured")]
    NoSecret,
    /// No accepted secret gives this signature.
    #[error("verifying a delivery: the signature fits no accepted secret")]
    Mismatch,
    /// The signature is right, the delivery too old.
    #[error("verifying a delivery: it was signed {age_s} s ago, more than {TOLERANCE_S} s")]
    TooOld {
        /// Seconds between signing and now.
        age_s: i64,
    },
    /// The signature is right, the delivery from the future: one of the clocks is wrong.
    #[error("verifying a delivery: it was signed {ahead_s} s ahead of now, over {TOLERANCE_S} s")]
    TooNew {
        /// Seconds between now and signing.
        ahead_s: i64,
    },
}

/// The timestamp is not ten ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the timestamp is not ten digits of Unix seconds")]
pub struct TimestampFault;

/// The signature is not 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Too short or too long.
    #[error("the signature has {0} bytes where 64 hex digits belong")]
    Length(usize),
    /// Hex digits, some of them upper-case: not as the platform sends them.
    #[error("the signature has upper-case hex digits; the platform sends lower-case")]
    UpperCase,
    /// Something other than hex digits.
    #[error("the signature has a byte that is no hex digit, at {0}")]
    NotHex(usize),
}

/// Checks a delivery against the accepted secrets; `now` in Unix seconds.
///
/// The timestamp's header bytes go into the signed message as they came, never re-printed, and all
/// secrets are tried in constant time each. No input panics.
pub fn verify<'a>(
    delivery: &Delivery<'a>,
    secrets: &SigningSecrets,
    now: i64,
) -> Result<Verified<'a>, VerifyError> {
    let stamp = delivery.one(header::TIMESTAMP)?;
    let presented = delivery.one(header::SIGNATURE)?;
    let event_id = match delivery.one(header::EVENT_ID) {
        Ok(id) => Some(id),
        Err(HeaderFault::Missing(_)) => None,
        Err(fault) => return Err(fault.into()),
    };
    let timestamp = timestamp(stamp)?;
    let tag = decode(presented)?;

    let mut matching = None;
    let mut any = false;
    for secret in secrets.accepted() {
        any = true;
        let mac = message(secret.key(), stamp, delivery.body());
        if mac.verify_slice(&tag).is_ok() {
            matching = matching.or(Some(secret));
        }
    }
    if !any {
        return Err(VerifyError::NoSecret);
    }
    let secret = matching.ok_or(VerifyError::Mismatch)?;
    window(timestamp, now)?;
    Ok(Verified {
        body: delivery.body(),
        event_id: event_id.and_then(|id| std::str::from_utf8(id).ok()),
        timestamp,
        tag,
        secret_name: secret.name.clone(),
        standing: secret.standing,
        body_hash: BodyHash(Sha256::digest(delivery.body()).into()),
    })
}

/// The MAC over `{timestamp}.{body}`.
pub(super) fn message(key: &[u8], stamp: &[u8], body: &[u8]) -> Hmac<Sha256> {
    keyed(key).chain_update(stamp).chain_update(b".").chain_update(body)
}

/// A MAC with its key absorbed.
#[allow(clippy::expect_used, reason = "HMAC takes keys of any length, so this cannot fail")]
pub(super) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes any key")
}

/// Whether a moment lies in the window around `now`, without overflow at either end of time.
pub(super) fn window(timestamp: i64, now: i64) -> Result<(), VerifyError> {
    let age_s = now.saturating_sub(timestamp);
    if age_s > TOLERANCE_S {
        return Err(VerifyError::TooOld { age_s });
    }
    if age_s < -TOLERANCE_S {
        return Err(VerifyError::TooNew { ahead_s: age_s.saturating_neg() });
    }
    Ok(())
}

/// Ten digits, as all Unix seconds between 2001 and 2286 have.
pub(super) fn timestamp(text: &[u8]) -> Result<i64, TimestampFault> {
    if text.len() != 10 {
        return Err(TimestampFault);
    }
    text.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')).ok_or(TimestampFault)
    })
}

/// 64 lower-case hex digits to 32 bytes.
fn decode(text: &[u8]) -> Result<[u8; 32], SignatureFault> {
    if text.len() != 64 {
        return Err(SignatureFault::Length(text.len()));
    }
    if let Some(at) = text.iter().position(|byte| !byte.is_ascii_hexdigit()) {
        return Err(SignatureFault::NotHex(at));
    }
    if text.iter().any(u8::is_ascii_uppercase) {
        return Err(SignatureFault::UpperCase);
    }
    let mut tag = [0; 32];
    for (byte, pair) in tag.iter_mut().zip(text.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |sum, digit| sum << 4 | nibble(*digit));
    }
    Ok(tag)
}

/// The value of a hex digit, 0 for anything else.
pub(super) const fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        text.as_bytes().chunks(2).map(|pair| nibble(pair[0]) << 4 | nibble(pair[1])).collect()
    }

    /// RFC 4231, and vectors in the manner of Wycheproof: keys and messages around the block size,
    /// changed and truncated tags, tags of other algorithms.
    #[test]
    fn the_mac_takes_and_refuses_what_it_should() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/webhook.json")).unwrap();
        let vectors = file["hmac_sha256"].as_array().unwrap();
        assert!(vectors.len() >= 80);
        for vector in vectors {
            let field = |name: &str| bytes(vector[name].as_str().unwrap());
            let mac = keyed(&field("key")).chain_update(field("message"));
            let valid = mac.verify_slice(&field("tag")).is_ok();
            assert_eq!(valid, vector["valid"], "{}", vector["name"]);
        }
    }
}

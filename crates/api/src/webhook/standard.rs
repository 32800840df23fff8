//! Standard Webhooks: the scheme of Svix and many others, for deliveries that are forwarded.
//!
//! Headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, the last a list of
//! `v1,<base64>` tokens parted by spaces; HMAC-SHA256 over `{id}.{timestamp}.{body}`; the key is the
//! base64 after the secret's `whsec_` prefix. Here, unlike in the platform's scheme, the id is signed.
//! Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{
    Delivery, HeaderFault, SecretFault, VerifyError,
    verify::{keyed, timestamp, window},
};
use crate::model::Secret;

/// Names of the headers; reading ignores letter case.
pub mod header {
    /// The message's id.
    pub const ID: &str = "webhook-id";
    /// Unix seconds at sending.
    pub const TIMESTAMP: &str = "webhook-timestamp";
    /// One or more `v1,<base64>`, parted by single spaces.
    pub const SIGNATURE: &str = "webhook-signature";
}

/// Most tokens of a signature header that are looked at.
const MAX_TOKENS: usize = 64;

/// Secrets are pasted with and without padding; signatures are read strictly.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A key of this scheme.
#[derive(Clone)]
pub struct Key(Zeroizing<Vec<u8>>);

impl Key {
    /// Reads a secret: base64 with or without its `whsec_` prefix and surrounding white space.
    pub fn new(secret: &Secret) -> Result<Self, SecretFault> {
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(SecretFault::Empty);
        }
        let text = text.strip_prefix("whsec_").unwrap_or(text);
        if text.is_empty() {
            return Err(SecretFault::PrefixOnly);
        }
        let key = LENIENT.decode(text).map_err(|_| SecretFault::NotBase64)?;
        if key.is_empty() {
            return Err(SecretFault::Empty);
        }
        Ok(Self(Zeroizing::new(key)))
    }

    fn mac(&self, id: &[u8], stamp: &[u8], body: &[u8]) -> Hmac<Sha256> {
        keyed(&self.0)
            .chain_update(id)
            .chain_update(b".")
            .chain_update(stamp)
            .chain_update(b".")
            .chain_update(body)
    }
}

/// A delivery of this scheme whose signature and age were right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'a> {
    id: &'a [u8],
    timestamp: i64,
    body: &'a [u8],
}

impl<'a> Verified<'a> {
    /// The message's id, which the signature covers.
    pub fn id(&self) -> &'a [u8] {
        self.id
    }

    /// When it was signed, in Unix seconds.
    pub fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// The body, byte for byte as it was signed.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }
}

/// Checks a delivery; `now` in Unix seconds. Any key may have made any of the signatures.
///
/// Tokens of other versions and broken tokens are passed over; at most 64 are looked at.
pub fn verify<'a>(
    delivery: &Delivery<'a>,
    keys: &[Key],
    now: i64,
) -> Result<Verified<'a>, VerifyError> {
    let id = delivery.one(header::ID)?;
    let stamp = delivery.one(header::TIMESTAMP)?;
    let presented = delivery.one(header::SIGNATURE)?;
    if id.is_empty() {
        return Err(HeaderFault::Missing(header::ID).into());
    }
    let timestamp = timestamp(stamp)?;
    if keys.is_empty() {
        return Err(VerifyError::NoSecret);
    }
    let tags: Vec<Vec<u8>> = presented
        .split(|byte| *byte == b' ')
        .take(MAX_TOKENS)
        .filter_map(|token| token.strip_prefix(b"v1,"))
        .filter_map(|text| BASE64_STANDARD.decode(text).ok())
        .collect();
    let mut matches = false;
    for key in keys {
        let mac = key.mac(id, stamp, delivery.body());
        for tag in &tags {
            matches |= mac.clone().verify_slice(tag).is_ok();
        }
    }
    if !matches {
        return Err(VerifyError::Mismatch);
    }
    window(timestamp, now)?;
    Ok(Verified { id, timestamp, body: delivery.body() })
}

/// Signs a body at `now` in Unix seconds: the values of the three headers, in the order of
/// [`header`].
pub fn sign(key: &Key, id: &str, body: &[u8], now: i64) -> [(&'static str, String); 3] {
    let timestamp = now.to_string();
    let tag = key.mac(id.as_bytes(), timestamp.as_bytes(), body).finalize().into_bytes();
    [
        (header::ID, id.to_owned()),
        (header::TIMESTAMP, timestamp),
        (header::SIGNATURE, format!("v1,{}", BASE64_STANDARD.encode(tag))),
    ]
}

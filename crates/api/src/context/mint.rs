//! Making a token.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use serde::Serialize;
use sha2::Sha256;

use super::{Claims, ContextFault, ContextValue};
use crate::model::Secret;
use crate::operation::encode_json;

/// The longest `exp - iat`, in seconds.
pub const MAX_LIFETIME_S: u32 = 30;

/// The largest `ctx`, in bytes of its compact JSON.
pub const MAX_CONTEXT_BYTES: usize = 8 * 1024;

/// The largest token, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The longest key id, in bytes; ours, to keep headers sane.
const MAX_KID_BYTES: usize = 200;

/// Later than any clock in seconds, earlier than any in milliseconds: 2286.
const MAX_NOW: i64 = 9_999_999_999;

/// A key for context tokens.
#[derive(Clone)]
pub struct ContextKey {
    kid: Box<str>,
    secret: Secret,
}

impl ContextKey {
    /// Takes a key over. The secret is its text, never decoded.
    pub fn new(kid: &str, secret: Secret) -> Result<Self, ContextFault> {
        if kid.is_empty() || kid.len() > MAX_KID_BYTES || kid.chars().any(char::is_control) {
            return Err(ContextFault::KeyId);
        }
        if secret.expose().trim().is_empty() {
            return Err(ContextFault::Secret);
        }
        Ok(Self { kid: kid.into(), secret })
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The MAC over a token's first two parts.
    #[allow(clippy::expect_used, reason = "HMAC takes keys of any length, so this cannot fail")]
    pub(super) fn mac(&self, signed: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.expose().as_bytes());
        mac.expect("HMAC takes any key").chain_update(signed)
    }
}

/// A token, and what may become of it.
pub struct Minted {
    /// The token: a bearer credential for its 30 seconds.
    pub token: Secret,
    /// When it ends, in Unix seconds.
    pub expires_at: i64,
    /// What the platform might not like.
    pub warnings: Vec<Warning>,
}

/// Something that the vendor's pages are not of one mind about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A value is null, which only one of the pages allows.
    Null {
        /// Its name.
        name: String,
    },
    /// `ctx` fits as compact JSON, but not in the way some servers re-serialise it: with spaces after
    /// separators and everything beyond ASCII escaped.
    NearLimit {
        /// Its size in that spelling, in bytes.
        bytes: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null { name } => {
                write!(f, "ctx.{name} is null, which the platform may refuse; leave it out")
            }
            Self::NearLimit { bytes } => write!(
                f,
                "ctx may count as {bytes} bytes, over the limit of {MAX_CONTEXT_BYTES}; shorten it"
            ),
        }
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    kid: &'a str,
}

/// Mints a token at `now`, in Unix seconds; nothing is signed unless every limit is kept.
pub fn mint(key: &ContextKey, claims: &Claims, now: i64) -> Result<Minted, ContextFault> {
    if claims.context_id.is_empty() {
        return Err(ContextFault::NoContextId);
    }
    if !(1..=MAX_LIFETIME_S).contains(&claims.lifetime_s) {
        return Err(ContextFault::Lifetime { lifetime_s: claims.lifetime_s });
    }
    if !(0..=MAX_NOW).contains(&now) {
        return Err(ContextFault::Clock);
    }
    let expires_at = now + i64::from(claims.lifetime_s);
    let ctx = json(&claims.values);
    if ctx.len() > MAX_CONTEXT_BYTES {
        return Err(ContextFault::ContextSize { bytes: ctx.len() });
    }

    let header = json(&Header { alg: "HS256", typ: "JWT", kid: &key.kid });
    let sub = json(&claims.context_id);
    let body = format!(r#"{{"sub":{sub},"iat":{now},"exp":{expires_at},"ctx":{ctx}}}"#);
    let mut token = BASE64_URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(body, &mut token);
    let tag = key.mac(token.as_bytes()).finalize().into_bytes();
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(tag, &mut token);
    if token.len() > MAX_TOKEN_BYTES {
        return Err(ContextFault::TokenSize { bytes: token.len() });
    }
    Ok(Minted { token: Secret::new(token), expires_at, warnings: warnings(claims, &ctx) })
}

fn warnings(claims: &Claims, ctx: &str) -> Vec<Warning> {
    let nulls = claims.values.iter().filter(|(_, value)| **value == ContextValue::Null);
    let mut warnings: Vec<_> =
        nulls.map(|(name, _)| Warning::Null { name: name.clone() }).collect();
    // `\u00e9` for a character of the basic plane, two of those for any other.
    let escaped: usize =
        ctx.chars().map(|c| if c.is_ascii() { 1 } else { 6 * c.len_utf16() }).sum();
    let spaces = (claims.values.len() * 2).saturating_sub(1);
    let bytes = escaped + spaces;
    if bytes > MAX_CONTEXT_BYTES {
        warnings.push(Warning::NearLimit { bytes });
    }
    warnings
}

/// Compact JSON of values that cannot fail to be written: text, numbers, maps with text keys.
fn json(value: &impl Serialize) -> String {
    String::from_utf8(encode_json(value)).unwrap_or_default()
}

//! Reading a token, for tests and for a simulator.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::Mac as _;
use serde_json::{Map, Value};

use super::{
    ContextKey, ContextValue, MAX_CONTEXT_BYTES, MAX_LIFETIME_S, MAX_TOKEN_BYTES, TokenFault,
};

/// What a token says whose signature and times were right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedContext {
    /// Id of the key that signed it.
    pub kid: String,
    /// `sub`.
    pub context_id: String,
    /// `iat`, in Unix seconds.
    pub issued_at: i64,
    /// `exp`, in Unix seconds.
    pub expires_at: i64,
    /// `ctx`; nulls are let through.
    pub values: BTreeMap<String, ContextValue>,
}

/// Checks a token at `now`, in Unix seconds, allowing clocks to differ by `leeway_s`.
///
/// The header is read before the signature, since it says which key to use; nothing else is.
pub fn verify(
    token: &str,
    keys: &[ContextKey],
    now: i64,
    leeway_s: u32,
) -> Result<VerifiedContext, TokenFault> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenFault::Size);
    }
    let (signed, tag) = token.rsplit_once('.').ok_or(TokenFault::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(TokenFault::Malformed)?;
    let header = object(header)?;
    if header.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(TokenFault::Algorithm);
    }
    if header.contains_key("crit") {
        return Err(TokenFault::Critical);
    }
    let kid = header.get("kid").and_then(Value::as_str).ok_or(TokenFault::UnknownKey)?;
    let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).map_err(|_| TokenFault::Malformed)?;
    let mut known = keys.iter().filter(|key| key.kid() == kid).peekable();
    known.peek().ok_or(TokenFault::UnknownKey)?;
    // Two keys may share an id while one of them is being replaced.
    if !known.any(|key| key.mac(signed.as_bytes()).verify_slice(&tag).is_ok()) {
        return Err(TokenFault::Signature);
    }

    let claims = object(claims)?;
    let seconds = |name: &'static str| {
        claims.get(name).and_then(Value::as_i64).ok_or(TokenFault::Claim(name))
    };
    let (issued_at, expires_at) = (seconds("iat")?, seconds("exp")?);
    let context_id = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty());
    let context_id = context_id.ok_or(TokenFault::Claim("sub"))?.to_owned();
    if !(1..=i64::from(MAX_LIFETIME_S)).contains(&expires_at.saturating_sub(issued_at)) {
        return Err(TokenFault::Lifetime);
    }
    let leeway = i64::from(leeway_s);
    // RFC 7519: "on or after" the expiration it must not be accepted.
    if now.saturating_sub(expires_at) >= leeway {
        return Err(TokenFault::Expired(now.saturating_sub(expires_at)));
    }
    if issued_at.saturating_sub(now) > leeway {
        return Err(TokenFault::Early(issued_at.saturating_sub(now)));
    }
    let values = values(claims.get("ctx").ok_or(TokenFault::Claim("ctx"))?)?;
    Ok(VerifiedContext { kid: kid.to_owned(), context_id, issued_at, expires_at, values })
}

/// The flat values, no larger than allowed when written again.
fn values(ctx: &Value) -> Result<BTreeMap<String, ContextValue>, TokenFault> {
    if ctx.to_string().len() > MAX_CONTEXT_BYTES {
        return Err(TokenFault::ContextSize);
    }
    let Value::Object(ctx) = ctx else { return Err(TokenFault::Claim("ctx")) };
    ctx.iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Null => ContextValue::Null,
                Value::Bool(value) => ContextValue::Bool(*value),
                Value::Number(value) => ContextValue::Number(value.clone()),
                Value::String(value) => ContextValue::Text(value.clone()),
                Value::Array(_) | Value::Object(_) => return Err(TokenFault::Claim("ctx")),
            };
            Ok((name.clone(), value))
        })
        .collect()
}

fn object(part: &str) -> Result<Map<String, Value>, TokenFault> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenFault::Malformed)?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(TokenFault::Malformed),
    }
}

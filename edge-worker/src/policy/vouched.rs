//! Verified context: what a site's backend vouches for, on its way to the agent.
//!
//! The backend leaves claims here with the site's own secret and gets a handle, which its page passes to
//! the widget. Who opens a session with it gets those claims attached by the edge; the page never holds
//! the secret, the claims' key or a token.

use perch_api::context::{self, Claims, ContextKey, MAX_CONTEXT_BYTES};
use perch_api::model::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Seconds between the backend's request and the session that takes the claims.
pub const HANDLE_SECONDS: u64 = 300;
/// Most claims at once.
const CLAIMS: usize = 64;
/// Longest name of a claim.
const NAME_BYTES: usize = 64;

/// A site's backend as a source of claims.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The name of the secret that the backend sends; it starts with `PERCH_SITE_`.
    pub secret: String,
    /// The secret itself.
    #[serde(skip)]
    pub key: Option<Secret>,
}

/// Whether an `Authorization` header holds the secret. Takes the same time for every wrong one.
pub fn is_backend(header: Option<&str>, secret: &Secret) -> bool {
    header
        .and_then(|header| header.strip_prefix("Bearer "))
        .is_some_and(|given| secret.ct_eq(given))
}

/// Whether these claims may be vouched for: a flat object, plain names, within the platform's size.
pub fn is_lawful(claims: &Map<String, Value>) -> bool {
    let plain = |name: &String| {
        (1..=NAME_BYTES).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    (1..=CLAIMS).contains(&claims.len())
        && claims.keys().all(plain)
        && Claims::from_json("-", claims).is_ok()
        && claims.values().all(|value| !value.is_null())
        && serde_json::to_string(claims).is_ok_and(|text| text.len() <= MAX_CONTEXT_BYTES)
}

/// The token that tells the platform, good for [`context::MAX_LIFETIME_S`] seconds.
pub fn token(
    kid: &str,
    secret: &Secret,
    context_id: &str,
    claims: &Map<String, Value>,
    now: u64,
) -> Option<Secret> {
    let key = ContextKey::new(kid, secret.clone()).ok()?;
    let claims = Claims::from_json(context_id, claims).ok()?;
    let minted = context::mint(&key, &claims, i64::try_from(now).ok()?).ok()?;
    Some(minted.token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lawful(claims: &Value) -> bool {
        is_lawful(claims.as_object().unwrap())
    }

    #[test]
    fn claims_are_flat_and_small() {
        assert!(lawful(&json!({"customer_id": "C-1", "orders": 3, "vip": true})));
        for wrong in [
            json!({}),
            json!({"a": null}),
            json!({"a": {"b": 1}}),
            json!({"a": ["b"]}),
            json!({"a b": 1}),
            json!({"": 1}),
            json!({"ä": 1}),
            json!({"n".repeat(65): 1}),
            json!({"a": "x".repeat(MAX_CONTEXT_BYTES)}),
        ] {
            assert!(!lawful(&wrong), "{wrong}");
        }
        let many: Map<_, _> = (0..65).map(|n| (format!("c{n}"), json!(1))).collect();
        assert!(!is_lawful(&many));
    }

    #[test]
    fn a_backend_is_known_by_its_secret_alone() {
        let secret = Secret::new("s3cret".to_owned());
        assert!(is_backend(Some("Bearer s3cret"), &secret));
        for wrong in [
            None,
            Some(""),
            Some("s3cret"),
            Some("bearer s3cret"),
            Some("Bearer s3cre"),
            Some("Bearer s3cret "),
            Some("Bearer "),
            Some("Basic s3cret"),
        ] {
            assert!(!is_backend(wrong, &secret), "{wrong:?}");
        }
    }

    #[test]
    fn the_token_is_the_platforms() {
        let secret = Secret::new("8f3a8f3a".to_owned());
        let claims = json!({"customer_id": "C-1"});
        let token =
            token("key-1", &secret, "ctx-1", claims.as_object().unwrap(), 1_788_257_100).unwrap();
        let key = ContextKey::new("key-1", secret).unwrap();
        let read = context::verify(token.expose(), &[key], 1_788_257_110, 0).unwrap();
        assert_eq!((read.context_id.as_str(), read.kid.as_str()), ("ctx-1", "key-1"));
        assert_eq!(read.expires_at - read.issued_at, 30);
    }
}

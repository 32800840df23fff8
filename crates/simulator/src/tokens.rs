//! Access tokens of messaging: minted, checked, expired on demand.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Seconds a token lives.
pub(crate) const TOKEN_SECONDS: u64 = 86_400;

/// Mints and checks JSON web tokens (HS256). Nothing is stored: the signature says it all.
pub(crate) struct Tokens {
    secret: [u8; 32],
    minted: AtomicU64,
    /// Tokens with this number or a lower one are expired.
    expired: AtomicU64,
}

impl Tokens {
    /// A mint with an own secret.
    pub(crate) fn new() -> Self {
        let mut secret = [0; 32];
        fastrand::fill(&mut secret);
        Self { secret, minted: AtomicU64::new(0), expired: AtomicU64::new(0) }
    }

    /// A token made at `now_ms`.
    pub(crate) fn mint(&self, now_ms: i64) -> String {
        let number = self.minted.fetch_add(1, Ordering::Relaxed) + 1;
        let seconds = now_ms / 1_000;
        let claims = format!(
            r#"{{"jti":{number},"iat":{seconds},"exp":{}}}"#,
            seconds.saturating_add_unsigned(TOKEN_SECONDS)
        );
        let body = format!(
            "{}.{}",
            BASE64.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
            BASE64.encode(claims)
        );
        let signature = BASE64.encode(self.sign(&body).finalize().into_bytes());
        format!("{body}.{signature}")
    }

    /// Whether `token` was minted here and still lives at `now_ms`.
    pub(crate) fn is_valid(&self, token: &str, now_ms: i64) -> bool {
        self.claims(token).is_some_and(|(number, exp)| {
            number > self.expired.load(Ordering::Relaxed) && now_ms / 1_000 < exp
        })
    }

    /// Whether `token` was minted here, living or not.
    pub(crate) fn is_own(&self, token: &str) -> bool {
        self.claims(token).is_some()
    }

    /// Expires every token minted so far.
    pub(crate) fn expire_all(&self) {
        self.expired.store(self.minted.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    fn claims(&self, token: &str) -> Option<(u64, i64)> {
        let (body, signature) = token.rsplit_once('.')?;
        let signature = BASE64.decode(signature).ok()?;
        self.sign(body).verify_slice(&signature).ok()?;
        let (_, claims) = body.split_once('.')?;
        let claims: serde_json::Value =
            serde_json::from_slice(&BASE64.decode(claims).ok()?).ok()?;
        Some((claims.get("jti")?.as_u64()?, claims.get("exp")?.as_i64()?))
    }

    #[allow(clippy::expect_used, reason = "HMAC accepts keys of any length")]
    fn sign(&self, body: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any length");
        mac.update(body.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_valid_until_they_expire_or_are_expired() {
        let tokens = Tokens::new();
        let token = tokens.mint(1_000_000);
        assert!(tokens.is_valid(&token, 1_000_000));
        assert!(!tokens.is_valid(&token, 1_000_000 + 86_400_000));
        tokens.expire_all();
        assert!(!tokens.is_valid(&token, 1_000_000));
        assert!(tokens.is_valid(&tokens.mint(1_000_000), 1_000_000), "new ones work");
    }

    #[test]
    fn forged_tokens_are_refused() {
        let tokens = Tokens::new();
        let token = tokens.mint(0);
        let foreign = Tokens::new().mint(0);
        let (body, _) = token.rsplit_once('.').unwrap();
        for forged in ["", ".", "a.b.c", body, &format!("{body}."), &foreign, &format!("{token}x")]
        {
            assert!(!tokens.is_valid(forged, 0), "{forged}");
        }
    }
}

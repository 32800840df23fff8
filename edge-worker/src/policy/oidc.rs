//! Sign-in at an `OpenID` provider: what is asked, and what its documents must say.
//!
//! Nothing is kept about a sign-in under way. Its browser holds a signed random cookie; state, nonce
//! and the proof key of the code exchange are hashes of that cookie, so only that browser can go on.

use perch_api::operation::query;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::jws::Unacceptable;
use crate::token;

/// Seconds a sign-in may take.
pub const FLOW_SECONDS: u64 = 600;

/// The values of one sign-in.
pub struct Flow<'a>(pub &'a str);

impl Flow<'_> {
    /// Comes back with the code.
    pub fn state(&self) -> String {
        self.derive("state")
    }

    /// Comes back inside the ID token.
    pub fn nonce(&self) -> String {
        self.derive("nonce")
    }

    /// Shown only when the code is exchanged.
    pub fn verifier(&self) -> String {
        self.derive("verifier")
    }

    /// The name under which it is noted as used.
    pub fn used(&self) -> String {
        self.derive("used")
    }

    fn derive(&self, what: &str) -> String {
        token::text(&Sha256::digest(format!("{what}\n{}", self.0)))
    }
}

/// What a provider's discovery document says, as far as it is needed.
#[derive(Clone, Debug, Deserialize)]
pub struct Discovery {
    issuer: String,
    /// Where the browser goes.
    pub authorization_endpoint: String,
    /// Where the code is exchanged.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
}

impl Discovery {
    /// Reads the document of `issuer`; `local` allows addresses on this machine.
    pub fn read(json: &str, issuer: &str, local: bool) -> Result<Self, Unacceptable> {
        let found: Self = serde_json::from_str(json).map_err(|_| Unacceptable)?;
        let sound = found.issuer == issuer
            && [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri]
                .into_iter()
                .all(|url| is_address(url, local));
        if sound { Ok(found) } else { Err(Unacceptable) }
    }
}

/// Whether an address may be used: https, or this very machine where that is allowed.
pub fn is_address(url: &str, local: bool) -> bool {
    let plain = url.len() <= 2_000 && url.bytes().all(|byte| byte.is_ascii_graphic());
    let here = ["http://127.0.0.1:", "http://localhost:"];
    plain
        && !url.contains(['#', '\\', '@'])
        && (url.starts_with("https://") || local && here.iter().any(|start| url.starts_with(start)))
}

/// The address at which the browser signs in. `again` asks the provider for a fresh proof.
pub fn authorization(
    endpoint: &str,
    flow: &Flow<'_>,
    (client, redirect, scope): (&str, &str, &str),
    again: bool,
) -> String {
    let challenge = token::text(&Sha256::digest(flow.verifier()));
    let (state, nonce) = (flow.state(), flow.nonce());
    let mut pairs = vec![
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect),
        ("scope", scope),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    if again {
        pairs.extend([("prompt", "login"), ("max_age", "0")]);
    }
    with_query(endpoint, &query::write(pairs))
}

/// The form that exchanges a code.
pub fn exchange(code: &str, redirect: &str, flow: &Flow<'_>) -> String {
    let verifier = flow.verifier();
    query::write([
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect),
        ("code_verifier", &verifier),
    ])
}

/// The client's name and secret as the `Authorization` header wants them.
pub fn basic(client: &str, secret: &str) -> String {
    use base64::Engine as _;
    let encoded = |text| {
        let pair = query::write([("", text)]);
        pair.strip_prefix('=').unwrap_or(&pair).to_owned()
    };
    let both = format!("{}:{}", encoded(client), encoded(secret));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(both))
}

/// The code in the answer that belongs to this sign-in.
pub fn code(answer: &str, flow: &Flow<'_>, issuer: &str) -> Result<String, Unacceptable> {
    let pairs = query::read(answer).ok_or(Unacceptable)?;
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() { Err(Unacceptable) } else { Ok(value) }
    };
    let state = one("state")?.ok_or(Unacceptable)?;
    let right = perch_api::model::Secret::new(flow.state()).ct_eq(state);
    // A provider that names itself must be the one that was asked.
    if !right || one("iss")?.is_some_and(|named| named != issuer) || one("error")?.is_some() {
        return Err(Unacceptable);
    }
    one("code")?.filter(|code| (1..=2_000).contains(&code.len())).cloned().ok_or(Unacceptable)
}

fn with_query(endpoint: &str, query: &str) -> String {
    let mark = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{mark}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example";

    fn document() -> serde_json::Value {
        serde_json::json!({
            "issuer": ISSUER, "authorization_endpoint": "https://id.example/auth",
            "token_endpoint": "https://id.example/token", "jwks_uri": "https://keys.example/jwks", "more": [1],
        })
    }

    #[test]
    fn a_document_is_its_issuers_own() {
        assert!(Discovery::read(&document().to_string(), ISSUER, false).is_ok());
        for (name, value) in [
            ("issuer", "https://id.example/"),
            ("issuer", "https://evil.example"),
            ("token_endpoint", "http://id.example/token"),
            ("jwks_uri", "http://127.0.0.1:7/jwks"),
            ("authorization_endpoint", "javascript:alert(1)"),
            ("authorization_endpoint", "https://user@id.example/"),
        ] {
            let mut other = document();
            other[name] = value.into();
            assert!(Discovery::read(&other.to_string(), ISSUER, false).is_err(), "{name} {value}");
        }
        assert!(is_address("http://127.0.0.1:7/x", true) && is_address("http://localhost:7", true));
        assert!(!is_address("http://127.0.0.1.evil.example/", true));
        assert!(!is_address("http://localhost:7@evil.example/", true));
    }

    #[test]
    fn the_values_of_a_sign_in_differ_and_stay() {
        let flow = Flow("cookie");
        let values = [flow.state(), flow.nonce(), flow.verifier(), flow.used()];
        assert!(values.iter().all(|value| value.len() == 43));
        for (at, value) in values.iter().enumerate() {
            assert!(values.iter().skip(at + 1).all(|other| other != value));
        }
        assert_eq!(flow.state(), Flow("cookie").state());
        assert_ne!(flow.state(), Flow("cookif").state());
    }

    #[test]
    fn the_browser_is_sent_with_proof_of_key_and_never_with_the_verifier() {
        let flow = Flow("cookie");
        let client = ("perch", "https://c.example/signed-in", "openid email");
        let url = authorization("https://id.example/auth?tenant=1", &flow, client, false);
        assert!(
            url.starts_with("https://id.example/auth?tenant=1&response_type=code&client_id=perch&")
        );
        assert!(url.contains("code_challenge_method=S256"));
        assert!(!url.contains(&flow.verifier()) && !url.contains("prompt="));
        let again = authorization("https://id.example/auth", &flow, client, true);
        assert!(again.contains("prompt=login&max_age=0"));
        assert!(exchange("c", "https://c.example/", &flow).contains(&flow.verifier()));
    }

    #[test]
    fn a_code_comes_with_the_state_of_its_own_browser() {
        let flow = Flow("cookie");
        let state = flow.state();
        let take = |answer: &str| code(answer, &flow, ISSUER);
        assert_eq!(take(&format!("code=a%2Bb&state={state}")).as_deref(), Ok("a+b"));
        assert!(take(&format!("code=a&state={state}&iss=https%3A%2F%2Fid.example")).is_ok());
        for answer in [
            String::new(),
            "code=a".to_owned(),
            "code=a&state=x".to_owned(),
            format!("code=a&state={}", Flow("other").state()),
            format!("code=a&state={state}&state={state}"),
            format!("code=a&code=b&state={state}"),
            format!("state={state}"),
            format!("code=&state={state}"),
            format!("code=a&state={state}&error=access_denied"),
            format!("code=a&state={state}&iss=https%3A%2F%2Fevil.example"),
        ] {
            assert_eq!(take(&answer), Err(Unacceptable), "{answer}");
        }
    }

    #[test]
    fn the_clients_name_and_secret_are_escaped_before_they_are_joined() {
        assert_eq!(
            basic("a:b", "c d"),
            format!("Basic {}", {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode("a%3Ab:c%20d")
            })
        );
    }
}

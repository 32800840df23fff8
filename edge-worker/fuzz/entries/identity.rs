//! What identity providers send: tokens, key sets, documents, and browsers on their way back.

use perch_edge_worker::policy::claims::{Claims, Parties};
use perch_edge_worker::policy::jws::{self, Alg, KeySet};
use perch_edge_worker::policy::oidc::{Discovery, Flow, code};

const ISSUER: &str = "https://id.example";
const PARTIES: Parties<'static> = Parties { issuer: ISSUER, audience: "perch" };
const NOW: u64 = 1_000_000;

/// Anything a provider may send, read in every way: what is taken is what may be used.
pub fn identity(data: &[u8]) {
    claims(data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(token) = jws::parse(text, &[Alg::Rs256]) {
        assert_eq!(token.alg, Alg::Rs256);
        assert!(!token.kid.is_empty() && token.signature.len() >= 256);
        assert!(text.starts_with(token.signed) && token.signed.matches('.').count() == 1);
    }
    if let Ok(keys) = KeySet::read(text) {
        for (alg, members) in [(Alg::Rs256, 3), (Alg::Es256, 4)] {
            let Ok(key) = keys.key("a", alg, None) else { continue };
            let key: serde_json::Value = serde_json::from_str(&key).expect("a key is JSON");
            assert_eq!(key.as_object().map(serde_json::Map::len), Some(members));
        }
    }
    if let Ok(found) = Discovery::read(text, ISSUER, false) {
        for url in [found.authorization_endpoint, found.token_endpoint, found.jwks_uri] {
            assert!(
                url.starts_with("https://") && !url.contains(['\r', '\n', '@', '#']),
                "{url:?}"
            );
        }
    }
    let flow = Flow("cookie");
    if let Ok(code) = code(text, &flow, ISSUER) {
        assert!(!code.is_empty() && text.contains(&flow.state()));
    }
}

fn claims(data: &[u8]) {
    let Ok(claims) = Claims::read(data) else { return };
    let people = [claims.access(PARTIES, NOW), claims.id_token(PARTIES, "n", "groups", NOW)];
    for person in people.into_iter().flatten() {
        assert!(person.expires > NOW);
        assert!(person.subject != "setup" && !person.subject.is_empty());
        assert!(person.subject.bytes().all(|byte| byte.is_ascii_graphic()));
    }
}

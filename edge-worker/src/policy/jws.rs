//! Signed tokens of identity providers (JSON Web Signature, compact form), up to the signature itself.
//!
//! The algorithms are the deployment's choice and never the token's: a header can only agree. Keys come
//! from the provider's key set by id; whatever a header says about keys of its own is a refusal.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

/// Longest token that is looked at, in bytes.
const TOKEN_BYTES: usize = 12_288;
/// Keys of a set that are looked at.
const KEYS: usize = 50;

/// The token or key is not acceptable; callers treat all reasons alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not acceptable")]
pub struct Unacceptable;

/// A signature algorithm. There is none without a key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
}

impl Alg {
    /// Its registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    /// Reads the name back; exact spelling.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256].into_iter().find(|alg| alg.as_str() == text)
    }
}

/// A token, taken apart and not yet verified.
#[derive(Debug)]
pub struct Jws<'a> {
    /// What the signature must be made with.
    pub alg: Alg,
    /// Which key.
    pub kid: String,
    /// The media type it names.
    pub typ: Option<String>,
    /// What is signed.
    pub signed: &'a str,
    /// The payload's bytes: for nobody before the signature is verified, but for a first look.
    pub payload: Vec<u8>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// Takes a token apart; its algorithm must be one of `allowed`.
pub fn parse<'a>(token: &'a str, allowed: &[Alg]) -> Result<Jws<'a>, Unacceptable> {
    // Doubled members are refused by serde. Members that point to keys may not even be there.
    #[derive(Deserialize)]
    struct Header {
        alg: String,
        kid: String,
        typ: Option<String>,
        jku: Option<IgnoredAny>,
        jwk: Option<IgnoredAny>,
        x5u: Option<IgnoredAny>,
        x5c: Option<IgnoredAny>,
        crit: Option<IgnoredAny>,
        b64: Option<IgnoredAny>,
        zip: Option<IgnoredAny>,
    }
    if token.len() > TOKEN_BYTES {
        return Err(Unacceptable);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(Unacceptable)?;
    let (header, payload) = signed.split_once('.').ok_or(Unacceptable)?;
    let header = String::from_utf8(decode(header)?).map_err(|_| Unacceptable)?;
    let header: Header = serde_json::from_str(&header).map_err(|_| Unacceptable)?;
    let pointers = [
        &header.jku,
        &header.jwk,
        &header.x5u,
        &header.x5c,
        &header.crit,
        &header.b64,
        &header.zip,
    ];
    if pointers.into_iter().any(Option::is_some) {
        return Err(Unacceptable);
    }
    let alg = Alg::parse(&header.alg).filter(|alg| allowed.contains(alg)).ok_or(Unacceptable)?;
    let signature = decode(signature)?;
    let is_sized = match alg {
        Alg::Rs256 => (256..=1_024).contains(&signature.len()),
        Alg::Es256 => signature.len() == 64,
    };
    if !is_sized || header.kid.is_empty() {
        return Err(Unacceptable);
    }
    Ok(Jws { alg, kid: header.kid, typ: header.typ, signed, payload: decode(payload)?, signature })
}

/// A provider's public keys.
pub struct KeySet(Vec<Key>);

struct Key(Map<String, Value>);

impl KeySet {
    /// Reads a key set. Entries that are no keys are passed over.
    pub fn read(json: &str) -> Result<Self, Unacceptable> {
        let Ok(Value::Object(mut set)) = serde_json::from_str(json) else {
            return Err(Unacceptable);
        };
        let Some(Value::Array(keys)) = set.remove("keys") else { return Err(Unacceptable) };
        let keys = keys.into_iter().take(KEYS).filter_map(|key| match key {
            Value::Object(key) => Some(Key(key)),
            _ => None,
        });
        Ok(Self(keys.collect()))
    }

    /// Whether a key of that id is there, whatever it is good for.
    pub fn knows(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.text("kid") == Some(kid))
    }

    /// The one key for a token, as the runtime imports it. A key without an algorithm serves none,
    /// unless the deployment says which one (`assumed`).
    pub fn key(&self, kid: &str, alg: Alg, assumed: Option<Alg>) -> Result<String, Unacceptable> {
        let mut found = self.0.iter().filter(|key| key.text("kid") == Some(kid));
        let key = found.next().filter(|_| found.next().is_none()).ok_or(Unacceptable)?;
        let own = match key.0.get("alg") {
            Some(name) => name.as_str().and_then(Alg::parse),
            None => assumed,
        };
        let signs = key.0.get("use").is_none_or(|of| of == "sig");
        if own != Some(alg) || !signs {
            return Err(Unacceptable);
        }
        key.plain(alg).ok_or(Unacceptable)
    }
}

impl Key {
    /// Only the members that make the key, each checked.
    fn plain(&self, alg: Alg) -> Option<String> {
        let long = |name: &str, sizes: std::ops::RangeInclusive<usize>| {
            let text = self.text(name)?;
            decode(text).is_ok_and(|bytes| sizes.contains(&bytes.len())).then_some(text)
        };
        // None of these texts has anything to escape: they are base64 or compared with a constant.
        match alg {
            Alg::Rs256 => {
                let (n, e) = (long("n", 256..=1_024)?, long("e", 1..=8)?);
                let key = format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#);
                (self.text("kty") == Some("RSA")).then_some(key)
            }
            Alg::Es256 => {
                let (x, y) = (long("x", 32..=32)?, long("y", 32..=32)?);
                let key = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
                let right = self.text("kty") == Some("EC") && self.text("crv") == Some("P-256");
                right.then_some(key)
            }
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }
}

// The engine refuses padding and stray bits: one spelling per value.
fn decode(text: &str) -> Result<Vec<u8>, Unacceptable> {
    BASE64.decode(text).map_err(|_| Unacceptable)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const BOTH: [Alg; 2] = [Alg::Rs256, Alg::Es256];

    fn token(header: &str, signature: usize) -> String {
        let [header, payload] = [header, "{}"].map(|part| BASE64.encode(part));
        format!("{header}.{payload}.{}", BASE64.encode(vec![7; signature]))
    }

    fn rsa() -> Value {
        let n = BASE64.encode([0xc3; 256]);
        json!({ "kty": "RSA", "kid": "a", "alg": "RS256", "use": "sig", "n": n, "e": "AQAB" })
    }

    fn ec() -> Value {
        let x = BASE64.encode([5; 32]);
        json!({ "kty": "EC", "kid": "b", "alg": "ES256", "crv": "P-256", "x": x, "y": x })
    }

    fn set(keys: &[Value]) -> KeySet {
        KeySet::read(&json!({ "keys": keys }).to_string()).unwrap()
    }

    fn without(mut key: Value, name: &str) -> Value {
        key.as_object_mut().unwrap().remove(name);
        key
    }

    #[test]
    fn a_plain_token_is_taken_apart() {
        let text = token(r#"{"alg":"RS256","kid":"a","typ":"JWT","x5t":"harmless"}"#, 256);
        let jws = parse(&text, &BOTH).unwrap();
        assert_eq!((jws.alg, jws.kid.as_str(), jws.typ.as_deref()), (Alg::Rs256, "a", Some("JWT")));
        assert_eq!((jws.payload, jws.signature.len()), (b"{}".to_vec(), 256));
        assert!(text.starts_with(jws.signed) && jws.signed.matches('.').count() == 1);
    }

    #[test]
    fn t02_the_token_does_not_choose_how_it_is_verified() {
        for header in [
            r#"{"alg":"none","kid":"a"}"#,
            r#"{"alg":"None","kid":"a"}"#,
            r#"{"alg":"","kid":"a"}"#,
            r#"{"alg":"HS256","kid":"a"}"#,
            r#"{"alg":"rs256","kid":"a"}"#,
            r#"{"alg":"RS512","kid":"a"}"#,
            r#"{"alg":"PS256","kid":"a"}"#,
            r#"{"alg":["RS256"],"kid":"a"}"#,
            r#"{"alg":"RS256"}"#,
            r#"{"alg":"RS256","kid":""}"#,
            r#"{"alg":"RS256","kid":7}"#,
            r#"{"kid":"a"}"#,
            r#"{"alg":"RS256","alg":"none","kid":"a"}"#,
            r#"{"alg":"RS256","kid":"a","jku":"https://evil.example/keys"}"#,
            r#"{"alg":"RS256","kid":"a","jwk":{"kty":"RSA"}}"#,
            r#"{"alg":"RS256","kid":"a","x5u":"https://evil.example/cert"}"#,
            r#"{"alg":"RS256","kid":"a","x5c":["MII"]}"#,
            r#"{"alg":"RS256","kid":"a","crit":["exp"]}"#,
            r#"{"alg":"RS256","kid":"a","b64":false}"#,
            r#"{"alg":"RS256","kid":"a","zip":"DEF"}"#,
            "[]",
            "",
        ] {
            assert!(parse(&token(header, 256), &BOTH).is_err(), "{header}");
        }
        let es = token(r#"{"alg":"ES256","kid":"a"}"#, 64);
        assert!(parse(&es, &BOTH).is_ok());
        assert!(parse(&es, &[Alg::Rs256]).is_err(), "not allowed here");
        assert!(parse(&token(r#"{"alg":"ES256","kid":"a"}"#, 70), &BOTH).is_err(), "DER");
        assert!(parse(&token(r#"{"alg":"RS256","kid":"a"}"#, 128), &BOTH).is_err(), "short key");
        assert!(parse(&token(r#"{"alg":"RS256","kid":"a"}"#, 0), &BOTH).is_err(), "no signature");
        for text in
            ["", ".", "..", "a.b.c", &format!("{es}="), &format!("{es}.x"), &"x".repeat(20_000)]
        {
            assert!(parse(text, &BOTH).is_err(), "{text}");
        }
    }

    #[test]
    fn t02_a_key_serves_one_algorithm_of_its_own_kind() {
        let keys = set(&[rsa(), ec()]);
        let key: Value = serde_json::from_str(&keys.key("a", Alg::Rs256, None).unwrap()).unwrap();
        assert_eq!(key.as_object().unwrap().keys().collect::<Vec<_>>(), ["e", "kty", "n"]);
        assert!(keys.key("b", Alg::Es256, None).is_ok());
        assert!(keys.knows("a") && !keys.knows("c"));
        for (kid, alg) in
            [("a", Alg::Es256), ("b", Alg::Rs256), ("c", Alg::Rs256), ("", Alg::Rs256)]
        {
            assert!(keys.key(kid, alg, None).is_err(), "{kid}");
        }
    }

    #[test]
    fn t02_a_key_without_an_algorithm_serves_none_unless_the_deployment_says_which() {
        let keys = set(&[without(rsa(), "alg"), without(ec(), "alg")]);
        for (kid, alg) in [("a", Alg::Rs256), ("b", Alg::Es256)] {
            assert!(keys.key(kid, alg, None).is_err());
            assert!(keys.key(kid, alg, Some(alg)).is_ok());
        }
        assert!(keys.key("a", Alg::Rs256, Some(Alg::Es256)).is_err());
        assert!(keys.key("a", Alg::Es256, Some(Alg::Es256)).is_err());
    }

    #[test]
    fn odd_keys_are_passed_over() {
        let with = |name: &str, value: Value| {
            let mut key = rsa();
            key[name] = value;
            key
        };
        for key in [
            with("use", json!("enc")),
            with("alg", json!("HS256")),
            with("alg", json!("RS512")),
            with("kty", json!("oct")),
            with("n", json!(BASE64.encode([1; 128]))),
            with("n", json!(7)),
            without(rsa(), "n"),
            without(rsa(), "kid"),
        ] {
            assert!(set(std::slice::from_ref(&key)).key("a", Alg::Rs256, None).is_err(), "{key}");
        }
        assert!(set(&[rsa(), rsa()]).key("a", Alg::Rs256, None).is_err(), "which of the two?");
        assert!(set(&[json!(7), json!(null), rsa()]).key("a", Alg::Rs256, None).is_ok());
        assert!(KeySet::read("[]").is_err() && KeySet::read("").is_err());
    }

    proptest! {
        #[test]
        fn no_text_surprises_it(text in "\\PC{0,60}", parts in proptest::collection::vec("[A-Za-z0-9_=-]{0,20}", 0..5)) {
            prop_assert!(parse(&text, &BOTH).is_err());
            prop_assert!(parse(&parts.join("."), &BOTH).is_err());
            let _ = KeySet::read(&text);
        }
    }
}

//! Verified-context tokens: every limit, before signing; and tokens that must not be believed.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as B64};
use hmac::Mac as _;
use perch_api::{
    context::{
        Claims, ContextFault, ContextKey, ContextValue, MAX_CONTEXT_BYTES, MAX_TOKEN_BYTES, Minted,
        TokenFault, Warning, mint, verify,
    },
    model::Secret,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: i64 = 1_788_257_100;
/// Looks like hex, and must not be read as such.
const SECRET: &str = "8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a";

fn key() -> ContextKey {
    ContextKey::new("key-1", Secret::new(SECRET.to_owned())).unwrap()
}

fn fault(claims: &Claims) -> ContextFault {
    mint(&key(), claims, NOW).err().unwrap()
}

/// A token of any header and claims, signed with the text of the secret.
fn forged(header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
    let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    format!("{signed}.{}", B64.encode(mac.chain_update(&signed).finalize().into_bytes()))
}

fn lawful() -> (Value, Value) {
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "key-1"});
    let claims = json!({"sub": "ctx-1", "iat": NOW, "exp": NOW + 30, "ctx": {"tier": "gold"}});
    (header, claims)
}

#[test]
fn a_minted_token_says_what_it_was_given() {
    let claims = Claims::new("ctx-1").with("tier", "gold").with("orders", 3).with("vip", true);
    let Minted { token, expires_at, warnings } = mint(&key(), &claims, NOW).unwrap();
    assert_eq!((expires_at, warnings), (NOW + 30, vec![]));
    let header = B64.decode(token.expose().split('.').next().unwrap()).unwrap();
    assert_eq!(header, br#"{"alg":"HS256","typ":"JWT","kid":"key-1"}"#);
    let read = verify(token.expose(), &[key()], NOW + 29, 0).unwrap();
    assert_eq!((read.context_id.as_str(), read.kid.as_str()), ("ctx-1", "key-1"));
    assert_eq!((read.issued_at, read.expires_at), (NOW, NOW + 30));
    assert_eq!(read.values, claims.values);
}

/// Made with Python's hmac, base64 and json.
#[test]
fn a_token_of_another_implementation_is_read_and_made_alike() {
    let token = include_str!("../vectors/context.jwt").trim();
    let read = verify(token, &[key()], NOW, 0).unwrap();
    assert_eq!(read.values.get("tier"), Some(&ContextValue::from("gold")));
    let claims = Claims { lifetime_s: 30, ..Claims::new("ctx-1").with("tier", "gold") };
    assert_eq!(mint(&key(), &claims, NOW).unwrap().token.expose(), token);
}

#[test]
fn every_limit_is_enforced_before_signing_and_named() {
    let cases = [
        (fault(&Claims::new("")), ContextFault::NoContextId, "sub"),
        (
            fault(&Claims { lifetime_s: 31, ..Claims::new("c") }),
            ContextFault::Lifetime { lifetime_s: 31 },
            "30",
        ),
        (
            fault(&Claims { lifetime_s: 0, ..Claims::new("c") }),
            ContextFault::Lifetime { lifetime_s: 0 },
            "exp - iat",
        ),
        (
            fault(&Claims::new(&"c".repeat(MAX_TOKEN_BYTES))),
            ContextFault::TokenSize { bytes: 22_066 },
            "16384",
        ),
        (mint(&key(), &Claims::new("c"), -1).err().unwrap(), ContextFault::Clock, "iat"),
        (mint(&key(), &Claims::new("c"), NOW * 1_000).err().unwrap(), ContextFault::Clock, "milli"),
        (mint(&key(), &Claims::new("c"), i64::MAX).err().unwrap(), ContextFault::Clock, "iat"),
    ];
    for (fault, expected, part) in cases {
        if !matches!(expected, ContextFault::TokenSize { .. }) {
            assert_eq!(fault, expected);
        }
        assert_eq!(std::mem::discriminant(&fault), std::mem::discriminant(&expected));
        assert!(fault.to_string().contains(part), "{fault}");
    }
    for value in [json!({"a": {"b": 1}}), json!({"a": [1]})] {
        let fault = Claims::from_json("c", value.as_object().unwrap()).err().unwrap();
        assert_eq!(fault, ContextFault::Nested { name: "a".to_owned() });
        assert!(fault.to_string().contains("ctx.a"), "{fault}");
    }
}

#[test]
fn the_context_may_have_8192_bytes_and_not_one_more() {
    let filled = |bytes: usize| Claims::new("c").with("t", "x".repeat(bytes - 8).as_str());
    assert!(mint(&key(), &filled(MAX_CONTEXT_BYTES), NOW).is_ok());
    assert_eq!(fault(&filled(MAX_CONTEXT_BYTES + 1)), ContextFault::ContextSize { bytes: 8_193 });
}

#[test]
fn keys_that_protect_nothing_are_refused() {
    let new = |kid: &str, secret: &str| ContextKey::new(kid, Secret::new(secret.to_owned())).err();
    assert_eq!(new("", "s"), Some(ContextFault::KeyId));
    assert_eq!(new("a\nb", "s"), Some(ContextFault::KeyId));
    assert_eq!(new(&"k".repeat(201), "s"), Some(ContextFault::KeyId));
    assert_eq!(new("k", ""), Some(ContextFault::Secret));
    assert_eq!(new("k", " \n"), Some(ContextFault::Secret));
}

#[test]
fn what_the_pages_disagree_on_is_minted_with_a_warning() {
    let mut claims = Claims::new("c").with("a", "é".repeat(3_000).as_str());
    claims.values.insert("b".to_owned(), ContextValue::Null);
    let warnings = mint(&key(), &claims, NOW).unwrap().warnings;
    assert_eq!(warnings[0], Warning::Null { name: "b".to_owned() });
    assert!(matches!(warnings[1], Warning::NearLimit { bytes: 18_000.. }));
    assert!(warnings.iter().all(|warning| warning.to_string().contains("ctx")));
}

#[test]
fn tokens_that_must_not_be_believed_are_not() {
    let (header, claims) = lawful();
    assert!(verify(&forged(&header, &claims), &[key()], NOW, 0).is_ok());
    let with = |object: &Value, name: &str, value: Value| {
        let mut object = object.clone();
        object[name] = value;
        object
    };
    let over = json!({"t": "x".repeat(MAX_CONTEXT_BYTES)});
    let cases = [
        (with(&header, "alg", json!("none")), claims.clone(), TokenFault::Algorithm),
        (with(&header, "alg", json!("HS512")), claims.clone(), TokenFault::Algorithm),
        (with(&header, "alg", json!("hs256")), claims.clone(), TokenFault::Algorithm),
        (with(&header, "crit", json!(["b64"])), claims.clone(), TokenFault::Critical),
        (with(&header, "kid", json!("key-2")), claims.clone(), TokenFault::UnknownKey),
        (with(&header, "kid", json!(1)), claims.clone(), TokenFault::UnknownKey),
        (header.clone(), with(&claims, "sub", json!("")), TokenFault::Claim("sub")),
        (header.clone(), with(&claims, "iat", json!("1788257100")), TokenFault::Claim("iat")),
        (header.clone(), with(&claims, "iat", json!(1.5)), TokenFault::Claim("iat")),
        (header.clone(), with(&claims, "exp", Value::Null), TokenFault::Claim("exp")),
        (header.clone(), with(&claims, "exp", json!(NOW + 31)), TokenFault::Lifetime),
        (header.clone(), with(&claims, "exp", json!(NOW)), TokenFault::Lifetime),
        (header.clone(), with(&claims, "exp", json!(i64::MIN)), TokenFault::Lifetime),
        (header.clone(), with(&claims, "ctx", json!([])), TokenFault::Claim("ctx")),
        (header.clone(), with(&claims, "ctx", json!({"a": []})), TokenFault::Claim("ctx")),
        (header.clone(), with(&claims, "ctx", over), TokenFault::ContextSize),
    ];
    for (header, claims, expected) in cases {
        assert_eq!(verify(&forged(&header, &claims), &[key()], NOW, 0).err(), Some(expected));
    }
}

#[test]
fn time_and_signature_decide() {
    let token = mint(&key(), &Claims::new("c"), NOW).unwrap().token;
    let token = token.expose();
    let at = |now, leeway| verify(token, &[key()], now, leeway).err();
    assert_eq!(at(NOW + 30, 0), Some(TokenFault::Expired(0)));
    assert_eq!(at(NOW + 34, 5), None);
    assert_eq!(at(NOW - 1, 0), Some(TokenFault::Early(1)));
    assert_eq!(at(NOW - 5, 5), None);
    assert_eq!(at(i64::MAX, 0), Some(TokenFault::Expired(i64::MAX - NOW - 30)));
    let other = |text: &str| ContextKey::new("key-1", Secret::new(text.to_owned())).unwrap();
    let decoded: String = "\u{8f}:".repeat(16);
    for wrong in [SECRET.to_uppercase(), format!("{SECRET}\n"), decoded] {
        assert_eq!(verify(token, &[other(&wrong)], NOW, 0).err(), Some(TokenFault::Signature));
    }
    assert!(verify(token, &[other("x"), key()], NOW, 0).is_ok());
    assert_eq!(verify(token, &[], NOW, 0).err(), Some(TokenFault::UnknownKey));
    for text in ["", ".", "..", "a.b.c", "e30.e30", &format!("{token}="), &format!("{token}.")] {
        assert!(verify(text, &[key()], NOW, 0).is_err(), "{text}");
    }
    assert_eq!(
        verify(&"a".repeat(MAX_TOKEN_BYTES + 1), &[key()], NOW, 0).err(),
        Some(TokenFault::Size)
    );
}

proptest! {
    #[test]
    fn any_flat_values_survive(
        sub in "\\PC{1,40}",
        values in proptest::collection::btree_map("\\PC{0,12}", "\\PC{0,30}", 0..12),
        lifetime_s in 1_u32..=30,
    ) {
        let mut claims = Claims { lifetime_s, ..Claims::new(&sub) };
        for (name, value) in &values {
            claims = claims.with(name, value.as_str());
        }
        let minted = mint(&key(), &claims, NOW).unwrap();
        let read = verify(minted.token.expose(), &[key()], NOW, 0).unwrap();
        prop_assert_eq!((read.context_id, read.values), (sub, claims.values));
    }

    #[test]
    fn no_text_panics(text in "[A-Za-z0-9_.-]{0,200}") {
        prop_assert!(verify(&text, &[key()], NOW, 0).is_err());
    }
}

#[test]
fn what_is_not_minted_is_said_with_field_limit_and_remedy() {
    let told = |fault: ContextFault| fault.to_string();
    let prefix = "minting a context token: ";
    for (fault, expected) in [
        (
            ContextFault::KeyId,
            "kid must have 1 to 200 printable characters; use the key id that was issued with the secret",
        ),
        (ContextFault::Secret, "the secret is empty; set it, as text, as it was issued"),
        (
            ContextFault::NoContextId,
            "sub is empty; mint only when the widget's handler was given a contextId",
        ),
        (
            ContextFault::Lifetime { lifetime_s: 31 },
            "exp - iat is 31 s, allowed are 1 to 30 s; mint anew for each request instead",
        ),
        (
            ContextFault::Clock,
            "iat is out of range; pass the time in Unix seconds, not milliseconds",
        ),
        (
            ContextFault::Nested { name: "address".to_owned() },
            "ctx.address is nested, allowed are strings, numbers and booleans; flatten it",
        ),
        (
            ContextFault::ContextSize { bytes: 8_193 },
            "ctx has 8193 bytes as JSON, allowed are 8192; send references instead of records",
        ),
        (
            ContextFault::TokenSize { bytes: 16_385 },
            "the token has 16385 bytes, allowed are 16384; shorten the context id",
        ),
    ] {
        assert_eq!(told(fault), format!("{prefix}{expected}"));
    }
}

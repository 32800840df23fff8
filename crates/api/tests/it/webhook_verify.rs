//! Verification against the named vectors, and what signing and verifying promise each other.

use perch_api::{
    model::Secret,
    webhook::{
        Delivery, Event, HeaderFault, SigningSecret, SigningSecrets, Standing, VerifyError, sign,
        standard, verify,
    },
};
use proptest::prelude::*;

use crate::webhook_vectors::{Vectors, delivery};

const BODY: &[u8] = br#"{"event_type":"alerts.triggered","alert":{"id":"ar_1"}}"#;
const NOW: i64 = 1_788_257_100;

fn secret(name: &str, standing: Standing, text: &str) -> SigningSecret {
    SigningSecret::new(name, standing, Secret::new(text.to_owned())).unwrap()
}

fn word<T>(result: &Result<T, VerifyError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(VerifyError::Header(HeaderFault::Missing(_))) => "missing",
        Err(VerifyError::Header(HeaderFault::Duplicate(_))) => "duplicate",
        Err(VerifyError::Timestamp(_)) => "timestamp",
        Err(VerifyError::Signature(_)) => "signature",
        Err(VerifyError::NoSecret) => "no_secret",
        Err(VerifyError::Mismatch) => "mismatch",
        Err(VerifyError::TooOld { .. }) => "too_old",
        Err(VerifyError::TooNew { .. }) => "too_new",
        Err(_) => "other",
    }
}

#[test]
fn t83_every_vector_of_the_platform_scheme_holds() {
    let vectors = Vectors::load();
    assert!(vectors.polyai.len() >= 60);
    for vector in &vectors.polyai {
        let parts = vector.parts();
        let result = verify(&delivery(&parts), &vectors.secrets(vector), vector.now);
        assert_eq!(word(&result), vector.result, "{}", vector.name);
        if let Ok(verified) = result {
            assert_eq!(verified.body(), parts.1, "{}", vector.name);
        }
    }
}

#[test]
fn every_vector_of_standard_webhooks_holds() {
    let vectors = Vectors::load();
    assert!(vectors.standard.len() >= 65);
    for vector in &vectors.standard {
        let parts = vector.parts();
        let text = vector.secret.clone().unwrap_or_else(|| vectors.standard_secret.clone());
        let Ok(key) = standard::Key::new(&Secret::new(text)) else {
            assert_eq!(vector.result, "secret", "{}", vector.name);
            continue;
        };
        let result = standard::verify(&delivery(&parts), &[key], vector.now);
        assert_eq!(word(&result), vector.result, "{}", vector.name);
    }
}

#[test]
fn a_verified_delivery_says_which_secret_and_what_to_remember() {
    let secrets = SigningSecrets::default()
        .with(secret("new", Standing::Current, "s-new"))
        .with(secret("old", Standing::Previous, "s-old"));
    let first = sign(secrets.iter().nth(1).unwrap(), "evt_1", BODY, NOW);
    let retry = sign(secrets.iter().next().unwrap(), "evt_1", BODY, NOW + 60);
    let (first, retry) = (first.pairs(), retry.pairs());
    let one = Delivery::new(first.iter().map(|(name, value)| (*name, *value)), BODY);
    let two = Delivery::new(retry.iter().map(|(name, value)| (*name, *value)), BODY);
    let (one, two) = (verify(&one, &secrets, NOW).unwrap(), verify(&two, &secrets, NOW).unwrap());
    assert_eq!((one.secret_name(), one.standing()), ("old", Standing::Previous));
    assert_eq!((two.secret_name(), two.timestamp()), ("new", NOW + 60));
    assert_eq!(one.event_id(), two.event_id());
    assert_eq!(one.body_hash(), two.body_hash());
    assert_ne!(one.attempt_key(), two.attempt_key());
    assert!(matches!(one.event(), Ok(Event::AlertTriggered(_))));
}

#[test]
fn t84_the_same_attempt_under_another_event_id_is_told_by_hash_and_key() {
    let key = secret("s", Standing::Current, "s");
    let secrets = SigningSecrets::default().with(key.clone());
    let signed = sign(&key, "evt_1", BODY, NOW);
    let mut pairs = signed.pairs();
    let genuine = verify(&Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), BODY), &secrets, NOW);
    let genuine =
        genuine.map(|v| (v.event_id().map(str::to_owned), v.body_hash(), v.attempt_key()));
    pairs[2].1 = "evt_2";
    let replay = verify(&Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), BODY), &secrets, NOW);
    let (genuine, replay) = (genuine.unwrap(), replay.unwrap());
    assert_ne!(genuine.0.as_deref(), replay.event_id());
    assert_eq!((genuine.1, genuine.2), (replay.body_hash(), replay.attempt_key()));
}

#[test]
fn errors_hold_nothing_of_the_delivery() {
    let secrets = SigningSecrets::default().with(secret("s", Standing::Current, "hidden-key"));
    let headers = [("X-PolyAI-Timestamp", "1788257100"), ("X-PolyAI-Signature", "hidden-sig")];
    let fault = verify(
        &Delivery::new(headers.iter().map(|(n, v)| (*n, *v)), b"hidden-body"),
        &secrets,
        NOW,
    )
    .err()
    .unwrap();
    assert!(!fault.to_string().contains("hidden"), "{fault}");
}

proptest! {
    #[test]
    fn t88_what_is_signed_verifies_and_nothing_else_does(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        key in "[!-~]{1,80}",
        flip in any::<proptest::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let key = secret("s", Standing::Current, &key);
        let secrets = SigningSecrets::default().with(key.clone());
        let signed = sign(&key, "e", &body, NOW);
        let pairs = signed.pairs();
        let ok = Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), &body);
        let ok = verify(&ok, &secrets, NOW);
        prop_assert_eq!(ok.unwrap().body(), &body[..]);

        let mut changed = body.clone();
        if changed.is_empty() { changed.push(0) } else {
            let at = flip.index(changed.len());
            changed[at] ^= 1 << bit;
        }
        let pairs = signed.pairs();
        let no = Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), &changed);
        let no = verify(&no, &secrets, NOW);
        prop_assert_eq!(no.err(), Some(VerifyError::Mismatch));
    }

    #[test]
    fn standard_signatures_verify_and_bind_the_id(
        body in proptest::collection::vec(any::<u8>(), 0..300),
        id in "[a-z_.]{1,20}",
    ) {
        let key = standard::Key::new(&Secret::new("whsec_c2VjcmV0".to_owned())).unwrap();
        let mut signed = standard::sign(&key, &id, &body, NOW);
        let read = |signed: &[(&'static str, String); 3]| {
            let delivery = Delivery::new(signed.iter().map(|(n, v)| (*n, v)), &body);
            word(&standard::verify(&delivery, std::slice::from_ref(&key), NOW))
        };
        prop_assert_eq!(read(&signed), "ok");
        signed[0].1.push('x');
        prop_assert_eq!(read(&signed), "mismatch");
    }
}

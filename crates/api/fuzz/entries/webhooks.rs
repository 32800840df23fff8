//! Deliveries: verified and explained.

use perch_api::{
    model::Secret,
    webhook::{
        Delivery, Event, SigningSecret, SigningSecrets, Standing,
        explain::{Case, Confidence, Diagnosis, Effort, explain},
        sign, signature, standard, verify,
    },
};

use super::{answers::assert_alike, byte, part};

const NOW: i64 = 1_788_257_100;
const KEY: &str = "whsec_ZnV6eiBrZXkgb25seQ==";

fn secret(name: &str, standing: Standing, text: &str) -> SigningSecret {
    SigningSecret::new(name, standing, Secret::new(text.to_owned())).expect("not empty")
}

/// A header list of arbitrary bytes, then the same body properly signed.
pub fn webhook_verify(mut data: &[u8]) {
    let key = secret("fuzz", Standing::Current, KEY);
    let secrets = SigningSecrets::default().with(key.clone());
    let names = ["X-PolyAI-Timestamp", "X-PolyAI-Signature", "x-polyai-event-id", "webhook-id"];
    let more = ["webhook-timestamp", "webhook-signature", "X-PolyAI-Timestamp", "other"];
    let headers: Vec<(&str, &[u8])> = names
        .into_iter()
        .chain(more)
        .filter_map(|name| Some((name, part(&mut data))).filter(|(_, value)| !value.is_empty()))
        .collect();
    let body = data;
    let delivery = Delivery::new(headers.iter().map(|(name, value)| (*name, *value)), body);
    if let Ok(verified) = verify(&delivery, &secrets, NOW) {
        let stamp = verified.timestamp().to_string();
        let expected = signature(&key, stamp.as_bytes(), body);
        assert!(headers.iter().any(|(_, value)| *value == expected.as_bytes()));
        assert!((verified.timestamp() - NOW).abs() <= 300);
    }
    let standard_key = standard::Key::new(&Secret::new(KEY.to_owned())).expect("base64");
    let _ = standard::verify(&delivery, std::slice::from_ref(&standard_key), i64::MIN);
    let _ = standard::verify(&delivery, std::slice::from_ref(&standard_key), i64::MAX);

    // The same body, signed: it verifies, and its event survives being written and read again.
    let signed = sign(&key, "evt", body, NOW);
    let read = |body: &[u8], signed: &perch_api::webhook::SignedHeaders| -> Option<Event> {
        let pairs = signed.pairs();
        let delivery = Delivery::new(pairs.iter().map(|(name, value)| (*name, *value)), body);
        verify(&delivery, &secrets, NOW).expect("signed").event().ok()
    };
    if let Some(event) = read(body, &signed) {
        let written = event.to_body();
        let again = read(&written, &sign(&key, "evt", &written, NOW)).expect("an event of our own");
        assert_eq!(again.event_type(), event.event_type());
        let json = |body: &[u8]| serde_json::from_slice(body).expect("JSON of our own");
        assert_alike(&json(&written), &json(&again.to_body()));
    }
}

/// Longest body: what an explanation costs is hashing, and more of the same bytes teach nothing.
const BODY: usize = 256;

/// A delivery with something wrong, or with nothing right.
pub fn webhook_explain(mut data: &[u8]) {
    let mode = byte(&mut data);
    let (key, foreign) = (secret("a", Standing::Current, KEY), part(&mut data));
    let foreign = std::str::from_utf8(foreign).ok().filter(|text| !text.trim().is_empty());
    let foreign = foreign.filter(|text| text.trim() != "whsec_").unwrap_or("foreign");
    let secrets =
        SigningSecrets::default().with(key.clone()).with(secret("b", Standing::Foreign, foreign));
    let (stamp, presented, other) = (part(&mut data), part(&mut data), part(&mut data));
    let body = data.get(..BODY).unwrap_or(data);
    let honest = sign(&key, "evt", if mode & 1 == 0 { body } else { other }, NOW);
    let stamp = if mode & 2 == 0 { stamp } else { honest.timestamp.as_bytes() };
    let presented = if mode & 4 == 0 { presented } else { honest.signature.as_bytes() };
    let headers: [(&str, &[u8]); 3] =
        [("X-PolyAI-Timestamp", stamp), ("X-PolyAI-Signature", presented), ("date", other)];
    let shown = if mode & 8 == 0 { &headers[..] } else { &headers[1..] };
    let delivery = Delivery::new(shown.iter().map(|(name, value)| (*name, *value)), body);
    let recent = [Delivery::new(shown.iter().map(|(name, value)| (*name, *value)), other)];
    let case = Case { delivery: &delivery, secrets: &secrets, recent: &recent, now: NOW };
    let effort = Effort { hypotheses: 24, bytes: 16 << 10, scan: mode & 0b1111_0000 == 0 };
    let explanation = explain(&case, effort);
    let valid = verify(&delivery, &secrets, NOW).is_ok();
    assert_eq!(explanation.diagnosis == Diagnosis::Valid, valid);
    assert_eq!(
        explanation.diagnosis == Diagnosis::Unexplained,
        explanation.confidence == Confidence::None
    );
    assert!(explanation.evidence.iter().all(|evidence| !evidence.text.contains(KEY)));
}

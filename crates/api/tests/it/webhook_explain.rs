//! Every diagnosis, from a delivery that has exactly that wrong with it.

use std::{collections::BTreeSet, sync::OnceLock};

use perch_api::{
    model::Secret,
    webhook::{
        Delivery, SigningSecret, SigningSecrets, Standing,
        explain::{Case, Confidence, Diagnosis, Effort, Explanation, explain},
        sign, verify,
    },
};
use proptest::prelude::*;

use crate::webhook_vectors::{Vector, Vectors, delivery};

/// What a case of the file gives.
fn explained(vectors: &Vectors, vector: &Vector, effort: Effort) -> Explanation {
    let parts = vector.parts();
    let recent: Vec<_> = vector.recent.iter().map(Vector::parts).collect();
    let recent: Vec<_> = recent.iter().map(delivery).collect();
    let secrets = vectors.secrets(vector);
    let case =
        Case { delivery: &delivery(&parts), secrets: &secrets, recent: &recent, now: vector.now };
    let explanation = explain(&case, effort);
    // Valid is said of nothing that does not verify, and of all that does.
    let verifies = verify(case.delivery, case.secrets, case.now).is_ok();
    assert_eq!(explanation.diagnosis == Diagnosis::Valid, verifies, "{}", vector.name);
    explanation
}

/// What every case of the file gives; worked out once for all tests.
fn all() -> &'static (Vectors, Vec<Explanation>) {
    static ALL: OnceLock<(Vectors, Vec<Explanation>)> = OnceLock::new();
    ALL.get_or_init(|| {
        let vectors = Vectors::load();
        let each = |vector| explained(&vectors, vector, Effort::default());
        let explanations = vectors.explain.iter().map(each).collect();
        (vectors, explanations)
    })
}

#[test]
fn every_vector_gets_its_diagnosis() {
    let (vectors, explanations) = all();
    let mut failures = Vec::new();
    for (vector, explanation) in vectors.explain.iter().zip(explanations) {
        let texts: Vec<_> = explanation.evidence.iter().map(|e| e.text.as_str()).collect();
        let named = vector.diagnosis.split('|').any(|code| code == explanation.diagnosis.as_str());
        let confidence = match explanation.confidence {
            Confidence::None => "none",
            Confidence::Likely => "likely",
            Confidence::Proven => "proven",
        };
        let evident = vector.evidence.as_deref().is_none_or(|part| texts.join(" ").contains(part));
        if !named || !evident || confidence != vector.confidence {
            failures.push(format!(
                "{}: wanted {}, got {} ({confidence}): {texts:?}",
                vector.name, vector.diagnosis, explanation.diagnosis
            ));
        }
        assert!(!explanation.remedy.is_empty() && !texts.is_empty(), "{}", vector.name);
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        vectors.explain.len(),
        failures.join("\n")
    );
}

#[test]
fn every_diagnosis_has_a_vector() {
    let vectors = Vectors::load();
    let seen: BTreeSet<&str> =
        vectors.explain.iter().flat_map(|vector| vector.diagnosis.split('|')).collect();
    let known: BTreeSet<&str> = Diagnosis::KNOWN.iter().copied().collect();
    assert_eq!(known.difference(&seen).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(seen.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(known.len() > 25);
}

#[test]
fn no_explanation_gives_a_secret_or_the_expected_signature_away() {
    let (vectors, explanations) = all();
    for (vector, explanation) in vectors.explain.iter().zip(explanations) {
        let shown = format!("{explanation:?}");
        let secrets = vectors.secrets(vector);
        let (headers, body) = vector.parts();
        for secret in &secrets {
            let stamps =
                headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case("x-polyai-timestamp"));
            for (_, stamp) in stamps {
                let expected = perch_api::webhook::signature(secret, stamp, &body);
                assert!(!shown.contains(&expected[..16]), "{}", vector.name);
            }
        }
        for text in ["vector_only", "8f3a8f3a", "plain text key", "AbCdEf", "AAECAwQF"] {
            assert!(!shown.contains(text), "{}: {shown}", vector.name);
        }
    }
}

#[test]
fn an_unknown_cause_says_what_was_ruled_out() {
    let vectors = Vectors::load();
    let vector = vectors.explain.iter().find(|vector| vector.name == "nothing fits").unwrap();
    let explanation = explained(&vectors, vector, Effort::default());
    assert!(explanation.hypotheses >= 1_000, "{}", explanation.hypotheses);
    assert!(explanation.cut_short);
    assert!(explanation.evidence.len() >= 5);
    let quick = Effort { hypotheses: 10, bytes: usize::MAX, scan: false };
    assert_eq!(explained(&vectors, vector, quick).hypotheses, 10);
    let frugal = Effort { hypotheses: 1_000, bytes: 1_000, scan: true };
    assert!(explained(&vectors, vector, frugal).hypotheses < 20);
}

#[test]
fn explanations_are_the_same_every_time() {
    let (vectors, explanations) = all();
    for (vector, once) in vectors.explain.iter().zip(explanations).step_by(7) {
        assert_eq!(*once, explained(vectors, vector, Effort::default()), "{}", vector.name);
    }
}

#[test]
fn a_large_body_costs_no_more_than_the_effort_allows() {
    let key = SigningSecret::new("s", Standing::Current, Secret::new("k".to_owned())).unwrap();
    let secrets = SigningSecrets::default().with(key.clone());
    let body = vec![b'x'; 3 << 20];
    let mut longer = body.clone();
    longer.push(b'\n');
    let signed = sign(&key, "e", &body, 1_788_257_100);
    let pairs = signed.pairs();
    let delivery = Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), &longer);
    let case = Case { delivery: &delivery, secrets: &secrets, recent: &[], now: 1_788_257_100 };
    let effort = Effort { bytes: 32 << 20, ..Effort::default() };
    assert_eq!(explain(&case, effort).diagnosis, Diagnosis::BodyNewlineAdded);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Three things wrong at once, each of its own part: all of them are named.
    #[test]
    fn things_wrong_with_several_parts_are_all_found(
        body in 0_usize..4,
        secret in 0_usize..3,
        spelling in 0_usize..4,
    ) {
        let whole = br#"{"event_type":"alerts.triggered","alert":{"id":"ar_1"}}"#.to_vec();
        let (received, about_body) = match body {
            0 => (whole.clone(), None),
            1 => ([&whole[..], b"\n"].concat(), Some("line break")),
            2 => ([b"\xEF\xBB\xBF", &whole[..]].concat(), Some("byte order mark")),
            _ => {
                let text = String::from_utf8(whole.clone()).unwrap();
                (text.replace(',', ", ").into_bytes(), Some("white space"))
            }
        };
        let of = |name: &str, standing, text: &str| {
            SigningSecret::new(name, standing, Secret::new(text.to_owned())).unwrap()
        };
        let known = SigningSecrets::default()
            .with(of("shop", Standing::Current, "s-shop"))
            .with(of("staging", Standing::Foreign, "s-staging"));
        let (text, about_secret) = [
            ("s-shop", None),
            ("s-staging", Some("staging")),
            ("s-shop\n", Some("ends with a line break")),
        ][secret];
        let signed = sign(&of("sender", Standing::Current, text), "e", &whole, 1_788_257_100);
        let (signature, about_spelling) = match spelling {
            0 => (signed.signature.clone(), None),
            1 => (signed.signature.to_uppercase(), Some("upper-case")),
            2 => (format!("sha256={}", signed.signature), Some("sha256=")),
            _ => (signed.signature[..40].to_owned(), Some("20 bytes")),
        };
        let headers =
            [("x-polyai-timestamp", &signed.timestamp), ("x-polyai-signature", &signature)];
        let delivery = Delivery::new(headers.iter().map(|(n, v)| (*n, *v)), &received);
        let case = Case { delivery: &delivery, secrets: &known, recent: &[], now: 1_788_257_100 };
        let explanation = explain(&case, Effort::default());
        let texts: Vec<_> = explanation.evidence.iter().map(|e| e.text.as_str()).collect();
        let texts = texts.join(" ");
        prop_assert_eq!(explanation.confidence, Confidence::Proven);
        for about in [about_body, about_secret, about_spelling].into_iter().flatten() {
            prop_assert!(texts.contains(about), "{about}: {texts}");
        }
    }

    #[test]
    fn any_body_with_a_line_break_lost_is_explained(
        body in proptest::collection::vec(any::<u8>(), 1..200),
        key in "[a-z]{4,40}",
    ) {
        let key = SigningSecret::new("s", Standing::Current, Secret::new(key)).unwrap();
        let secrets = SigningSecrets::default().with(key.clone());
        let whole = [&body[..], b"\n"].concat();
        let signed = sign(&key, "e", &whole, 1_788_257_100);
        let pairs = signed.pairs();
        let delivery = Delivery::new(pairs.iter().map(|(n, v)| (*n, *v)), &body);
        let case = Case { delivery: &delivery, secrets: &secrets, recent: &[], now: 1_788_257_100 };
        prop_assert_eq!(explain(&case, Effort::default()).diagnosis, Diagnosis::BodyNewlineRemoved);
    }
}

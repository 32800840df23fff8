//! What is wrong without any MAC, or likely so when no MAC fits.

use super::{
    About, Case, Confidence, Diagnosis, Evidence, Explanation, reading::Reading, search::Tally,
    verdict,
};
use crate::{
    model::Secret,
    webhook::{VerifyError, header, standard},
};

/// Headers of schemes that are not the platform's.
const OTHER_SCHEMES: [&str; 5] = [
    "webhook-signature",
    "svix-signature",
    "stripe-signature",
    "x-hub-signature-256",
    "x-slack-signature",
];

/// What the headers alone tell.
pub(super) fn headers(case: &Case<'_>) -> Option<Explanation> {
    if case.secrets.iter().next().is_none() {
        let text = "No secret was given to verify with.";
        return Some(fact(Diagnosis::NoSecret, About::Secret, text.to_owned()));
    }
    if case.delivery.all(header::SIGNATURE).next().is_some() {
        return None;
    }
    let verified = standard_fits(case);
    let named = OTHER_SCHEMES.iter().find(|name| case.delivery.all(name).next().is_some())?;
    if verified {
        let text = "It verifies as Standard Webhooks with a known secret.".to_owned();
        return Some(fact(Diagnosis::OtherScheme, About::Headers, text));
    }
    // A renamed header is found by its MAC; only a list of named parts cannot be one.
    let first = case.delivery.all(named).next()?;
    let foreign =
        first.starts_with(b"t=") || named.starts_with("webhook") || named.starts_with("svix");
    foreign.then(|| {
        let text = format!("There is no {} header, but a {named} header.", header::SIGNATURE);
        likely(Diagnosis::OtherScheme, About::Headers, text, 0)
    })
}

/// Whether it is a delivery of Standard Webhooks, by a known secret, whatever its age.
fn standard_fits(case: &Case<'_>) -> bool {
    let keys: Vec<_> = case
        .secrets
        .iter()
        .filter_map(|secret| {
            standard::Key::new(&Secret::new(secret.secret.expose().to_owned())).ok()
        })
        .collect();
    matches!(
        standard::verify(case.delivery, &keys, case.now),
        Ok(_) | Err(VerifyError::TooOld { .. } | VerifyError::TooNew { .. })
    )
}

/// What can be said of a signature that is no signature in any spelling.
pub(super) fn readings(case: &Case<'_>, readings: &[Reading]) -> Option<Explanation> {
    if !readings.is_empty() {
        return None;
    }
    let Some(value) = case.delivery.all(header::SIGNATURE).next() else {
        let text = format!("There is no {} header, nor a signature in another.", header::SIGNATURE);
        return Some(fact(Diagnosis::SignatureMissing, About::Headers, text));
    };
    let text = format!("Its {} bytes are neither hex nor base64 of a signature.", value.len());
    Some(fact(Diagnosis::SignatureMalformed, About::Signature, text))
}

/// What circumstances suggest when no hypothesis fits.
pub(super) fn circumstances(case: &Case<'_>, tally: &Tally) -> Option<Explanation> {
    let tried = tally.hypotheses;
    let body = case.delivery.body();
    if case.delivery.all(header::SIGNATURE).next().is_none() {
        let text = format!("There is no {} header.", header::SIGNATURE);
        return Some(fact(Diagnosis::SignatureMissing, About::Headers, text));
    }
    if case.delivery.all(header::TIMESTAMP).next().is_none() {
        let text = format!("There is no {} header.", header::TIMESTAMP);
        return Some(fact(Diagnosis::TimestampMissing, About::Headers, text));
    }
    let text_of = |name: &str| {
        let value = case.delivery.all(name).next()?;
        std::str::from_utf8(value).ok().map(|text| text.trim().to_ascii_lowercase())
    };
    let announced = text_of("content-length").and_then(|text| text.parse::<usize>().ok());
    if let Some(announced) = announced.filter(|announced| *announced > body.len()) {
        let text = format!("{announced} bytes were announced and {} arrived.", body.len());
        return Some(likely(Diagnosis::BodyTruncated, About::Body, text, tried));
    }
    if body.starts_with(b"[object ") {
        let text = "The body is a program's word for an object, not JSON.".to_owned();
        return Some(likely(Diagnosis::BodyNotBytes, About::Body, text, tried));
    }
    let packed = ["gzip", "deflate", "br", "zstd"];
    let encoding = text_of("content-encoding").filter(|name| packed.contains(&name.as_str()));
    if let (Some(encoding), true) =
        (encoding, serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok())
    {
        let text = format!("Content-Encoding says {encoding}, yet the body is not compressed.");
        return Some(likely(Diagnosis::BodyDecompressed, About::Body, text, tried));
    }
    if body.windows(3).any(|three| three == "\u{FFFD}".as_bytes()) {
        let text = "The body has U+FFFD, which decoders put for bytes they cannot read.".to_owned();
        return Some(likely(Diagnosis::BodyReplacementCharacters, About::Body, text, tried));
    }
    let cut = serde_json::from_slice::<serde::de::IgnoredAny>(body)
        .is_err_and(|error| error.is_eof() && body.trim_ascii_start().starts_with(b"{"));
    cut.then(|| {
        let text = format!("The JSON breaks off after {} bytes.", body.len());
        likely(Diagnosis::BodyTruncated, About::Body, text, tried)
    })
}

fn fact(diagnosis: Diagnosis, about: About, text: String) -> Explanation {
    verdict::of(diagnosis, Confidence::Proven, vec![Evidence { about, text }], 0)
}

fn likely(diagnosis: Diagnosis, about: About, text: String, tried: usize) -> Explanation {
    let mut evidence = vec![Evidence { about, text }];
    if tried > 0 {
        let text = format!("{tried} hypotheses gave another signature.");
        evidence.push(Evidence { about: About::Search, text });
    }
    verdict::of(diagnosis, Confidence::Likely, evidence, tried)
}

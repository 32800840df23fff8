//! From what was found to an explanation.

use super::{
    About, Case, Confidence, Diagnosis, Evidence, Explanation,
    form::Finding,
    hypothesis::Found,
    remedy::remedy,
    search::{Ground, Tally},
    stamp,
};
use crate::webhook::{TOLERANCE_S, Verified, attempt_at, header};

/// How late a retry may be for its age to tell its number, in seconds.
const RETRY_SLACK_S: u32 = 60;

/// So many bytes of a MAC, or more, prove a hypothesis; fewer make it likely.
const PROOF_BYTES: usize = 16;

pub(super) fn of(
    diagnosis: Diagnosis,
    confidence: Confidence,
    evidence: Vec<Evidence>,
    hypotheses: usize,
) -> Explanation {
    let remedy = remedy(&diagnosis);
    Explanation { diagnosis, confidence, evidence, remedy, hypotheses, cut_short: false }
}

/// It verifies.
pub(super) fn valid(verified: &Verified<'_>) -> Explanation {
    let text = format!("The secret `{}` gives this signature.", verified.secret_name());
    let evidence = vec![Evidence { about: About::Secret, text }];
    of(Diagnosis::Valid, Confidence::Proven, evidence, 1)
}

/// A hypothesis fits.
pub(super) fn found(case: &Case<'_>, found: Found, tally: &Tally) -> Explanation {
    let mut findings = found.findings;
    findings.extend(duplicates(case));
    findings.extend(found.stamp.as_deref().and_then(|stamp| age(case, stamp)));
    // The strangest first; a stable sort keeps the order of the parts among equals.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.price));
    let diagnosis = findings.first().map_or(Diagnosis::Unexplained, |f| f.diagnosis.clone());
    let guessed = diagnosis == Diagnosis::RetryNotRestamped || found.bytes < PROOF_BYTES;
    let confidence = if guessed { Confidence::Likely } else { Confidence::Proven };
    let mut evidence: Vec<Evidence> = findings
        .into_iter()
        .map(|finding| Evidence { about: finding.about, text: finding.text })
        .collect();
    if let Some(name) = found.secret {
        let text = format!("With that, the secret `{name}` gives the signature.");
        evidence.push(Evidence { about: About::Secret, text });
    }
    of(diagnosis, confidence, evidence, tally.hypotheses)
}

/// Headers that are there twice, of those that have to be there once.
fn duplicates(case: &Case<'_>) -> Option<Finding> {
    let names = [header::SIGNATURE, header::TIMESTAMP, header::EVENT_ID];
    let name = names.into_iter().find(|name| case.delivery.all(name).nth(1).is_some())?;
    let text = format!("There is more than one {name} header.");
    Some(Finding::new(About::Headers, Diagnosis::DuplicateHeader, 1, text))
}

/// Whether the signed time is in the window.
fn age(case: &Case<'_>, stamp: &[u8]) -> Option<Finding> {
    let signed = match stamp::read(stamp) {
        Ok(seconds) => seconds,
        Err((_, _, seconds)) => seconds?,
    };
    let age = case.now.saturating_sub(signed);
    let finding = |diagnosis, text| Some(Finding::new(About::Timestamp, diagnosis, 0, text));
    if age < -TOLERANCE_S {
        let ahead = age.saturating_neg();
        let text = format!("It was signed {ahead} s ahead of now; {TOLERANCE_S} are allowed.");
        return finding(Diagnosis::TimestampFuture, text);
    }
    if age <= TOLERANCE_S {
        return None;
    }
    if let Some(attempt @ 3..) = attempt_at(age, RETRY_SLACK_S) {
        let text = format!("It was signed {age} s ago: attempt {attempt} comes at that age.");
        return finding(Diagnosis::RetryNotRestamped, text);
    }
    let text = format!("It was signed {age} s ago; {TOLERANCE_S} are allowed.");
    finding(Diagnosis::TimestampPast, text)
}

/// Nothing fits: what was ruled out.
pub(super) fn unknown(ground: &Ground<'_>, tally: &Tally) -> Explanation {
    let secrets = ground.keys.iter().filter_map(|key| key.name);
    let mut names: Vec<&str> = secrets.collect();
    names.dedup();
    let ruled_out = [
        (About::Signature, format!("It was read in {} ways.", ground.readings.len())),
        (
            About::Secret,
            format!("{} secrets were tried as {} keys.", names.len(), ground.keys.len()),
        ),
        (About::Body, format!("The body was tried in {} forms.", ground.bodies.len())),
        (About::Timestamp, format!("The time was tried in {} forms.", ground.stamps.len())),
        (About::Layout, format!("{} orders of the parts were tried.", ground.layouts.len())),
        (About::Search, format!("{} combinations gave another signature.", tally.hypotheses)),
    ];
    let evidence = ruled_out.into_iter().map(|(about, text)| Evidence { about, text }).collect();
    let explanation = of(Diagnosis::Unexplained, Confidence::None, evidence, tally.hypotheses);
    Explanation { cut_short: tally.cut_short, ..explanation }
}

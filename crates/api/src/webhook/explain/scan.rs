//! What is tried when nothing cheap fits: other seconds, and parts of the body.

use hmac::Mac as _;

use super::{
    About, Case, Diagnosis, Effort,
    form::Finding,
    hypothesis::Found,
    search::{Ground, Tally},
    stamp,
};
use crate::webhook::{ATTEMPT_OFFSETS_S, TOLERANCE_S, header};

/// Most secrets that are scanned with.
const MAX_KEYS: usize = 3;

/// How many bytes may have been added at the end of the body.
const MAX_ADDED: usize = 4_096;

/// How many bytes may have been added before the body.
const MAX_BEFORE: usize = 32;

/// How far around the time of an earlier attempt is searched, in seconds.
const RETRY_SLACK_S: i64 = 30;

/// Tries parts of the body, then other times.
pub(super) fn scan(
    case: &Case<'_>,
    ground: &Ground<'_>,
    effort: Effort,
    tally: &mut Tally,
) -> Option<Found> {
    let stamp = case.delivery.all(header::TIMESTAMP).next();
    if let Some(stamp) = stamp
        && let Some(found) = parts(case.delivery.body(), stamp, ground, effort, tally)
    {
        return Some(found);
    }
    times(case, stamp, ground, effort, tally)
}

/// The signed body may be the beginning, or the end, of the one that came.
fn parts(
    body: &[u8],
    stamp: &[u8],
    ground: &Ground<'_>,
    effort: Effort,
    tally: &mut Tally,
) -> Option<Found> {
    for (key, mac) in ground.plain().take(MAX_KEYS) {
        let begun = mac.clone().chain_update(stamp).chain_update(b".");
        let first = body.len().saturating_sub(MAX_ADDED);
        // One pass over the body: each length costs the end of a MAC only.
        let mut state = begun.clone().chain_update(body.get(..first)?);
        for (length, byte) in (first..).zip(body.get(first..)?) {
            if !tally.spend(effort, 64) {
                return None;
            }
            let tag = state.clone().finalize().into_bytes();
            if let Some(reading) = ground.fits(&tag) {
                let text = format!(
                    "The first {length} of the {} bytes fit; the rest was added.",
                    body.len()
                );
                let found = found(Diagnosis::BodyExtraBytes, About::Body, text, stamp, reading);
                return Some(Found { secret: key.name.map(str::to_owned), ..found });
            }
            state.update(std::slice::from_ref(byte));
        }
        for before in 1..=MAX_BEFORE.min(body.len()) {
            let rest = body.get(before..)?;
            if !tally.spend(effort, rest.len()) {
                return None;
            }
            let tag = begun.clone().chain_update(rest).finalize().into_bytes();
            if let Some(reading) = ground.fits(&tag) {
                let text = format!("Without its first {before} bytes it fits; they were added.");
                let found = found(Diagnosis::BodyExtraBytes, About::Body, text, stamp, reading);
                return Some(Found { secret: key.name.map(str::to_owned), ..found });
            }
        }
    }
    None
}

/// The signed time may be another than the header says, or than no header says.
fn times(
    case: &Case<'_>,
    stamp: Option<&[u8]>,
    ground: &Ground<'_>,
    effort: Effort,
    tally: &mut Tally,
) -> Option<Found> {
    let told = stamp.map(|stamp| match stamp::read(stamp) {
        Ok(seconds) => Some(seconds),
        Err((_, _, seconds)) => seconds,
    });
    let middle = told.flatten().unwrap_or(case.now);
    for (key, mac) in ground.plain().take(MAX_KEYS) {
        for seconds in candidates(middle) {
            if !tally.spend(effort, case.delivery.body().len()) {
                return None;
            }
            let text = seconds.to_string();
            let mac = mac.clone().chain_update(&text).chain_update(b".");
            let tag = mac.chain_update(case.delivery.body()).finalize().into_bytes();
            if let Some(reading) = ground.fits(&tag) {
                let apart = seconds.saturating_sub(middle);
                let (diagnosis, words) = if stamp.is_some() {
                    let words = format!("The signed time is {apart:+} s from the header's.");
                    (Diagnosis::TimestampAltered, words)
                } else {
                    let words = format!(
                        "There is no timestamp header; the signed time is {apart:+} s from now."
                    );
                    (Diagnosis::TimestampMissing, words)
                };
                let found = found(diagnosis, About::Timestamp, words, text.as_bytes(), reading);
                return Some(Found { secret: key.name.map(str::to_owned), ..found });
            }
        }
    }
    None
}

/// Seconds nearest first, then those of earlier attempts.
fn candidates(middle: i64) -> impl Iterator<Item = i64> {
    let near = (1..=TOLERANCE_S).flat_map(|far| [-far, far]);
    let retries = ATTEMPT_OFFSETS_S
        .into_iter()
        .skip(2)
        .flat_map(|offset| (-RETRY_SLACK_S..=RETRY_SLACK_S).map(move |d| -i64::from(offset) - d));
    std::iter::once(0).chain(near).chain(retries).map(move |far| middle.saturating_add(far))
}

fn found(
    diagnosis: Diagnosis,
    about: About,
    text: String,
    stamp: &[u8],
    reading: &super::reading::Reading,
) -> Found {
    let mut findings = vec![Finding::new(about, diagnosis, 5, text)];
    findings.extend(reading.findings.iter().cloned());
    Found { findings, secret: None, stamp: Some(stamp.to_vec()), bytes: reading.bytes.len() }
}

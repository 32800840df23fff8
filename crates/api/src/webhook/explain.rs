//! Why a delivery fails: hypotheses tried until one gives the signature that came.
//!
//! A hypothesis is one choice of key, body, timestamp, layout and algorithm, each with a price for
//! its strangeness. They are tried from the cheapest on, and the first whose MAC is the presented
//! signature, in any spelling of it, is the explanation: a match of 64 bits or more is no accident.
//! What cannot be proven by a MAC (a body cut short, say) is told from circumstances, and called
//! likely, not proven.
//!
//! This is for whoever operates the receiver, never for whoever sent the delivery. Nothing in an
//! [`Explanation`] contains a secret, a body, or the signature that was expected.

mod body;
mod charset;
mod diagnosis;
mod form;
mod hints;
mod hypothesis;
mod json;
mod json_text;
mod layout;
mod reading;
mod recode;
mod remedy;
mod scan;
mod search;
mod secret;
mod stamp;
mod verdict;

pub use self::diagnosis::Diagnosis;

use super::{Delivery, SigningSecrets, verify};

/// A failed delivery, and what is known around it.
pub struct Case<'a> {
    /// The delivery, with all its headers.
    pub delivery: &'a Delivery<'a>,
    /// Every known secret, also retired ones and those of other endpoints.
    pub secrets: &'a SigningSecrets,
    /// Other recent deliveries, newest first; eight are looked at.
    pub recent: &'a [Delivery<'a>],
    /// Now, in Unix seconds.
    pub now: i64,
}

/// How much work an explanation may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Most hypotheses to try.
    pub hypotheses: usize,
    /// Most bytes to hash for them; decides for large bodies.
    pub bytes: usize,
    /// Afterwards, try the seconds around the timestamp and every prefix of the body.
    pub scan: bool,
}

impl Default for Effort {
    /// About 40 ms of wasm for a body of 4 KB, the scan included.
    fn default() -> Self {
        Self { hypotheses: 1_500, bytes: 32 << 20, scan: true }
    }
}

/// How sure an explanation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Nothing fits.
    None,
    /// Circumstances say so.
    Likely,
    /// The signature fits under this hypothesis.
    Proven,
}

/// What a piece of evidence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Headers as such.
    Headers,
    /// How the signature is written.
    Signature,
    /// The timestamp.
    Timestamp,
    /// The key.
    Secret,
    /// What was signed in which order.
    Layout,
    /// Hash and MAC.
    Algorithm,
    /// The body.
    Body,
    /// What was tried.
    Search,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is about.
    pub about: About,
    /// One sentence, fit to be shown.
    pub text: String,
}

/// Why a delivery fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is wrong; the strangest thing, when there are several.
    pub diagnosis: Diagnosis,
    /// How sure that is.
    pub confidence: Confidence,
    /// What it rests on; for an unknown cause, what was ruled out.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub remedy: &'static str,
    /// How many hypotheses were tried.
    pub hypotheses: usize,
    /// More could have been tried with more effort.
    pub cut_short: bool,
}

/// Finds out why a delivery fails; one that verifies is called valid.
pub fn explain(case: &Case<'_>, effort: Effort) -> Explanation {
    if let Ok(verified) = verify(case.delivery, case.secrets, case.now) {
        return verdict::valid(&verified);
    }
    if let Some(explanation) = hints::headers(case) {
        return explanation;
    }
    let ground = search::Ground::survey(case);
    if let Some(explanation) = hints::readings(case, &ground.readings) {
        return explanation;
    }
    let mut tally = search::Tally::default();
    if let Some(found) = search::search(&ground, effort, &mut tally) {
        return verdict::found(case, found, &tally);
    }
    if effort.scan
        && let Some(found) = scan::scan(case, &ground, effort, &mut tally)
    {
        return verdict::found(case, found, &tally);
    }
    hints::circumstances(case, &tally).unwrap_or_else(|| verdict::unknown(&ground, &tally))
}

//! Switches that make the platform misbehave, set by the control API.
//!
//! A rule says on which operations, how often and for how long something goes wrong. Time is the
//! simulated clock's; chance comes from the seed and the rule's number, so that the same requests
//! meet the same fate in every run.

pub(crate) mod answer;
mod board;
pub(crate) mod line;
mod rule;
mod spread;

use serde::{Deserialize, Serialize};

pub(crate) use self::board::{Breach, FaultBoard, FrameFate};
pub use self::rule::{Fault, Rule};
pub(crate) use self::rule::{SIGNALLING, SOCKET};
pub use self::spread::Spread;

/// The switches; an absent one is off.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Every answer waits this long, at least and at most, in milliseconds.
    pub latency_ms: Option<[u32; 2]>,
    /// Every so many requests one is answered with 429.
    pub rate_limit: Option<RateLimit>,
    /// Every so many requests one fails.
    pub error: Option<Failure>,
    /// So many of the next streamed answers lose their socket after a few chunks.
    pub drop_mid_chunk: u32,
    /// Every event is sent twice.
    pub duplicate_events: bool,
    /// Neighbouring events change places.
    pub reorder_events: bool,
    /// Every access token minted before this was switched on counts as expired.
    pub expire_tokens: bool,
    /// Faults of chosen operations, as often and as long as each of them says.
    pub rules: Vec<Rule>,
}

/// Too many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// One of so many requests; 1 means all.
    pub every: u32,
    /// What `Retry-After` says.
    #[serde(default)]
    pub retry_after_seconds: u32,
}

/// Failing requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Status from 400 to 599.
    pub status: u16,
    /// One of so many requests; 1 means all.
    pub every: u32,
}

impl Faults {
    /// The three oldest switches as rules.
    fn as_rules(&self) -> Vec<Rule> {
        let all = |fault| Rule { fault, ..Rule::default() };
        let latency = self
            .latency_ms
            .map(|[least_ms, most_ms]| all(Fault::Latency(Spread::Uniform { least_ms, most_ms })));
        let limit = self.rate_limit.map(|RateLimit { every, retry_after_seconds }| Rule {
            every: Some(every),
            ..all(Fault::RateLimit { retry_after_seconds })
        });
        let error = self.error.map(|Failure { status, every }| Rule {
            every: Some(every),
            ..all(Fault::Error { status: Some(status), code: None })
        });
        [latency, limit, error].into_iter().flatten().collect()
    }
}

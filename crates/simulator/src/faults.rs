//! Switches that make the platform misbehave, set by the control API.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::sync::lock;

/// The switches; an absent one is off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// The switches in force, and the counters they need.
#[derive(Debug, Default)]
pub(crate) struct FaultBoard {
    faults: Mutex<Faults>,
    limited: AtomicU64,
    failed: AtomicU64,
}

impl FaultBoard {
    /// Replaces all switches and starts counting anew; refuses values that mean nothing.
    pub(crate) fn set(&self, faults: Faults) -> Result<(), &'static str> {
        if faults.latency_ms.is_some_and(|[least, most]| least > most || most > 60_000) {
            return Err("latency_ms must be [least, most], at most 60000");
        }
        if faults.rate_limit.is_some_and(|limit| limit.every == 0) {
            return Err("rate_limit.every must be at least 1");
        }
        if faults.error.is_some_and(|error| error.every == 0 || !(400..600).contains(&error.status))
        {
            return Err("error needs a status from 400 to 599 and every of at least 1");
        }
        *lock(&self.faults) = faults;
        self.limited.store(0, Ordering::Relaxed);
        self.failed.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// The switches in force.
    pub(crate) fn current(&self) -> Faults {
        lock(&self.faults).clone()
    }

    /// Whether this streamed answer loses its socket; counts down.
    pub(crate) fn drops_this_answer(&self) -> bool {
        let mut faults = lock(&self.faults);
        let drops = faults.drop_mid_chunk > 0;
        faults.drop_mid_chunk = faults.drop_mid_chunk.saturating_sub(1);
        drops
    }

    /// How long this request waits, with `dice` between 0 and 1.
    pub(crate) fn delay_ms(&self, dice: f64) -> u64 {
        let Some([least, most]) = lock(&self.faults).latency_ms else { return 0 };
        let span = f64::from(most - least);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 60000"
        )]
        let extra = (span * dice) as u64;
        u64::from(least) + extra
    }

    /// The refusal this request meets, if it is its turn.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let faults = self.current();
        if let Some(limit) = faults.rate_limit
            && (self.limited.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(limit.every.into())
        {
            let mut refusal = Refusal::new(429, "TOO_MANY_REQUESTS", "Too many requests.");
            refusal.retry_after = Some(limit.retry_after_seconds);
            return Some(refusal);
        }
        let error = faults.error?;
        (self.failed.fetch_add(1, Ordering::Relaxed) + 1)
            .is_multiple_of(error.every.into())
            .then(|| Refusal::new(error.status, "SIMULATED_FAILURE", "Simulated failure."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(faults: Faults) -> FaultBoard {
        let board = FaultBoard::default();
        board.set(faults).unwrap();
        board
    }

    #[test]
    fn every_third_request_is_limited() {
        let rate_limit = Some(RateLimit { every: 3, retry_after_seconds: 2 });
        let board = board(Faults { rate_limit, ..Faults::default() });
        let limited: Vec<_> =
            (0..6).map(|_| board.refusal().and_then(|refusal| refusal.retry_after)).collect();
        assert_eq!(limited, [None, None, Some(2), None, None, Some(2)]);
    }

    #[test]
    fn only_the_named_number_of_answers_is_dropped() {
        let board = board(Faults { drop_mid_chunk: 2, ..Faults::default() });
        let dropped: Vec<_> = (0..3).map(|_| board.drops_this_answer()).collect();
        assert_eq!(dropped, [true, true, false]);
    }

    #[test]
    fn the_delay_stays_in_its_range() {
        let board = board(Faults { latency_ms: Some([100, 300]), ..Faults::default() });
        assert_eq!(board.delay_ms(0.0), 100);
        assert!(board.delay_ms(0.999) < 300);
    }

    #[test]
    fn nonsense_is_refused() {
        let board = FaultBoard::default();
        for nonsense in [
            r#"{"latency_ms":[5,1]}"#,
            r#"{"rate_limit":{"every":0}}"#,
            r#"{"error":{"status":200,"every":1}}"#,
        ] {
            assert!(board.set(serde_json::from_str(nonsense).unwrap()).is_err(), "{nonsense}");
        }
        assert!(serde_json::from_str::<Faults>(r#"{"unknown":1}"#).is_err());
    }
}

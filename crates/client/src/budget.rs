//! How many tries a client may add to what it was asked for.
//!
//! Without it, a platform that fails everything would be asked four times as often as one that works.

use std::sync::{Arc, Mutex, PoisonError};

use perch_api::model::Millis;

/// Tries are counted in thousandths.
const TRY: u64 = 1_000;
/// What every call adds: a tenth of a try.
const PER_CALL: u64 = TRY / 10;
/// What an idle client regains: one try every ten seconds.
const MS_PER_TRY: u64 = 10_000;
/// The most that is saved up, and what a new client has: ten tries.
const RESERVE: u64 = 10 * TRY;

/// A bucket of tries that a client and its clones share.
///
/// Over any span, retries are at most a tenth of the calls, plus one for every ten seconds, plus ten.
#[derive(Debug, Clone)]
pub(crate) struct RetryBudget(Arc<Mutex<Bucket>>);

#[derive(Debug)]
struct Bucket {
    left: u64,
    /// When time was last counted.
    since: Option<Millis>,
}

impl RetryBudget {
    /// A full bucket.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Bucket { left: RESERVE, since: None })))
    }

    /// Counts a call.
    pub(crate) fn call(&self, now: Millis) {
        self.with(now, |bucket| bucket.add(PER_CALL));
    }

    /// Takes a try out, when there is one.
    pub(crate) fn take(&self, now: Millis) -> bool {
        self.with(now, |bucket| match bucket.left.checked_sub(TRY) {
            Some(left) => {
                bucket.left = left;
                true
            }
            None => false,
        })
    }

    fn with<T>(&self, now: Millis, act: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = bucket.since.map_or(0, |since| now.since(since));
        bucket.add(idle.saturating_mul(TRY) / MS_PER_TRY);
        bucket.since = Some(now);
        act(&mut bucket)
    }
}

impl Bucket {
    fn add(&mut self, thousandths: u64) {
        self.left = self.left.saturating_add(thousandths).min(RESERVE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(budget: &RetryBudget, now: u64) -> usize {
        (0..100).take_while(|_| budget.take(Millis(now))).count()
    }

    #[test]
    fn ten_at_first_then_a_tenth_of_the_calls() {
        let budget = RetryBudget::new();
        assert_eq!(taken(&budget, 0), 10);
        for _ in 0..50 {
            budget.call(Millis(0));
        }
        assert_eq!(taken(&budget, 0), 5);
        for _ in 0..10_000 {
            budget.call(Millis(0));
        }
        assert_eq!(taken(&budget, 0), 10);
    }

    #[test]
    fn time_gives_back_and_a_clock_set_back_does_not() {
        let budget = RetryBudget::new();
        assert_eq!(taken(&budget, 50_000), 10);
        assert_eq!(taken(&budget, 40_000), 0);
        assert_eq!(taken(&budget, 60_000), 2);
    }
}

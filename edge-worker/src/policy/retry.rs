//! Whether and when a request is sent once more.
//!
//! Only what may be sent twice, only before a byte went to the caller, and only out of a budget: when
//! the platform is down, repeats must not be what keeps it down.

/// How often one request is sent again.
pub const REPEATS: u32 = 2;
/// The longest wait that a caller is kept for; a longer `Retry-After` is the caller's business.
pub const WAIT_MAX_MS: u64 = 2_000;
/// The longest rest that `Retry-After` can order for a key.
pub const REST_MAX_MS: u64 = 60_000;

// One repeat costs what this many requests earn: a tenth of them at most.
const PRICE: u32 = 10;
// Saved at most, and to begin with: an isolate with little traffic may repeat, too.
const SAVED: u32 = 5 * PRICE;
// The wait before the first repeat; doubled for the second.
const FIRST_MS: u64 = 100;

/// What requests of an isolate have earned for repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(SAVED)
    }
}

impl Budget {
    /// A request was sent for the first time.
    pub fn earn(&mut self) {
        self.0 = self.0.saturating_add(1).min(SAVED);
    }

    /// Pays for a repeat, if there is enough.
    fn spend(&mut self) -> bool {
        let left = self.0.checked_sub(PRICE);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// No answer: not connected, or cut off before the first byte.
    Unreachable,
    /// No answer in time. Not repeated: the caller has waited long enough.
    Late,
    /// An answer with this status, and `Retry-After` in milliseconds.
    Answered(u16, Option<u64>),
}

impl Ended {
    /// Whether it tells against the host.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Unreachable | Self::Late | Self::Answered(502..=504, _))
    }

    /// Whether the platform asked to slow down, and for how long.
    pub fn slow_down(self) -> Option<u64> {
        match self {
            Self::Answered(429, after) => Some(after.unwrap_or(1_000).clamp(1, REST_MAX_MS)),
            _ => None,
        }
    }
}

/// How long to wait before the next attempt; nothing when there is none.
///
/// `repeats` is how often it was repeated already, `jitter` any number.
pub fn again(ended: Ended, repeats: u32, jitter: u32, budget: &mut Budget) -> Option<u64> {
    let ordered = match ended {
        Ended::Unreachable => None,
        Ended::Answered(429 | 502..=504, after) => after,
        Ended::Late | Ended::Answered(..) => return None,
    };
    if repeats >= REPEATS || ordered.is_some_and(|ms| ms > WAIT_MAX_MS) || !budget.spend() {
        return None;
    }
    let usual = FIRST_MS << repeats;
    // Spread over half as much again, so that those who failed together do not return together.
    let spread = u64::from(jitter).checked_rem(usual / 2).unwrap_or_default();
    Some(ordered.unwrap_or_default().max(usual).saturating_add(spread))
}

/// `Retry-After` in milliseconds: seconds, or nothing where it is a date or nonsense.
pub fn retry_after(text: &str) -> Option<u64> {
    let is_number =
        !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse::<u64>().ok()).flatten()?.checked_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(ended: Ended, repeats: u32) -> Option<u64> {
        again(ended, repeats, 0, &mut Budget::default())
    }

    #[test]
    fn t56_only_what_may_pass_is_repeated() {
        for status in [429, 502, 503, 504] {
            assert_eq!(asked(Ended::Answered(status, None), 0), Some(100), "{status}");
        }
        assert_eq!(asked(Ended::Unreachable, 1), Some(200));
        for status in [200, 301, 400, 401, 404, 408, 409, 500, 501, 505] {
            assert_eq!(asked(Ended::Answered(status, None), 0), None, "{status}");
        }
        assert_eq!(asked(Ended::Late, 0), None);
        assert_eq!(asked(Ended::Unreachable, REPEATS), None);
    }

    #[test]
    fn t56_retry_after_is_honoured_up_to_a_cap() {
        assert_eq!(asked(Ended::Answered(503, Some(1_000)), 0), Some(1_000));
        assert_eq!(asked(Ended::Answered(429, Some(0)), 1), Some(200));
        assert_eq!(asked(Ended::Answered(429, Some(WAIT_MAX_MS)), 0), Some(WAIT_MAX_MS));
        assert_eq!(asked(Ended::Answered(429, Some(WAIT_MAX_MS + 1)), 0), None);
        assert_eq!(Ended::Answered(429, Some(u64::MAX)).slow_down(), Some(REST_MAX_MS));
        assert_eq!(Ended::Answered(429, None).slow_down(), Some(1_000));
        assert_eq!(Ended::Answered(503, Some(1)).slow_down(), None);
    }

    #[test]
    fn retry_after_is_read_strictly() {
        assert_eq!(retry_after("7"), Some(7_000));
        for odd in ["", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "9999999999", " 1"] {
            assert_eq!(retry_after(odd), None, "{odd}");
        }
    }

    proptest! {
        // However many fail, and in whatever order.
        #[test]
        fn t56_repeats_stay_below_a_tenth(fails in prop::collection::vec(any::<bool>(), 1..2_000)) {
            let mut budget = Budget::default();
            let (mut requests, mut repeats) = (0_u32, 0_u32);
            for fail in fails {
                budget.earn();
                requests += 1;
                for attempt in 0.. {
                    if !fail || again(Ended::Unreachable, attempt, 7, &mut budget).is_none() {
                        break;
                    }
                    repeats += 1;
                }
            }
            prop_assert!(repeats <= requests / PRICE + SAVED / PRICE);
        }

        #[test]
        fn waits_are_bounded(after in prop::option::of(any::<u64>()), repeats in 0..4_u32, jitter: u32) {
            if let Some(wait) = again(Ended::Answered(503, after), repeats, jitter, &mut Budget::default()) {
                prop_assert!((FIRST_MS..=WAIT_MAX_MS + FIRST_MS).contains(&wait));
                prop_assert!(wait >= after.unwrap_or_default());
            }
        }
    }
}

//! How long to wait before the next dial.

/// One second, doubling up to thirty, each within a fifth of its value, for a number of attempts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
    limit: u32,
}

impl Backoff {
    /// The first wait in milliseconds.
    pub const FIRST_MS: u64 = 1_000;
    /// The longest wait in milliseconds, before jitter.
    pub const LAST_MS: u64 = 30_000;
    /// The number of attempts when the platform names none.
    pub const ATTEMPTS: u32 = 10;

    /// A back-off that gives up after `limit` attempts; 0 means never.
    pub fn new(limit: u32) -> Self {
        Self { attempts: 0, limit }
    }

    /// The wait before the next attempt in milliseconds, or nothing when all are used up.
    ///
    /// `entropy` is any random number; it decides the jitter.
    pub fn next(&mut self, entropy: u64) -> Option<u64> {
        if self.limit != 0 && self.attempts >= self.limit {
            return None;
        }
        let wait = (Self::FIRST_MS << self.attempts.min(5)).min(Self::LAST_MS);
        self.attempts = self.attempts.saturating_add(1);
        // From four fifths to six fifths.
        Some(wait * 4 / 5 + entropy % (wait * 2 / 5 + 1))
    }

    /// Changes the number of attempts, counting those already made.
    pub fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// Starts over, after a connection proved stable.
    pub fn reset(&mut self) {
        self.attempts = 0;
    }

    /// How many attempts were made since the start or the last reset.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Self::ATTEMPTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_from_one_second_to_thirty_within_a_fifth() {
        let middle = |attempt: usize| [1_000, 2_000, 4_000, 8_000, 16_000, 30_000][attempt.min(5)];
        for entropy in [0, 1, 399, 400, 12_000, u64::MAX] {
            let mut backoff = Backoff::new(0);
            for attempt in 0..40 {
                let wait = backoff.next(entropy).unwrap();
                let exact = middle(attempt);
                assert!(wait >= exact * 4 / 5 && wait <= exact * 6 / 5, "{attempt}: {wait}");
            }
        }
        assert_eq!(Backoff::new(0).next(0), Some(800));
        assert_eq!(Backoff::new(0).next(400), Some(1_200));
    }

    #[test]
    fn gives_up_at_the_limit_and_starts_over_when_reset() {
        let mut backoff = Backoff::new(2);
        assert!(backoff.next(0).is_some() && backoff.next(0).is_some());
        assert_eq!(backoff.next(0), None);
        assert_eq!(backoff.attempts(), 2);
        backoff.set_limit(3);
        assert_eq!(backoff.next(0), Some(3_200));
        backoff.reset();
        assert_eq!(backoff.next(0), Some(800));
    }
}

//! When to ask again, and after how long: one rule for every target.

use std::time::Duration;

use perch_api::operation::Retry;

use crate::platform::{HttpResponse, TransportError};

/// How patient a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub attempts: u32,
    /// Upper bound of the first pause; it doubles with every try.
    pub base: Duration,
    /// Upper bound of any pause of our own choosing.
    pub cap: Duration,
    /// Longest `Retry-After` that is waited for; a longer one is the caller's to decide.
    pub patience: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(250),
            cap: Duration::from_secs(8),
            patience: Duration::from_secs(10),
        }
    }
}

impl RetryPolicy {
    /// Asks once and never again.
    pub const NONE: Self =
        Self { attempts: 1, base: Duration::ZERO, cap: Duration::ZERO, patience: Duration::ZERO };

    /// How long to pause before try `attempt + 1`, or nothing when the answer stands.
    ///
    /// `Retry-After` goes first; otherwise the pause is drawn evenly from nothing to the doubled bound
    /// (full jitter), so that many clients do not come back at once.
    pub fn pause(
        &self,
        class: Retry,
        attempt: u32,
        answer: Result<&HttpResponse, TransportError>,
        random: u64,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let asked = answer.ok().and_then(retry_after);
        let again = match (answer, class) {
            // Whatever the class: the platform said that it did not act.
            (Ok(response), _) if response.status == 429 => true,
            (Ok(response), _) if response.status == 503 && asked.is_some() => true,
            (Ok(response), Retry::Safe) => response.status >= 500 && response.status != 501,
            (Err(error), Retry::Safe) => error != TransportError::Request,
            (_, Retry::Refused) => false,
        };
        if !again {
            return None;
        }
        match asked {
            Some(pause) if pause > self.patience => None,
            Some(pause) => Some(pause),
            None => Some(self.jitter(attempt, random)),
        }
    }

    pub(crate) fn jitter(&self, attempt: u32, random: u64) -> Duration {
        let doubled = millis(self.base).saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let bound = doubled.min(millis(self.cap));
        Duration::from_millis(random.checked_rem(bound.saturating_add(1)).unwrap_or(0))
    }
}

/// In whole milliseconds: `as_millis` counts to 2^128, and its arithmetic is downloaded.
pub(crate) const fn millis(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000).saturating_add(time.subsec_millis() as u64)
}

/// `Retry-After` in seconds. The date form is not read: it needs the server's clock.
pub(crate) fn retry_after(response: &HttpResponse) -> Option<Duration> {
    response.header("retry-after")?.trim_ascii().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>) -> HttpResponse {
        let headers = retry_after.map(|value| ("retry-after".to_owned(), value.to_owned()));
        HttpResponse { status, headers: headers.into_iter().collect(), body: Vec::new() }
    }

    fn again(class: Retry, answer: Result<&HttpResponse, TransportError>) -> bool {
        RetryPolicy::default().pause(class, 1, answer, 7).is_some()
    }

    #[test]
    fn what_may_have_acted_is_not_repeated() {
        let broken = Err(TransportError::Connect);
        for (class, status, repeated) in [
            (Retry::Safe, 500, true),
            (Retry::Safe, 501, false),
            (Retry::Safe, 404, false),
            (Retry::Safe, 200, false),
            (Retry::Refused, 500, false),
            (Retry::Refused, 503, false),
            (Retry::Refused, 429, true),
        ] {
            assert_eq!(again(class, Ok(&answer(status, None))), repeated, "{class:?} {status}");
        }
        assert!(again(Retry::Refused, Ok(&answer(503, Some("1")))));
        assert!(again(Retry::Safe, broken));
        assert!(!again(Retry::Refused, broken));
        assert!(!again(Retry::Safe, Err(TransportError::Request)));
    }

    #[test]
    fn retry_after_goes_first_and_has_a_bound() {
        let policy = RetryPolicy::default();
        let pause = |seconds| policy.pause(Retry::Safe, 1, Ok(&answer(429, Some(seconds))), 7);
        assert_eq!(pause("3"), Some(Duration::from_secs(3)));
        assert_eq!(pause("65"), None);
    }

    #[test]
    fn jitter_is_full_and_capped() {
        let policy = RetryPolicy { attempts: 40, ..RetryPolicy::default() };
        for attempt in 1..40 {
            let bound = (250_u64 << (attempt - 1).min(16)).min(8_000);
            let draw = |random| policy.jitter(attempt, random).as_millis();
            assert_eq!(draw(0), 0);
            assert_eq!(draw(bound), u128::from(bound));
            assert_eq!(draw(bound + 1), 0);
        }
    }

    #[test]
    fn the_tries_end() {
        let policy = RetryPolicy::default();
        let tries = (1..100).take_while(|&n| {
            policy.pause(Retry::Safe, n, Ok(&answer(500, None)), n.into()).is_some()
        });
        assert_eq!(tries.count(), 3);
    }
}

//! Whether something that keeps failing is to be left alone for a while.
//!
//! One machine for two uses: a host that fails too often is given a rest, and a key that the platform
//! asked to slow down is not used until it said so. Both then let one request try before the others.

/// A window in which requests and failures are counted, in milliseconds.
const WINDOW_MS: u64 = 10_000;
/// Failures in a window before which nothing is concluded.
const FAILURES: u32 = 10;
/// How long a failing host is left alone.
pub const REST_MS: u64 = 5_000;
/// A try that was not heard of for this long does not keep others waiting.
const TRY_MS: u64 = 30_000;

/// The state of one host or key. Times are milliseconds of any clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    state: State,
    since: u64,
    requests: u32,
    failures: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: u64,
    },
    HalfOpen {
        tried_at: u64,
    },
}

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// As always.
    Through,
    /// As the one that finds out; how it went has to be reported, good or bad.
    Try,
    /// Not now; perhaps after these milliseconds.
    Wait(u64),
}

impl Breaker {
    /// Asks for one request, and counts it.
    pub fn pass(&mut self, now: u64) -> Pass {
        match self.state {
            State::Closed => {
                if now.saturating_sub(self.since) >= WINDOW_MS {
                    (self.since, self.requests, self.failures) = (now, 0, 0);
                }
                self.requests = self.requests.saturating_add(1);
                Pass::Through
            }
            State::Open { until } if now < until => Pass::Wait(until.saturating_sub(now)),
            State::HalfOpen { tried_at } if now < tried_at.saturating_add(TRY_MS) => {
                Pass::Wait(tried_at.saturating_add(TRY_MS).saturating_sub(now).min(REST_MS))
            }
            State::Open { .. } | State::HalfOpen { .. } => {
                self.state = State::HalfOpen { tried_at: now };
                Pass::Try
            }
        }
    }

    /// A request failed. Opens when a try did, or when at least half of a window's requests did.
    pub fn failed(&mut self, now: u64) {
        match self.state {
            State::Closed => {
                self.failures = self.failures.saturating_add(1);
                if self.failures >= FAILURES && self.failures.saturating_mul(2) >= self.requests {
                    self.open(now, REST_MS);
                }
            }
            State::HalfOpen { .. } => self.open(now, REST_MS),
            // One that was sent before the others failed.
            State::Open { .. } => {}
        }
    }

    /// Opens for this long, whatever was counted. A longer rest that is running stays.
    pub fn open(&mut self, now: u64, rest_ms: u64) {
        let until = now.saturating_add(rest_ms);
        if !matches!(self.state, State::Open { until: later } if later > until) {
            self.state = State::Open { until };
        }
    }

    /// The try went well.
    pub fn recovered(&mut self) {
        if matches!(self.state, State::HalfOpen { .. }) {
            *self = Self::default();
        }
    }

    /// `closed`, `open` or `half_open`.
    pub const fn as_str(&self) -> &'static str {
        match self.state {
            State::Closed => "closed",
            State::Open { .. } => "open",
            State::HalfOpen { .. } => "half_open",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn failing(breaker: &mut Breaker, now: u64) {
        for _ in 0..FAILURES {
            assert_eq!(breaker.pass(now), Pass::Through);
            breaker.failed(now);
        }
    }

    #[test]
    fn t57_opens_tries_once_and_closes() {
        let mut breaker = Breaker::default();
        failing(&mut breaker, 1_000);
        assert_eq!(breaker.as_str(), "open");
        assert_eq!(breaker.pass(1_001), Pass::Wait(REST_MS - 1));
        let after = 1_000 + REST_MS;
        assert_eq!(breaker.pass(after), Pass::Try);
        assert_eq!(breaker.as_str(), "half_open");
        assert!(matches!(breaker.pass(after), Pass::Wait(1..)), "one at a time");
        breaker.failed(after + 10);
        assert_eq!(breaker.pass(after + 11), Pass::Wait(REST_MS - 1));
        assert_eq!(breaker.pass(after + 10 + REST_MS), Pass::Try);
        breaker.recovered();
        assert_eq!(breaker.pass(after + 10 + REST_MS), Pass::Through);
        assert_eq!(breaker.as_str(), "closed");
    }

    #[test]
    fn t57_few_failures_among_many_requests_do_not_open() {
        let mut breaker = Breaker::default();
        for now in 0..9_000 {
            assert_eq!(breaker.pass(now), Pass::Through);
            if now % 3 == 2 {
                breaker.failed(now);
            }
        }
        assert_eq!(breaker.as_str(), "closed");
    }

    #[test]
    fn old_failures_are_forgotten() {
        let mut breaker = Breaker::default();
        for round in 0..50 {
            let now = round * WINDOW_MS;
            for _ in 1..FAILURES {
                breaker.pass(now);
                breaker.failed(now);
            }
        }
        assert_eq!(breaker.as_str(), "closed");
    }

    #[test]
    fn a_try_that_vanishes_does_not_block_for_ever() {
        let mut breaker = Breaker::default();
        breaker.open(0, 100);
        assert_eq!(breaker.pass(100), Pass::Try);
        assert!(matches!(breaker.pass(100 + TRY_MS - 1), Pass::Wait(_)));
        assert_eq!(breaker.pass(100 + TRY_MS), Pass::Try);
    }

    #[test]
    fn a_longer_rest_stays() {
        let mut breaker = Breaker::default();
        breaker.open(0, 9_000);
        breaker.open(10, 1_000);
        breaker.failed(20);
        assert_eq!(breaker.pass(8_999), Pass::Wait(1));
    }

    proptest! {
        // Whatever happens: never two tries at once, and after a rest somebody gets through.
        #[test]
        fn t57_at_most_one_try_at_a_time(steps in prop::collection::vec((0..4_u8, 0..2_000_u64), 1..400)) {
            let mut breaker = Breaker::default();
            let (mut now, mut tried): (u64, Option<u64>) = (0, None);
            for (step, pause) in steps {
                now += pause;
                match step {
                    0 => { breaker.failed(now); tried = None; }
                    1 => { breaker.recovered(); tried = None; }
                    _ => match breaker.pass(now) {
                        Pass::Try => {
                            prop_assert!(tried.is_none_or(|at| now >= at + TRY_MS));
                            tried = Some(now);
                        }
                        Pass::Wait(ms) => prop_assert!(ms > 0 && ms <= REST_MS),
                        Pass::Through => tried = None,
                    },
                }
            }
            prop_assert!(!matches!(breaker.pass(now + TRY_MS + REST_MS), Pass::Wait(_)));
        }
    }
}

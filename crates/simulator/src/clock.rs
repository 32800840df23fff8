//! The one place that reads the machine's clock. Everything else is told the time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// The simulator's time: the machine's, shifted by what the control API asks for.
#[derive(Debug)]
pub struct Clock {
    /// Unix time in milliseconds at `origin`.
    base_ms: i64,
    origin: Instant,
    /// Milliseconds that time was moved by.
    shift_ms: AtomicI64,
}

impl Clock {
    /// A clock that shows the machine's time.
    #[allow(clippy::disallowed_methods, reason = "this module is the one reader of the clock")]
    pub fn start() -> Self {
        let base = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            base_ms: i64::try_from(base.as_millis()).unwrap_or(i64::MAX),
            origin: Instant::now(),
            shift_ms: AtomicI64::new(0),
        }
    }

    /// A clock that starts at `now_ms`, Unix time in milliseconds, and runs on.
    pub fn starting_at(now_ms: i64) -> Self {
        Self { base_ms: now_ms, ..Self::start() }
    }

    /// The moment it started at, Unix time in milliseconds.
    pub const fn started_ms(&self) -> i64 {
        self.base_ms
    }

    /// Unix time in milliseconds.
    pub fn now_ms(&self) -> i64 {
        let passed = i64::try_from(self.origin.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.base_ms.saturating_add(passed).saturating_add(self.shift_ms.load(Ordering::Relaxed))
    }

    /// Moves time forward.
    pub fn advance(&self, ms: u32) {
        self.shift_ms.fetch_add(i64::from(ms), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_forward_and_can_be_moved() {
        let clock = Clock::starting_at(1_000_000);
        assert_eq!(clock.started_ms(), 1_000_000);
        let first = clock.now_ms();
        assert!((1_000_000..1_010_000).contains(&first));
        clock.advance(60_000);
        assert!(clock.now_ms() >= first + 60_000);
    }
}

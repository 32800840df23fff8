//! The one place that reads the machine's clock, and the one place that waits for a moment.
//!
//! Simulated time starts at the machine's or at a given moment. It can jump forward, stand still and
//! run faster. Whatever waits for a simulated moment waits with [`Clock::sleep_until`]: it wakes when
//! that moment has come, however it came.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::sync::lock;

/// Fastest pace: simulated milliseconds per millisecond.
pub const FASTEST: u32 = 100_000;
/// Timers are set anew after this long, which is less than any timer can hold.
const LONGEST_TIMER: Duration = Duration::from_hours(1);

/// The simulator's time.
#[derive(Debug)]
pub struct Clock {
    started_ms: i64,
    pace: Mutex<Pace>,
    /// Who waits learns here that its timer is set wrong by now.
    changed: watch::Sender<()>,
}

/// How time passes from a moment on.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Simulated time at `since`, Unix milliseconds.
    base_ms: i64,
    since: Instant,
    speed: u32,
    frozen: bool,
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Unix time in milliseconds.
    pub now_ms: i64,
    /// Simulated milliseconds per millisecond, whether or not it stands still.
    pub speed: u32,
    /// Whether it stands still.
    pub frozen: bool,
}

impl Clock {
    /// A clock that shows the machine's time.
    pub fn start() -> Self {
        Self::starting_at(Self::machine_ms())
    }

    /// The machine's own time, Unix milliseconds, for what real programs compare with theirs.
    #[allow(clippy::disallowed_methods, reason = "this module is the one reader of the clock")]
    pub fn machine_ms() -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }

    /// A clock that starts at `now_ms`, Unix time in milliseconds, and runs on.
    pub fn starting_at(now_ms: i64) -> Self {
        let pace = Pace { base_ms: now_ms, since: Instant::now(), speed: 1, frozen: false };
        Self { started_ms: now_ms, pace: Mutex::new(pace), changed: watch::Sender::new(()) }
    }

    /// The moment it started at, Unix time in milliseconds.
    pub const fn started_ms(&self) -> i64 {
        self.started_ms
    }

    /// Unix time in milliseconds.
    pub fn now_ms(&self) -> i64 {
        lock(&self.pace).now_ms()
    }

    /// Time, speed, and whether it stands still.
    pub fn reading(&self) -> Reading {
        let pace = *lock(&self.pace);
        Reading { now_ms: pace.now_ms(), speed: pace.speed, frozen: pace.frozen }
    }

    /// Moves time forward, also while it stands still.
    pub fn advance(&self, ms: u32) {
        self.change(|pace| pace.base_ms = pace.base_ms.saturating_add(i64::from(ms)));
    }

    /// Moves time to `now_ms` in either direction.
    ///
    /// Sessions and timers expect time to run forward; only a restored world is set back.
    pub fn set(&self, now_ms: i64) {
        self.change(|pace| pace.base_ms = now_ms);
    }

    /// Goes on from what another clock showed.
    pub fn show(&self, reading: Reading) {
        let Reading { now_ms, speed, frozen } = reading;
        self.change(|pace| {
            *pace = Pace { base_ms: now_ms, speed: speed.clamp(1, FASTEST), frozen, ..*pace };
        });
    }

    /// Lets time stand still.
    pub fn freeze(&self) {
        self.change(|pace| pace.frozen = true);
    }

    /// Lets time run on from where it stands.
    pub fn resume(&self) {
        self.change(|pace| pace.frozen = false);
    }

    /// Lets `speed` simulated milliseconds pass in one, from 1 to [`FASTEST`].
    pub fn set_speed(&self, speed: u32) {
        self.change(|pace| pace.speed = speed.clamp(1, FASTEST));
    }

    /// Waits until simulated time has reached `at_ms`, Unix milliseconds.
    ///
    /// Jumps, changes of speed and standing still are taken into account while it waits.
    pub async fn sleep_until(&self, at_ms: i64) {
        // Subscribed before the first look, so that no change falls between look and wait.
        let mut changed = self.changed.subscribe();
        loop {
            let pace = *lock(&self.pace);
            let left_ms = at_ms.saturating_sub(pace.now_ms());
            if left_ms <= 0 {
                return;
            }
            if pace.frozen {
                // The sender lives as long as this clock.
                let _ = changed.changed().await;
                continue;
            }
            let timer = Duration::from_millis(left_ms.unsigned_abs().div_ceil(pace.speed.into()));
            tokio::select! {
                () = tokio::time::sleep(timer.min(LONGEST_TIMER)) => {}
                _ = changed.changed() => {}
            }
        }
    }

    /// Waits until `ms` simulated milliseconds have passed.
    pub async fn sleep(&self, ms: u64) {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        self.sleep_until(self.now_ms().saturating_add(ms)).await;
    }

    fn change(&self, change: impl FnOnce(&mut Pace)) {
        {
            let mut pace = lock(&self.pace);
            (pace.base_ms, pace.since) = (pace.now_ms(), Instant::now());
            change(&mut pace);
        }
        self.changed.send_replace(());
    }
}

impl Pace {
    fn now_ms(&self) -> i64 {
        if self.frozen {
            return self.base_ms;
        }
        let micros = self.since.elapsed().as_micros().saturating_mul(self.speed.into());
        self.base_ms.saturating_add(i64::try_from(micros / 1_000).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const START: i64 = 1_000_000;

    async fn machine_takes(ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn wait(clock: &Arc<Clock>, at_ms: i64) -> tokio::task::JoinHandle<i64> {
        let clock = Arc::clone(clock);
        tokio::spawn(async move {
            clock.sleep_until(at_ms).await;
            clock.now_ms()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn time_runs_stands_still_and_jumps() {
        let clock = Clock::starting_at(START);
        assert_eq!(clock.started_ms(), START);
        machine_takes(500).await;
        assert_eq!(clock.now_ms(), START + 500);
        clock.freeze();
        machine_takes(9_000).await;
        assert_eq!(clock.now_ms(), START + 500);
        clock.advance(60_000);
        assert_eq!(clock.reading(), Reading { now_ms: START + 60_500, speed: 1, frozen: true });
        clock.resume();
        machine_takes(10).await;
        assert_eq!(clock.now_ms(), START + 60_510);
        clock.set(START);
        assert_eq!((clock.now_ms(), clock.started_ms()), (START, START));
    }

    #[tokio::test(start_paused = true)]
    async fn a_faster_pace_counts_from_its_beginning() {
        let clock = Clock::starting_at(START);
        machine_takes(1_000).await;
        clock.set_speed(60);
        machine_takes(1_000).await;
        assert_eq!(clock.now_ms(), START + 61_000);
        for (asked, speed) in [(0, 1), (u32::MAX, FASTEST)] {
            clock.set_speed(asked);
            assert_eq!(clock.reading().speed, speed);
        }
        machine_takes(1_000).await;
        assert_eq!(clock.now_ms(), START + 61_000 + 100_000_000);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_wakes_at_the_moment_and_not_before() {
        let clock = Arc::new(Clock::starting_at(START));
        let began = Instant::now();
        assert_eq!(wait(&clock, START - 1).await.unwrap(), START);
        assert_eq!(wait(&clock, START + 700).await.unwrap(), START + 700);
        clock.sleep(300).await;
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        // Longer than any one timer.
        assert_eq!(wait(&clock, START + 86_400_000).await.unwrap(), START + 86_400_000);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_follows_jump_speed_and_standstill() {
        let clock = Arc::new(Clock::starting_at(START));
        let began = Instant::now();
        let jump = wait(&clock, START + 3_600_000);
        machine_takes(10).await;
        clock.advance(3_600_000);
        assert_eq!(jump.await.unwrap(), START + 3_600_010);

        let fast = wait(&clock, clock.now_ms() + 1_000_000);
        machine_takes(10).await;
        clock.set_speed(1_000);
        fast.await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_millis(10 + 10 + 1_000));

        clock.set_speed(1);
        let still = wait(&clock, clock.now_ms() + 50);
        machine_takes(10).await;
        clock.freeze();
        machine_takes(60_000).await;
        assert!(!still.is_finished());
        clock.resume();
        let resumed = Instant::now();
        still.await.unwrap();
        assert_eq!(resumed.elapsed(), Duration::from_millis(40));
    }
}

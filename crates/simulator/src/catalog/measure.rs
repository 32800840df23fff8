//! Figures over a window of time, for whoever watches the traffic.

use perch_api::families::alerts::AlertMetric;

use super::Catalog;
use crate::alerts::Tally;
use crate::conversation::{Conversation, Environment};

impl Catalog {
    /// What `metric` was from `from_ms` until before `until_ms`, among live conversations of the agent
    /// that has them; later than the catalog's moment nothing is known.
    pub(crate) fn measure(&self, metric: &AlertMetric, from_ms: i64, until_ms: i64) -> Option<u64> {
        self.tally(from_ms, until_ms).value(metric)
    }

    /// What all metrics are taken of. It tells the conversations that ran in the window, so windows
    /// of an hour are cheap and months are not.
    pub(crate) fn tally(&self, from_ms: i64, until_ms: i64) -> Tally {
        let until_ms = until_ms.min(self.now_ms.saturating_add(1));
        let mut tally = Tally::default();
        for (place, brief) in self.running(from_ms, until_ms) {
            if brief.environment == Environment::Live
                && let Some(held) = self.tell(place)
            {
                count(&mut tally, &held, |at_ms| (from_ms..until_ms).contains(&at_ms));
            }
        }
        tally
    }
}

/// Adds what happened in one conversation within a window.
fn count(tally: &mut Tally, held: &Conversation, within: impl Fn(i64) -> bool) {
    tally.conversations += u64::from(within(held.started_ms));
    tally.crashes += u64::from(held.crashed && within(held.ended_ms));
    let answered = held.turns.iter().filter(|turn| turn.latency_ms > 0 && within(turn.agent_ms));
    tally.latencies_ms.extend(answered.map(|turn| turn.latency_ms));
    let calls = held.turns.iter().flat_map(|turn| &turn.functions);
    for failed in calls.filter(|call| call.error.is_some() && within(call.started_ms)) {
        tally.function_errors += 1;
        tally.api_errors += u64::from(failed.calls_out());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::keys::Keys;
    use crate::platform::Platform;

    const NOW: i64 = 1_795_443_600_000;
    const HOUR: i64 = 3_600_000;

    #[tokio::test(start_paused = true)]
    async fn the_window_decides_and_the_future_is_not_known() {
        let keys = Keys::default();
        let platform = Platform::new(Clock::starting_at(NOW), 7, 0, keys, String::new());
        platform.set_traffic(120);
        let later = platform.catalog(NOW + 2 * HOUR);
        let at = |metric: AlertMetric, from: i64, until: i64| later.measure(&metric, from, until);
        assert_eq!(at(AlertMetric::CallVolume, NOW - HOUR, NOW), Some(0));
        assert_eq!(at(AlertMetric::LatencyMedian, NOW - HOUR, NOW), None);
        let (whole, half) = (NOW + HOUR, NOW + HOUR / 2);
        let volume = |from, until| at(AlertMetric::CallVolume, from, until).unwrap();
        assert_eq!(volume(NOW, whole), volume(NOW, half) + volume(half, whole));
        assert!(volume(NOW, whole) > 5_000, "{}", volume(NOW, whole));
        let (median, high) =
            (at(AlertMetric::LatencyMedian, NOW, whole), at(AlertMetric::LatencyHigh, NOW, whole));
        assert!(median > Some(300) && high > median, "{median:?} {high:?}");
        for metric in
            [AlertMetric::ApiErrors, AlertMetric::FunctionErrors, AlertMetric::CallCrashes]
        {
            let count = at(metric.clone(), NOW, whole).unwrap();
            assert!((1..1_000).contains(&count), "{count} {metric:?}");
            assert!(at(metric, NOW, half).unwrap() <= count);
        }
        let early = platform.catalog(half);
        assert_eq!(
            early.measure(&AlertMetric::CallVolume, NOW, whole),
            Some(volume(NOW, half + 1))
        );
    }
}

//! Figures over a window of time, for whoever watches the traffic.

use std::sync::Arc;

use perch_api::families::alerts::AlertMetric;

use super::Catalog;
use crate::conversation::{Conversation, Environment, FunctionCall};

impl Catalog {
    /// What `metric` was from `from_ms` until before `until_ms`, among live conversations of the agent
    /// that has them; later than the catalog's moment nothing is known.
    ///
    /// Latencies are milliseconds, the rest are counts. Nothing when there is nothing to look at: no
    /// turn was answered, or the metric is unknown. A count without traffic is 0. It tells the
    /// conversations that ran in the window, so windows of an hour are cheap and months are not.
    pub(crate) fn measure(&self, metric: &AlertMetric, from_ms: i64, until_ms: i64) -> Option<u64> {
        let until_ms = until_ms.min(self.now_ms.saturating_add(1));
        let window = |at_ms: i64| (from_ms..until_ms).contains(&at_ms);
        let running = self.running(from_ms, until_ms).into_iter();
        let running = running.filter(|(_, brief)| brief.environment == Environment::Live);
        if *metric == AlertMetric::CallVolume {
            return Some(running.filter(|(_, brief)| window(brief.started_ms)).count() as u64);
        }
        let told: Vec<_> = running.filter_map(|(place, _)| self.tell(place)).collect();
        let count = |of: &dyn Fn(&Conversation) -> usize| {
            Some(told.iter().map(|held| of(held)).sum::<usize>() as u64)
        };
        match metric {
            AlertMetric::LatencyMedian => percentile(latencies(&told, &window), 50),
            AlertMetric::LatencyHigh => percentile(latencies(&told, &window), 95),
            AlertMetric::ApiErrors => {
                count(&|held| failures(held, &window, FunctionCall::calls_out))
            }
            AlertMetric::FunctionErrors => count(&|held| failures(held, &window, |_| true)),
            AlertMetric::CallCrashes => {
                count(&|held| usize::from(held.crashed && window(held.ended_ms)))
            }
            _ => None,
        }
    }
}

/// How long each answer of the window took, milliseconds.
fn latencies(told: &[Arc<Conversation>], window: &dyn Fn(i64) -> bool) -> Vec<u32> {
    let turns = told.iter().flat_map(|held| &held.turns);
    let answered = turns.filter(|turn| turn.latency_ms > 0 && window(turn.agent_ms));
    answered.map(|turn| turn.latency_ms).collect()
}

/// Functions that failed within the window.
fn failures(
    held: &Conversation,
    window: &dyn Fn(i64) -> bool,
    counts: fn(&FunctionCall) -> bool,
) -> usize {
    let calls = held.turns.iter().flat_map(|turn| &turn.functions);
    calls.filter(|call| call.error.is_some() && counts(call) && window(call.started_ms)).count()
}

/// The nearest rank: the least value that so many in a hundred do not exceed.
fn percentile(mut values: Vec<u32>, percent: usize) -> Option<u64> {
    let last = values.len().checked_sub(1)?;
    let rank = (values.len() * percent).div_ceil(100).saturating_sub(1).min(last);
    let (_, value, _) = values.select_nth_unstable(rank);
    Some(u64::from(*value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::keys::Keys;
    use crate::platform::Platform;

    const NOW: i64 = 1_795_443_600_000;
    const HOUR: i64 = 3_600_000;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        assert_eq!(percentile(vec![], 50), None);
        assert_eq!(percentile(vec![7], 95), Some(7));
        assert_eq!(percentile((1..=100).rev().collect(), 50), Some(50));
        assert_eq!(percentile((1..=100).rev().collect(), 95), Some(95));
        assert_eq!(percentile(vec![30, 10, 20], 50), Some(20));
    }

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

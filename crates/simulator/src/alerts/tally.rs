//! What rules look at: numbers of a window.

use perch_api::families::alerts::{AlertMetric, AlertWindow};

/// Where the numbers come from.
pub(crate) trait Traffic {
    /// What happened from `from_ms` until before `until_ms`, with the agent `project` or with all.
    fn tally(&mut self, project: Option<&str>, from_ms: i64, until_ms: i64) -> Tally;
}

/// What happened in a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How long visitors waited for the answers given in it, milliseconds each, in any order.
    pub(crate) latencies_ms: Vec<u32>,
    /// Calls to other systems that failed.
    pub(crate) api_errors: u64,
    /// Functions that failed.
    pub(crate) function_errors: u64,
    /// Conversations that broke down.
    pub(crate) crashes: u64,
    /// Conversations that began.
    pub(crate) conversations: u64,
}

impl Tally {
    /// The value of a metric; nothing where there is nothing to take it of.
    ///
    /// Counts are always there: an agent nobody calls has a volume of 0, and rules about silence
    /// (`call_volume < 1`) need that. A latency without turns is none.
    pub(crate) fn value(&self, metric: &AlertMetric) -> Option<u64> {
        match metric {
            AlertMetric::LatencyMedian => self.latency(50),
            AlertMetric::LatencyHigh => self.latency(95),
            AlertMetric::ApiErrors => Some(self.api_errors),
            AlertMetric::FunctionErrors => Some(self.function_errors),
            AlertMetric::CallCrashes => Some(self.crashes),
            AlertMetric::CallVolume => Some(self.conversations),
            _ => None,
        }
    }

    /// Adds what happened in another window.
    pub(crate) fn add(&mut self, other: &Self) {
        self.latencies_ms.extend_from_slice(&other.latencies_ms);
        self.api_errors += other.api_errors;
        self.function_errors += other.function_errors;
        self.crashes += other.crashes;
        self.conversations += other.conversations;
    }

    /// The least latency that `percent` in 100 turns do not exceed (nearest rank).
    fn latency(&self, percent: usize) -> Option<u64> {
        let mut sorted = self.latencies_ms.clone();
        let rank = (sorted.len() * percent).div_ceil(100).checked_sub(1)?;
        let (_, latency, _) = sorted.select_nth_unstable(rank);
        Some(u64::from(*latency))
    }
}

/// How far back a rule looks; a word nobody knows looks nowhere.
pub(crate) fn length_ms(window: &AlertWindow) -> i64 {
    60_000
        * match window {
            AlertWindow::Five => 5,
            AlertWindow::Ten => 10,
            AlertWindow::Sixty => 60,
            _ => 0,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_are_there_without_traffic_and_latencies_are_not() {
        let nothing = Tally::default();
        for metric in AlertMetric::KNOWN.iter().map(|word| AlertMetric::parse(word)) {
            let latency = matches!(metric, AlertMetric::LatencyMedian | AlertMetric::LatencyHigh);
            assert_eq!(nothing.value(&metric), (!latency).then_some(0), "{metric}");
        }
        let tally = Tally { conversations: 9, crashes: 3, ..Tally::default() };
        assert_eq!(tally.value(&AlertMetric::CallVolume), Some(9));
        assert_eq!(tally.value(&AlertMetric::CallCrashes), Some(3));
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let of = |latencies: &[u32]| {
            let tally = Tally { latencies_ms: latencies.to_vec(), ..Tally::default() };
            [AlertMetric::LatencyMedian, AlertMetric::LatencyHigh].map(|m| tally.value(&m))
        };
        assert_eq!(of(&[700]), [Some(700), Some(700)]);
        assert_eq!(of(&[40, 10, 30, 20]), [Some(20), Some(40)]);
        let hundred: Vec<u32> = (1..=100).rev().collect();
        assert_eq!(of(&hundred), [Some(50), Some(95)]);
    }

    proptest! {
        #[test]
        fn a_percentile_parts_the_turns(latencies in prop::collection::vec(0_u32..5_000, 1..200)) {
            let tally = Tally { latencies_ms: latencies.clone(), ..Tally::default() };
            for percent in [50, 95] {
                let at = tally.latency(percent).unwrap();
                let within = latencies.iter().filter(|one| u64::from(**one) <= at).count();
                let below = latencies.iter().filter(|one| u64::from(**one) < at).count();
                prop_assert!(within * 100 >= latencies.len() * percent);
                prop_assert!(below * 100 < latencies.len() * percent);
            }
        }
    }
}

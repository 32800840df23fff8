//! The traffic minute by minute: all windows are whole minutes, so each minute is looked at once.

use std::collections::BTreeMap;

use super::tally::{Tally, Traffic};
use crate::account::Account;
use crate::catalog::Catalog;

const MINUTE_MS: i64 = 60_000;

/// Minutes that are over, as they were.
#[derive(Debug, Default)]
pub(super) struct Minutes(BTreeMap<i64, Tally>);

/// Those minutes, and where more of them come from.
pub(super) struct Traced<'a> {
    /// Minutes that are known.
    pub(super) minutes: &'a mut Minutes,
    /// Whose conversations.
    pub(super) account: &'static Account,
    /// The conversations; it must reach to the end of every window that is asked for.
    pub(super) catalog: &'a Catalog,
}

impl Minutes {
    /// Forgets what is older than the longest window that ends now.
    pub(super) fn forget_before(&mut self, from_ms: i64) {
        self.0 = self.0.split_off(&from_ms);
    }
}

impl Traced<'_> {
    fn minute(&mut self, from_ms: i64) -> &Tally {
        let tally = || self.catalog.tally(from_ms, from_ms + MINUTE_MS);
        self.minutes.0.entry(from_ms).or_insert_with(tally)
    }
}

impl Traffic for Traced<'_> {
    fn tally(&mut self, project: Option<&str>, from_ms: i64, until_ms: i64) -> Tally {
        let mut tally = Tally::default();
        // Agents that were made here have no conversations.
        if project.is_none_or(|project| self.account.is_project(project)) {
            let starts = std::iter::successors(Some(from_ms), |at_ms| Some(at_ms + MINUTE_MS));
            for at_ms in starts.take_while(|at_ms| *at_ms < until_ms) {
                tally.add(self.minute(at_ms));
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use perch_api::families::alerts::AlertMetric;

    use super::*;
    use crate::account::FIRST;
    use crate::clock::Clock;
    use crate::keys::Keys;
    use crate::platform::Platform;

    const NOW: i64 = 1_795_443_600_000;

    #[tokio::test(start_paused = true)]
    async fn minutes_add_up_to_their_window_and_old_ones_go() {
        let keys = Keys::default();
        let platform = Platform::new(Clock::starting_at(NOW), 7, 20_000, keys, String::new());
        platform.set_traffic(30);
        let until_ms = NOW + 20 * MINUTE_MS;
        let catalog = platform.catalog(until_ms);
        let mut minutes = Minutes::default();
        let mut traced = Traced { minutes: &mut minutes, account: &FIRST, catalog: &catalog };
        let from_ms = NOW - 40 * MINUTE_MS;
        let whole = catalog.tally(from_ms, until_ms);
        let sum = traced.tally(None, from_ms, until_ms);
        for metric in AlertMetric::KNOWN.iter().map(|word| AlertMetric::parse(word)) {
            assert_eq!(sum.value(&metric), whole.value(&metric), "{metric}");
            assert!(sum.value(&metric) > Some(0), "{metric} happens");
        }
        assert_eq!(traced.tally(Some("fernhill-juno"), from_ms, until_ms), sum);
        assert_eq!(traced.tally(Some("PROJECT-0"), from_ms, until_ms), Tally::default());
        assert_eq!(minutes.0.len(), 60);
        minutes.forget_before(NOW);
        assert_eq!(minutes.0.len(), 20);
    }
}

//! The order in which a stretch of time is fetched: newest first, whatever order the platform keeps.
//!
//! The platform pages by cursor and does not document its order, so the first page of a long range
//! may just as well be its oldest. A sweep therefore asks for slices of time from the end of the range
//! backwards: wide where little happens, narrow where much does. What lies after
//! [`Sweep::covered_from`] is complete and can be shown in order.

use std::collections::HashSet;

/// Conversations per page.
pub(crate) const PAGE: u32 = 50;

/// A slice this narrow is paged by cursor instead of being cut further.
const NARROWEST_MS: i64 = 2 * 60_000;
/// Neighbouring slices share this much: whether the platform's bounds are inclusive is unknown.
const OVERLAP_MS: i64 = 1_000;
/// The first slice, at most.
const FIRST_MS: i64 = 6 * 3_600_000;

/// The state of a sweep over one range with one set of filters.
#[derive(Debug)]
pub(crate) struct Sweep {
    floor: i64,
    /// Everything from here on has been fetched.
    top: i64,
    /// Width of the current slice.
    width: i64,
    /// Rows the current slice has answered with so far.
    rows: usize,
    cursor: Option<String>,
    used: HashSet<String>,
    repeated: bool,
}

/// One page to ask for. Times are Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) cursor: Option<String>,
}

impl Sweep {
    /// A sweep from `to` back to `from`.
    pub(crate) fn new(from: i64, to: i64) -> Self {
        Self {
            floor: from,
            top: to,
            width: FIRST_MS,
            rows: 0,
            cursor: None,
            used: HashSet::new(),
            repeated: false,
        }
    }

    /// The page to ask for next, or nothing when the range is done.
    pub(crate) fn ask(&self) -> Option<Ask> {
        (self.top > self.floor).then(|| Ask {
            from: self.bottom(),
            to: self.top.saturating_add(OVERLAP_MS),
            cursor: self.cursor.clone(),
        })
    }

    /// Takes in the answer to [`Sweep::ask`]: how many rows came, and the cursor after them.
    pub(crate) fn answer(&mut self, rows: usize, next: Option<String>) {
        self.rows += rows;
        match next {
            Some(_) if self.cursor.is_none() && self.width > NARROWEST_MS && rows > 0 => {
                // More than a page: look at a narrower slice first. The rows are not lost, the
                // caller keeps them until the sweep gets to where they belong.
                self.width = (self.top - self.bottom()) / 8;
                self.width = self.width.max(NARROWEST_MS);
                self.rows = 0;
            }
            Some(cursor) if self.used.insert(cursor.clone()) => self.cursor = Some(cursor),
            Some(_) => {
                self.repeated = true;
                self.close_slice();
            }
            None => self.close_slice(),
        }
    }

    /// Everything that started at or after this moment has been fetched.
    pub(crate) fn covered_from(&self) -> i64 {
        // Within a slice that is paged by cursor, rows show as they come.
        if self.cursor.is_some() { self.bottom() } else { self.top }
    }

    /// Whether the whole range has been fetched.
    pub(crate) fn done(&self) -> bool {
        self.top <= self.floor
    }

    /// Whether the platform gave a cursor twice, which would page forever: rows may be missing.
    pub(crate) fn repeated(&self) -> bool {
        self.repeated
    }

    fn bottom(&self) -> i64 {
        self.floor.max(self.top.saturating_sub(self.width))
    }

    fn close_slice(&mut self) {
        self.top = self.bottom();
        let page = PAGE as usize;
        self.width = match self.rows {
            0 => self.width.saturating_mul(8),
            rows if rows < page / 4 => self.width.saturating_mul(4),
            rows if rows < page / 2 => self.width.saturating_mul(2),
            rows if rows > page => (self.width / 2).max(NARROWEST_MS),
            _ => self.width,
        };
        self.rows = 0;
        self.cursor = None;
        self.used.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A platform with a fixed set of start times in an order of its own.
    struct Platform {
        starts: Vec<i64>,
        inclusive: bool,
    }

    impl Platform {
        fn page(&self, ask: &Ask) -> (Vec<i64>, Option<String>) {
            let inside = |start: &i64| {
                ask.from <= *start && (*start < ask.to || self.inclusive && *start == ask.to)
            };
            let skip = ask.cursor.as_ref().map_or(0, |cursor| cursor.parse().unwrap());
            let all: Vec<_> = self.starts.iter().copied().filter(inside).collect();
            let end = (skip + PAGE as usize).min(all.len());
            (all[skip..end].to_vec(), (end < all.len()).then(|| end.to_string()))
        }
    }

    fn run(platform: &Platform, from: i64, to: i64) -> (Vec<i64>, usize) {
        let (mut sweep, mut seen, mut requests) = (Sweep::new(from, to), HashSet::new(), 0);
        while let Some(ask) = sweep.ask() {
            requests += 1;
            assert!(requests < 3_000, "the sweep does not end");
            let (rows, next) = platform.page(&ask);
            seen.extend(rows.iter().copied());
            sweep.answer(rows.len(), next);
            if sweep.cursor.is_none() {
                // What counts as complete is complete.
                let due = platform.starts.iter().filter(|s| (from..to).contains(*s));
                for start in due.filter(|start| **start >= sweep.covered_from()) {
                    assert!(seen.contains(start), "{start} was skipped");
                }
            }
        }
        assert!(sweep.done());
        let mut seen: Vec<_> = seen.into_iter().filter(|s| (from..to).contains(s)).collect();
        seen.sort_unstable();
        (seen, requests)
    }

    proptest! {
        #[test]
        fn nothing_is_skipped_in_any_order_of_the_platform(
            mut starts in prop::collection::vec(0_i64..40_000_000, 0..600),
            order in 0..3,
            inclusive: bool,
        ) {
            starts.sort_unstable();
            starts.dedup();
            let expected = starts.clone();
            match order {
                0 => {}
                1 => starts.reverse(),
                _ => starts.sort_by_key(|start| start.wrapping_mul(2_654_435_761) % 1_009),
            }
            let (seen, _) = run(&Platform { starts, inclusive }, 0, 40_000_000);
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_quiet_month_takes_few_requests() {
        let (seen, requests) =
            run(&Platform { starts: vec![], inclusive: true }, 0, 30 * 86_400_000);
        assert!(seen.is_empty());
        assert!(requests <= 4, "{requests} requests");
    }

    #[test]
    fn a_rush_shows_the_newest_first_after_a_few_requests() {
        // One conversation per second, oldest first: the worst case.
        let starts: Vec<_> = (0..86_400).map(|second| second * 1_000).collect();
        let platform = Platform { starts, inclusive: false };
        let mut sweep = Sweep::new(0, 86_400_000);
        for _ in 0..4 {
            let (rows, next) = platform.page(&sweep.ask().unwrap());
            sweep.answer(rows.len(), next);
        }
        assert!(sweep.covered_from() < 86_400_000, "nothing to show after four requests");
    }

    #[test]
    fn a_repeated_cursor_ends_the_slice_and_is_told() {
        let mut sweep = Sweep::new(0, 60_000);
        for _ in 0..3 {
            sweep.answer(50, Some("same".into()));
        }
        assert!(sweep.done() && sweep.repeated());
    }
}

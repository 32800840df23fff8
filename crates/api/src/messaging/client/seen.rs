//! Which events were seen, and which are missing.

use std::collections::VecDeque;

/// How many ids of events without a sequence are remembered.
const IDS: usize = 1_024;
/// How many separate runs of sequences are kept; beyond that the oldest hole is given up.
const RUNS: usize = 256;
/// How many anchors are kept.
const ANCHORS: usize = 64;

/// Every sequence seen, as runs, and the latest ids, as hashes.
#[derive(Debug)]
pub(super) struct Seen {
    /// Inclusive, apart from each other, ascending; the first one starts at 0.
    runs: VecDeque<(u64, u64)>,
    ids: VecDeque<u64>,
    /// The latest sequences that every history repeats as they are, ascending.
    anchors: Vec<u64>,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { runs: VecDeque::from([(0, 0)]), ids: VecDeque::new(), anchors: Vec::new() }
    }

    /// The sequence up to which nothing is missing.
    pub(super) fn top(&self) -> u64 {
        self.runs.front().map_or(0, |run| run.1)
    }

    /// The highest sequence seen.
    pub(super) fn highest(&self) -> u64 {
        self.runs.back().map_or(0, |run| run.1)
    }

    /// Whether something below the highest is missing.
    pub(super) fn has_hole(&self) -> bool {
        self.runs.len() > 1
    }

    /// Notes an event; `false` when its id or its sequence was seen before.
    pub(super) fn note(&mut self, id: Option<&str>, sequence: Option<u64>) -> bool {
        let id = id.map(hash);
        let known = id.is_some_and(|id| self.ids.contains(&id))
            || sequence.is_some_and(|sequence| self.contains(sequence));
        if let Some(id) = id
            && !known
        {
            if self.ids.len() >= IDS {
                self.ids.pop_front();
            }
            self.ids.push_back(id);
        }
        if let Some(sequence) = sequence {
            self.fill(sequence, sequence);
        }
        !known
    }

    /// Notes an event that every history repeats under its number. Chunks are none: a history may
    /// hold one whole message in their place.
    pub(super) fn anchor(&mut self, sequence: u64) {
        let Err(at) = self.anchors.binary_search(&sequence) else { return };
        self.anchors.insert(at, sequence);
        if self.anchors.len() > ANCHORS {
            self.anchors.remove(0);
        }
    }

    /// The latest such event up to `limit`; 0, the beginning, when there is none.
    pub(super) fn anchor_before(&self, limit: u64) -> u64 {
        self.anchors.iter().rev().find(|anchor| **anchor <= limit).copied().unwrap_or(0)
    }

    /// Whether all of `from..=to` was seen.
    pub(super) fn covers(&self, from: u64, to: u64) -> bool {
        from > to || self.runs.iter().any(|run| run.0 <= from && to <= run.1)
    }

    /// Counts all of `from..=to` as seen.
    pub(super) fn fill(&mut self, from: u64, to: u64) {
        if from > to {
            return;
        }
        let (mut from, mut to) = (from, to);
        // All runs that touch the new one become one with it.
        let start = self.runs.partition_point(|run| run.1.saturating_add(1) < from);
        let end = self.runs.partition_point(|run| run.0 <= to.saturating_add(1));
        for run in self.runs.drain(start..end.max(start)) {
            from = from.min(run.0);
            to = to.max(run.1);
        }
        self.runs.insert(start, (from, to));
        if self.runs.len() > RUNS {
            self.forgive();
        }
    }

    /// Gives up the oldest hole.
    pub(super) fn forgive(&mut self) {
        if self.has_hole()
            && let Some(first) = self.runs.pop_front()
            && let Some(second) = self.runs.front_mut()
        {
            second.0 = first.0;
        }
    }

    fn contains(&self, sequence: u64) -> bool {
        let at = self.runs.partition_point(|run| run.1 < sequence);
        self.runs.get(at).is_some_and(|run| run.0 <= sequence)
    }
}

/// FNV-1a: short, and good enough for ids that are random themselves.
fn hash(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn agrees_with_a_plain_set() {
        let mut dice = crate::messaging::dice::Dice::new(3);
        for _ in 0..200 {
            let (mut seen, mut set) = (Seen::new(), BTreeSet::from([0]));
            for _ in 0..60 {
                let n = dice.roll() % 80;
                assert_eq!(seen.note(None, Some(n)), set.insert(n));
                let top = (0..100).find(|n| !set.contains(&(n + 1))).unwrap();
                assert_eq!(seen.top(), top);
                assert_eq!(Some(&seen.highest()), set.last());
                assert_eq!(seen.has_hole(), seen.top() != seen.highest());
            }
        }
    }

    #[test]
    fn an_anchor_is_the_latest_event_that_histories_repeat() {
        let mut seen = Seen::new();
        assert_eq!(seen.anchor_before(9), 0);
        for n in [2, 9, 5] {
            seen.anchor(n);
        }
        assert_eq!(
            (seen.anchor_before(1), seen.anchor_before(8), seen.anchor_before(9)),
            (0, 5, 9)
        );
        for n in 10..1_000 {
            seen.anchor(n);
        }
        assert_eq!((seen.anchors.len(), seen.anchor_before(9)), (ANCHORS, 0));
    }

    #[test]
    fn knows_ids_apart_from_sequences() {
        let mut seen = Seen::new();
        assert!(seen.note(Some("a"), None));
        assert!(!seen.note(Some("a"), None));
        assert!(!seen.note(Some("a"), Some(4)), "the same event under another number");
        assert!(!seen.note(Some("b"), Some(4)), "the same number under another id");
        assert!(seen.note(Some("c"), Some(5)));
    }

    #[test]
    fn holes_are_filled_given_up_and_bounded() {
        let mut seen = Seen::new();
        seen.fill(1, 3);
        seen.fill(7, 9);
        seen.fill(12, 12);
        assert_eq!((seen.top(), seen.highest(), seen.has_hole()), (3, 12, true));
        seen.forgive();
        assert_eq!(seen.top(), 9);
        seen.fill(10, 11);
        assert_eq!((seen.top(), seen.has_hole()), (12, false));
        seen.forgive();
        assert_eq!(seen.top(), 12, "no hole, nothing to give up");
        for n in 0..10_000 {
            seen.note(None, Some(n * 3));
        }
        assert!(seen.runs.len() <= RUNS);
        seen.fill(0, u64::MAX);
        assert_eq!(seen.top(), u64::MAX);
    }
}

//! A search under way.

use super::filter::Filter;
use super::lens::Lens;
use super::meaning::Meaning;
use super::{Catalog, Key, Order, SOURCE};
use crate::world::brief::Brief;
use crate::world::index::Index;
use crate::world::script::Sentences;

/// What is looked for, where, and what was found so far.
pub(super) struct Selection<'a> {
    catalog: &'a Catalog,
    filter: &'a Filter,
    order: Order,
    after: Option<Key>,
    want: usize,
    hits: Vec<Key>,
}

impl<'a> Selection<'a> {
    /// A search that has found nothing yet.
    pub(super) const fn new(
        catalog: &'a Catalog,
        filter: &'a Filter,
        order: Order,
        after: Option<Key>,
        want: usize,
    ) -> Self {
        Self { catalog, filter, order, after, want, hits: Vec::new() }
    }

    /// Searches everything; gives what was found in order.
    pub(super) fn run(mut self) -> Vec<Key> {
        let (catalog, filter) = (self.catalog, self.filter);
        let sentences = catalog.world.sentences();
        let meaning = Meaning::of(filter, sentences);
        let lens = |sentences: &Sentences| Lens::new(filter, &meaning, sentences);
        let of_world = lens(sentences);
        self.gather(catalog.world.index(), &of_world, 0);
        let traffic = &catalog.traffic;
        if !traffic.index().briefs().is_empty() {
            self.gather(traffic.index(), &lens(traffic.sentences()), traffic.place());
        }
        for (held, place) in catalog.live.1.iter().zip(2 * SOURCE + catalog.live.0..) {
            if filter.fits(&Brief::of(held), catalog.now_ms)
                && held.started_ms <= catalog.now_ms
                && let Some(rank) = of_world.rank_told(held, catalog.now_ms, place)
            {
                self.offer(Key { rank, started_ms: held.started_ms, place });
            }
        }
        self.finish()
    }

    /// Takes what fits from an index whose first conversation stands at `first`.
    fn gather(&mut self, index: &Index, lens: &Lens<'_>, first: u64) {
        let (filter, order, now_ms) = (self.filter, self.order, self.catalog.now_ms);
        let mut until_ms = filter.until_ms.min(now_ms.saturating_add(1));
        if let Some(after) = self.after.filter(|_| !filter.ranks()) {
            // Nothing newer can come behind the cursor.
            until_ms = until_ms.min(after.started_ms.saturating_add(1));
        }
        let range = index.started(filter.from_ms, until_ms);
        let enough = self.hits.len().saturating_add(self.want);
        let mut look = |at: usize| {
            let place = first + at as u64;
            let brief = index.briefs().get(at).filter(|brief| filter.fits(brief, now_ms));
            let found = brief.and_then(|brief| {
                let rank = if lens.reads() && brief.in_progress(now_ms) {
                    // What is still to be said must not be found.
                    lens.rank_told(&*self.catalog.tell(place)?, now_ms, place)?
                } else {
                    lens.rank(index.script(), brief, at, place)?
                };
                Some(Key { rank, started_ms: brief.started_ms, place })
            });
            if let Some(key) = found {
                self.offer(key);
            }
            // Ranks are compared when all are known; without them the order is that of the index.
            filter.ranks() || self.hits.len() < enough
        };
        match order {
            Order::Descending => range.rev().all(&mut look),
            Order::Ascending => range.into_iter().all(&mut look),
        };
    }

    fn offer(&mut self, key: Key) {
        if self.after.is_none_or(|after| key < after) {
            self.hits.push(key);
        }
    }

    fn finish(self) -> Vec<Key> {
        let Self { mut hits, want, order, .. } = self;
        if order == Order::Descending && want > 0 && want < hits.len() {
            // Far fewer are wanted than were found: only those need sorting.
            hits.select_nth_unstable_by(want - 1, |left, right| right.cmp(left));
            hits.truncate(want);
        }
        match order {
            Order::Descending => hits.sort_unstable_by(|left, right| right.cmp(left)),
            Order::Ascending => hits.sort_unstable_by_key(|key| (key.started_ms, key.place)),
        }
        hits.truncate(want);
        hits
    }
}

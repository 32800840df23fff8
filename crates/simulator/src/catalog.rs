//! Everything there is to list: the seeded past, the traffic since, and what is held live.

pub(crate) mod filter;
mod lens;
mod meaning;
mod measure;
mod selection;

use std::sync::Arc;

use self::filter::Filter;
use self::selection::Selection;
use crate::conversation::Conversation;
use crate::platform::Platform;
use crate::traffic;
use crate::world::World;
use crate::world::brief::Brief;
use crate::world::index::Index;

/// Places of the three sources begin at multiples of this; numbers within them are far smaller.
const SOURCE: u64 = 1 << 40;

/// Where a conversation stands among those found: by rank, then by start, then by place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    /// How well it fits; 0 where that has no degrees.
    pub(crate) rank: u64,
    /// Start, Unix milliseconds.
    pub(crate) started_ms: i64,
    /// Which one it is, for good.
    pub(crate) place: u64,
}

/// In which order conversations are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Best rank first, then the newest.
    Descending,
    /// The oldest first, whatever its rank.
    Ascending,
}

/// What there is at one moment. It stays as it is while others add to the sources.
#[derive(Debug)]
pub(crate) struct Catalog {
    world: Arc<World>,
    traffic: Arc<traffic::View>,
    /// The number of the first, and all.
    live: (u64, Vec<Arc<Conversation>>),
    now_ms: i64,
}

impl Catalog {
    /// What `platform` holds at `now_ms`.
    pub(crate) fn new(platform: &Platform, now_ms: i64) -> Self {
        Self {
            world: platform.world(),
            traffic: platform.traffic.view(now_ms, || platform.live_deployment()),
            live: platform.live.numbered(now_ms),
            now_ms,
        }
    }

    /// The conversation with this id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Conversation>> {
        let live = self.live.1.iter().find(|held| held.id == id).cloned();
        let found = live.or_else(|| self.traffic.find(id)).or_else(|| self.world.find(id));
        found.filter(|held| held.started_ms <= self.now_ms)
    }

    /// The conversation at a place.
    pub(crate) fn tell(&self, place: u64) -> Option<Arc<Conversation>> {
        let number = place % SOURCE;
        match place / SOURCE {
            0 => self.world.tell(usize::try_from(number).ok()?),
            1 => self.traffic.tell(number),
            _ => self.live.1.get(usize::try_from(number.checked_sub(self.live.0)?).ok()?).cloned(),
        }
    }

    /// The first `want` that pass `filter`, in order, behind the place `after`.
    pub(crate) fn select(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<Key>,
        want: usize,
    ) -> Vec<Key> {
        Selection::new(self, filter, order, after, want).run()
    }

    /// How many have started.
    pub(crate) fn count(&self) -> usize {
        let started = |index: &Index| index.started(i64::MIN, self.now_ms.saturating_add(1)).len();
        started(self.world.index()) + started(self.traffic.index()) + self.live.1.len()
    }

    /// What ran at some time from `from_ms` until before `until_ms`, in brief and with its place.
    pub(crate) fn running(&self, from_ms: i64, until_ms: i64) -> Vec<(u64, Brief)> {
        let until_ms = until_ms.min(self.now_ms.saturating_add(1));
        let (mut found, live) = (Vec::new(), self.live.1.iter().map(|held| Brief::of(held)));
        let mut look = |briefs: &mut dyn Iterator<Item = (u64, Brief)>| {
            found
                .extend(briefs.filter(|(_, brief)| {
                    brief.started_ms < until_ms && brief.ended_ms() > from_ms
                }));
        };
        for (index, first) in
            [(self.world.index(), 0), (self.traffic.index(), self.traffic.place())]
        {
            look(&mut (first..).zip(index.briefs().iter().copied()));
        }
        look(&mut (2 * SOURCE + self.live.0..).zip(live));
        found
    }
}

impl traffic::View {
    /// The place of the first that is kept.
    fn place(&self) -> u64 {
        SOURCE + self.first()
    }
}

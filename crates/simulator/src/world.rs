//! The seeded past: conversations of sixty days, the same for the same seed and moment.
//!
//! The callers are scripted (`caller`); the answers come from the real agent. Nothing here reads a
//! clock: the present moment is an argument.

pub(crate) mod brief;
mod caller;
pub(crate) mod casting;
mod ear;
pub(crate) mod index;
mod rhythm;
pub(crate) mod script;
mod shelf;
mod utterances;

use std::sync::Arc;

pub(crate) use self::caller::called;
use self::ear::Ear;
use self::index::Index;
use self::script::Sentences;
use self::shelf::Shelf;
use crate::conversation::Conversation;

/// How far back the past reaches, in days.
pub const DAYS: i64 = 60;

/// Conversations of the small world.
pub const SMALL: usize = 2_000;
/// Largest world; its index takes some 100 MB.
pub const LARGEST: usize = 5_000_000;

/// Reads the size of a world: `small`, `medium`, `large`, or a number up to [`LARGEST`].
pub fn size(text: &str) -> Result<usize, String> {
    match text {
        "small" => Ok(SMALL),
        "medium" => Ok(50_000),
        "large" => Ok(1_000_000),
        number => number
            .parse()
            .ok()
            .filter(|count| *count <= LARGEST)
            .ok_or_else(|| format!("small, medium, large or a number up to {LARGEST}")),
    }
}

/// All seeded conversations, oldest first.
///
/// What is kept is an index of some 80 bytes for each. A conversation is a function of seed, moment and
/// number, so it is told again when somebody wants to read it; the last few thousand told are at hand.
#[derive(Debug)]
pub struct World {
    anchor_ms: i64,
    index: Index,
    teller: Teller,
}

impl World {
    /// Makes `count` conversations that started in the sixty days before `anchor_ms`.
    pub fn new(seed: u64, anchor_ms: i64, count: usize) -> Self {
        let starts = rhythm::starts(seed, anchor_ms, count);
        let teller = Teller::new(seed);
        let write_down = |first: usize, starts: &[i64]| {
            let mut index = Index::default();
            for (number, started_ms) in (first..).zip(starts) {
                let told = teller.seeded(number, *started_ms, anchor_ms);
                index.push(&told, teller.sentences());
            }
            index
        };
        let workers = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
        let share = starts.len().div_ceil(workers).max(1);
        let mut index = Index::default();
        std::thread::scope(|scope| {
            let write_down = &write_down;
            let shares = starts.chunks(share).enumerate();
            let workers: Vec<_> = shares
                .map(|(at, starts)| scope.spawn(move || write_down(at * share, starts)))
                .collect();
            for worker in workers {
                let part = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                index.append(&part);
            }
        });
        Self { anchor_ms, index, teller }
    }

    /// How many conversations there are.
    pub const fn len(&self) -> usize {
        self.index.briefs().len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Conversation `number`, from 0 for the oldest.
    pub fn tell(&self, number: usize) -> Option<Arc<Conversation>> {
        let started_ms = self.index.briefs().get(number)?.started_ms;
        let tell = || self.teller.seeded(number, started_ms, self.anchor_ms);
        Some(self.teller.kept(number as u64, tell))
    }

    /// All conversations, oldest first, told one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Arc<Conversation>> {
        (0..self.len()).filter_map(|number| self.tell(number))
    }

    /// The conversation with this id.
    pub fn find(&self, id: &str) -> Option<Arc<Conversation>> {
        let mut told = self.index.places(id).filter_map(|number| self.tell(number));
        told.find(|conversation| conversation.id == id)
    }

    /// Seed, present moment and size: all that the world follows from.
    pub const fn origin(&self) -> (u64, i64, usize) {
        (self.teller.seed, self.anchor_ms, self.len())
    }

    /// What lists and searches look at.
    pub(crate) const fn index(&self) -> &Index {
        &self.index
    }

    /// The distinct sentences of its scripts.
    pub(crate) const fn sentences(&self) -> &Sentences {
        self.teller.sentences()
    }
}

/// Tells conversations, and remembers what makes telling quick.
#[derive(Debug)]
pub(crate) struct Teller {
    seed: u64,
    sentences: Sentences,
    ear: Ear,
    shelf: Shelf,
}

impl Teller {
    /// A teller of the stories that follow from `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let (sentences, ear, shelf) = (Sentences::default(), Ear::default(), Shelf::default());
        Self { seed, sentences, ear, shelf }
    }

    /// Story `number`, with turns numbered from `first_turn_id`; at `anchor_ms` it may still be running.
    ///
    /// A generator of its own makes it independent of its neighbours.
    pub(crate) fn tell(
        &self,
        number: u64,
        first_turn_id: u64,
        started_ms: i64,
        anchor_ms: Option<i64>,
    ) -> Conversation {
        let mut dice = fastrand::Rng::with_seed(mix(self.seed, number));
        caller::conversation(&mut dice, first_turn_id, started_ms, anchor_ms, &self.ear)
    }

    /// A conversation from the shelf, or as `tell` tells it.
    pub(crate) fn kept(
        &self,
        number: u64,
        tell: impl FnOnce() -> Conversation,
    ) -> Arc<Conversation> {
        self.shelf.take(number, tell)
    }

    /// The distinct sentences of what was told.
    pub(crate) const fn sentences(&self) -> &Sentences {
        &self.sentences
    }

    fn seeded(&self, number: usize, started_ms: i64, anchor_ms: i64) -> Conversation {
        let number = number as u64;
        self.tell(number, 71_000_000 + number * 64, started_ms, Some(anchor_ms))
    }
}

/// One number out of two, well stirred (the finaliser of `SplitMix64`).
pub(crate) fn mix(seed: u64, number: u64) -> u64 {
    let mut state = seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::agent::Language;
    use crate::conversation::{Channel, Environment};

    const ANCHOR: i64 = 1_795_443_600_000;

    #[test]
    fn sizes_have_names() {
        assert_eq!([size("small"), size("large"), size("17")], [Ok(2_000), Ok(1_000_000), Ok(17)]);
        for odd in ["", "huge", "-1", "5000001"] {
            assert!(size(odd).unwrap_err().contains("medium"), "{odd}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_world_and_another_another() {
        let text = |seed| format!("{:?}", World::new(seed, ANCHOR, 300).iter().collect::<Vec<_>>());
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }

    #[test]
    fn the_world_is_believable() {
        let world = World::new(7, ANCHOR, 5_000);
        let all: Vec<_> = world.iter().collect();
        assert_eq!(all.len(), 5_000);
        let share = |test: &dyn Fn(&Conversation) -> bool| {
            all.iter().filter(|conversation| test(conversation)).count() * 100 / all.len()
        };
        assert_eq!(all.iter().map(|c| &c.id).collect::<HashSet<_>>().len(), all.len());
        assert!(share(&|c| c.environment == Environment::Live) > 85);
        assert!((30..55).contains(&share(&|c| c.channel == Channel::Voice)));
        assert!((5..30).contains(&share(&|c| c.handoff.is_some())));
        assert!((10..35).contains(&share(&|c| c.language != Language::English)));
        assert!(share(&|c| c.turns.iter().any(|turn| turn.out_of_domain)) >= 5);
        assert!(share(&|c| c.metrics.iter().any(|metric| metric.name == "CSAT_SCORE")) >= 5);
        for (count, what) in [
            (all.iter().filter(|c| c.in_progress(ANCHOR)).count(), "in progress"),
            (all.iter().flat_map(|c| &c.turns).filter(|t| t.silence).count(), "silences"),
            (all.iter().flat_map(|c| &c.turns).filter(|t| t.barge_in).count(), "barge-ins"),
            (all.iter().flat_map(|c| &c.turns).filter(|t| !t.dtmf.is_empty()).count(), "keys"),
        ] {
            assert!(count >= 3, "{count} {what}");
        }
    }

    #[test]
    fn times_and_counts_agree() {
        for conversation in World::new(3, ANCHOR, 1_000).iter() {
            let id = &conversation.id;
            assert!(!conversation.turns.is_empty(), "{id}");
            assert!(
                conversation.started_ms <= ANCHOR
                    && conversation.started_ms > ANCHOR - (DAYS + 1) * 86_400_000
            );
            let mut at = conversation.started_ms;
            for turn in &conversation.turns {
                assert!(turn.user_ms >= at, "{id}: turns stand in order");
                assert_eq!(turn.agent_ms, turn.user_ms + i64::from(turn.latency_ms), "{id}");
                assert!(!turn.agent.is_empty(), "{id}");
                at = turn.agent_ms;
            }
            assert!(conversation.ended_ms >= at, "{id} ends after its last turn");
            assert!(conversation.agent_left_ms <= conversation.ended_ms, "{id}");
            assert!(conversation.in_progress(ANCHOR) || conversation.poly_score.is_some(), "{id}");
            let foreign =
                conversation.turns.iter().filter(|turn| turn.language != Some(Language::English));
            for turn in foreign {
                assert!(turn.agent_english.is_some(), "{id}");
                assert!(turn.user.is_empty() || turn.user_english.is_some(), "{id}: {}", turn.user);
            }
        }
    }
}

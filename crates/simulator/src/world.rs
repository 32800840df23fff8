//! The seeded past: conversations of sixty days, the same for the same seed and moment.
//!
//! The callers are scripted (`caller`); the answers come from the real agent. Nothing here reads a
//! clock: the present moment is an argument.

mod caller;
pub(crate) mod casting;
mod rhythm;
mod utterances;

use std::collections::HashMap;

pub(crate) use self::caller::called;
use crate::conversation::Conversation;

/// How far back the past reaches, in days.
pub const DAYS: i64 = 60;

/// All seeded conversations, oldest first.
#[derive(Debug)]
pub struct World {
    conversations: Vec<Conversation>,
    by_id: HashMap<String, usize>,
}

impl World {
    /// Makes `count` conversations that started in the sixty days before `anchor_ms`.
    pub fn new(seed: u64, anchor_ms: i64, count: usize) -> Self {
        let starts = rhythm::starts(seed, anchor_ms, count);
        let tell = |first: usize, starts: &[i64]| -> Vec<Conversation> {
            let numbered = starts.iter().zip(first..);
            let told = numbered.map(|(started_ms, number)| {
                // One own generator per conversation: it does not depend on its neighbours.
                let mut dice = fastrand::Rng::with_seed(mix(seed, number as u64));
                caller::conversation(&mut dice, number, *started_ms, anchor_ms)
            });
            told.collect()
        };
        let workers = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
        let share = starts.len().div_ceil(workers).max(1);
        let conversations: Vec<_> = std::thread::scope(|scope| {
            let tell = &tell;
            let shares = starts.chunks(share).enumerate();
            let workers: Vec<_> =
                shares.map(|(at, starts)| scope.spawn(move || tell(at * share, starts))).collect();
            let told = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
            told.flat_map(|told| told.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let by_id = conversations
            .iter()
            .enumerate()
            .map(|(at, conversation)| (conversation.id.clone(), at))
            .collect();
        Self { conversations, by_id }
    }

    /// All conversations, oldest first.
    pub fn conversations(&self) -> &[Conversation] {
        &self.conversations
    }

    /// The conversation with this id.
    pub fn find(&self, id: &str) -> Option<&Conversation> {
        self.by_id.get(id).and_then(|at| self.conversations.get(*at))
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
    fn the_same_seed_gives_the_same_world_and_another_another() {
        let text = |seed| format!("{:?}", World::new(seed, ANCHOR, 300).conversations());
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }

    #[test]
    fn the_world_is_believable() {
        let world = World::new(7, ANCHOR, 5_000);
        let all = world.conversations();
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
        for conversation in World::new(3, ANCHOR, 1_000).conversations() {
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

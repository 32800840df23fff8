//! The conversations of a platform, as numbers of a window.

use super::tally::{Tally, Traffic};
use crate::conversation::{Conversation, Environment};
use crate::platform::Platform;

/// Turns of conversations that began longer before a window are not looked for.
const LONGEST_MS: i64 = 4 * 3_600_000;

impl Traffic for Platform {
    fn tally(&self, project: Option<&str>, from_ms: i64, until_ms: i64) -> Tally {
        let mut tally = Tally::default();
        if !project.is_none_or(|project| self.account.is_project(project)) {
            // Agents that were made here have no conversations.
            return tally;
        }
        let past = self.world.conversations();
        let first = past.partition_point(|held| held.started_ms <= from_ms - LONGEST_MS);
        let past = past.iter().skip(first).take_while(|held| held.started_ms <= until_ms);
        let live = self.live.all(until_ms);
        past.chain(live.iter().map(AsRef::as_ref))
            .for_each(|held| count(&mut tally, held, from_ms, until_ms));
        tally
    }
}

/// Adds what happened in one conversation after `from_ms` and until `until_ms`.
fn count(tally: &mut Tally, held: &Conversation, from_ms: i64, until_ms: i64) {
    let within = |at_ms: i64| from_ms < at_ms && at_ms <= until_ms;
    if held.environment != Environment::Live {
        return;
    }
    tally.conversations += u64::from(within(held.started_ms));
    let answered = held.turns.iter().filter(|turn| within(turn.agent_ms) && turn.latency_ms > 0);
    tally.latencies_ms.extend(answered.map(|turn| turn.latency_ms));
}

//! Client half against server half, over a link that drops, doubles, delays and reorders frames and
//! kills sockets, in virtual time.
//!
//! For every seed: nothing is shown twice, nothing typed is lost unmarked or delivered twice, the
//! order is that of the journal, and streamed text is what the agent said.
//!
//! A seed that fails is named in the message; run it alone with `PERCH_SEED=<seed>`.

mod agent;
mod check;
mod link;
mod world;

use self::world::World;

const SEEDS: u64 = 10_000;

#[test]
fn whatever_the_link_does() {
    if let Ok(seed) = std::env::var("PERCH_SEED") {
        World::new(seed.parse().unwrap(), true).run();
        return;
    }
    let tally = crate::seeds::tally(SEEDS, |seed| World::new(seed, false).run());
    println!("{tally:?}");
    // A link that does no harm would prove nothing.
    assert!(tally.kills > SEEDS, "{tally:?}");
    assert!(tally.dropped > SEEDS, "{tally:?}");
    assert!(tally.doubled > 2 * SEEDS, "{tally:?}");
    assert!(tally.resent > SEEDS / 10, "{tally:?}");
    assert!(tally.undelivered > SEEDS / 50, "{tally:?}");
    assert!(tally.sent > 2 * SEEDS, "{tally:?}");
    assert!(tally.streams > SEEDS, "{tally:?}");
    assert!(tally.blind < SEEDS / 50, "{tally:?}");
}

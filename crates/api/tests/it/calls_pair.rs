//! Caller's half against gateway's half, with the edge's relay in between, over a link that drops,
//! doubles, delays and reorders frames and kills sockets, in virtual time.
//!
//! For every seed: never two live calls, every call ends exactly once, no candidate is lost before
//! the answer, and no frame to the caller holds the token.
//!
//! A seed that fails is named in the message; run it alone with `PERCH_SEED=<seed>`.

mod link;
mod peers;
mod people;
mod tally;
mod wire;
mod world;

use self::world::World;

const SEEDS: u64 = 4_000;

#[test]
fn whatever_the_link_does_to_a_call() {
    if let Ok(seed) = std::env::var("PERCH_SEED") {
        World::new(seed.parse().unwrap(), true).run();
        return;
    }
    let tally = crate::seeds::tally(SEEDS, |seed| World::new(seed, false).run());
    println!("{tally:?}");
    // A link that does no harm would prove nothing, nor would calls that never come about.
    assert!(tally.calls > SEEDS, "{tally:?}");
    assert!(tally.talked > SEEDS / 2, "{tally:?}");
    assert!(tally.kills > SEEDS, "{tally:?}");
    assert!(tally.dropped > SEEDS / 2, "{tally:?}");
    assert!(tally.doubled > SEEDS, "{tally:?}");
    assert!(tally.early > SEEDS / 10, "{tally:?}");
    assert!(tally.again > SEEDS / 10, "{tally:?}");
    assert!(tally.scrubbed > SEEDS / 50, "{tally:?}");
    assert!(tally.complete > SEEDS / 20, "{tally:?}");
}

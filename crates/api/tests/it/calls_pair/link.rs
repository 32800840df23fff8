//! How bad a link is.

use fastrand::Rng;

#[derive(Debug, Clone)]
pub(super) struct Faults {
    pub(super) drop: u32,
    pub(super) double: u32,
    pub(super) delay: (u64, u64),
    pub(super) reorder: bool,
    pub(super) dial_fails: u32,
    pub(super) dial_hangs: u32,
    pub(super) kill_every: u64,
}

impl Faults {
    pub(super) fn new(rng: &mut Rng) -> Self {
        let low = rng.u64(1..100);
        Self {
            drop: *rng.choice(&[0, 0, 5, 20]).unwrap(),
            double: *rng.choice(&[0, 10, 40]).unwrap(),
            delay: (low, low + rng.u64(1..800)),
            reorder: rng.bool(),
            dial_fails: *rng.choice(&[0, 10, 40]).unwrap(),
            dial_hangs: *rng.choice(&[0, 5]).unwrap(),
            kill_every: *rng.choice(&[2_000, 8_000, 30_000]).unwrap(),
        }
    }

    pub(super) fn none() -> Self {
        Self {
            drop: 0,
            double: 0,
            delay: (5, 50),
            reorder: false,
            dial_fails: 0,
            dial_hangs: 0,
            kill_every: u64::MAX,
        }
    }
}

pub(super) fn percent(rng: &mut Rng, of_hundred: u32) -> bool {
    rng.u32(0..100) < of_hundred
}

//! How bad the link is, decided by the seed.

use fastrand::Rng;

/// The faults of one run.
#[derive(Debug, Clone)]
pub(crate) struct Faults {
    /// Percent of frames that vanish on their way down and up.
    pub(crate) drop_down: u8,
    pub(crate) drop_up: u8,
    /// Percent of frames that arrive twice, down and up.
    pub(crate) double_down: u8,
    pub(crate) double_up: u8,
    /// Milliseconds on the way, at least and at most.
    pub(crate) delay: (u64, u64),
    /// Frames may overtake each other.
    pub(crate) reorder: bool,
    /// Mean milliseconds between kills.
    pub(crate) kill_every: u64,
    /// Percent of dials that fail, and that are never answered.
    pub(crate) dial_fails: u8,
    pub(crate) dial_hangs: u8,
}

impl Faults {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let slow = rng.bool();
        Self {
            drop_down: *rng.choice(&[0, 0, 3, 10]).unwrap(),
            drop_up: *rng.choice(&[0, 0, 5, 15]).unwrap(),
            double_down: *rng.choice(&[0, 10, 40]).unwrap(),
            double_up: *rng.choice(&[0, 10, 40]).unwrap(),
            delay: if slow { (50, 1_500) } else { (5, 60) },
            reorder: rng.bool(),
            kill_every: *rng.choice(&[3_000, 8_000, 20_000]).unwrap(),
            dial_fails: *rng.choice(&[0, 20]).unwrap(),
            dial_hangs: *rng.choice(&[0, 0, 5]).unwrap(),
        }
    }

    /// A link as it should be.
    pub(crate) fn none() -> Self {
        Self {
            drop_down: 0,
            drop_up: 0,
            double_down: 0,
            double_up: 0,
            delay: (5, 60),
            reorder: false,
            kill_every: u64::MAX,
            dial_fails: 0,
            dial_hangs: 0,
        }
    }
}

pub(crate) fn percent(rng: &mut Rng, of: u8) -> bool {
    rng.u8(0..100) < of
}

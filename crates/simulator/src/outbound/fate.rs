//! What becomes of a call.

use crate::world::mix;

/// How a telephone behaves when it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    /// From placing to ringing, where a line is free.
    pub(super) dials_ms: i64,
    /// How long it rings.
    pub(super) rings_ms: i64,
    /// Why nobody answers.
    pub(super) failure: Option<&'static str>,
    /// Decides what the one who answers says.
    pub(crate) words: u64,
}

impl Fate {
    /// The fate of every call to this number in the world of this seed.
    pub(crate) fn of(seed: u64, number: &str) -> Self {
        let own = number.bytes().fold(seed, |sum, byte| mix(sum, byte.into()));
        let mut dice = fastrand::Rng::with_seed(own);
        let dials_ms = dice.i64(1_500..4_000);
        let (failure, rings_ms) = match dice.u32(0..100) {
            0..=71 => (None, dice.i64(4_000..18_000)),
            72..=86 => (Some("No answer"), 30_000),
            87..=93 => (Some("Busy"), dice.i64(1_000..2_500)),
            94..=97 => (Some("Call rejected"), dice.i64(2_000..9_000)),
            _ => (Some("Number not in service"), dice.i64(1_000..2_500)),
        };
        Self { dials_ms, rings_ms, failure, words: dice.u64(..) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_behaves_alike_and_most_people_answer() {
        let all: Vec<_> = (0..1_000).map(|n| Fate::of(7, &format!("+447700900{n:03}"))).collect();
        assert_eq!(all[3], Fate::of(7, "+447700900003"));
        assert_ne!(all[3], Fate::of(8, "+447700900003"));
        let answered = all.iter().filter(|fate| fate.failure.is_none()).count();
        assert!((650..790).contains(&answered), "{answered} of 1000");
        for reason in ["No answer", "Busy", "Call rejected", "Number not in service"] {
            assert!(all.iter().any(|fate| fate.failure == Some(reason)), "{reason}");
        }
    }
}

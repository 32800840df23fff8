//! Guessing at the operator's one-time sign-in.

/// Wrong attempts a minute of one caller, before its next ones are not looked at.
pub const PER_CALLER: u32 = 10;
/// Wrong attempts a minute of everybody.
pub const OF_ALL: u32 = 100;
/// The minute.
pub const SECONDS: u64 = 60;

/// What an attempt leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A session.
    SignedIn,
    /// A refusal that counts.
    Wrong,
    /// A refusal until the minute is over.
    Wait,
}

/// Judges an attempt after so many wrong ones. The right token always gets in: it is too long to be
/// guessed, and if it had to wait, anybody could lock the operator out.
pub const fn judge(right: bool, by_caller: u32, by_all: u32) -> Outcome {
    if right {
        Outcome::SignedIn
    } else if by_caller >= PER_CALLER || by_all >= OF_ALL {
        Outcome::Wait
    } else {
        Outcome::Wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_ones_are_limited_per_caller_and_together() {
        assert_eq!(judge(false, PER_CALLER - 1, OF_ALL - 1), Outcome::Wrong);
        assert_eq!(judge(false, PER_CALLER, PER_CALLER), Outcome::Wait);
        assert_eq!(judge(false, 0, OF_ALL), Outcome::Wait);
    }

    #[test]
    fn nobody_can_lock_the_right_one_out() {
        for count in [0, PER_CALLER, OF_ALL, u32::MAX] {
            assert_eq!(judge(true, count, count), Outcome::SignedIn);
        }
    }
}

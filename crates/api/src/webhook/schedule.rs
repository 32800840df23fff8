//! When the platform tries again, as data and arithmetic.
//!
//! Six attempts: at once, then 1 minute, 5 minutes, 15 minutes, 1 hour and 4 hours after the one
//! before. (Its documentation rounds the sums to "about 1.5 h" and "about 5.5 h"; they are 1 h 21 min
//! and 5 h 21 min.) Whether a retry is stamped anew is undocumented; with a window of 300 s it has
//! to be.

/// Seconds between an attempt and the one before.
pub const ATTEMPT_DELAYS_S: [u32; 6] = [0, 60, 300, 900, 3_600, 14_400];

/// Seconds between the first attempt and each attempt, if all answers come at once.
pub const ATTEMPT_OFFSETS_S: [u32; 6] = [0, 60, 360, 1_260, 4_860, 19_260];

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The receiver answered with a status.
    Status(u16),
    /// It did not answer in time (1 to 30 s, as the endpoint says).
    TimedOut,
    /// It could not be reached.
    Unreachable,
}

/// What the platform does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: it arrived.
    Delivered,
    /// It tries again.
    Retried,
    /// It gives up, for ever: there is no replay.
    Lost,
}

/// What follows from an answer to attempt number `attempt`, counted from 1.
pub const fn fate(answer: Answer, attempt: u32) -> Fate {
    match answer {
        Answer::Status(200..=299) => Fate::Delivered,
        Answer::Status(408 | 429 | 500..=599) | Answer::TimedOut | Answer::Unreachable
            if attempt < 6 =>
        {
            Fate::Retried
        }
        _ => Fate::Lost,
    }
}

/// Which attempt a delivery is that arrives `elapsed_s` seconds after the first, counted from 1.
///
/// `slack_s` is how late it may be, in all, through time-outs of the attempts before (at most 30 s
/// each) and the sender's own queue. Nothing when it fits none.
pub fn attempt_at(elapsed_s: i64, slack_s: u32) -> Option<u32> {
    let fits = |offset: &u32| {
        let late = elapsed_s.saturating_sub(i64::from(*offset));
        (0..=i64::from(slack_s)).contains(&late)
    };
    // With a large slack several fit: the latest is the one that is least late.
    let at = ATTEMPT_OFFSETS_S.iter().rposition(fits)?;
    u32::try_from(at).ok()?.checked_add(1)
}

/// An attempt still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upcoming {
    /// Its number, counted from 1.
    pub attempt: u32,
    /// When, in Unix seconds, if every attempt before it fails at once.
    pub at: i64,
}

/// The attempts that follow when attempt number `attempt`, counted from 1, has failed at `at`.
pub fn upcoming(attempt: u32, at: i64) -> Vec<Upcoming> {
    let done = usize::try_from(attempt).unwrap_or(usize::MAX);
    let mut time = at;
    let rest = ATTEMPT_DELAYS_S.iter().zip(1_u32..).skip(done.max(1));
    rest.map(|(delay, attempt)| {
        time = time.saturating_add(i64::from(*delay));
        Upcoming { attempt, at: time }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_are_the_sums_of_the_delays() {
        let mut sum = 0;
        for (delay, offset) in ATTEMPT_DELAYS_S.iter().zip(ATTEMPT_OFFSETS_S) {
            sum += delay;
            assert_eq!(sum, offset);
        }
    }

    #[test]
    fn only_what_the_platform_retries_is_retried() {
        for status in [408, 429, 500, 503, 599] {
            assert_eq!(fate(Answer::Status(status), 1), Fate::Retried, "{status}");
            assert_eq!(fate(Answer::Status(status), 6), Fate::Lost, "{status}");
        }
        for status in [100, 301, 400, 401, 404, 410, 600] {
            assert_eq!(fate(Answer::Status(status), 1), Fate::Lost, "{status}");
        }
        assert_eq!(fate(Answer::Status(204), 6), Fate::Delivered);
        assert_eq!(fate(Answer::TimedOut, 5), Fate::Retried);
        assert_eq!(fate(Answer::Unreachable, 6), Fate::Lost);
    }

    #[test]
    fn an_attempt_is_known_by_its_delay() {
        assert_eq!(attempt_at(0, 5), Some(1));
        assert_eq!(attempt_at(62, 5), Some(2));
        assert_eq!(attempt_at(66, 5), None);
        assert_eq!(attempt_at(-1, 5), None);
        assert_eq!(attempt_at(19_300, 60), Some(6));
        assert_eq!(attempt_at(400, 400), Some(3));
        assert_eq!(attempt_at(i64::MIN, 5), None);
    }

    proptest! {
        #[test]
        fn what_is_to_come_and_what_has_come_agree(attempt in 1_u32..6, at in any::<i32>()) {
            let first = i64::from(at);
            let offset = i64::from(ATTEMPT_OFFSETS_S[attempt as usize - 1]);
            let rest = upcoming(attempt, first + offset);
            prop_assert_eq!(rest.len(), 6 - attempt as usize);
            for next in rest {
                prop_assert_eq!(attempt_at(next.at - first, 0), Some(next.attempt));
            }
            prop_assert!(upcoming(6, first).is_empty());
        }
    }
}

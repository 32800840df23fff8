//! When a provider's documents are asked for again.

/// Seconds that a document is kept.
const KEPT_SECONDS: u64 = 3_600;
/// Seconds between two questions because of an unknown key.
const UNKNOWN_SECONDS: u64 = 60;
/// Seconds between two questions after one without an answer.
const FAILED_SECONDS: u64 = 5;

/// Whether a provider's document is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// The kept one serves.
    Keep,
    /// A new one is fetched; the kept one serves if that fails.
    Ask,
    /// There is none, and the last question, which had no answer, is too recent.
    Wait,
}

/// When something was done with a document, in unix seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// The kept one came.
    pub kept: Option<u64>,
    /// It was asked for last.
    pub asked: Option<u64>,
    /// Last there was no answer.
    pub failed: Option<u64>,
}

/// Decides that; `lacks` says that the kept one lacks a key.
pub fn fetch(now: u64, times: Times, lacks: bool) -> Fetch {
    let since = |at: Option<u64>| at.map_or(u64::MAX, |at| now.saturating_sub(at));
    match times.kept {
        None if since(times.failed) < FAILED_SECONDS => Fetch::Wait,
        None => Fetch::Ask,
        Some(_) if lacks && since(times.asked) >= UNKNOWN_SECONDS => Fetch::Ask,
        Some(_) if since(times.kept) >= KEPT_SECONDS && since(times.asked) >= FAILED_SECONDS => {
            Fetch::Ask
        }
        Some(_) => Fetch::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t61_an_unknown_key_is_asked_for_once_a_minute() {
        let at = |kept, asked, failed| Times { kept, asked, failed };
        assert_eq!(fetch(1_000, at(None, None, None), true), Fetch::Ask);
        assert_eq!(fetch(1_001, at(None, Some(1_000), None), true), Fetch::Ask, "under way");
        assert_eq!(fetch(1_004, at(None, Some(1_000), Some(1_000)), true), Fetch::Wait);
        assert_eq!(fetch(1_005, at(None, Some(1_000), Some(1_000)), true), Fetch::Ask);
        let kept = at(Some(1_000), Some(1_000), None);
        assert_eq!(fetch(1_059, kept, true), Fetch::Keep);
        assert_eq!(fetch(1_060, kept, true), Fetch::Ask);
        assert_eq!(fetch(1_061, at(Some(1_000), Some(1_060), Some(1_060)), true), Fetch::Keep);
        assert_eq!(fetch(4_599, kept, false), Fetch::Keep);
        assert_eq!(fetch(4_600, kept, false), Fetch::Ask);
        assert_eq!(fetch(4_604, at(Some(1_000), Some(4_600), None), false), Fetch::Keep);
    }
}

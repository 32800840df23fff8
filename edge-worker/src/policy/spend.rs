//! What costs money or reaches people: said twice, named once, counted exactly.

use perch_api::operation::OperationSpec;
use serde::{Deserialize, Serialize};

use crate::config::ConfigError;
use crate::error::Refusal;

/// The header that names one such request, so that repeating it is not doing it twice.
pub const KEY_HEADER: &str = "idempotency-key";
/// The header that repeats what is asked for, so that no slip in an address can do it.
pub const CONFIRM_HEADER: &str = "x-perch-confirm";
/// Seconds for which a request and its answer are remembered; also the longer of the two windows.
pub const DAY: u64 = 86_400;
/// The shorter window.
pub const HOUR: u64 = 3_600;
/// Seconds after which a request that nobody ended has an unknown outcome.
const OPEN_SECONDS: u64 = 120;

/// How many such requests may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// By one operator, in any hour.
    pub operator_hour: u32,
    /// By one operator, in any day.
    pub operator_day: u32,
    /// By everybody, in any hour.
    pub all_hour: u32,
    /// By everybody, in any day.
    pub all_day: u32,
}

impl Default for Quota {
    fn default() -> Self {
        Self { operator_hour: 20, operator_day: 100, all_hour: 100, all_day: 500 }
    }
}

impl Quota {
    /// Reads `PERCH_SPENDING`, a JSON object with all four numbers; 10,000 a day at most.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        const NAME: &str = "PERCH_SPENDING";
        let Some(text) = lookup(NAME) else { return Ok(Self::default()) };
        let quota: Self = serde_json::from_str(&text).map_err(|_| ConfigError(NAME))?;
        // All of a day's requests are kept for a day.
        if quota.all_day <= 10_000 { Ok(quota) } else { Err(ConfigError(NAME)) }
    }

    /// Whether one more fits, or how many seconds to wait.
    pub fn admit(&self, now: u64, counted: &Counted) -> Result<(), u64> {
        let windows = [
            (counted.operator_hour, self.operator_hour, HOUR),
            (counted.operator_day, self.operator_day, DAY),
            (counted.all_hour, self.all_hour, HOUR),
            (counted.all_day, self.all_day, DAY),
        ];
        let waits = windows.into_iter().filter(|(window, limit, _)| window.count >= *limit).map(
            |(window, _, length)| {
                let oldest = window.oldest.unwrap_or(now);
                oldest.saturating_add(length).saturating_sub(now).max(1)
            },
        );
        waits.max().map_or(Ok(()), Err)
    }
}

/// The requests of one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// How many there are.
    pub count: u32,
    /// When the first of them was, in Unix seconds.
    pub oldest: Option<u64>,
}

/// The requests of all windows that end now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named like the quota's fields")]
pub struct Counted {
    pub operator_hour: Window,
    pub operator_day: Window,
    pub all_hour: Window,
    pub all_day: Window,
}

/// An answer, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The platform's status.
    pub status: u16,
    /// Its body: JSON, or nothing.
    pub body: String,
}

/// A request that was made before under the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// When, in Unix seconds.
    pub at: u64,
    /// The hash of what was asked for.
    pub asked: String,
    /// Whether the edge came to know its end.
    pub is_open: bool,
    /// Its answer, if there was one.
    pub answer: Option<Answer>,
}

impl Earlier {
    /// What becomes of the same key now.
    pub fn again(self, asked: &str, now: u64) -> Result<Answer, Refusal> {
        if self.asked != asked {
            return Err(Refusal::KeyReused);
        }
        if let Some(answer) = self.answer {
            return Ok(answer);
        }
        let is_running = self.is_open && now.saturating_sub(self.at) < OPEN_SECONDS;
        Err(if is_running { Refusal::KeyInFlight } else { Refusal::OutcomeUnknown })
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The platform did it: counted, its answer remembered.
    Done,
    /// The platform said no: not counted, the key is free again.
    Refused,
    /// Nobody knows: counted, and the key stays taken.
    Unknown,
}

/// The end, by the platform's status; nothing where no answer came.
pub const fn end(status: Option<u16>) -> End {
    match status {
        Some(200..=299) => End::Done,
        Some(_) => End::Refused,
        None => End::Unknown,
    }
}

/// Checks what a request has to say besides its body; gives the key.
pub fn demands<'a>(
    spec: &OperationSpec,
    confirm: Option<&str>,
    key: Option<&'a str>,
) -> Result<&'a str, Refusal> {
    if confirm != Some(spec.id) {
        return Err(Refusal::ConfirmationMissing);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    key.filter(|key| (16..=64).contains(&key.len()) && key.bytes().all(plain))
        .ok_or(Refusal::KeyMissing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::operation;
    use proptest::prelude::*;

    const KEY: &str = "7f3a9c21-0000-4444";

    #[test]
    fn t59_it_is_confirmed_by_name_and_has_a_key() {
        let spec = operation::by_id("sms.send").unwrap();
        let demand = |confirm, key| demands(spec, confirm, key);
        assert_eq!(demand(Some("sms.send"), Some(KEY)), Ok(KEY));
        for confirm in [None, Some(""), Some("1"), Some("SMS.SEND"), Some("agents.outbound.create")]
        {
            assert_eq!(demand(confirm, Some(KEY)), Err(Refusal::ConfirmationMissing));
        }
        let long = "x".repeat(65);
        for key in ["", "short", "fifteen-letters", "sixteen letters!", "with,a-comma-in-it", &long]
        {
            assert_eq!(demand(Some("sms.send"), Some(key)), Err(Refusal::KeyMissing), "{key}");
        }
        assert_eq!(demand(Some("sms.send"), None), Err(Refusal::KeyMissing));
    }

    #[test]
    fn t59_the_same_key_is_the_same_request() {
        let answer = Answer { status: 200, body: "{}".to_owned() };
        let earlier = |is_open, answer: Option<&Answer>| Earlier {
            at: 1_000,
            asked: "a".to_owned(),
            is_open,
            answer: answer.cloned(),
        };
        assert_eq!(earlier(false, Some(&answer)).again("a", 9_000), Ok(answer.clone()));
        assert_eq!(earlier(false, Some(&answer)).again("b", 1_000), Err(Refusal::KeyReused));
        assert_eq!(earlier(true, None).again("b", 1_000), Err(Refusal::KeyReused));
        assert_eq!(earlier(true, None).again("a", 1_119), Err(Refusal::KeyInFlight));
        assert_eq!(earlier(true, None).again("a", 1_120), Err(Refusal::OutcomeUnknown));
        assert_eq!(earlier(false, None).again("a", 1_000), Err(Refusal::OutcomeUnknown));
    }

    #[test]
    fn only_a_refusal_of_the_platform_is_given_back() {
        assert_eq!(end(Some(202)), End::Done);
        for status in [301, 400, 401, 429, 500, 502] {
            assert_eq!(end(Some(status)), End::Refused);
        }
        assert_eq!(end(None), End::Unknown);
    }

    #[test]
    fn quotas_are_read_whole() {
        let with = |text: &'static str| Quota::read(|_| Some(text.to_owned()));
        assert_eq!(Quota::read(|_| None), Ok(Quota::default()));
        let one = r#"{"operator_hour":1,"operator_day":2,"all_hour":3,"all_day":4}"#;
        assert_eq!(with(one).map(|quota| quota.all_day), Ok(4));
        for odd in [
            "",
            "{}",
            r#"{"operator_hour":-1,"operator_day":2,"all_hour":3,"all_day":4}"#,
            r#"{"operator_hour":1,"operator_day":2,"all_hour":3,"all_day":10001}"#,
        ] {
            assert_eq!(with(odd), Err(ConfigError("PERCH_SPENDING")), "{odd}");
        }
    }

    fn counted(times: &[u64], now: u64) -> Counted {
        let window = |length: u64| {
            let inside = times.iter().copied().filter(|at| at + length > now);
            let count = u32::try_from(inside.clone().count()).unwrap();
            Window { count, oldest: inside.min() }
        };
        let (hour, day) = (window(HOUR), window(DAY));
        Counted { operator_hour: hour, operator_day: day, all_hour: hour, all_day: day }
    }

    proptest! {
        // Windows slide: at no moment were more than allowed within the hour or the day before it.
        #[test]
        fn t51_no_window_ever_holds_more_than_its_quota(
            gaps in prop::collection::vec(0_u64..2_000, 1..120),
        ) {
            let quota = Quota { operator_hour: 3, operator_day: 9, all_hour: 4, all_day: 10 };
            let (mut now, mut times) = (1_000_000_u64, vec![]);
            for gap in gaps {
                now += gap;
                match quota.admit(now, &counted(&times, now)) {
                    Ok(()) => times.push(now),
                    Err(wait) => {
                        // Waiting as told is enough for the window that was full.
                        prop_assert!((1..=DAY).contains(&wait));
                        prop_assert!(quota.admit(now + wait, &counted(&times, now + wait)).is_ok());
                    }
                }
                let seen = counted(&times, now);
                prop_assert!(seen.operator_hour.count <= 3 && seen.operator_day.count <= 9);
            }
        }
    }
}

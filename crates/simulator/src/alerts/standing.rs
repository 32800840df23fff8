//! How a rule stands, and what a look at it changes.

use perch_api::families::alerts::{AlertOperator, AlertState};
use serde::{Deserialize, Serialize};

/// How a rule stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The state.
    pub(crate) state: AlertState,
    /// Since when, Unix milliseconds.
    pub(crate) since_ms: i64,
    /// When it was last looked at.
    pub(crate) evaluated_ms: Option<i64>,
    /// What was found then.
    pub(crate) value: Option<u64>,
    /// When the alarm was raised that nobody has called off yet.
    pub(crate) raised_ms: Option<i64>,
}

/// What the world is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// The rule entered the alert state.
    Triggered,
    /// A rule is well whose alarm was raised then, Unix milliseconds.
    Resolved {
        /// When.
        raised_ms: i64,
    },
}

impl Standing {
    /// A new rule: well, and not looked at yet.
    pub(crate) const fn new(now_ms: i64) -> Self {
        Self {
            state: AlertState::Ok,
            since_ms: now_ms,
            evaluated_ms: None,
            value: None,
            raised_ms: None,
        }
    }

    /// Nobody looks any more, or again: what was known says nothing about now.
    pub(crate) fn forget(&mut self, now_ms: i64) {
        *self = Self { state: AlertState::NotYet, ..Self::new(now_ms) };
    }

    /// A look at the rule: `value` was found, `breaks` says whether it breaks the rule.
    ///
    /// An alarm stays raised while there is no data, and is called off by the first good value.
    pub(crate) fn judge(&mut self, value: Option<u64>, breaks: bool, now_ms: i64) -> Option<News> {
        let state = match value {
            None => AlertState::NoData,
            Some(_) if breaks => AlertState::Alert,
            Some(_) => AlertState::Ok,
        };
        self.evaluated_ms = Some(now_ms);
        self.value = value;
        if state == self.state {
            return None;
        }
        self.since_ms = now_ms;
        self.state = state;
        match self.state {
            AlertState::Alert => {
                self.raised_ms = Some(now_ms);
                Some(News::Triggered)
            }
            AlertState::Ok => self.raised_ms.take().map(|raised_ms| News::Resolved { raised_ms }),
            _ => None,
        }
    }
}

/// Whether a value compares so with the threshold.
pub(crate) fn breaks(value: u64, operator: &AlertOperator, threshold: u64) -> bool {
    match operator {
        AlertOperator::Above => value > threshold,
        AlertOperator::Below => value < threshold,
        AlertOperator::AtLeast => value >= threshold,
        AlertOperator::AtMost => value <= threshold,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn operators_compare() {
        let all = |value, threshold| {
            AlertOperator::KNOWN
                .iter()
                .map(|word| breaks(value, &AlertOperator::parse(word), threshold))
                .collect::<Vec<_>>()
        };
        assert_eq!(all(11, 10), [true, false, true, false]);
        assert_eq!(all(10, 10), [false, false, true, true]);
        assert_eq!(all(9, 10), [false, true, false, true]);
        assert_eq!(all(u64::MAX - 1, u64::MAX), [false, true, false, true]);
        assert!(!breaks(1, &AlertOperator::parse("!="), 0), "unknown operators break nothing");
    }

    #[test]
    fn a_broken_rule_is_told_once_and_so_is_its_mending() {
        let mut rule = Standing::new(0);
        assert_eq!(rule.judge(Some(5), true, 60), Some(News::Triggered));
        assert_eq!(rule.judge(Some(6), true, 120), None);
        assert_eq!((rule.since_ms, rule.evaluated_ms, rule.value), (60, Some(120), Some(6)));
        assert_eq!(rule.judge(Some(1), false, 180), Some(News::Resolved { raised_ms: 60 }));
        assert_eq!(rule.judge(Some(1), false, 240), None);
        assert_eq!(rule.since_ms, 180);
    }

    #[test]
    fn silence_calls_no_alarm_off() {
        let mut rule = Standing::new(0);
        rule.judge(Some(5), true, 60);
        assert_eq!(rule.judge(None, false, 120), None);
        assert_eq!((&rule.state, rule.raised_ms), (&AlertState::NoData, Some(60)));
        assert_eq!(rule.judge(Some(1), false, 180), Some(News::Resolved { raised_ms: 60 }));
        assert_eq!(rule.judge(None, false, 240), None);
        assert_eq!(rule.judge(Some(1), false, 300), None, "nothing is left to call off");
    }

    #[test]
    fn what_nobody_looks_at_is_unknown() {
        let mut rule = Standing::new(0);
        rule.judge(Some(5), true, 60);
        rule.forget(70);
        assert_eq!((&rule.state, rule.since_ms, rule.value), (&AlertState::NotYet, 70, None));
        assert_eq!(rule.judge(Some(1), false, 120), None, "its alarm is forgotten as well");
    }

    proptest! {
        #[test]
        fn alarms_and_their_ends_alternate(looks in prop::collection::vec(prop::option::of(any::<bool>()), 0..60)) {
            let mut rule = Standing::new(0);
            let mut open = false;
            for (look, at) in looks.into_iter().zip(1_i64..) {
                let before = rule.clone();
                let news = rule.judge(look.map(u64::from), look == Some(true), at);
                prop_assert_eq!(rule.since_ms == at, rule.state != before.state);
                match news {
                    Some(News::Triggered) => open = true,
                    Some(News::Resolved { raised_ms }) => {
                        prop_assert!(open && raised_ms < at, "resolved without an alarm");
                        open = false;
                    }
                    None => {}
                }
                prop_assert_eq!(open, rule.raised_ms.is_some());
                prop_assert!(!open || rule.state != AlertState::Ok);
            }
        }
    }
}

//! How long rows are kept, and how often the chain's head is noted elsewhere.

use crate::config::ConfigError;

/// Retention and anchors of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Days after which a row may go.
    pub days: u64,
    /// Rows kept at most.
    pub rows: u64,
    /// Seconds between two notes of the head.
    pub anchor_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { days: 400, rows: 1_000_000, anchor_seconds: 3_600 }
    }
}

impl Limits {
    /// Reads `PERCH_AUDIT_DAYS`, `PERCH_AUDIT_ROWS` and `PERCH_AUDIT_ANCHOR_SECONDS`.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let number = |name: &'static str, otherwise: u64| match lookup(name) {
            None => Ok(otherwise),
            Some(text) => text
                .parse()
                .ok()
                .filter(|number| (1..=10_000_000).contains(number))
                .ok_or(ConfigError(name)),
        };
        let usual = Self::default();
        Ok(Self {
            days: number("PERCH_AUDIT_DAYS", usual.days)?,
            rows: number("PERCH_AUDIT_ROWS", usual.rows)?,
            anchor_seconds: number("PERCH_AUDIT_ANCHOR_SECONDS", usual.anchor_seconds)?,
        })
    }

    /// The last row that has to go, given the head and the last row that is too old, if any.
    ///
    /// Never the head itself: a chain that once had rows keeps one.
    pub fn cut(&self, head: u64, too_old: Option<u64>) -> Option<u64> {
        let too_many = head.saturating_sub(self.rows);
        let last = too_old.unwrap_or_default().max(too_many).min(head.saturating_sub(1));
        (last > 0).then_some(last)
    }

    /// Unix seconds before which a row is too old.
    pub const fn oldest(&self, now: u64) -> u64 {
        now.saturating_sub(self.days.saturating_mul(86_400))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_positive_and_sane() {
        let with = |value: &'static str| {
            Limits::read(|name| (name == "PERCH_AUDIT_ROWS").then(|| value.to_owned()))
        };
        assert_eq!(Limits::read(|_| None), Ok(Limits::default()));
        assert_eq!(with("50").map(|limits| limits.rows), Ok(50));
        for odd in ["0", "-1", "", "many", "10000001"] {
            assert_eq!(with(odd), Err(ConfigError("PERCH_AUDIT_ROWS")), "{odd}");
        }
    }

    #[test]
    fn what_goes_is_what_is_old_or_too_much() {
        let limits = Limits { days: 1, rows: 10, anchor_seconds: 1 };
        assert_eq!(limits.cut(10, None), None);
        assert_eq!(limits.cut(12, None), Some(2));
        assert_eq!(limits.cut(12, Some(5)), Some(5));
        assert_eq!(limits.cut(5, Some(5)), Some(4), "the head stays");
        assert_eq!(limits.cut(0, None), None);
        assert_eq!(limits.oldest(86_401), 1);
    }
}

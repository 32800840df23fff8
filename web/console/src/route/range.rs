//! Time ranges: named spans that end now, or two fixed moments.

use perch_api::model::Timestamp;

use super::value;

/// Longest span between two moments that is asked for in one go: one year.
pub(crate) const MAX_SPAN_MS: i64 = 366 * DAY_MS;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A span that ends now asks this much further, for clocks that run behind the platform's.
const CLOCK_SKEW_MS: i64 = 5 * MINUTE_MS;

/// Which stretch of time is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// A named span up to now.
    Last(Preset),
    /// From one moment to another, Unix milliseconds.
    Between { from: i64, to: i64 },
}

/// The named spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preset {
    Hour,
    Day,
    Week,
    Month,
}

/// The clock that times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Zone {
    /// The zone of the browser.
    #[default]
    Local,
    /// Coordinated universal time.
    Utc,
}

impl Default for Range {
    fn default() -> Self {
        Self::Last(Preset::Day)
    }
}

impl Preset {
    /// All spans, shortest first.
    pub(crate) const ALL: [Self; 4] = [Self::Hour, Self::Day, Self::Week, Self::Month];

    /// The word in the address bar.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// The words on screen.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Hour => "Last hour",
            Self::Day => "Last 24 hours",
            Self::Week => "Last 7 days",
            Self::Month => "Last 30 days",
        }
    }

    /// Length in milliseconds.
    pub(crate) const fn span(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
            Self::Week => 7 * DAY_MS,
            Self::Month => 30 * DAY_MS,
        }
    }

    /// The next longer span, for an empty result.
    pub(crate) fn wider(self) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.span() > self.span())
    }
}

impl Range {
    /// Start and end to ask for, Unix milliseconds, when it is `now`.
    pub(crate) fn bounds(self, now: i64) -> (i64, i64) {
        match self {
            Self::Last(preset) => (now - preset.span(), now + CLOCK_SKEW_MS),
            Self::Between { from, to } => (from, to),
        }
    }

    /// Whether conversations that start later still belong to it.
    pub(crate) fn ends_now(self) -> bool {
        matches!(self, Self::Last(_))
    }

    /// Two moments in any order, cut to [`MAX_SPAN_MS`] before the later one.
    pub(crate) fn between(one: i64, other: i64) -> Option<Self> {
        let (from, to) = (one.min(other), one.max(other));
        (from < to).then(|| Self::Between { from: from.max(to.saturating_sub(MAX_SPAN_MS)), to })
    }

    pub(super) fn from_pairs(pairs: &[(String, String)]) -> Self {
        let moment = |key| Timestamp::new(value(pairs, key)?).unix_ms();
        let fixed = moment("from").zip(moment("to")).and_then(|(from, to)| Self::between(from, to));
        fixed.unwrap_or_else(|| {
            let word = value(pairs, "range");
            let preset = Preset::ALL.into_iter().find(|preset| Some(preset.key()) == word);
            preset.map_or_else(Self::default, Self::Last)
        })
    }

    pub(super) fn to_pairs(self, pairs: &mut Vec<(&'static str, String)>) {
        match self {
            _ if self == Self::default() => {}
            Self::Last(preset) => pairs.push(("range", preset.key().to_owned())),
            Self::Between { from, to } => {
                pairs.push(("from", Timestamp::from_unix_ms(from).as_str().to_owned()));
                pairs.push(("to", Timestamp::from_unix_ms(to).as_str().to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_follows_the_clock_and_a_fixed_range_does_not() {
        let now = 1_790_000_000_000;
        assert_eq!(Range::Last(Preset::Hour).bounds(now), (now - HOUR_MS, now + 5 * MINUTE_MS));
        assert_eq!(Range::Between { from: 1, to: 2 }.bounds(now), (1, 2));
    }

    #[test]
    fn swapped_moments_are_put_right_and_endless_ones_cut() {
        assert_eq!(Range::between(20, 10), Some(Range::Between { from: 10, to: 20 }));
        assert_eq!(Range::between(10, 10), None);
        let to = 4 * MAX_SPAN_MS;
        assert_eq!(Range::between(0, to), Some(Range::Between { from: to - MAX_SPAN_MS, to }));
    }

    #[test]
    fn an_empty_hour_suggests_a_day_and_a_month_nothing() {
        assert_eq!(Preset::Hour.wider(), Some(Preset::Day));
        assert_eq!(Preset::Month.wider(), None);
    }
}

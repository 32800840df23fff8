//! Time as the platform writes it, and time as state machines count it.

use serde::{Deserialize, Serialize};

/// Milliseconds since an epoch of the driver's choosing. Nothing here reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// This moment and `ms` milliseconds more, never past the end of time.
    #[must_use]
    pub const fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment, 0 when it lies ahead.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A moment as the platform wrote it: kept verbatim, read leniently.
///
/// Seen in the wild: `Z`, `+00:00` with microseconds, no zone at all. A missing zone means UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// Keeps the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Writes a Unix time in milliseconds as `2026-09-01T10:00:01.250Z`.
    pub fn from_unix_ms(ms: i64) -> Self {
        let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
        let (year, month, day) = civil(days);
        let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
        let (second, milli) = (rest / 1_000 % 60, rest % 1_000);
        Self(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"))
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Milliseconds since 1970 UTC, or nothing when the text is no ISO 8601 moment.
    pub fn unix_ms(&self) -> Option<i64> {
        parse(self.0.as_bytes())
    }
}

/// Reads `count` digits at `at`.
fn digits(text: &[u8], at: usize, count: usize) -> Option<i64> {
    let part = text.get(at..at.checked_add(count)?)?;
    part.iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

fn parse(text: &[u8]) -> Option<i64> {
    let (year, month, day) = (digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?);
    if text.get(4) != Some(&b'-') || text.get(7) != Some(&b'-') {
        return None;
    }
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let mut ms = days(year, month, day) * 86_400_000;
    let mut rest = text.get(10..)?;
    if let [b'T' | b't' | b' ', time @ ..] = rest {
        let (hour, minute) = (digits(time, 0, 2)?, digits(time, 3, 2)?);
        if time.get(2) != Some(&b':') || hour > 23 || minute > 59 {
            return None;
        }
        ms += hour * 3_600_000 + minute * 60_000;
        rest = time.get(5..)?;
        if let [b':', seconds @ ..] = rest {
            let second = digits(seconds, 0, 2)?;
            if second > 60 {
                return None;
            }
            ms += second * 1_000;
            rest = seconds.get(2..)?;
            if let [b'.' | b',', fraction @ ..] = rest {
                let count = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let mut scale = 100;
                for byte in fraction.iter().take(count.min(3)) {
                    ms += i64::from(byte - b'0') * scale;
                    scale /= 10;
                }
                rest = fraction.get(count..)?;
            }
        }
    }
    Some(ms - offset(rest)? * 60_000)
}

/// The zone at the end, in minutes east of UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = match zone {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let minutes_at = if rest.get(2) == Some(&b':') { 3 } else { 2 };
    let minutes = if rest.len() > 2 { digits(rest, minutes_at, 2)? } else { 0 };
    Some(sign * (digits(rest, 0, 2)? * 60 + minutes))
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date that lies `days` after 1970-01-01; the inverse of [`days`].
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ms(text: &str) -> Option<i64> {
        Timestamp::new(text).unix_ms()
    }

    #[test]
    fn every_spelling_seen_in_the_wild_is_read() {
        let expected = Some(1_788_256_801_000);
        assert_eq!(ms("2026-09-01T10:00:01Z"), expected);
        assert_eq!(ms("2026-09-01T10:00:01"), expected);
        assert_eq!(ms("2026-09-01 10:00:01"), expected);
        assert_eq!(ms("2026-09-01T10:00:01.000000+00:00"), expected);
        assert_eq!(ms("2026-09-01T12:00:01+02:00"), expected);
        assert_eq!(ms("2026-09-01T05:30:01-0430"), expected);
        assert_eq!(ms("2026-09-01T10:00:01.250Z"), expected.map(|ms| ms + 250));
        assert_eq!(ms("1970-01-01"), Some(0));
    }

    #[test]
    fn what_is_no_moment_is_nothing() {
        for text in
            ["", "yesterday", "2026-13-01", "2026-09-01T25:00", "2026-09-01T10:00:01~", "2026"]
        {
            assert_eq!(ms(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_agree(unix in -62_000_000_000_000_i64..253_000_000_000_000) {
            prop_assert_eq!(Timestamp::from_unix_ms(unix).unix_ms(), Some(unix));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = ms(&text);
        }
    }
}

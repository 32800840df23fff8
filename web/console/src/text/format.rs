//! Numbers as people read them.

/// How long ago, in one or two words; nothing when it is more than a day ago or ahead.
pub(crate) fn relative(now: i64, at: i64) -> Option<String> {
    let seconds = (now - at).div_euclid(1_000);
    match seconds {
        -60..45 => Some("just now".to_owned()),
        45..3_600 => Some(format!("{} min ago", (seconds / 60).max(1))),
        3_600..86_400 => Some(format!("{} h ago", seconds / 3_600)),
        _ => None,
    }
}

/// A length in seconds as `45s`, `3m 20s` or `1h 05m`.
pub(crate) fn duration(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m {rest:02}s"),
        _ => format!("{hours}h {minutes:02}m"),
    }
}

/// A length in seconds in words, for screen readers.
pub(crate) fn spoken_duration(seconds: u64) -> String {
    let parts =
        [(seconds / 3_600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let said: Vec<_> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| count(*n, unit)).collect();
    if said.is_empty() { "0 seconds".to_owned() } else { said.join(" ") }
}

/// A latency in milliseconds as `850 ms` or `1.4 s`.
pub(crate) fn latency(ms: u64) -> String {
    if ms < 1_000 {
        return format!("{ms} ms");
    }
    let tenths = (ms + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// A score with one decimal.
#[allow(clippy::cast_possible_truncation, reason = "casts saturate, and no score is that large")]
pub(crate) fn score(score: f64) -> String {
    let tenths = (score * 10.0).round() as i64;
    format!("{}.{}", tenths / 10, (tenths % 10).abs())
}

/// A number with its noun, `1 turn` or `2 turns`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_moments_are_told_by_distance_and_others_not() {
        let now = 1_790_000_000_000;
        let ago = |seconds: i64| relative(now, now - seconds * 1_000);
        assert_eq!(ago(3).as_deref(), Some("just now"));
        assert_eq!(ago(-30).as_deref(), Some("just now"));
        assert_eq!(ago(50).as_deref(), Some("1 min ago"));
        assert_eq!(ago(3_599).as_deref(), Some("59 min ago"));
        assert_eq!(ago(7_300).as_deref(), Some("2 h ago"));
        assert_eq!(ago(86_400), None);
        assert_eq!(ago(-600), None);
    }

    #[test]
    fn lengths_read_well() {
        let read: Vec<_> = [0, 45, 200, 3_900].map(duration).into();
        assert_eq!(read, ["0s", "45s", "3m 20s", "1h 05m"]);
        assert_eq!(spoken_duration(3_661), "1 hour 1 minute 1 second");
        assert_eq!(spoken_duration(120), "2 minutes");
        assert_eq!(spoken_duration(0), "0 seconds");
        assert_eq!([score(4.0), score(3.66)], ["4.0", "3.7"]);
        assert_eq!(latency(850), "850 ms");
        assert_eq!(latency(1_450), "1.5 s");
    }
}

//! When people call: more on Mondays than on Sundays, more at eleven than at four in the morning.

use super::{DAYS, mix};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Relative traffic by hour of the day.
const HOURS: [u32; 24] =
    [4, 3, 2, 2, 2, 4, 9, 22, 46, 74, 92, 100, 90, 84, 86, 82, 78, 74, 66, 58, 50, 38, 22, 10];
/// Relative traffic by weekday, Monday first.
const WEEKDAYS: [u32; 7] = [100, 88, 82, 84, 92, 70, 46];
/// Conversations that began just before the present, in minutes before it.
const FRESH_MINUTES: [i64; 6] = [1, 2, 3, 5, 9, 14];

/// Start times in Unix milliseconds, oldest first.
pub(super) fn starts(seed: u64, anchor_ms: i64, count: usize) -> Vec<i64> {
    let mut dice = fastrand::Rng::with_seed(mix(seed, u64::MAX));
    let mut starts: Vec<i64> = FRESH_MINUTES
        .iter()
        .take(count)
        .map(|minutes| anchor_ms - minutes * 60_000 + dice.i64(0..20_000))
        .collect();
    while starts.len() < count {
        let at = anchor_ms - 15 * 60_000 - dice.i64(0..DAYS * DAY_MS);
        if dice.u32(0..100 * 100 * 100) < weight(at, anchor_ms) {
            starts.push(at);
        }
    }
    starts.sort_unstable();
    starts
}

/// Out of a million: hour, weekday and a slow growth of the business together.
fn weight(at_ms: i64, anchor_ms: i64) -> u32 {
    let day = at_ms.div_euclid(DAY_MS);
    let hour = usize::try_from(at_ms.rem_euclid(DAY_MS) / HOUR_MS).unwrap_or(0);
    // 1 January 1970 was a Thursday.
    let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
    let age = u32::try_from((anchor_ms - at_ms) / DAY_MS).unwrap_or(0);
    let growth = 100 - (age / 3).min(30);
    HOURS.get(hour).unwrap_or(&0) * WEEKDAYS.get(weekday).unwrap_or(&0) * growth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noon_is_busier_than_night_and_monday_than_sunday() {
        // 2026-11-23 13:00 UTC, a Monday.
        let anchor = 1_795_438_800_000;
        let starts = starts(1, anchor, 20_000);
        let at_hour =
            |hour| starts.iter().filter(|at| at.rem_euclid(DAY_MS) / HOUR_MS == hour).count();
        assert!(at_hour(11) > 10 * at_hour(3));
        let on = |weekday| {
            starts.iter().filter(|at| (at.div_euclid(DAY_MS) + 3).rem_euclid(7) == weekday).count()
        };
        assert!(on(0) > on(6) * 3 / 2, "{} on Mondays, {} on Sundays", on(0), on(6));
    }
}

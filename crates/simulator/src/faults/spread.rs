//! How long answers wait: fixed, uniform, or with the long tail that real ones have.

use serde::{Deserialize, Serialize};

/// Longest wait that can be asked for.
const LONGEST_MS: u32 = 60_000;
/// The normal distribution's 99th percentile, in standard deviations.
const Z99: f64 = 2.326_347_874;

/// A distribution of waits, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Spread {
    /// Always the same.
    Fixed {
        /// That long.
        fixed_ms: u32,
    },
    /// Anything in a range.
    Uniform {
        /// At least.
        least_ms: u32,
        /// At most.
        most_ms: u32,
    },
    /// Log-normal: most are near the median, a few take very long.
    LogNormal {
        /// The median.
        p50_ms: u32,
        /// One of a hundred takes longer; at most a minute.
        p99_ms: u32,
    },
}

impl Spread {
    /// Refuses what means nothing or takes for ever.
    pub(super) fn check(self) -> Result<(), &'static str> {
        let fits = match self {
            Self::Fixed { fixed_ms } => fixed_ms <= LONGEST_MS,
            Self::Uniform { least_ms, most_ms } => least_ms <= most_ms && most_ms <= LONGEST_MS,
            Self::LogNormal { p50_ms, p99_ms } => {
                0 < p50_ms && p50_ms <= p99_ms && p99_ms <= LONGEST_MS
            }
        };
        if fits {
            return Ok(());
        }
        Err(
            "latency must be fixed_ms, least_ms and most_ms, or p50_ms and p99_ms, rising and at most 60000",
        )
    }

    /// One wait. It never exceeds a minute.
    pub(super) fn sample(self, dice: &mut fastrand::Rng) -> u64 {
        let ms = match self {
            Self::Fixed { fixed_ms } => f64::from(fixed_ms),
            Self::Uniform { least_ms, most_ms } => {
                f64::from(least_ms) + f64::from(most_ms - least_ms) * dice.f64()
            }
            Self::LogNormal { p50_ms, p99_ms } => {
                let (median, rare) = (f64::from(p50_ms), f64::from(p99_ms));
                median * ((rare / median).ln() / Z99 * normal(dice)).exp()
            }
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to a minute"
        )]
        let ms = ms.clamp(0.0, f64::from(LONGEST_MS)).round() as u64;
        ms
    }
}

/// A standard normal number (Box and Muller).
fn normal(dice: &mut fastrand::Rng) -> f64 {
    let (radius, angle) = (1.0 - dice.f64(), dice.f64() * std::f64::consts::TAU);
    (-2.0 * radius.ln()).sqrt() * angle.cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(spread: Spread) -> Vec<u64> {
        let mut dice = fastrand::Rng::with_seed(7);
        let mut waits: Vec<_> = (0..20_000).map(|_| spread.sample(&mut dice)).collect();
        waits.sort_unstable();
        waits
    }

    #[test]
    fn each_spread_has_its_shape() {
        assert!(sorted(Spread::Fixed { fixed_ms: 40 }).iter().all(|ms| *ms == 40));
        let uniform = sorted(Spread::Uniform { least_ms: 100, most_ms: 300 });
        assert_eq!((uniform[0], uniform[19_999]), (100, 300));
        assert!((195..=205).contains(&uniform[10_000]));
        let long = sorted(Spread::LogNormal { p50_ms: 200, p99_ms: 2_000 });
        assert!((190..=210).contains(&long[10_000]), "median {}", long[10_000]);
        assert!((1_800..=2_200).contains(&long[19_800]), "99th of 100 {}", long[19_800]);
        assert!(long[19_999] <= 60_000);
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, lawful) in [
            (r#"{"fixed_ms":0}"#, true),
            (r#"{"fixed_ms":60001}"#, false),
            (r#"{"least_ms":5,"most_ms":1}"#, false),
            (r#"{"p50_ms":0,"p99_ms":1}"#, false),
            (r#"{"p50_ms":9,"p99_ms":1}"#, false),
            (r#"{"p50_ms":100,"p99_ms":60000}"#, true),
        ] {
            let spread: Spread = serde_json::from_str(text).unwrap();
            assert_eq!(spread.check().is_ok(), lawful, "{text}");
        }
        assert!(serde_json::from_str::<Spread>(r#"{"fixed_ms":1,"most_ms":2}"#).is_err());
    }
}

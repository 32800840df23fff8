//! Who calls, how, and whom: everything about a conversation besides its words.

use crate::agent::Language;
use crate::conversation::{Channel, Environment, VARIANTS};

/// Deployments of the agent over the sixty days, oldest first.
pub(crate) const DEPLOYMENTS: [&str; 5] = [
    "f4c1a2b0-58de-4c27-9b61-0a7d3e9c1f01",
    "0b9e77d4-1f0a-4d83-8c55-6e21b7aa4302",
    "93c5d6e8-7a12-4b9f-a0d4-51f8e2c67703",
    "5d20b1f7-c3a9-4e66-b7e2-8f4a09d3bc04",
    "ae81f3c6-2b74-47d0-9e3b-c65d17f0a205",
];

/// The version of the agent at `started_ms`, of those over the days before `anchor_ms`.
pub(super) fn deployment(started_ms: i64, anchor_ms: i64) -> &'static str {
    let age = (anchor_ms - started_ms).max(0) / (super::DAYS * 86_400_000 / 5 + 1);
    let newest_first = DEPLOYMENTS.iter().rev();
    newest_first.copied().nth(usize::try_from(age).unwrap_or(0)).unwrap_or_default()
}

/// How it is held.
pub(super) fn channel(dice: &mut fastrand::Rng) -> Channel {
    match dice.u32(0..100) {
        0..=41 => Channel::Voice,
        42..=78 => Channel::Webchat,
        79..=87 => Channel::Chat,
        _ => Channel::Sms,
    }
}

/// The caller's own language.
pub(super) fn language(dice: &mut fastrand::Rng) -> Language {
    match dice.u32(0..100) {
        0..=79 => Language::English,
        80..=87 => Language::Spanish,
        88..=94 => Language::French,
        _ => Language::German,
    }
}

/// Where the agent runs.
pub(super) fn environment(dice: &mut fastrand::Rng) -> Environment {
    match dice.u32(0..1_000) {
        0..=939 => Environment::Live,
        940..=974 => Environment::Sandbox,
        _ => Environment::PreRelease,
    }
}

/// The variant that answers.
pub(super) fn variant(dice: &mut fastrand::Rng) -> usize {
    match dice.u32(0..100) {
        0..=69 => 0,
        70..=89 => 1,
        _ => VARIANTS.len() - 1,
    }
}

/// Numbers from ranges set aside for fiction, so that nobody is ever called by mistake.
pub(super) fn numbers(
    dice: &mut fastrand::Rng,
    channel: Channel,
    native: Language,
) -> (String, String) {
    let to = match native {
        Language::French => "+33199000142",
        Language::German => "+493023125042",
        _ => "+442079460142",
    };
    match channel {
        Channel::Webchat | Channel::Chat => (String::new(), String::new()),
        Channel::Voice | Channel::Sms => {
            let from = match native {
                Language::French => format!("+336399800{:02}", dice.u32(0..100)),
                Language::German => format!("+491713920{:03}", dice.u32(0..100)),
                _ => format!("+447700900{:03}", dice.u32(0..1_000)),
            };
            (from, to.to_owned())
        }
    }
}

/// An identifier in the channel's usual form.
pub(super) fn id(dice: &mut fastrand::Rng, channel: Channel) -> String {
    match channel {
        Channel::Voice => format!("CA{:032x}", dice.u128(..)),
        Channel::Chat => format!("CONV-{}", dice.u64(1_000_000_000..9_999_999_999)),
        Channel::Webchat | Channel::Sms => uuid(dice.u128(..)),
    }
}

/// A version 4 UUID out of random bits.
pub(crate) fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xffff,
        (bits >> 48) & 0xffff,
        bits & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_carry_version_and_variant() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}

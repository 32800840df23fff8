//! Recordings of calls: tones in place of voices, as long and as loud as what was said.
//!
//! Every letter sounds for [`LETTER_MS`], spaces are silent, and the two sides have voices of their
//! own. So a player shows who spoke when, and muted digits can be heard missing.

use crate::conversation::Conversation;

/// Samples a second, one channel of 16 bits.
const RATE: u32 = 8_000;
/// How long a letter sounds.
const LETTER_MS: u32 = 60;
/// Longest recording, in seconds.
const LONGEST: i64 = 1_800;
/// The bytes before the samples.
const HEADER: usize = 44;

/// Whose voice is heard, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Take {
    /// The caller's.
    pub(crate) user: bool,
    /// The agent's.
    pub(crate) agent: bool,
    /// Whether numbers are muted.
    pub(crate) redacted: bool,
}

/// The recording of a call that has ended, as a WAV file.
pub(crate) fn wav(call: &Conversation, take: Take) -> Vec<u8> {
    let seconds = call.total_seconds(call.ended_ms).clamp(0, LONGEST);
    let mut samples = vec![0_i16; usize::try_from(seconds).unwrap_or(0) * RATE as usize];
    for turn in &call.turns {
        if take.user {
            speak(&mut samples, turn.user_ms - call.started_ms, &turn.user, 36, take.redacted);
        }
        if take.agent && turn.agent_ms > 0 {
            speak(&mut samples, turn.agent_ms - call.started_ms, &turn.agent, 58, take.redacted);
        }
    }
    let mut file = header(samples.len());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// Adds a voice from `at_ms` on: one triangle wave for each letter, `period` samples or a little more.
fn speak(samples: &mut [i16], at_ms: i64, text: &str, period: usize, redacted: bool) {
    let per_letter = (RATE * LETTER_MS / 1_000) as usize;
    let start = usize::try_from(at_ms).unwrap_or(0) * RATE as usize / 1_000;
    let rest = samples.get_mut(start..).unwrap_or_default();
    for (letter, part) in text.chars().zip(rest.chunks_mut(per_letter)) {
        if letter.is_whitespace() || (redacted && letter.is_ascii_digit()) {
            continue;
        }
        let period = period + letter as usize % 12;
        for (at, sample) in part.iter_mut().enumerate() {
            let phase = at % period * 4 * 6_000 / period;
            let height = i16::try_from(phase).unwrap_or_default();
            // Up to the top, down to the bottom, up to the middle.
            let wave = match phase {
                0..6_000 => height,
                6_000..18_000 => 12_000 - height,
                _ => height - 24_000,
            };
            *sample = sample.saturating_add(wave);
        }
    }
}

/// The header of so many samples.
fn header(samples: usize) -> Vec<u8> {
    let data = u32::try_from(samples * 2).unwrap_or(u32::MAX - 36);
    let mut header = Vec::with_capacity(HEADER + samples * 2);
    header.extend(b"RIFF");
    header.extend((data + 36).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    header.extend(1_u16.to_le_bytes());
    header.extend(1_u16.to_le_bytes());
    header.extend(RATE.to_le_bytes());
    header.extend((RATE * 2).to_le_bytes());
    header.extend(2_u16.to_le_bytes());
    header.extend(16_u16.to_le_bytes());
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Channel;
    use crate::world::World;

    const BOTH: Take = Take { user: true, agent: true, redacted: false };

    /// How many samples are not silent.
    fn sound(file: &[u8]) -> usize {
        file[HEADER..].chunks(2).filter(|sample| *sample != [0, 0]).count()
    }

    #[test]
    fn a_file_holds_what_its_header_says() {
        let world = World::new(5, 1_795_443_600_000, 200);
        let calls = world.conversations().iter().filter(|one| one.channel == Channel::Voice);
        for call in calls.take(5) {
            let file = wav(call, BOTH);
            assert_eq!(
                (&file[..4], &file[8..16], &file[36..40]),
                (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..])
            );
            let data = u32::from_le_bytes(file[40..44].try_into().unwrap()) as usize;
            assert_eq!(data, file.len() - HEADER);
            let seconds = i64::try_from(data).unwrap() / 16_000;
            assert_eq!(seconds, call.total_seconds(call.ended_ms));
            assert!(sound(&file) > data / 40, "somebody speaks");
        }
    }

    #[test]
    fn the_sides_are_parts_of_the_whole_and_numbers_can_be_muted() {
        let world = World::new(5, 1_795_443_600_000, 200);
        let has_digits = |one: &&Conversation| {
            one.channel == Channel::Voice
                && one.turns.iter().any(|turn| turn.user.contains(char::is_numeric))
        };
        let call = world.conversations().iter().find(has_digits).unwrap();
        let user = Take { agent: false, ..BOTH };
        let agent = Take { user: false, ..BOTH };
        let (whole, user_file, agent_file) = (wav(call, BOTH), wav(call, user), wav(call, agent));
        assert!(whole.len() == user_file.len() && whole.len() == agent_file.len());
        assert!(user_file != agent_file && user_file != whole && agent_file != whole);
        let muted = wav(call, Take { redacted: true, ..user });
        assert!(sound(&muted) < sound(&user_file) && sound(&muted) > 0);
    }
}

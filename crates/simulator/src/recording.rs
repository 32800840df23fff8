//! Recordings of calls: tones in place of voices, as long and as loud as what was said.
//!
//! Every letter sounds for [`LETTER_MS`], spaces are silent, and the two sides have voices of their
//! own. So a player shows who spoke when, and muted digits can be heard missing.

use perch_api::families::agents::audio_cache::MAX_FILE;

use crate::conversation::Conversation;
use crate::wav::{self, HEADER, RATE};

/// How long a letter sounds.
const LETTER_MS: u32 = 60;
/// Longest recording, in seconds.
const LONGEST: i64 = 1_800;
/// Most samples of words spoken on trial: the file is no larger than an uploaded one may be.
const LONGEST_WORDS: usize = (MAX_FILE - HEADER) / 2;

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
    wav::file(&samples)
}

/// Words as a voice speaks them, as a WAV file; `speed` 1 is natural.
pub(crate) fn words(text: &str, voice: &str, speed: f64) -> Vec<u8> {
    let per_letter = samples_per_letter(speed);
    let length = text.chars().count().saturating_mul(per_letter).min(LONGEST_WORDS);
    let mut samples = vec![0_i16; length];
    let own =
        voice.bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    for (letter, part) in text.chars().zip(samples.chunks_mut(per_letter)) {
        utter(part, letter, 34 + own % 32);
    }
    wav::file(&samples)
}

/// How many seconds [`words`] lasts.
pub(crate) fn seconds(text: &str, speed: f64) -> f64 {
    let samples = text.chars().count().saturating_mul(samples_per_letter(speed));
    f64::from(u32::try_from(samples.min(LONGEST_WORDS)).unwrap_or(u32::MAX)) / f64::from(RATE)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the clamp")]
fn samples_per_letter(speed: f64) -> usize {
    let natural = f64::from(RATE * LETTER_MS / 1_000);
    (natural / speed.clamp(0.25, 4.0)) as usize
}

/// Adds a voice from `at_ms` on: one triangle wave for each letter, `period` samples or a little more.
fn speak(samples: &mut [i16], at_ms: i64, text: &str, period: usize, redacted: bool) {
    let per_letter = (RATE * LETTER_MS / 1_000) as usize;
    let start = usize::try_from(at_ms).unwrap_or(0) * RATE as usize / 1_000;
    let rest = samples.get_mut(start..).unwrap_or_default();
    for (letter, part) in text.chars().zip(rest.chunks_mut(per_letter)) {
        if redacted && letter.is_ascii_digit() {
            continue;
        }
        utter(part, letter, period);
    }
}

/// Adds one letter to the samples it takes; white space is silent.
fn utter(part: &mut [i16], letter: char, period: usize) {
    if letter.is_whitespace() {
        return;
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

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
        let calls = world.iter().filter(|one| one.channel == Channel::Voice);
        for call in calls.take(5) {
            let call = &*call;
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
        let has_digits = |one: &Arc<Conversation>| {
            one.channel == Channel::Voice
                && one.turns.iter().any(|turn| turn.user.contains(char::is_numeric))
        };
        let call = &*world.iter().find(has_digits).unwrap();
        let user = Take { agent: false, ..BOTH };
        let agent = Take { user: false, ..BOTH };
        let (whole, user_file, agent_file) = (wav(call, BOTH), wav(call, user), wav(call, agent));
        assert!(whole.len() == user_file.len() && whole.len() == agent_file.len());
        assert!(user_file != agent_file && user_file != whole && agent_file != whole);
        let muted = wav(call, Take { redacted: true, ..user });
        assert!(sound(&muted) < sound(&user_file) && sound(&muted) > 0);
    }

    #[test]
    fn words_last_as_long_as_there_are_letters_and_sound_by_voice() {
        let text = "Your order is on its way.";
        let file = words(text, "en-GB-Neural2-A", 1.0);
        assert_eq!(wav::seconds(&file), Some(1.5), "25 letters of 60 ms");
        assert_eq!(wav::seconds(&file), Some(seconds(text, 1.0)));
        assert!(sound(&file) > file.len() / 4, "it is heard");
        assert_ne!(file, words(text, "fr-FR-Neural2-A", 1.0));
        assert!((seconds(text, 2.0) - 0.75).abs() < 1e-9);
        let endless = "a".repeat(1 << 20);
        assert!(words(&endless, "v", 0.0).len() <= MAX_FILE);
        assert!(seconds(&endless, 0.0) < 400.0);
    }
}

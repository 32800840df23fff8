//! What was sent to people: nobody delivers it, so it can be looked at here.

use std::collections::VecDeque;

use perch_api::model::Timestamp;
use serde::{Deserialize, Serialize};

use super::Ends;

/// Messages that are kept; the oldest goes.
const KEPT: usize = 5_000;
/// Characters of the basic alphabet beyond letters, digits and what is below.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// Those that take two places.
const EXTENDED: &str = "^{}\\[~]|€";

/// A message to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text {
    /// The agent's number.
    pub(crate) agent_number: String,
    /// The person's.
    pub(crate) user_number: String,
    /// The words.
    #[serde(rename = "text")]
    pub(crate) words: String,
    /// How many parts it is sent in.
    pub(crate) segments: usize,
    /// When.
    pub(crate) sent_at: Timestamp,
}

impl Text {
    /// A message sent at `now_ms`.
    pub(super) fn new(ends: &Ends, words: String, now_ms: i64) -> Self {
        Self {
            agent_number: ends.agent.clone(),
            user_number: ends.user.clone(),
            segments: segments(&words),
            sent_at: Timestamp::from_unix_ms(now_ms),
            words,
        }
    }
}

/// The latest messages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Outbox(VecDeque<Text>);

impl Outbox {
    /// Notes a message.
    pub(super) fn push(&mut self, text: Text) {
        if self.0.len() >= KEPT {
            self.0.pop_front();
        }
        self.0.push_back(text);
    }

    /// Notes messages, and gives them as well.
    pub(super) fn note(
        &mut self,
        ends: &Ends,
        words: impl IntoIterator<Item = String>,
        now_ms: i64,
    ) -> Vec<Text> {
        let texts: Vec<_> = words.into_iter().map(|words| Text::new(ends, words, now_ms)).collect();
        for text in &texts {
            self.push(text.clone());
        }
        texts
    }

    /// Those to one number, or all.
    pub(super) fn to(&self, user: Option<&str>) -> Vec<Text> {
        let own = |text: &&Text| user.is_none_or(|user| user == text.user_number);
        self.0.iter().filter(own).cloned().collect()
    }
}

/// 160 characters of the basic alphabet, 70 of any other; longer messages lose a few to their head.
fn segments(text: &str) -> usize {
    let basic = |letter: char| letter.is_ascii_alphanumeric() || BASIC.contains(letter);
    let (length, whole, part) = if text.chars().all(|c| basic(c) || EXTENDED.contains(c)) {
        let places = |letter| if EXTENDED.contains(letter) { 2 } else { 1 };
        (text.chars().map(places).sum::<usize>(), 160, 153)
    } else {
        (text.encode_utf16().count(), 70, 67)
    };
    if length <= whole { 1 } else { length.div_ceil(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_sent_in_parts() {
        for (text, count) in [
            (String::new(), 1),
            ("x".repeat(160), 1),
            ("x".repeat(161), 2),
            ("x".repeat(306), 2),
            ("x".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ж".repeat(70), 1),
            ("ж".repeat(71), 2),
            (format!("{}🙂", "x".repeat(69)), 2),
        ] {
            assert_eq!(segments(&text), count, "{text}");
        }
    }

    #[test]
    fn the_oldest_message_goes() {
        let ends = Ends { agent: "+1".to_owned(), user: "+2".to_owned() };
        let mut outbox = Outbox::default();
        for number in 0..=KEPT {
            outbox.push(Text::new(&ends, number.to_string(), 0));
        }
        assert_eq!((outbox.to(Some("+2")).len(), outbox.to(Some("+3")).len()), (KEPT, 0));
        assert_eq!(outbox.to(None)[0].words, "1");
    }
}

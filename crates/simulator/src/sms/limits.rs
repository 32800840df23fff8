//! How much may be sent.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// Messages of one sender within a minute.
const PER_SENDER: usize = 10;
/// Messages of the agent within a minute.
const PER_AGENT: usize = 100;
const MINUTE_MS: i64 = 60_000;
/// The same words so often within five minutes block their sender for ten.
const REPEATS: usize = 5;
const REPEAT_WINDOW_MS: i64 = 5 * MINUTE_MS;
const BLOCK_MS: i64 = 10 * MINUTE_MS;
/// Senders that are remembered; all are forgotten beyond that.
const SENDERS: usize = 10_000;

/// What was sent of late.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Limits {
    senders: HashMap<String, Sender>,
    /// When the agent's messages of the last minute were sent.
    agent: VecDeque<i64>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Sender {
    /// When, and what, as a digest; the oldest first.
    sent: VecDeque<(i64, u64)>,
    blocked_until_ms: i64,
}

impl Limits {
    /// The agent sends something from this number.
    pub(super) fn agent_sends(
        &mut self,
        number: &str,
        words: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        while self.agent.front().is_some_and(|at| *at <= now_ms - MINUTE_MS) {
            self.agent.pop_front();
        }
        if let Some(first) = self.agent.front().filter(|_| self.agent.len() >= PER_AGENT) {
            return Err(too_many(first + MINUTE_MS - now_ms));
        }
        self.sender(number).admit(words, now_ms).map_err(too_many)?;
        self.agent.push_back(now_ms);
        Ok(())
    }

    /// Somebody sends something to the agent; false when it is to be dropped.
    pub(super) fn user_sends(&mut self, number: &str, words: &str, now_ms: i64) -> bool {
        self.sender(number).admit(words, now_ms).is_ok()
    }

    fn sender(&mut self, number: &str) -> &mut Sender {
        if self.senders.len() >= SENDERS && !self.senders.contains_key(number) {
            self.senders.clear();
        }
        self.senders.entry(number.to_owned()).or_default()
    }
}

impl Sender {
    /// Notes a message; how long to wait in milliseconds when it is one too many.
    fn admit(&mut self, words: &str, now_ms: i64) -> Result<(), i64> {
        if now_ms < self.blocked_until_ms {
            return Err(self.blocked_until_ms - now_ms);
        }
        while self.sent.front().is_some_and(|(at, _)| *at <= now_ms - REPEAT_WINDOW_MS) {
            self.sent.pop_front();
        }
        let mut last_minute = self.sent.iter().filter(|(at, _)| *at > now_ms - MINUTE_MS);
        let first = last_minute.next().map(|(at, _)| *at);
        if let Some(first) = first.filter(|_| last_minute.count() + 1 >= PER_SENDER) {
            return Err(first + MINUTE_MS - now_ms);
        }
        let digest = digest(words);
        let again = self.sent.iter().filter(|(_, known)| *known == digest).count();
        if again + 1 >= REPEATS {
            self.blocked_until_ms = now_ms + BLOCK_MS;
            return Err(BLOCK_MS);
        }
        self.sent.push_back((now_ms, digest));
        Ok(())
    }
}

fn digest(words: &str) -> u64 {
    words.bytes().fold(1, |sum, byte| crate::world::mix(sum, byte.into()))
}

fn too_many(wait_ms: i64) -> Refusal {
    let mut refusal = Refusal::new(429, "TOO_MANY_REQUESTS", "Too many messages.");
    let seconds = wait_ms.max(1).div_euclid(1_000) + i64::from(wait_ms % 1_000 != 0);
    refusal.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_messages_a_minute_of_one_sender() {
        let mut limits = Limits::default();
        for number in 0..10 {
            limits.agent_sends("+1", &number.to_string(), number).unwrap();
        }
        assert_eq!(limits.agent_sends("+1", "x", 1_000).unwrap_err().retry_after, Some(59));
        limits.agent_sends("+2", "x", 1_000).unwrap();
        limits.agent_sends("+1", "x", 60_000).unwrap();
    }

    #[test]
    fn a_hundred_messages_a_minute_of_the_agent() {
        let mut limits = Limits::default();
        for number in 0..100 {
            limits.agent_sends(&format!("+{}", number / 10), &number.to_string(), 0).unwrap();
        }
        assert_eq!(limits.agent_sends("+99", "x", 0).unwrap_err().retry_after, Some(60));
        limits.agent_sends("+99", "x", 60_000).unwrap();
    }

    #[test]
    fn the_same_words_five_times_block_for_ten_minutes() {
        let mut limits = Limits::default();
        for minute in 0..4 {
            assert!(limits.user_sends("+1", "hello?", minute * MINUTE_MS));
        }
        assert!(!limits.user_sends("+1", "hello?", 4 * MINUTE_MS));
        assert!(!limits.user_sends("+1", "something else", 13 * MINUTE_MS));
        assert!(limits.user_sends("+2", "hello?", 4 * MINUTE_MS), "others are not blocked");
        assert!(limits.user_sends("+1", "hello?", 14 * MINUTE_MS));
        let mut limits = Limits::default();
        for number in 0..20 {
            assert!(limits.user_sends("+1", "hello?", number * 2 * MINUTE_MS), "slowly enough");
        }
    }
}

//! One conversation by text.

use serde::{Deserialize, Serialize};

use super::{Ends, dialogue};
use crate::agent::Dialogue;
use crate::conversation::{Channel, Conversation, Environment};
use crate::outcome::Ending;
use crate::platform::Platform;
use crate::studio::Stage;

/// Silence after which a warning is sent.
const WARNED_MS: i64 = 24 * 60 * 60 * 1_000;
/// Silence after which it is over.
pub(crate) const IDLE_MS: i64 = WARNED_MS + 10 * 60 * 1_000;
/// What the agent takes to answer, milliseconds.
const ANSWER_MS: i64 = 1_600;

/// A conversation by text that is not over.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Thread {
    id: String,
    dialogue: Dialogue,
    last_ms: i64,
    warned: bool,
}

impl Thread {
    /// Begins a conversation; nothing is said yet.
    pub(super) fn begin(platform: &Platform, ends: &Ends, now_ms: i64) -> Self {
        let id = format!("{}{}", crate::conversation::SMS_PREFIX, platform.uuid());
        let dialogue = dialogue(platform, &ends.agent);
        let language = dialogue.language();
        platform.live.put(Conversation {
            ended_ms: now_ms + IDLE_MS,
            from_number: ends.user.clone(),
            to_number: ends.agent.clone(),
            deployment: platform.deployment(Stage::Live).into(),
            ..Conversation::begun(id.clone(), Channel::Sms, Environment::Live, language, now_ms)
        });
        Self { id, dialogue, last_ms: now_ms, warned: false }
    }

    /// The agent's first words.
    pub(super) fn open(
        &mut self,
        platform: &Platform,
        message: Option<&str>,
        now_ms: i64,
    ) -> String {
        let language = self.dialogue.language();
        let greeting = || self.dialogue.greeting().text(language);
        let words = message.map_or_else(greeting, str::to_owned);
        platform.live.live_said(&self.id, &words, now_ms);
        words
    }

    /// The agent's answer; the second value says whether all is said.
    pub(super) fn answer(
        &mut self,
        platform: &Platform,
        words: &str,
        now_ms: i64,
    ) -> (String, bool) {
        let live = &platform.live;
        live.heard(&self.id, words, self.dialogue.language(), now_ms);
        let reply = self.dialogue.answer(words);
        let language = self.dialogue.language();
        live.answered(&self.id, &reply, language, self.dialogue.order(), now_ms + ANSWER_MS);
        (self.last_ms, self.warned) = (now_ms, false);
        let is_over = reply.ends || reply.handoff.is_some();
        if is_over {
            live.ended(&self.id, Ending::Natural, now_ms + ANSWER_MS);
        }
        (reply.text(language), is_over)
    }

    /// When the warning is due that has not been sent yet.
    pub(super) fn warn(&mut self, now_ms: i64) -> Option<i64> {
        let at_ms = self.last_ms + WARNED_MS;
        let due = !self.warned && now_ms >= at_ms;
        self.warned |= due;
        due.then_some(at_ms)
    }

    /// Ends it without a word.
    pub(super) fn close(self, platform: &Platform, now_ms: i64) {
        platform.live.ended(&self.id, Ending::Closed, now_ms);
    }

    /// When somebody said something last.
    pub(super) const fn last_ms(&self) -> i64 {
        self.last_ms
    }
}

//! Text messages: who writes to whom, what is let through, and what is answered.
//!
//! A message through the API opens a conversation and is its first words; whoever has the telephone
//! answers by the control API, as there is no network to come from. STOP, START and HELP never
//! reach the agent, and who has said STOP is sent nothing, without a word to the sender.

mod limits;
mod outbox;
mod thread;

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use self::limits::Limits;
use self::outbox::Outbox;
pub(crate) use self::outbox::Text;
pub(crate) use self::thread::IDLE_MS;
use self::thread::Thread;
use crate::agent::{Dialogue, Language};
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::snapshot::{Store, statics};
use crate::sync::lock;

/// Most conversations by text that are kept; the longest silent one goes.
const THREADS: usize = 5_000;
/// Most people who have said STOP; beyond that the list is full, and the first ones are forgotten.
const STOPPED: usize = 20_000;

const STOPPED_TEXT: &str = "You are unsubscribed and will get no more messages. Reply START to get \
                            them again.";
const STARTED_TEXT: &str = "You are subscribed again. Reply STOP to get no more messages.";
const HELP_TEXT: &str = "Fernhill Outfitters customer care. Reply STOP to get no more messages.";
const WARNING: &str = "Are you still there? This conversation closes in 10 minutes.";

/// All text messages.
#[derive(Debug, Default)]
pub(crate) struct Texting(Mutex<Inner>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Inner {
    limits: Limits,
    stopped: BTreeSet<String>,
    #[serde(with = "statics::pairs")]
    threads: HashMap<Ends, Thread>,
    outbox: Outbox,
}

/// Two telephones: the agent's number and a person's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Ends {
    /// The agent's number, or the service's id.
    pub(crate) agent: String,
    /// The person's number, with `rcs:` before it for rich messages.
    pub(crate) user: String,
}

/// Why somebody's words were not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Silence {
    /// They said STOP earlier.
    Stopped,
    /// They wrote too much, or the same again and again.
    TooMuch,
}

impl Texting {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }

    /// Sends the agent's first words and begins a conversation with them; the agent's own greeting
    /// when none are given. To people who said STOP nothing is sent, and that is no refusal.
    pub(crate) fn send(
        &self,
        platform: &Platform,
        ends: &Ends,
        message: Option<&str>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let mut inner = lock(&self.0);
        inner.sweep(platform, now_ms);
        inner.limits.agent_sends(&ends.agent, message.unwrap_or_default(), now_ms)?;
        if inner.stopped.contains(&ends.user) {
            return Ok(());
        }
        inner.close(platform, ends, now_ms);
        let mut thread = Thread::begin(platform, ends, now_ms);
        let words = thread.open(platform, message, now_ms);
        inner.keep(ends.clone(), thread);
        inner.outbox.push(Text::new(ends, words, now_ms));
        Ok(())
    }

    /// Somebody writes to the agent; gives what is sent back.
    pub(crate) fn receive(
        &self,
        platform: &Platform,
        ends: &Ends,
        words: &str,
        now_ms: i64,
    ) -> Result<Vec<Text>, Silence> {
        let mut inner = lock(&self.0);
        inner.sweep(platform, now_ms);
        if !inner.limits.user_sends(&ends.user, words, now_ms) {
            return Err(Silence::TooMuch);
        }
        if let Some(fixed) = inner.keyword(platform, ends, words, now_ms) {
            return Ok(inner.outbox.note(ends, [fixed.to_owned()], now_ms));
        }
        if inner.stopped.contains(&ends.user) {
            return Err(Silence::Stopped);
        }
        let mut thread = match inner.threads.remove(ends) {
            Some(thread) => thread,
            None => Thread::begin(platform, ends, now_ms),
        };
        let (answer, is_over) = thread.answer(platform, words, now_ms);
        if !is_over {
            inner.keep(ends.clone(), thread);
        }
        Ok(inner.outbox.note(ends, [answer], now_ms))
    }

    /// The latest messages that were sent to a number, or to all; the oldest first.
    pub(crate) fn sent(&self, platform: &Platform, user: Option<&str>, now_ms: i64) -> Vec<Text> {
        let mut inner = lock(&self.0);
        inner.sweep(platform, now_ms);
        inner.outbox.to(user)
    }

    /// The people who said STOP.
    pub(crate) fn stopped(&self) -> Vec<String> {
        lock(&self.0).stopped.iter().cloned().collect()
    }
}

impl Inner {
    /// What is answered in the agent's place.
    fn keyword(
        &mut self,
        platform: &Platform,
        ends: &Ends,
        words: &str,
        now_ms: i64,
    ) -> Option<&'static str> {
        match words.trim().to_ascii_uppercase().as_str() {
            "STOP" | "STOPALL" | "UNSUBSCRIBE" | "CANCEL" | "END" | "QUIT" => {
                if self.stopped.len() >= STOPPED {
                    self.stopped.pop_first();
                }
                self.stopped.insert(ends.user.clone());
                self.close(platform, ends, now_ms);
                Some(STOPPED_TEXT)
            }
            "START" | "UNSTOP" => {
                self.stopped.remove(&ends.user);
                Some(STARTED_TEXT)
            }
            "HELP" | "INFO" => Some(HELP_TEXT),
            _ => None,
        }
    }

    fn keep(&mut self, ends: Ends, thread: Thread) {
        if self.threads.len() >= THREADS {
            let oldest = self.threads.iter().min_by_key(|(_, thread)| thread.last_ms());
            if let Some(oldest) = oldest.map(|(ends, _)| ends.clone()) {
                self.threads.remove(&oldest);
            }
        }
        self.threads.insert(ends, thread);
    }

    fn close(&mut self, platform: &Platform, ends: &Ends, now_ms: i64) {
        if let Some(thread) = self.threads.remove(ends) {
            thread.close(platform, now_ms);
        }
    }

    /// Warns who has been silent for a day, and closes ten minutes later.
    fn sweep(&mut self, platform: &Platform, now_ms: i64) {
        for (ends, thread) in &mut self.threads {
            if let Some(at_ms) = thread.warn(now_ms) {
                self.outbox.push(Text::new(ends, WARNING.to_owned(), at_ms));
            }
        }
        let is_over = |thread: &Thread| now_ms >= thread.last_ms() + IDLE_MS;
        let over: Vec<_> = self
            .threads
            .iter()
            .filter(|(_, one)| is_over(one))
            .map(|(ends, _)| ends.clone())
            .collect();
        for ends in over {
            if let Some(thread) = self.threads.remove(&ends) {
                let at_ms = thread.last_ms() + IDLE_MS;
                thread.close(platform, at_ms);
            }
        }
    }
}

/// The language that an agent's number is written to in.
pub(crate) fn dialogue(platform: &Platform, number: &str) -> Dialogue {
    let agents = lock(&platform.agents);
    let line = agents.lines.at(number);
    let language = line.and_then(|line| Language::parse(&line.listens));
    Dialogue::new(language.unwrap_or(Language::English), platform.random())
}

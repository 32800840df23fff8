//! The client's half of a session: what a browser runs.

mod io;
mod status;

pub use self::{
    io::{Config, DialFailure, EndReason, Event, Input, Output, PendingMessage, Refusal},
    status::{Agent, Connection, Handoff, Indicator, Status},
};

use super::{dice::Dice, transcript::Transcript};
use crate::model::Millis;
use std::collections::VecDeque;

/// One session, across as many sockets as it takes.
///
/// After every [`handle`](Self::handle), drain [`poll`](Self::poll) until it gives `None`, then arm
/// one timer for [`deadline`](Self::deadline).
#[derive(Debug)]
pub struct ClientSession {
    dice: Dice,
    out: VecDeque<Output>,
    status: Status,
    transcript: Transcript,
    pending: Vec<PendingMessage>,
    until: Option<Millis>,
}

impl ClientSession {
    /// A session that has not connected yet; `entropy` decides jitter and message ids.
    pub fn new(config: Config, entropy: u64) -> Self {
        Self {
            dice: Dice::new(entropy),
            out: VecDeque::new(),
            status: Status::default(),
            transcript: Transcript::new(config.entries),
            pending: Vec::new(),
            until: None,
        }
    }

    /// Takes note of something that happened at `now`.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        let _ = (now, input, self.dice.uuid(), self.transcript.key());
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When to hand in [`Input::Tick`]; `None` only while nothing can happen by itself.
    pub fn deadline(&self) -> Option<Millis> {
        self.until
    }

    /// What has been said.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// Everything else a chat window shows.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The messages the platform has not acknowledged, in the order typed; keep them where a
    /// reload finds them.
    pub fn outbox(&self) -> Vec<PendingMessage> {
        self.pending.clone()
    }

    /// Takes over the outbox of an earlier page, before connecting.
    ///
    /// What was never written is queued again. What was written is sent again only when the
    /// history shows that it never arrived.
    pub fn restore(&mut self, messages: Vec<PendingMessage>) {
        self.pending.extend(messages);
    }
}

//! The client's half of a session: what a browser runs.
//!
//! What it promises, however bad the network and whatever is in between:
//! - nothing is shown twice, and everything stands in the order of the session's journal;
//! - what was typed is delivered once, or marked as not delivered. It is never sent a second time
//!   blindly: only after a history from before the message was read and does not hold it, and at
//!   most once per socket. The platform does not document that it recognises doubles;
//! - a dropped socket is not an end, and a hole in the history is fetched again.

mod inbound;
mod io;
mod joining;
mod outbox;
mod outputs;
mod seen;
mod sending;
mod socket;
mod speech;
mod status;
mod streams;
mod timers;
mod typing;

pub use self::{
    io::{Config, DialFailure, EndReason, Event, Input, Output, PendingMessage, Refusal},
    status::{Agent, Connection, Handoff, Indicator, Status},
};

use self::{
    joining::Joining, outbox::Pending, outputs::Outputs, seen::Seen, socket::Socket,
    streams::Streams, typing::Typing,
};
use super::{backoff::Backoff, dice::Dice, transcript::Transcript};
use crate::model::Millis;

/// One session, across as many sockets as it takes.
///
/// After every [`handle`](Self::handle), drain [`poll`](Self::poll) until it gives `None`, then arm
/// one timer for [`deadline`](Self::deadline).
#[derive(Debug)]
pub struct ClientSession {
    config: Config,
    now: Millis,
    dice: Dice,
    out: Outputs,
    status: Status,
    transcript: Transcript,

    socket: Socket,
    /// Counts sockets; 0 stands for those of an earlier page.
    serial: u32,
    backoff: Backoff,
    offline: bool,
    /// The event at which the history asked for with the latest dial must join on.
    anchor: u64,

    seen: Seen,
    holes: Holes,
    streams: Streams,
    started: bool,
    was_open: bool,
    agent_sequence: u64,
    handoff_sequence: u64,
    language_sequence: u64,
    indicator_until: Option<Millis>,

    joining: Joining,
    pending: Vec<Pending>,
    typing: Typing,
    /// When the visitor's wish to end was written.
    end_written: Option<Millis>,
    end_tries: u8,
    /// The session ended; until then, wait for what is still missing.
    closing: Option<Millis>,
}

/// What is known about the first missing sequence.
#[derive(Debug, Default)]
struct Holes {
    /// The event before it, and since when it has been the first.
    first: Option<(u64, Millis)>,
    /// The event before the one that was first when the socket was dialled.
    dialled: Option<u64>,
    /// The highest sequence seen at that time.
    highest: u64,
    /// How often a replay was asked for to close it.
    tries: u8,
    /// The platform leaves numbers out, so that a hole does not mean a loss.
    are_normal: bool,
}

impl ClientSession {
    /// A session that has not connected yet; `entropy` decides jitter and message ids.
    pub fn new(config: Config, entropy: u64) -> Self {
        Self {
            now: Millis(0),
            dice: Dice::new(entropy),
            out: Outputs::default(),
            status: Status::default(),
            transcript: Transcript::new(config.entries),
            socket: Socket::Idle,
            serial: 0,
            backoff: Backoff::default(),
            offline: false,
            anchor: 0,
            seen: Seen::new(),
            holes: Holes::default(),
            streams: Streams::default(),
            started: false,
            was_open: false,
            agent_sequence: 0,
            handoff_sequence: 0,
            language_sequence: 0,
            indicator_until: None,
            joining: Joining::default(),
            pending: Vec::new(),
            typing: Typing::default(),
            end_written: None,
            end_tries: 0,
            closing: None,
            config,
        }
    }

    /// Takes note of something that happened at `now`; time never runs backwards.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        match input {
            Input::Connect => self.connect(),
            Input::Opened => self.opened(),
            Input::Frame(text) => self.frame(text),
            Input::DialFailed(failure) => self.dial_failed(failure),
            Input::Closed { code } => self.closed(code),
            Input::Send { text } => self.send(text),
            Input::Retry { id } => self.retry(id),
            Input::Typing(active) => self.visitor_types(active),
            Input::RequestAgent => self.joining.again(),
            Input::End => self.end(),
            Input::Online => self.online(),
            Input::Offline => self.offline(),
            Input::Tick => {}
        }
        self.run_timers();
        self.write_what_waits();
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.poll()
    }

    /// When to hand in [`Input::Tick`]; `None` only while nothing can happen by itself: before the
    /// first connect, and once failed, replaced, lost or ended.
    pub fn deadline(&self) -> Option<Millis> {
        self.next_timer()
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
        self.pending.iter().map(Pending::export).collect()
    }

    /// Takes over the outbox of an earlier page or a lost session, before connecting.
    ///
    /// What was never written is queued again. What was written is sent again only when the
    /// history shows that it never arrived; what the visitor was told is not delivered stays so.
    pub fn restore(&mut self, messages: Vec<PendingMessage>) {
        for message in messages {
            self.import(message);
        }
    }
}

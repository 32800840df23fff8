//! The platform's half of a session: what the simulator runs.
//!
//! It keeps the journal, numbers it, replays it, echoes, and refuses what clients may not send.
//! The agent itself lives outside: the driver reacts to [`Event`]s and calls [`ServerSession::say`]
//! and its neighbours.

mod agent;
mod incoming;
mod io;
mod journal;

pub use self::io::{Config, ConnectionId, ConnectionLimit, Event, Input, Output, texts};

use self::journal::Journal;
use super::{
    dice::Dice,
    frame::{Capabilities, ServerEvent, ServerFrame, SessionEndReason},
};
use crate::model::{Millis, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// How many outputs may wait; a driver that lets them pile up loses its connections, not memory.
const OUTPUTS: usize = 16_384;

/// How long sockets stay open after the end, for clients to close them first.
const LINGER_MS: u64 = 5_000;

/// One session, with all its connections.
///
/// After every call that takes `now`, drain [`poll`](Self::poll), then arm one timer for
/// [`deadline`](Self::deadline). Timestamps are written as if `now` counted from 1970.
#[derive(Debug)]
pub struct ServerSession {
    config: Config,
    dice: Dice,
    out: VecDeque<Output>,
    journal: Journal,
    connections: Vec<ConnectionId>,
    /// Echoes by client event id, kept only to recognise doubles.
    known: BTreeMap<String, ServerFrame>,
    phase: Phase,
    conversation: bool,
    agent_present: bool,
    idle_from: Millis,
    warned: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// Over; sockets still open then are closed at that moment.
    Ended(Millis),
}

impl ServerSession {
    /// A session that begins at `now`; `entropy` decides all ids.
    pub fn new(config: Config, entropy: u64, now: Millis) -> Self {
        let capabilities = Capabilities {
            streaming: Some(config.streaming),
            max_message_size_bytes: Some(super::frame::MAX_FRAME_BYTES as u64),
            max_reconnect_attempts: Some(config.max_reconnect_attempts),
            heartbeat_interval_seconds: Some(config.heartbeat_interval_seconds),
        };
        let mut session = Self {
            journal: Journal::new(config.journal),
            config,
            dice: Dice::new(entropy),
            out: VecDeque::new(),
            connections: Vec::new(),
            known: BTreeMap::new(),
            phase: Phase::Running,
            conversation: false,
            agent_present: false,
            idle_from: now,
            warned: false,
        };
        session.emit(now, ServerEvent::SessionStart(capabilities));
        session
    }

    /// A client connects: replays what is newer than `cursor`, an integer or `seq:` and an integer.
    pub fn connect(
        &mut self,
        now: Millis,
        conn: ConnectionId,
        cursor: Option<&str>,
    ) -> Result<(), ConnectionLimit> {
        if self.connections.len() >= self.config.max_connections {
            return Err(ConnectionLimit);
        }
        self.connections.retain(|other| *other != conn);
        self.connections.push(conn);
        let after = cursor.map_or(0, parse_cursor);
        for text in self.journal.replay(after, self.config.batch_events, self.config.replay_whole) {
            self.write(conn, text);
        }
        if let Phase::Ended(close_at) = &mut self.phase {
            *close_at = now.plus(LINGER_MS);
        }
        Ok(())
    }

    /// Takes note of something that happened at `now`.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        match input {
            Input::Frame { conn, text } => self.receive(now, conn, text),
            Input::Closed { conn } => self.connections.retain(|other| *other != conn),
            Input::Tick => self.tick(now),
        }
    }

    /// Puts an event into the session: numbered and journaled unless it is transient by nature,
    /// and sent to all connections. Nothing happens after the end.
    pub fn emit(&mut self, now: Millis, event: ServerEvent) {
        self.journalise(now, event, None);
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When to hand in [`Input::Tick`]; `None` once over and without connections.
    pub fn deadline(&self) -> Option<Millis> {
        match self.phase {
            Phase::Ended(close_at) => (!self.connections.is_empty()).then_some(close_at),
            Phase::Running => Some(match self.warn_at() {
                Some(at) if !self.warned => at,
                _ => self.idle_from.plus(self.config.idle_ms),
            }),
        }
    }

    /// All that was journaled and is still kept, oldest first.
    pub fn journal(&self) -> impl Iterator<Item = &ServerFrame> {
        self.journal.iter()
    }

    /// The open connections.
    pub fn connections(&self) -> &[ConnectionId] {
        &self.connections
    }

    /// Whether the session is over.
    pub fn is_ended(&self) -> bool {
        self.phase != Phase::Running
    }

    fn tick(&mut self, now: Millis) {
        match self.phase {
            Phase::Ended(close_at) if now >= close_at => {
                for conn in std::mem::take(&mut self.connections) {
                    self.out.push_back(Output::Close { conn, code: 1000 });
                }
            }
            Phase::Running if now >= self.idle_from.plus(self.config.idle_ms) => {
                self.end(now, SessionEndReason::UserAbandoned);
            }
            Phase::Running if !self.warned && self.warn_at().is_some_and(|at| now >= at) => {
                // Before the event, which itself must not count as a sign of life.
                self.warned = true;
                self.emit(now, ServerEvent::SessionIdleWarning);
            }
            _ => {}
        }
    }

    fn warn_at(&self) -> Option<Millis> {
        let before = self.config.idle_warning_ms?;
        Some(self.idle_from.plus(self.config.idle_ms.saturating_sub(before)))
    }

    fn alive(&mut self, now: Millis) {
        self.idle_from = now;
        self.warned = false;
    }

    fn journalise(
        &mut self,
        now: Millis,
        event: ServerEvent,
        custom: Option<super::frame::Custom>,
    ) -> Option<ServerFrame> {
        if self.is_ended() {
            return None;
        }
        if event != ServerEvent::SessionIdleWarning {
            self.alive(now);
        }
        match event {
            ServerEvent::PolyAgentJoined(_) | ServerEvent::LiveAgentJoined(_) => {
                self.agent_present = true;
            }
            ServerEvent::PolyAgentLeft { .. } | ServerEvent::LiveAgentLeft { .. } => {
                self.agent_present = false;
            }
            _ => {}
        }
        let is_end = matches!(event, ServerEvent::SessionEnd { .. });
        let millis = i64::try_from(now.0).unwrap_or(i64::MAX);
        let mut frame = ServerFrame {
            id: Some(self.dice.uuid()),
            timestamp: Some(Timestamp::from_unix_ms(millis)),
            custom,
            ..ServerFrame::new(event)
        };
        if !is_transient(&frame.event) {
            self.journal.push(&mut frame);
        }
        let text = frame.encode();
        for at in (0..self.connections.len()).rev() {
            if let Some(conn) = self.connections.get(at).copied() {
                self.write(conn, text.clone());
            }
        }
        if is_end {
            self.phase = Phase::Ended(now.plus(LINGER_MS));
        }
        Some(frame)
    }

    fn write(&mut self, conn: ConnectionId, text: String) {
        if self.out.len() < OUTPUTS {
            self.out.push_back(Output::Write { conn, text });
        } else if self.connections.contains(&conn) {
            self.close(conn, 1013);
        }
    }

    fn close(&mut self, conn: ConnectionId, code: u16) {
        self.connections.retain(|other| *other != conn);
        self.out.push_back(Output::Close { conn, code });
    }
}

/// Neither numbered nor replayed.
fn is_transient(event: &ServerEvent) -> bool {
    matches!(
        event,
        ServerEvent::PolyAgentThinking
            | ServerEvent::LiveAgentTyping { .. }
            | ServerEvent::UserTyping(_)
            | ServerEvent::Heartbeat
            | ServerEvent::Batch { .. }
    )
}

/// Anything unreadable counts as 0, as on the platform.
fn parse_cursor(text: &str) -> u64 {
    text.strip_prefix("seq:").unwrap_or(text).parse().unwrap_or(0)
}

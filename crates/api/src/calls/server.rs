//! The gateway's half of calls: what the simulator runs.
//!
//! It reads offers, names sessions, answers, passes candidates, and refuses what the platform
//! refuses. Whether a token is good, what the answer says and who talks is up to the driver, which
//! reacts to [`Event`]s with [`Input::Accept`] and its neighbours.
//!
//! What the platform does not document, and is decided here: a call outlives its socket for a
//! while, and goes on with the next frame that names its session; an offer with the `callSid`,
//! token and description of a call that lives is taken as a repetition and answered as before.

mod incoming;
mod io;
mod lifecycle;

pub use self::io::{CallEnd, CallId, Config, ConnectionId, ConnectionLimit, Event, Input, Output};

use super::{
    message::{Body, Candidate, ErrorReport, Frame, Offer, Sdp},
    queue::Outputs,
};
use crate::{messaging::dice::Dice, model::Millis};
use std::collections::BTreeMap;

/// All connections and calls of one gateway.
///
/// After every call that takes `now`, drain [`poll`](Self::poll), then arm one timer for
/// [`deadline`](Self::deadline).
#[derive(Debug)]
pub struct Gateway {
    config: Config,
    now: Millis,
    dice: Dice,
    out: Outputs<Output>,
    connections: BTreeMap<ConnectionId, Connection>,
    calls: BTreeMap<CallId, Call>,
    /// Counts calls.
    count: u64,
}

#[derive(Debug)]
struct Connection {
    call: Option<CallId>,
    /// When it is closed, unless it has a call by then.
    idle_by: Millis,
}

#[derive(Debug)]
struct Call {
    connection: Option<ConnectionId>,
    offer: Offer,
    session: String,
    answer: Option<Sdp>,
    /// When the driver must have answered.
    answer_by: Option<Millis>,
    /// The socket was lost; when the call ends unless another one takes it up.
    lost_by: Option<Millis>,
    end_by: Millis,
    /// How many candidates the caller has named.
    named: usize,
    /// Candidates of this side.
    candidates: Vec<Candidate>,
}

impl Gateway {
    /// A gateway without calls; `entropy` decides the session ids.
    pub fn new(config: Config, entropy: u64) -> Self {
        Self {
            config,
            now: Millis(0),
            dice: Dice::new(entropy),
            out: Outputs::default(),
            connections: BTreeMap::new(),
            calls: BTreeMap::new(),
            count: 0,
        }
    }

    /// Takes a connection in; nothing is said until an offer comes.
    pub fn connect(&mut self, now: Millis, conn: ConnectionId) -> Result<(), ConnectionLimit> {
        self.handle(now, Input::Tick);
        if self.connections.len() >= self.config.max_connections {
            return Err(ConnectionLimit);
        }
        let idle_by = self.now.plus(self.config.idle_ms);
        self.connections.insert(conn, Connection { call: None, idle_by });
        Ok(())
    }

    /// Takes note of something that happened at `now`; time never runs backwards.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        match input {
            Input::Frame { conn, text } => self.frame(conn, text),
            Input::Closed { conn, code } => self.closed(conn, code),
            Input::Accept { call, sdp } => self.accept(call, sdp),
            Input::Fail { call, report } => self.fail(call, report),
            Input::Candidate { call, candidate } => self.candidate(call, candidate),
            Input::HangUp { call } => self.end(call, CallEnd::Agent),
            Input::Tick => {}
        }
        self.run_timers();
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.poll()
    }

    /// When to hand in [`Input::Tick`]; `None` without connections and calls.
    pub fn deadline(&self) -> Option<Millis> {
        let idle =
            self.connections.values().filter(|one| one.call.is_none()).map(|one| one.idle_by);
        let calls = self.calls.values();
        let ends = calls.flat_map(|call| [call.answer_by, call.lost_by, Some(call.end_by)]);
        idle.chain(ends.flatten()).min()
    }

    /// The calls that are not over, as `/health` counts them.
    pub fn calls(&self) -> impl Iterator<Item = CallId> {
        self.calls.keys().copied()
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    fn run_timers(&mut self) {
        let now = self.now;
        let idle: Vec<_> = self
            .connections
            .iter()
            .filter(|(_, one)| one.call.is_none() && now >= one.idle_by)
            .map(|(conn, _)| *conn)
            .collect();
        for conn in idle {
            self.hang_up(conn, 1008);
        }
        let is_due = |at: Option<Millis>| at.is_some_and(|at| now >= at);
        let due: Vec<_> = self
            .calls
            .iter()
            .filter_map(|(id, call)| {
                let end = if is_due(call.answer_by) {
                    CallEnd::Unanswered
                } else if is_due(call.lost_by) {
                    CallEnd::Lost
                } else if now >= call.end_by {
                    CallEnd::TooLong
                } else {
                    return None;
                };
                Some((*id, end))
            })
            .collect();
        for (call, end) in due {
            self.end(call, end);
        }
    }

    fn write(&mut self, conn: ConnectionId, session: Option<&str>, body: Body) {
        let text = Frame::new(session, body).encode();
        self.out.order(Output::Write { conn, text });
    }

    fn complain(&mut self, conn: ConnectionId, session: Option<&str>, report: ErrorReport) {
        self.write(conn, session, Body::Error(report));
    }

    fn hang_up(&mut self, conn: ConnectionId, code: u16) {
        if self.connections.remove(&conn).is_some() {
            self.out.order(Output::Close { conn, code });
        }
    }
}

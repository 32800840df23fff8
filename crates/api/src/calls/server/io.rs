//! What goes into a gateway and what comes out of it.

use crate::calls::message::{Candidate, ErrorReport, Offer, Sdp, WireText};

/// How a gateway behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Whether echo is allowed, as on gateways for debugging.
    pub echo: bool,
    /// How many connections there may be.
    pub max_connections: usize,
    /// How many calls there may be.
    pub max_calls: usize,
    /// How many candidates a caller may name.
    pub max_candidates: usize,
    /// How long a connection may be without a call.
    pub idle_ms: u64,
    /// How long the driver may take to answer an offer.
    pub answer_ms: u64,
    /// How long a call outlives its socket.
    pub keep_ms: u64,
    /// How long a call may be.
    pub call_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            echo: false,
            max_connections: 1_000,
            max_calls: 200,
            max_candidates: 256,
            idle_ms: 30_000,
            answer_ms: 10_000,
            keep_ms: 20_000,
            call_ms: 2 * 60 * 60 * 1_000,
        }
    }
}

/// A connection, numbered by the driver; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// A call, numbered by the gateway; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// The gateway has all the connections it may have; answer the handshake with 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection was not taken: the gateway has all it may have")]
pub struct ConnectionLimit;

/// What the driver tells the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// A text frame came.
    Frame {
        /// On which connection.
        conn: ConnectionId,
        /// The frame.
        text: &'a str,
    },
    /// A connection closed.
    Closed {
        /// Which one.
        conn: ConnectionId,
        /// The close code; 1005 or 1006 when there was none.
        code: u16,
    },
    /// The token is good, and this is the answer to the latest offer.
    Accept {
        /// Of which call.
        call: CallId,
        /// The answer.
        sdp: Sdp,
    },
    /// The offer is refused, or the call cannot go on.
    Fail {
        /// Which call.
        call: CallId,
        /// What the caller is told.
        report: ErrorReport,
    },
    /// A candidate of this side.
    Candidate {
        /// For which call.
        call: CallId,
        /// The candidate.
        candidate: Candidate,
    },
    /// The agent hangs up.
    HangUp {
        /// On which call.
        call: CallId,
    },
    /// The time the deadline named has come.
    Tick,
}

/// What the gateway wants done, or wants known.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Write a text frame.
    Write {
        /// On which connection.
        conn: ConnectionId,
        /// The frame.
        text: WireText,
    },
    /// Close a connection; nothing of it may be handed in any more.
    Close {
        /// Which one.
        conn: ConnectionId,
        /// The close code.
        code: u16,
    },
    /// Something for the driver to react to.
    Event(Event),
}

/// What the caller did.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Wants to talk. Check the token, then accept or fail.
    Offer {
        /// The call.
        call: CallId,
        /// The offer; it has a token, and a mode that gateways know.
        offer: Box<Offer>,
        /// The call was answered before, and changes its description.
        again: bool,
    },
    /// Named an address.
    Candidate {
        /// Of which call.
        call: CallId,
        /// The candidate.
        candidate: Candidate,
    },
    /// The call is over; there is one of these for every call.
    Ended {
        /// Which call.
        call: CallId,
        /// Why.
        end: CallEnd,
    },
}

/// Why a call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// The caller closed it.
    Caller,
    /// The driver hung up.
    Agent,
    /// The driver refused it, or it failed.
    Failed,
    /// The driver took too long to answer.
    Unanswered,
    /// Its socket was lost, and no other one took it up.
    Lost,
    /// The same caller began anew with another description.
    Replaced,
    /// It was longer than calls may be.
    TooLong,
}

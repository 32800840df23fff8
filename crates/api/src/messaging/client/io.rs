//! What goes into a client session and what comes out of it.

use super::status::Connection;
use crate::{
    json::{Object, Value},
    messaging::{
        frame::{FrameFault, SessionEndReason},
        transcript::{Delivery, EntryKey},
    },
    model::Millis,
};
use serde::{Deserialize, Serialize};

/// What a session should know from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The session existed before: its agent was already asked to join, most likely.
    pub resumed: bool,
    /// How many entries the transcript keeps.
    pub entries: usize,
    /// How many unacknowledged messages may wait.
    pub backlog: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { resumed: false, entries: 2_000, backlog: 64 }
    }
}

/// What the driver tells the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// Connect, if not connected; also the visitor's "try again" after a failure.
    Connect,
    /// The socket dialled last is open.
    Opened,
    /// A text frame came.
    Frame(&'a str),
    /// The dial failed.
    DialFailed(DialFailure),
    /// The socket closed, without the session having hung up.
    Closed {
        /// The close code; 1005 or 1006 when there was none.
        code: u16,
    },
    /// The visitor says something.
    Send {
        /// The text as typed.
        text: String,
    },
    /// The visitor wants an undelivered message sent again.
    Retry {
        /// Its [`Entry::client_event_id`](crate::messaging::transcript::Entry::client_event_id).
        id: &'a str,
    },
    /// The visitor pressed a key (`true`), or cleared the input (`false`).
    Typing(bool),
    /// Ask the agent to join again, after it could not start.
    RequestAgent,
    /// The visitor ends the conversation.
    End,
    /// The network is back.
    Online,
    /// The network is gone.
    Offline,
    /// The time [`deadline`](super::ClientSession::deadline) named has come.
    Tick,
}

/// Why a dial failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialFailure {
    /// No answer, or a fault that may pass.
    Unreachable,
    /// Too many at once (429, 503).
    Busy {
        /// How long the answer asked to wait.
        retry_after_ms: Option<u64>,
    },
    /// The session or its token is no longer good (401, 404).
    SessionLost,
    /// Refused in a way that trying again cannot change (400, 403).
    Refused,
}

/// What the session wants done, or wants known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Open a socket, with that cursor if there is one; forget any older socket.
    Dial {
        /// Replay only what is newer.
        cursor: Option<u64>,
    },
    /// Write a text frame.
    Write(String),
    /// Close the socket; nothing of it may be handed in any more.
    Hangup {
        /// The code to close with.
        code: u16,
    },
    /// Something changed.
    Event(Event),
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The connection's state.
    Connection(Connection),
    /// An entry was added or changed, or moved to its place.
    Entry(EntryKey),
    /// A whole message from the other side has arrived just now: worth a sound or a badge.
    Announce(EntryKey),
    /// Something in [`Status`](super::Status) besides the connection.
    Status,
    /// What the visitor typed was not taken.
    Refused(Refusal),
    /// The session or its token is gone. Make a new one, and give this one's
    /// [`outbox`](super::ClientSession::outbox) to it.
    SessionLost,
    /// The conversation is over.
    Ended(EndReason),
    /// An event of a type this version does not know.
    Unknown {
        /// The type as received.
        kind: String,
    },
    /// A frame that could not be read; it was left out.
    Unreadable(FrameFault),
    /// More changed than the queue could hold: read transcript and status anew.
    Resync,
}

/// Why a message was not taken; it is neither in the transcript nor in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing but white space.
    #[error("the message is empty")]
    Empty,
    /// Too large to be one frame.
    #[error("the message is larger than {limit} bytes")]
    TooLong {
        /// The limit of the whole frame in bytes.
        limit: usize,
    },
    /// Too many messages wait already.
    #[error("{limit} messages wait already")]
    Backlog {
        /// How many may wait.
        limit: usize,
    },
    /// The conversation is over.
    #[error("the conversation is over")]
    Over,
}

/// Why a conversation is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// The visitor ended it.
    Visitor,
    /// Nobody said anything for too long.
    Idle,
    /// It was finished.
    Natural,
    /// The platform closed the socket cleanly without saying why.
    Closed,
    /// A reason this version does not know, as received.
    Other(String),
}

impl From<SessionEndReason> for EndReason {
    fn from(reason: SessionEndReason) -> Self {
        match reason {
            SessionEndReason::UserEnd => Self::Visitor,
            SessionEndReason::UserAbandoned => Self::Idle,
            SessionEndReason::NaturalEnd => Self::Natural,
            SessionEndReason::Other(other) => Self::Other(other),
        }
    }
}

/// A message that the platform has not acknowledged, in a form that survives a page reload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingMessage {
    /// Its `client_event_id`; stays the same however often it is sent.
    pub id: String,
    /// The text as typed.
    pub text: String,
    /// It was written to some socket, so it may have arrived.
    pub written: bool,
    /// What the visitor was told.
    pub delivery: Delivery,
    /// When it was typed, by the driver's clock, in milliseconds.
    pub at_ms: u64,
}

impl PendingMessage {
    /// The same JSON as by `serde`, for whoever cannot afford that (see [`json`](crate::json)).
    pub fn to_json(&self) -> Value {
        let mut out = Object::new();
        out.put("id", self.id.as_str());
        out.put("text", self.text.as_str());
        out.put("written", self.written);
        out.put("delivery", self.delivery.as_str());
        out.put("at_ms", self.at_ms);
        out.into()
    }

    /// Reads what [`to_json`](Self::to_json) or `serde` wrote.
    pub fn from_json(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        Some(Self {
            id: fields.text("id")?.to_owned(),
            text: fields.text("text")?.to_owned(),
            written: fields.get("written")?.as_bool()?,
            delivery: Delivery::parse(fields.text("delivery")?)?,
            at_ms: fields.get("at_ms")?.as_whole()?,
        })
    }

    /// When it was typed.
    pub fn at(&self) -> Millis {
        Millis(self.at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_keeping_an_outbox_agree() {
        for delivery in Delivery::ALL {
            let [id, text] = ["c-1", "Say \"hi\"\n"].map(str::to_owned);
            let message =
                PendingMessage { id, text, written: true, delivery, at_ms: 1_788_256_801_000 };
            let text = message.to_json().encode();
            assert_eq!(text, serde_json::to_string(&message).unwrap());
            assert_eq!(PendingMessage::from_json(&Value::parse(&text).unwrap()), Some(message));
        }
        assert_eq!(PendingMessage::from_json(&Value::Null), None);
    }
}

//! What goes into a server session and what comes out of it.

use crate::messaging::frame::{Custom, TypingState};

/// How a session behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What the session announces; whether the driver streams is up to the driver.
    pub streaming: bool,
    /// Announced seconds between heartbeats; 0 turns them off.
    pub heartbeat_interval_seconds: u32,
    /// Announced number of reconnect attempts; 0 means without end.
    pub max_reconnect_attempts: u32,
    /// Silence after which the session ends.
    pub idle_ms: u64,
    /// How long before that a warning is sent, if at all.
    pub idle_warning_ms: Option<u64>,
    /// How many events one history batch holds at most.
    pub batch_events: usize,
    /// How many connections a session may have.
    pub max_connections: usize,
    /// How many events the journal keeps.
    pub journal: usize,
    /// Take a message with a known `client_event_id` only once. The platform documents no such
    /// thing, so by default both copies stay.
    pub deduplicate: bool,
    /// Replay a completed stream of chunks as one whole message, in place of its first chunk.
    pub replay_whole: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            streaming: false,
            heartbeat_interval_seconds: 30,
            max_reconnect_attempts: 5,
            idle_ms: 600_000,
            idle_warning_ms: None,
            batch_events: 50,
            max_connections: 10,
            journal: 10_000,
            deduplicate: false,
            replay_whole: false,
        }
    }
}

/// A connection, numbered by the driver; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// The session has all the connections it may have; answer the handshake with 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("connection limit exceeded for session")]
pub struct ConnectionLimit;

/// What the driver tells the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    },
    /// The time the deadline named has come.
    Tick,
}

/// What the session wants done, or wants known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Write a text frame.
    Write {
        /// On which connection.
        conn: ConnectionId,
        /// The frame.
        text: String,
    },
    /// Close a connection; nothing of it may be handed in any more.
    Close {
        /// Which one.
        conn: ConnectionId,
        /// The close code.
        code: u16,
    },
    /// Something for the agent to react to.
    Event(Event),
}

/// What the visitor did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Asks the agent to join. Not repeated while one is joining or present.
    Join,
    /// Said something, to whoever is there.
    UserMessage {
        /// The text.
        text: String,
        /// The id given to it.
        message_id: String,
        /// The map that came with it.
        custom: Custom,
    },
    /// Is typing, or stopped.
    UserTyping(TypingState),
    /// Tied a voice call to the session.
    LinkToCall {
        /// The call's id.
        call_sid: String,
    },
    /// Ended the conversation; the session has ended already.
    End,
}

/// The documented texts of system messages.
pub mod texts {
    /// Unparsable JSON, or an unrecognised type.
    pub const INVALID: &str = "Unknown event type or invalid message format";
    /// A server-only type; the type follows.
    pub const NOT_ALLOWED: &str = "Event type not allowed: ";
    /// Overload.
    pub const HIGH_LOAD: &str =
        "Our system is experiencing high load. Please try again in a moment.";
    /// The join failed.
    pub const JOIN_FAILED: &str =
        "Sorry, I'm unable to start a conversation right now. Please try again later.";
    /// No answer was produced.
    pub const NO_ANSWER: &str = "Sorry, I'm having trouble responding right now. Please try again.";
    /// A stream broke.
    pub const STREAM_BROKE: &str = "Sorry, I encountered an error. Please try again.";
    /// The session expired.
    pub const SESSION_NOT_FOUND: &str = "Error: Session not found";
    /// The session could not be looked up.
    pub const SESSION_UNREADABLE: &str = "Error: Unable to retrieve session";
    /// The connector is gone; the session ends.
    pub const CONNECTOR_NOT_FOUND: &str = "Error: Connector not found";
    /// No agent was asked to join yet.
    pub const CONVERSATION_NOT_FOUND: &str = "Error: Conversation not found";
    /// The conversation was not initialised.
    pub const CONVERSATION_ID_NOT_FOUND: &str = "Error: Conversation ID not found in session";
    /// The live-agent provider refused.
    pub const HANDOFF_REFUSED: &str =
        "Sorry, we could not connect you to an agent. Please try again.";
    /// A message was lost on its way to a live agent.
    pub const NOT_FORWARDED: &str = "Failed to forward message to live agent";
    /// The hand-over is not set up.
    pub const HANDOFF_IMPOSSIBLE: &str = "Sorry, handoff could not be initiated.";

    /// All of them.
    pub const ALL: [&str; 14] = [
        INVALID,
        NOT_ALLOWED,
        HIGH_LOAD,
        JOIN_FAILED,
        NO_ANSWER,
        STREAM_BROKE,
        SESSION_NOT_FOUND,
        SESSION_UNREADABLE,
        CONNECTOR_NOT_FOUND,
        CONVERSATION_NOT_FOUND,
        CONVERSATION_ID_NOT_FOUND,
        HANDOFF_REFUSED,
        NOT_FORWARDED,
        HANDOFF_IMPOSSIBLE,
    ];
}

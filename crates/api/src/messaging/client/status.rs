//! Everything a chat window shows besides the transcript.

use super::io::EndReason;
use crate::messaging::frame::{AgentIdentity, Capabilities, HandoffRequest, QueueStatus};

/// Where the session stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// The socket.
    pub connection: Connection,
    /// Who is on the other side.
    pub agent: Agent,
    /// Where the hand-over to a person stands.
    pub handoff: Handoff,
    /// What the other side is doing just now.
    pub indicator: Option<Indicator>,
    /// The conversation's language, BCP 47, once the platform named one.
    pub language: Option<String>,
    /// The session will soon end for lack of words.
    pub idle_warning: bool,
    /// The visitor asked to end, and the platform has not confirmed it yet.
    pub ending: bool,
    /// The conversation is over.
    pub ended: Option<EndReason>,
    /// What the platform announced for this session.
    pub capabilities: Capabilities,
}

/// The socket's state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Connection {
    /// Never connected.
    #[default]
    Idle,
    /// Dialling, or waiting for the history.
    Connecting,
    /// Usable.
    Open,
    /// Lost; the next dial comes by itself.
    Waiting {
        /// The number of the coming attempt, from 1.
        attempt: u32,
    },
    /// The network is gone.
    Offline,
    /// Another window took the session over; [`Input::Connect`](super::Input::Connect) takes it
    /// back.
    Replaced,
    /// All attempts failed; [`Input::Connect`](super::Input::Connect) starts over.
    Failed,
    /// The session or its token is gone.
    Lost,
    /// The conversation is over.
    Ended,
}

/// Who is on the other side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Agent {
    /// Nobody yet, or nobody any more.
    #[default]
    None,
    /// The PolyAI agent.
    Poly(AgentIdentity),
    /// A person.
    Live(AgentIdentity),
}

/// Where the hand-over to a person stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Handoff {
    /// None was asked for.
    #[default]
    None,
    /// The agent asked for one.
    Triggered,
    /// The visitor waits in a queue.
    Queued(QueueStatus),
    /// A person is there.
    Live,
    /// The person left.
    Over,
    /// The page must move the visitor elsewhere.
    Required(HandoffRequest),
    /// It failed.
    Failed {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Nobody came in time.
    TimedOut {
        /// Why, if said.
        reason: Option<String>,
    },
}

/// What the other side is doing just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    /// The PolyAI agent prepares an answer.
    Thinking,
    /// A person is typing.
    Typing,
}

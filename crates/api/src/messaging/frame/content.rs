//! What events carry: messages, cards, chips, identities, queue positions.

use serde::{Deserialize, Serialize};

/// The limits and settings a session announces in its first event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Whether answers arrive in chunks; absent means no.
    pub streaming: Option<bool>,
    /// The largest message in bytes.
    pub max_message_size_bytes: Option<u64>,
    /// How often a client should try to reconnect; 0 means without end.
    pub max_reconnect_attempts: Option<u32>,
    /// Seconds between heartbeats; 0 turns them off.
    pub heartbeat_interval_seconds: Option<u32>,
}

/// Who is speaking: the PolyAI agent or a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentIdentity {
    /// The platform's id of a live agent.
    pub id: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// A picture; a URL the platform gave, to be checked before use.
    pub avatar_url: Option<String>,
}

/// One whole message of the PolyAI agent or of a live agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The message's id, shared by its chunks; absent only on malformed events.
    pub message_id: Option<String>,
    /// The text, possibly with Markdown.
    pub text: String,
    /// Cards below the text.
    pub attachments: Vec<Attachment>,
    /// Chips the visitor may tap.
    pub suggestions: Vec<Suggestion>,
    /// Telephone numbers to offer.
    pub call_actions: Vec<CallAction>,
    /// Who said it, as far as the event says so.
    pub agent: AgentIdentity,
    /// The agent means to end the conversation with this message.
    pub end_conversation: bool,
}

/// One piece of a streamed message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The piece's position, from 1.
    pub index: u32,
    /// Whether it is the last piece; its text may be empty.
    pub is_complete: bool,
    /// The piece; its `text` is joined to its neighbours without a separator.
    pub part: Message,
}

/// A card: a link or a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The headline.
    pub title: Option<String>,
    /// A picture of what the link leads to.
    pub preview_image_url: Option<String>,
    /// Where the card leads, or the picture itself.
    pub content_url: Option<String>,
    /// What `content_url` is.
    pub kind: AttachmentKind,
    /// The label of the card's button.
    pub call_to_action_text: Option<String>,
}

/// What an attachment's `content_url` points at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttachmentKind {
    /// A page; also assumed for kinds this version does not know.
    #[default]
    Url,
    /// A picture.
    Image,
}

impl AttachmentKind {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Url => "ATTACHMENT_CONTENT_TYPE_URL",
            Self::Image => "ATTACHMENT_CONTENT_TYPE_IMAGE",
        }
    }
}

/// A chip: a ready answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What the chip says, and what is sent when it is tapped.
    pub message_text: String,
    /// Opaque data some SDKs carry along.
    pub payload: Option<String>,
}

/// A telephone number offered in the chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAction {
    /// The label.
    pub title: Option<String>,
    /// The number to dial.
    pub contact_number: String,
}

/// Where the visitor stands in a live agent's queue; every field is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueStatus {
    /// The queue.
    pub queue_name: Option<String>,
    /// The position, 1 being next.
    pub position: Option<u32>,
    /// The expected wait in seconds.
    pub estimated_wait_seconds: Option<u32>,
    /// A ready sentence some providers send.
    pub display_message: Option<String>,
}

/// The host application must move the visitor elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandoffRequest {
    /// Why.
    pub reason: Option<HandoffReason>,
    /// The queue that should take over.
    pub queue_name: Option<String>,
    /// A route some SDKs carry.
    pub route: Option<String>,
}

/// Why an agent hands a conversation over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandoffReason {
    /// The question is beyond the agent.
    ComplexQuery,
    /// The agent chose to.
    AgentDecision,
    /// A rule of the company.
    Policy,
    /// A reason this version does not know, as received.
    Other(String),
}

impl HandoffReason {
    /// Reads the wire name; anything unknown is kept.
    pub fn parse(name: &str) -> Self {
        match name {
            "COMPLEX_QUERY" => Self::ComplexQuery,
            "AGENT_DECISION" => Self::AgentDecision,
            "POLICY" => Self::Policy,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The wire name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ComplexQuery => "COMPLEX_QUERY",
            Self::AgentDecision => "AGENT_DECISION",
            Self::Policy => "POLICY",
            Self::Other(other) => other,
        }
    }
}

/// Why the platform ended a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionEndReason {
    /// The visitor ended it.
    UserEnd,
    /// Nobody said anything for ten minutes.
    UserAbandoned,
    /// The conversation was finished, also after a live agent left.
    NaturalEnd,
    /// A reason this version does not know, as received.
    Other(String),
}

impl SessionEndReason {
    /// Reads the wire name; anything unknown is kept.
    pub fn parse(name: &str) -> Self {
        match name {
            "REASON_USER_END" => Self::UserEnd,
            "REASON_USER_ABANDONED" => Self::UserAbandoned,
            "REASON_NATURAL_END" => Self::NaturalEnd,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The wire name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::UserEnd => "REASON_USER_END",
            Self::UserAbandoned => "REASON_USER_ABANDONED",
            Self::NaturalEnd => "REASON_NATURAL_END",
            Self::Other(other) => other,
        }
    }
}

/// How serious a system message is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SystemLevel {
    /// For information; also assumed for levels this version does not know.
    #[default]
    Info,
    /// Something may be wrong.
    Warning,
    /// Something failed.
    Error,
}

impl SystemLevel {
    /// Reads the wire name.
    pub fn parse(name: &str) -> Self {
        match name {
            "SYSTEM_MESSAGE_LEVEL_WARNING" => Self::Warning,
            "SYSTEM_MESSAGE_LEVEL_ERROR" => Self::Error,
            _ => Self::Info,
        }
    }

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "SYSTEM_MESSAGE_LEVEL_INFO",
            Self::Warning => "SYSTEM_MESSAGE_LEVEL_WARNING",
            Self::Error => "SYSTEM_MESSAGE_LEVEL_ERROR",
        }
    }
}

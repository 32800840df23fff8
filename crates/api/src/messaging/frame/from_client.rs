//! What a client sends.

use super::{CLIENT_EVENT_ID, Custom, FrameFault, client_type, read, write};

/// A frame from the client: an event and the map that comes back on its echo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFrame {
    /// What the client says.
    pub event: ClientEvent,
    /// `metadata.custom`; empty means that no metadata is sent.
    pub custom: Custom,
}

impl ClientFrame {
    /// A frame without metadata.
    pub fn new(event: ClientEvent) -> Self {
        Self { event, custom: Custom::new() }
    }

    /// A visitor's message, marked so that its echo can be recognised.
    pub fn message(text: &str, client_event_id: &str) -> Self {
        Self {
            event: ClientEvent::UserMessage { text: text.to_owned() },
            custom: Custom::from([(CLIENT_EVENT_ID.to_owned(), client_event_id.to_owned())]),
        }
    }

    /// Reads a frame with the same strictness as [`client_type`].
    pub fn parse(text: &str) -> Result<Self, FrameFault> {
        let kind = client_type(text)?;
        read::client_frame(kind, text)
    }

    /// The JSON text.
    pub fn encode(&self) -> String {
        write::client_frame(self)
    }
}

/// What a client may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// Asks the PolyAI agent to join; once per new session.
    RequestPolyAgentJoin,
    /// The visitor's words.
    UserMessage {
        /// The text as typed.
        text: String,
    },
    /// Whether the visitor is typing; only of use to a live agent.
    UserTyping(TypingState),
    /// The visitor ends the conversation.
    UserEndSession,
    /// A sign of life.
    Heartbeat,
    /// Ties a voice call to this session; known from the mobile SDKs only.
    LinkToWebrtcConversation {
        /// The call's id.
        call_sid: String,
    },
}

impl ClientEvent {
    /// The event's type.
    pub fn kind(&self) -> ClientEventType {
        match self {
            Self::RequestPolyAgentJoin => ClientEventType::RequestPolyAgentJoin,
            Self::UserMessage { .. } => ClientEventType::UserMessage,
            Self::UserTyping(_) => ClientEventType::UserTyping,
            Self::UserEndSession => ClientEventType::UserEndSession,
            Self::Heartbeat => ClientEventType::Heartbeat,
            Self::LinkToWebrtcConversation { .. } => ClientEventType::LinkToWebrtcConversation,
        }
    }
}

/// The types a client may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientEventType {
    /// `EVENT_TYPE_REQUEST_POLY_AGENT_JOIN`.
    RequestPolyAgentJoin,
    /// `EVENT_TYPE_USER_MESSAGE`.
    UserMessage,
    /// `EVENT_TYPE_USER_TYPING`.
    UserTyping,
    /// `EVENT_TYPE_USER_END_SESSION`.
    UserEndSession,
    /// `EVENT_TYPE_HEARTBEAT`.
    Heartbeat,
    /// `EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION`, which the documentation does not list.
    LinkToWebrtcConversation,
}

impl ClientEventType {
    /// All types, the documented five first.
    pub const ALL: [Self; 6] = [
        Self::RequestPolyAgentJoin,
        Self::UserMessage,
        Self::UserTyping,
        Self::UserEndSession,
        Self::Heartbeat,
        Self::LinkToWebrtcConversation,
    ];

    /// Reads a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RequestPolyAgentJoin => "EVENT_TYPE_REQUEST_POLY_AGENT_JOIN",
            Self::UserMessage => "EVENT_TYPE_USER_MESSAGE",
            Self::UserTyping => "EVENT_TYPE_USER_TYPING",
            Self::UserEndSession => "EVENT_TYPE_USER_END_SESSION",
            Self::Heartbeat => "EVENT_TYPE_HEARTBEAT",
            Self::LinkToWebrtcConversation => "EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION",
        }
    }

    /// Whether the type is one of the five documented ones.
    pub fn is_documented(self) -> bool {
        self != Self::LinkToWebrtcConversation
    }
}

/// Whether somebody is typing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TypingState {
    /// Typing began; also assumed when the state is absent.
    #[default]
    Started,
    /// Typing ended.
    Stopped,
}

impl TypingState {
    /// Reads the wire name.
    pub fn parse(name: &str) -> Self {
        if name == Self::Stopped.as_str() { Self::Stopped } else { Self::Started }
    }

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "TYPING_STATE_STARTED",
            Self::Stopped => "TYPING_STATE_STOPPED",
        }
    }
}

//! What the platform sends.

use super::{
    AgentIdentity, CLIENT_EVENT_ID, Capabilities, Chunk, Custom, FrameFault, HandoffRequest,
    MAX_FRAME_BYTES, Message, QueueStatus, SessionEndReason, SystemLevel, TypingState, read, write,
};
use crate::model::Timestamp;

/// A frame from the platform, or one event of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFrame {
    /// The event's id; heartbeat echoes and batches may have none.
    pub id: Option<String>,
    /// The place in the session's journal; `None` means transient: never replayed, not in order.
    pub sequence: Option<u64>,
    /// When it happened, ISO 8601.
    pub timestamp: Option<Timestamp>,
    /// What happened.
    pub event: ServerEvent,
    /// `metadata.custom`; absent also when any of its values is no string.
    pub custom: Option<Custom>,
}

impl ServerFrame {
    /// A bare frame: no id, no sequence, no timestamp, no metadata.
    pub fn new(event: ServerEvent) -> Self {
        Self { id: None, sequence: None, timestamp: None, event, custom: None }
    }

    /// An error told to the client; `custom` is that of the frame that caused it.
    pub fn system_error(message: &str, custom: Option<Custom>) -> Self {
        let message = message.to_owned();
        let event = ServerEvent::SystemMessage { level: SystemLevel::Error, message };
        Self { custom, ..Self::new(event) }
    }

    /// Reads a frame; fails only on text that is no JSON object with a `type`.
    ///
    /// A history batch may be larger than [`MAX_FRAME_BYTES`]; eight times that is the limit here.
    pub fn parse(text: &str) -> Result<Self, FrameFault> {
        if text.len() > 8 * MAX_FRAME_BYTES {
            return Err(FrameFault::TooLarge);
        }
        read::server_frame(text)
    }

    /// The JSON text.
    pub fn encode(&self) -> String {
        write::server_frame(self).encode()
    }

    /// The id the client gave to the event that this one echoes or answers.
    pub fn client_event_id(&self) -> Option<&str> {
        self.custom.as_ref()?.get(CLIENT_EVENT_ID)
    }
}

/// What happened in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerEvent {
    /// Several events at once: the history after a connect.
    Batch {
        /// The events in the order received, nested batches laid flat.
        events: Vec<ServerFrame>,
        /// How many elements were no events at all.
        skipped: usize,
    },
    /// The session exists.
    SessionStart(Capabilities),
    /// The PolyAI agent joined.
    PolyAgentJoined(AgentIdentity),
    /// The PolyAI agent is preparing an answer.
    PolyAgentThinking,
    /// A whole message of the PolyAI agent.
    PolyAgentMessage(Message),
    /// A piece of a message of the PolyAI agent.
    PolyAgentMessageChunk(Chunk),
    /// The PolyAI agent left.
    PolyAgentLeft {
        /// Why, if said.
        reason: Option<String>,
    },
    /// A person is being looked for.
    PolyAgentTriggeredHandoff,
    /// A person joined.
    LiveAgentJoined(AgentIdentity),
    /// A person is typing, or stopped.
    LiveAgentTyping {
        /// Started or stopped.
        state: TypingState,
        /// Who.
        agent: AgentIdentity,
    },
    /// A person's message.
    LiveAgentMessage(Message),
    /// The person left.
    LiveAgentLeft {
        /// Who.
        agent: AgentIdentity,
        /// Why, if said.
        reason: Option<String>,
    },
    /// Queueing for a person begins.
    HandoffAccepted {
        /// The queue.
        queue_name: Option<String>,
    },
    /// News from the queue.
    HandoffQueueStatus(QueueStatus),
    /// The host application must move the visitor elsewhere.
    ClientHandoffRequired(HandoffRequest),
    /// No person could be reached.
    HandoffFailed {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Nobody came in time.
    HandoffTimeout {
        /// Why, if said.
        reason: Option<String>,
    },
    /// The session is over.
    SessionEnd {
        /// Why.
        reason: SessionEndReason,
    },
    /// The platform speaks for itself, often about a failure.
    SystemMessage {
        /// How serious it is.
        level: SystemLevel,
        /// The text.
        message: String,
    },
    /// The conversation goes on in another language.
    LanguageChanged {
        /// BCP 47.
        language_code: String,
    },
    /// The session will soon end for lack of words; known from the SDKs only.
    SessionIdleWarning,
    /// A delivery or read receipt; known from the SDKs only, details undocumented.
    Receipt(Receipt),
    /// A satisfaction survey should be shown; details undocumented.
    ShowCsatRequest,
    /// A survey's answer; details undocumented.
    CsatResponse,
    /// Echo of the visitor's message.
    UserMessage {
        /// The text.
        text: String,
        /// The id the platform gave to it.
        message_id: Option<String>,
    },
    /// Echo of the visitor's typing; the platform does not send it.
    UserTyping(TypingState),
    /// Echo of the visitor's end.
    UserEndSession,
    /// Echo of a heartbeat; may lack id and timestamp.
    Heartbeat,
    /// Echo of the request to join.
    RequestPolyAgentJoin,
    /// Echo of a link to a voice call.
    LinkToWebrtcConversation {
        /// The call's id.
        call_sid: String,
    },
    /// A type this version does not know.
    Unknown {
        /// The type as received.
        kind: String,
    },
}

impl ServerEvent {
    /// The wire names of all events this version knows, without `EVENT_TYPE_`: what the platform
    /// says by itself, what only the SDKs know, and echoes.
    pub const KINDS: [&str; 35] = [
        "EVENT_BATCH",
        "SESSION_START",
        "POLY_AGENT_JOINED",
        "POLY_AGENT_THINKING",
        "POLY_AGENT_MESSAGE",
        "POLY_AGENT_MESSAGE_CHUNK",
        "POLY_AGENT_LEFT",
        "POLY_AGENT_TRIGGERED_HANDOFF",
        "LIVE_AGENT_JOINED",
        "LIVE_AGENT_TYPING",
        "LIVE_AGENT_MESSAGE",
        "LIVE_AGENT_LEFT",
        "HANDOFF_ACCEPTED",
        "HANDOFF_QUEUE_STATUS",
        "CLIENT_HANDOFF_REQUIRED",
        "HANDOFF_FAILED",
        "HANDOFF_TIMEOUT",
        "SESSION_END",
        "SYSTEM_MESSAGE",
        "LANGUAGE_CHANGED",
        "SESSION_IDLE_WARNING",
        "USER_RECEIVED_MESSAGE",
        "USER_READ_MESSAGE",
        "POLY_AGENT_RECEIVED_MESSAGE",
        "POLY_AGENT_READ_MESSAGE",
        "LIVE_AGENT_RECEIVED_MESSAGE",
        "LIVE_AGENT_READ_MESSAGE",
        "SHOW_CSAT_REQUEST",
        "CSAT_RESPONSE",
        "USER_MESSAGE",
        "USER_TYPING",
        "USER_END_SESSION",
        "HEARTBEAT",
        "REQUEST_POLY_AGENT_JOIN",
        "LINK_TO_WEBRTC_CONVERSATION",
    ];

    /// The wire name of the event's type.
    pub fn kind(&self) -> &str {
        match self {
            Self::Batch { .. } => "EVENT_TYPE_EVENT_BATCH",
            Self::SessionStart(_) => "EVENT_TYPE_SESSION_START",
            Self::PolyAgentJoined(_) => "EVENT_TYPE_POLY_AGENT_JOINED",
            Self::PolyAgentThinking => "EVENT_TYPE_POLY_AGENT_THINKING",
            Self::PolyAgentMessage(_) => "EVENT_TYPE_POLY_AGENT_MESSAGE",
            Self::PolyAgentMessageChunk(_) => "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK",
            Self::PolyAgentLeft { .. } => "EVENT_TYPE_POLY_AGENT_LEFT",
            Self::PolyAgentTriggeredHandoff => "EVENT_TYPE_POLY_AGENT_TRIGGERED_HANDOFF",
            Self::LiveAgentJoined(_) => "EVENT_TYPE_LIVE_AGENT_JOINED",
            Self::LiveAgentTyping { .. } => "EVENT_TYPE_LIVE_AGENT_TYPING",
            Self::LiveAgentMessage(_) => "EVENT_TYPE_LIVE_AGENT_MESSAGE",
            Self::LiveAgentLeft { .. } => "EVENT_TYPE_LIVE_AGENT_LEFT",
            Self::HandoffAccepted { .. } => "EVENT_TYPE_HANDOFF_ACCEPTED",
            Self::HandoffQueueStatus(_) => "EVENT_TYPE_HANDOFF_QUEUE_STATUS",
            Self::ClientHandoffRequired(_) => "EVENT_TYPE_CLIENT_HANDOFF_REQUIRED",
            Self::HandoffFailed { .. } => "EVENT_TYPE_HANDOFF_FAILED",
            Self::HandoffTimeout { .. } => "EVENT_TYPE_HANDOFF_TIMEOUT",
            Self::SessionEnd { .. } => "EVENT_TYPE_SESSION_END",
            Self::SystemMessage { .. } => "EVENT_TYPE_SYSTEM_MESSAGE",
            Self::LanguageChanged { .. } => "EVENT_TYPE_LANGUAGE_CHANGED",
            Self::SessionIdleWarning => "EVENT_TYPE_SESSION_IDLE_WARNING",
            Self::Receipt(receipt) => receipt.as_str(),
            Self::ShowCsatRequest => "EVENT_TYPE_SHOW_CSAT_REQUEST",
            Self::CsatResponse => "EVENT_TYPE_CSAT_RESPONSE",
            Self::UserMessage { .. } => "EVENT_TYPE_USER_MESSAGE",
            Self::UserTyping(_) => "EVENT_TYPE_USER_TYPING",
            Self::UserEndSession => "EVENT_TYPE_USER_END_SESSION",
            Self::Heartbeat => "EVENT_TYPE_HEARTBEAT",
            Self::RequestPolyAgentJoin => "EVENT_TYPE_REQUEST_POLY_AGENT_JOIN",
            Self::LinkToWebrtcConversation { .. } => "EVENT_TYPE_LINK_TO_WEBRTC_CONVERSATION",
            Self::Unknown { kind } => kind,
        }
    }
}

/// Receipts the SDKs know: who received or read whose message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// The visitor received a message.
    UserReceived,
    /// The visitor read a message.
    UserRead,
    /// The PolyAI agent received a message.
    PolyAgentReceived,
    /// The PolyAI agent read a message.
    PolyAgentRead,
    /// The live agent received a message.
    LiveAgentReceived,
    /// The live agent read a message.
    LiveAgentRead,
}

impl Receipt {
    /// All receipts.
    pub const ALL: [Self; 6] = [
        Self::UserReceived,
        Self::UserRead,
        Self::PolyAgentReceived,
        Self::PolyAgentRead,
        Self::LiveAgentReceived,
        Self::LiveAgentRead,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserReceived => "EVENT_TYPE_USER_RECEIVED_MESSAGE",
            Self::UserRead => "EVENT_TYPE_USER_READ_MESSAGE",
            Self::PolyAgentReceived => "EVENT_TYPE_POLY_AGENT_RECEIVED_MESSAGE",
            Self::PolyAgentRead => "EVENT_TYPE_POLY_AGENT_READ_MESSAGE",
            Self::LiveAgentReceived => "EVENT_TYPE_LIVE_AGENT_RECEIVED_MESSAGE",
            Self::LiveAgentRead => "EVENT_TYPE_LIVE_AGENT_READ_MESSAGE",
        }
    }
}

//! The JSON text frames of the messaging WebSocket, in both directions.
//!
//! Reading is tolerant: unknown types survive as [`ServerEvent::Unknown`], a field of the wrong
//! shape counts as absent, and a malformed element never costs its neighbours.

mod check;
mod content;
mod custom;
mod from_client;
mod from_server;
mod read;
mod write;

pub use self::{
    check::{FrameFault, MAX_DEPTH, client_type},
    content::{
        AgentIdentity, Attachment, AttachmentKind, CallAction, Capabilities, Chunk, HandoffReason,
        HandoffRequest, Message, QueueStatus, SessionEndReason, Suggestion, SystemLevel,
    },
    custom::Custom,
    from_client::{ClientEvent, ClientEventType, ClientFrame, TypingState},
    from_server::{Receipt, ServerEvent, ServerFrame},
};

/// The largest frame either side accepts, in bytes.
pub const MAX_FRAME_BYTES: usize = 131_072;

/// The key of `metadata.custom` that ties an echo to the message it acknowledges.
pub const CLIENT_EVENT_ID: &str = "client_event_id";

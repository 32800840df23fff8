//! What the frames hold.

use super::{Candidate, ErrorCode, FrameFault, Mode, Sdp, WireText, read, strict, write};
use crate::{
    json::{Object, Value},
    model::Secret,
};
use std::fmt;

/// A frame of the signalling socket, of either direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The call it belongs to, as the answer named it; nothing before that.
    pub session: Option<String>,
    /// What it says.
    pub body: Body,
}

impl Frame {
    /// A frame of the session named.
    pub fn new(session: Option<&str>, body: Body) -> Self {
        Self { session: session.map(str::to_owned), body }
    }

    /// Reads a frame as tolerantly as can be.
    pub fn parse(text: &str) -> Result<Self, FrameFault> {
        read::frame(strict::tolerant_object(text)?)
    }

    /// Reads a frame, and refuses one that two readers could understand differently, or that is
    /// nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    pub fn parse_strict(text: &str) -> Result<Self, FrameFault> {
        read::frame(strict::object(text)?)
    }

    /// The JSON text; the only place a token is written to.
    pub fn encode(&self) -> WireText {
        WireText::new(Value::Object(self.to_fields()).encode())
    }

    pub(in crate::calls) fn to_fields(&self) -> Object {
        write::frame(self)
    }
}

/// What a frame says.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// The caller wants to talk; client to server.
    Offer(Box<Offer>),
    /// The call was taken; server to client. Its session id is the call's from then on.
    Answer {
        /// The server's description.
        sdp: Sdp,
    },
    /// An address to try; both ways.
    Candidate(Candidate),
    /// The call is over. Documented for clients only, seen both ways.
    Close,
    /// Something went wrong; server to client.
    Error(ErrorReport),
    /// A sign of life is wanted. Not documented; the `pong` of the SDKs implies it.
    Ping,
    /// A sign of life; known from the SDKs only.
    Pong,
    /// A type this version does not know.
    Unknown(UnknownFrame),
}

impl Body {
    /// The frame's `type`.
    pub fn kind(&self) -> &str {
        match self {
            Self::Offer(_) => "offer",
            Self::Answer { .. } => "answer",
            Self::Candidate(_) => "ice-candidate",
            Self::Close => "close",
            Self::Error(_) => "error",
            Self::Ping => "ping",
            Self::Pong => "pong",
            Self::Unknown(unknown) => &unknown.kind,
        }
    }
}

/// An offer: the caller's description, and whom to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The caller's description.
    pub sdp: Sdp,
    /// Everything else.
    pub fields: OfferFields,
}

/// What an offer says besides the description: configuration, not negotiation.
#[derive(Clone, Default)]
pub struct OfferFields {
    /// The connector or web-calling token; needed by the gateway whatever else is given.
    pub auth_token: Option<Secret>,
    /// How the agent hears and speaks.
    pub mode: Option<Mode>,
    /// The caller's own id for the call: the only handle a client has.
    pub call_sid: Option<String>,
    /// Who calls, such as a number in E.164.
    pub caller: Option<String>,
    /// Who is called.
    pub callee: Option<String>,
    /// The workspace.
    pub account_id: Option<String>,
    /// The agent.
    pub project_id: Option<String>,
    /// A variant of it.
    pub variant_id: Option<String>,
    /// A version of it other than the deployed one.
    pub agent_version: Option<AgentVersion>,
}

impl OfferFields {
    /// Whether both have the same token, or none.
    pub(in crate::calls) fn auth_token_is(&self, other: &Self) -> bool {
        match (&self.auth_token, &other.auth_token) {
            (Some(one), Some(two)) => one.ct_eq(two.expose()),
            (one, two) => one.is_none() && two.is_none(),
        }
    }
}

impl PartialEq for OfferFields {
    fn eq(&self, other: &Self) -> bool {
        self.auth_token_is(other)
            && self.mode == other.mode
            && self.call_sid == other.call_sid
            && self.caller == other.caller
            && self.callee == other.callee
            && self.account_id == other.account_id
            && self.project_id == other.project_id
            && self.variant_id == other.variant_id
            && self.agent_version == other.agent_version
    }
}

/// Tells which fields are there; token and numbers stay out of logs.
impl fmt::Debug for OfferFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfferFields")
            .field("auth_token", &self.auth_token.is_some())
            .field("mode", &self.mode)
            .field("call_sid", &self.call_sid)
            .field("caller", &self.caller.is_some())
            .field("callee", &self.callee.is_some())
            .field("account_id", &self.account_id)
            .field("project_id", &self.project_id)
            .field("variant_id", &self.variant_id)
            .field("agent_version", &self.agent_version)
            .finish()
    }
}

/// `agentVersionOverride`: both halves are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentVersion {
    /// The agent's artefact.
    pub artifact_version: String,
    /// The functions deployed with it.
    pub lambda_deployment_version: String,
}

/// An error as the gateway reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReport {
    /// Which one.
    pub code: ErrorCode,
    /// The gateway's words: the first 300 characters, without control characters.
    pub message: String,
}

/// A frame of a type this version does not know.
#[derive(Clone, PartialEq)]
pub struct UnknownFrame {
    /// The type as received.
    pub kind: String,
    /// All its fields, the type included.
    pub fields: Object,
}

impl fmt::Debug for UnknownFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownFrame({:?}, {} fields)", self.kind, self.fields.iter().count())
    }
}

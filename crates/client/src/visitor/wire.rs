//! What the edge worker's visitor plane says.

use std::time::Duration;

use perch_api::messaging::client::DialFailure;
use serde::Deserialize;

use crate::platform::TransportError;

/// What the site's owner configured for all visitors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Site {
    /// Names the site.
    pub id: String,
    /// Heads the chat window.
    #[serde(default)]
    pub title: String,
    /// Who answers.
    #[serde(default)]
    pub agent_name: String,
    /// A CSS colour; check it before use.
    #[serde(default)]
    pub accent: String,
    /// Whether answers arrive in chunks.
    #[serde(default)]
    pub streaming: bool,
}

/// A session as the worker grants it. No `Debug`: it holds tokens.
#[derive(Deserialize)]
pub(super) struct Session {
    pub(super) token: String,
    pub(super) expires_in: u64,
    pub(super) resume: String,
    #[serde(rename = "session")]
    pub(super) id: String,
    #[serde(default)]
    pub(super) resumed: bool,
    pub(super) site: Site,
}

/// A one-use ticket for a socket.
#[derive(Deserialize)]
pub(super) struct Ticket {
    pub(super) ticket: String,
}

/// The agent's turn over plain requests.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChatReply {
    /// What the agent says.
    #[serde(default)]
    pub response: String,
    /// Whether this was the last turn.
    #[serde(default)]
    pub ended: bool,
    /// Where the conversation goes on, when it was handed over.
    #[serde(default)]
    pub handoff: Option<Handoff>,
}

/// A handover to people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Handoff {
    /// Where to.
    #[serde(default)]
    pub destination: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Why the worker did not do what a visitor asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VisitorError {
    /// The worker refused.
    #[error("the edge worker refused ({code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The worker's code, for example `origin_not_allowed`.
        code: String,
        /// What to do about it, in the worker's words.
        remedy: String,
        /// Quote it to support.
        request_id: String,
        /// How long the answer asked to wait.
        retry_after: Option<Duration>,
    },
    /// The session is gone; open a new one.
    #[error("the session is gone")]
    SessionLost,
    /// The answer is not the worker's.
    #[error("the edge worker's answer cannot be read")]
    Answer,
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl VisitorError {
    pub(super) fn refused(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Inner {
            code: String,
            remedy: String,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Body {
            error: Inner,
            request_id: String,
        }
        let Body { error, request_id } = serde_json::from_slice(body).unwrap_or_default();
        let code = if error.code.is_empty() { format!("status_{status}") } else { error.code };
        Self::Refused { status, code, remedy: error.remedy, request_id, retry_after }
    }

    pub(super) fn dial_failure(&self) -> DialFailure {
        match self {
            Self::SessionLost | Self::Refused { status: 401 | 404 | 410, .. } => {
                DialFailure::SessionLost
            }
            Self::Refused { status: 429 | 503, retry_after, .. } => DialFailure::Busy {
                retry_after_ms: retry_after.and_then(|pause| u64::try_from(pause.as_millis()).ok()),
            },
            Self::Refused { status: 400 | 403 | 405, .. } => DialFailure::Refused,
            Self::Refused { .. } | Self::Answer | Self::Transport(_) => DialFailure::Unreachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_what_a_person_needs() {
        let body = br#"{"error":{"code":"origin_not_allowed","message":"m","remedy":"Add the origin."},"request_id":"r-1"}"#;
        let error = VisitorError::refused(403, body, None);
        assert_eq!(error.to_string(), "the edge worker refused (origin_not_allowed)");
        assert_eq!(error.dial_failure(), DialFailure::Refused);
        assert!(matches!(error, VisitorError::Refused { remedy, request_id, .. }
            if remedy == "Add the origin." && request_id == "r-1"));
    }

    #[test]
    fn a_body_of_somebody_else_still_gives_a_code() {
        let error = VisitorError::refused(502, b"<html>", None);
        assert_eq!(error.to_string(), "the edge worker refused (status_502)");
        assert_eq!(error.dial_failure(), DialFailure::Unreachable);
    }

    #[test]
    fn a_pause_is_passed_on() {
        let error = VisitorError::refused(429, b"{}", Some(Duration::from_secs(3)));
        assert_eq!(error.dial_failure(), DialFailure::Busy { retry_after_ms: Some(3_000) });
    }
}

//! Why a call failed. No variant holds a body, a header or a URL.

use std::{fmt, time::Duration};

use perch_api::error::{ErrorBody, ErrorKind, first_words};
use perch_api::operation::{DecodeError, InputError};
use perch_api::range::RangeFault;
use perch_api::stream::PageFault;

use crate::credentials::MissingCredential;
use crate::platform::TransportError;

/// A call that did not give a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} failed")]
pub struct ClientError {
    /// The operation's id.
    pub operation: &'static str,
    /// What happened.
    #[source]
    pub failure: Failure,
    /// The platform's or the worker's name for this exchange: quote it to support.
    pub correlation_id: Option<String>,
    /// How long the answer asked to wait.
    pub retry_after: Option<Duration>,
}

/// What happened to a call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The answer was a refusal.
    #[error("the answer was {}{}", .0.status, .0.code.as_deref().map(|code| format!(" {code}")).unwrap_or_default())]
    Refused(ErrorBody),
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer is not what the operation declares.
    #[error(transparent)]
    Decode(#[from] Unreadable),
    /// The page ended early; the rows given before are whole.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// The answer does not give the wanted part of a recording.
    #[error(transparent)]
    Range(#[from] RangeFault),
    /// The caller cancelled it; what was sent may have acted.
    #[error("the call was cancelled")]
    Cancelled,
    /// A credential is missing; nothing was sent.
    #[error(transparent)]
    Credential(#[from] MissingCredential),
    /// The region has no such host; nothing was sent.
    #[error("this region has no host for the operation")]
    NoHost,
    /// An argument is not what the operation takes; nothing was sent.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// A successful answer that cannot be read. It holds no more of it than its first plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// HTTP status.
    pub status: u16,
    /// The first plain words, where it is no JSON: enough to tell a gateway's page from an answer.
    pub words: Option<String>,
    /// Where reading ended.
    pub place: DecodeError,
}

impl Unreadable {
    pub(crate) fn new(status: u16, body: &[u8], place: DecodeError) -> Self {
        let is_json = matches!(body.trim_ascii_start(), [b'{' | b'[' | b'"', ..]);
        let words = if is_json { None } else { first_words(body) };
        Self { status, words, place }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer {} cannot be read: {}", self.status, self.place)?;
        match &self.words {
            Some(words) => write!(f, "; it begins with {words:?}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Unreadable {}

impl ClientError {
    /// Of a call that never left.
    pub(crate) const fn unsent(operation: &'static str, failure: Failure) -> Self {
        Self { operation, failure, correlation_id: None, retry_after: None }
    }

    /// HTTP status, when there was an answer.
    pub const fn status(&self) -> Option<u16> {
        match &self.failure {
            Failure::Refused(body) => Some(body.status),
            Failure::Decode(answer) => Some(answer.status),
            _ => None,
        }
    }

    /// What to do about it, in one sentence.
    pub const fn remedy(&self) -> &'static str {
        match &self.failure {
            Failure::Refused(body) => body.kind().remedy(),
            Failure::Transport(_) => "Check the connection and try again.",
            Failure::Page(_) => "Ask for the page again, from the cursor that led to it.",
            Failure::Range(fault) => fault.remedy(),
            Failure::Decode(_) => ErrorKind::Other.remedy(),
            Failure::Credential(_) => "Configure the credential and try again.",
            Failure::NoHost => "Use a region that offers this API.",
            Failure::Cancelled => "Call again when it is wanted.",
            Failure::Input(error) => error.remedy(),
        }
    }
}

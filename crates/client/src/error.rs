//! Why a call failed. No variant holds a body, a header or a URL.

use std::time::Duration;

use perch_api::error::{ErrorBody, ErrorKind};
use perch_api::operation::DecodeError;

use crate::{credentials::MissingCredential, platform::TransportError};

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
    Decode(#[from] DecodeError),
    /// A credential is missing; nothing was sent.
    #[error(transparent)]
    Credential(#[from] MissingCredential),
    /// The region has no such host; nothing was sent.
    #[error("this region has no host for the operation")]
    NoHost,
    /// The path holds a placeholder without a value; nothing was sent.
    #[error("a path parameter is missing or empty")]
    Path,
    /// A query parameter that the platform insists on is missing; nothing was sent.
    #[error("the query parameter {0} is missing")]
    Query(&'static str),
}

impl ClientError {
    /// HTTP status, when there was an answer.
    pub const fn status(&self) -> Option<u16> {
        match &self.failure {
            Failure::Refused(body) => Some(body.status),
            _ => None,
        }
    }

    /// What to do about it, in one sentence.
    pub const fn remedy(&self) -> &'static str {
        match &self.failure {
            Failure::Refused(body) => body.kind().remedy(),
            Failure::Transport(_) => "Check the connection and try again.",
            Failure::Decode(_) => ErrorKind::Other.remedy(),
            Failure::Credential(_) => "Configure the credential and try again.",
            Failure::NoHost => "Use a region that offers this API.",
            Failure::Path => "Fill in every id of the path.",
            Failure::Query(_) => "Give the parameter a value.",
        }
    }
}

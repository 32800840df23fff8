//! Why a call failed. No variant holds a body, a header or a URL.

use std::time::Duration;

use perch_api::error::{ErrorBody, ErrorKind};
use perch_api::operation::DecodeError;

use crate::credentials::MissingCredential;
use crate::input::InputError;
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
    Decode(#[from] DecodeError),
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

impl ClientError {
    /// Of a call that never left.
    pub(crate) const fn unsent(operation: &'static str, failure: Failure) -> Self {
        Self { operation, failure, correlation_id: None, retry_after: None }
    }

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
            Failure::Input(error) => error.remedy(),
        }
    }
}

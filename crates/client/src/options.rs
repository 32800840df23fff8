//! How one call is to be made.

use std::time::Duration;

use perch_api::operation::{
    InputError, InputFault, InputPart, MAX_CORRELATION_ID, is_correlation_id,
};

use crate::cancel::CancelToken;

/// How calls are to be made; [`Client::with`](crate::Client::with) gives a client that makes them so.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// How long one try may take from the request to the last byte; 30 s when absent. Of a streamed
    /// answer: to its first byte, and from each chunk to the next.
    pub timeout: Option<Duration>,
    /// How long all tries and the pauses between them may take together; unlimited when absent. Of a
    /// streamed answer: until it begins.
    pub deadline: Option<Duration>,
    /// Ends the call, its request included, whenever it is cancelled.
    pub cancel: Option<CancelToken>,
    /// What the platform is to call this exchange: 1 to 64 of `A-Z a-z 0-9 - _ . :`. One is made up when
    /// absent, on the way through an edge worker by the worker.
    pub correlation_id: Option<String>,
}

impl CallOptions {
    pub(crate) fn check(&self) -> Result<(), InputError> {
        let Some(id) = &self.correlation_id else { return Ok(()) };
        let fault = |fault| Err(InputError::new(InputPart::Option, "correlation_id", fault));
        if id.is_empty() {
            fault(InputFault::Missing)
        } else if id.len() > MAX_CORRELATION_ID {
            fault(InputFault::TooLong(MAX_CORRELATION_ID))
        } else if !is_correlation_id(id) {
            fault(InputFault::Unlawful("A-Z a-z 0-9 - _ . :"))
        } else {
            Ok(())
        }
    }
}

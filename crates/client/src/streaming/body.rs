//! A body with everything that can end it: its own end, silence, a token.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use futures_util::future::{Either, select};

use crate::cancel::{CancelToken, unless_cancelled};
use crate::client::TIMEOUT;
use crate::error::Failure;
use crate::exchange::Answered;
use crate::options::CallOptions;
use crate::platform::{
    BoxFuture, Chunks, HttpRequest, HttpResponse, HttpStream, Platform, Streams, TransportError,
};

/// Most that is read of a refusal.
const MAX_REFUSAL: usize = 64 * 1024;

/// An answer whose head is there.
pub(crate) struct Opened {
    pub(crate) head: HttpResponse,
    pub(crate) chunks: Chunks,
}

impl Answered for Opened {
    fn head(&self) -> &HttpResponse {
        &self.head
    }
}

/// Sends a request; a refusal is read at once, as far as it says anything.
pub(crate) fn open(
    platform: &dyn Streams,
    request: HttpRequest,
) -> BoxFuture<'_, Result<Opened, TransportError>> {
    Box::pin(async move {
        let timeout = request.timeout;
        let HttpStream { mut head, mut chunks } = platform.open(request).await?;
        if !head.is_success() {
            while head.body.len() < MAX_REFUSAL {
                match timely(platform, timeout, &mut chunks).await {
                    Some(Ok(chunk)) => head.body.extend(chunk),
                    // A refusal with half a body is still one.
                    Some(Err(_)) | None => break,
                }
            }
            head.body.truncate(MAX_REFUSAL);
        }
        Ok(Opened { head, chunks })
    })
}

/// The rest of an answer.
pub(crate) struct Body {
    chunks: Option<Chunks>,
    platform: Arc<dyn Streams>,
    silence: Duration,
    cancel: Option<CancelToken>,
    sent_id: Option<String>,
}

impl Body {
    pub(super) fn new(
        chunks: Chunks,
        platform: Arc<dyn Streams>,
        options: &CallOptions,
        sent_id: Option<String>,
    ) -> Self {
        let silence = options.timeout.unwrap_or(TIMEOUT);
        Self { chunks: Some(chunks), platform, silence, cancel: options.cancel.clone(), sent_id }
    }

    /// The correlation id that was sent.
    pub(crate) fn sent_id(&self) -> Option<String> {
        self.sent_id.clone()
    }

    /// The next chunk; nothing at the end and after a failure.
    // Boxed: in the futures of all who wait for it, it would be downloaded once for each.
    pub(crate) fn next(&mut self) -> BoxFuture<'_, Option<Result<Vec<u8>, Failure>>> {
        Box::pin(async {
            let chunks = self.chunks.as_mut()?;
            let next = {
                let next = pin!(timely(&*self.platform, self.silence, chunks));
                unless_cancelled(self.cancel.as_ref(), next).await
            };
            let next = match next {
                Some(next) => next.map(|chunk| chunk.map_err(Failure::from)),
                None => Some(Err(Failure::Cancelled)),
            };
            if !matches!(next, Some(Ok(_))) {
                self.chunks = None;
            }
            next
        })
    }
}

/// The next chunk, unless nothing comes for too long.
async fn timely<P: Platform + ?Sized>(
    platform: &P,
    silence: Duration,
    chunks: &mut Chunks,
) -> Option<Result<Vec<u8>, TransportError>> {
    match select(chunks.next(), platform.sleep(silence)).await {
        Either::Left((chunk, _)) => chunk,
        Either::Right(_) => Some(Err(TransportError::Timeout(silence))),
    }
}

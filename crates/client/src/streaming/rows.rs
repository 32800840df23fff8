//! Rows of pages.

use futures_util::stream::{self, Stream};
use perch_api::operation::Paged;
use perch_api::stream::{Listed, PageDecoder, PageLimits, RowFault};

use super::{Body, Streaming};
use crate::error::{ClientError, Failure};
use crate::exchange::failed;
use crate::pages::Followed;
use crate::platform::HttpResponse;

/// Why a row is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// This row cannot be read; the next one follows.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// The page could not be fetched, or ended early; nothing follows.
    #[error(transparent)]
    Call(#[from] ClientError),
    /// The platform gave a cursor it had given before; nothing follows.
    #[error("the list repeats a cursor")]
    RepeatedCursor,
}

/// The rows of one page, as they arrive. Dropping it ends the request.
pub struct PageRows<O: Listed> {
    head: HttpResponse,
    body: Body,
    chunk: Vec<u8>,
    used: usize,
    /// Until the page is at its end.
    decoder: Option<PageDecoder<O>>,
    page: Option<O::Response>,
}

impl<O: Listed> PageRows<O> {
    pub(super) fn new(head: HttpResponse, body: Body, limits: PageLimits) -> Self {
        let decoder = Some(PageDecoder::new(limits));
        Self { head, body, chunk: Vec::new(), used: 0, decoder, page: None }
    }

    /// The next row; nothing at the end of the page and after an error other than [`RowError::Row`].
    pub async fn next(&mut self) -> Option<Result<O::Row, RowError>> {
        loop {
            let decoder = self.decoder.as_mut()?;
            let mut rest = self.chunk.get(self.used..).unwrap_or_default();
            let row = decoder.next(&mut rest);
            self.used = self.chunk.len() - rest.len();
            if let Some(row) = row {
                return Some(row.map_err(RowError::from));
            }
            let next = if decoder.is_over() { None } else { self.body.next().await };
            match next {
                Some(Ok(chunk)) => (self.chunk, self.used) = (chunk, 0),
                Some(Err(failure)) => return Some(Err(self.end(failure))),
                None => match self.decoder.take()?.finish() {
                    Ok(page) => self.page = Some(page),
                    Err(fault) => return Some(Err(self.end(fault.into()))),
                },
            }
        }
    }

    /// The page without its rows, once all of them were given: cursor, totals, and what else there is.
    pub const fn page(&self) -> Option<&O::Response> {
        self.page.as_ref()
    }

    fn end(&mut self, failure: Failure) -> RowError {
        self.decoder = None;
        failed(O::SPEC, failure, &self.head, self.body.sent_id()).into()
    }
}

pub(super) fn across_pages<O: Listed + Paged + Copy>(
    streaming: Streaming,
    operation: O,
    path: O::Path,
    query: O::Query,
    body: O::Request,
) -> impl Stream<Item = Result<O::Row, RowError>> + use<O> {
    let start = (query, Followed::default(), None::<PageRows<O>>);
    let fixed = std::sync::Arc::new((streaming, path, body));
    stream::unfold(Some(start), move |state| {
        let fixed = fixed.clone();
        async move {
            let (mut query, mut followed, mut within) = state?;
            let (streaming, path, body) = &*fixed;
            loop {
                let mut page = match within.take() {
                    Some(page) => page,
                    None => match streaming.page(operation, path, &query, body).await {
                        Ok(page) => page,
                        Err(error) => return Some((Err(error.into()), None)),
                    },
                };
                if let Some(item) = page.next().await {
                    let goes_on = matches!(item, Ok(_) | Err(RowError::Row(_)));
                    return Some((item, goes_on.then_some((query, followed, Some(page)))));
                }
                let cursor = page.page().and_then(O::next_cursor)?;
                if !followed.follow::<O>(&mut query, cursor) {
                    return Some((Err(RowError::RepeatedCursor), None));
                }
            }
        }
    })
}

//! Answers that are read while they arrive.

mod body;
mod by_id;
mod recording;
mod rows;

use std::sync::Arc;

use perch_api::operation::{Paged, query};
use perch_api::stream::{Listed, PageLimits};

pub use by_id::RowTexts;
pub use recording::{DownloadOptions, Recording};
pub use rows::{PageRows, RowError};

use crate::client::{Client, Prepared};
use crate::error::ClientError;
use crate::exchange::refused;
use crate::platform::{HttpResponse, Streams};
use crate::route::Asked;
use body::Body;

/// A client that reads pages row by row and recordings chunk by chunk.
///
/// Made by [`Client::streaming`]; it keeps the client's options, patience and budget. Tries are repeated
/// until an answer begins; what has begun is not asked for again, except for recordings, which go on
/// where they broke off.
#[derive(Clone)]
pub struct Streaming {
    client: Client,
    platform: Arc<dyn Streams>,
    limits: PageLimits,
}

impl Client {
    /// The same client for answers that are read while they arrive.
    ///
    /// `platform` is what the client stands on, once more: a client alone does not stream, so that
    /// programs that never do are smaller.
    pub fn streaming(&self, platform: Arc<dyn Streams>) -> Streaming {
        Streaming { client: self.clone(), platform, limits: PageLimits::default() }
    }
}

impl Streaming {
    /// The same with other limits for pages.
    #[must_use]
    pub fn with_limits(mut self, limits: PageLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Asks for one page and gives its rows as they arrive.
    pub async fn page<O: Listed>(
        &self,
        _: O,
        path: &O::Path,
        query: &O::Query,
        body: &O::Request,
    ) -> Result<PageRows<O>, ClientError> {
        let (path, query) = (query::to_pairs(path), query::to_pairs(query));
        let asked = Asked { spec: O::SPEC, checks: O::CHECKS, path: &path, query: &query };
        let (head, body) = self.open(asked, Prepared::of(body), &[]).await?;
        if head.is_success() {
            return Ok(PageRows::new(head, body, self.limits));
        }
        Err(refused(O::SPEC, &head, body.sent_id()))
    }

    /// The rows of all pages from where `query` starts, as they arrive.
    ///
    /// A row that cannot be read is an error among the others; after any other error the stream ends.
    pub fn rows<O: Listed + Paged + Copy>(
        &self,
        operation: O,
        path: O::Path,
        query: O::Query,
        body: O::Request,
    ) -> impl futures_util::Stream<Item = Result<O::Row, RowError>> + use<O> {
        rows::across_pages(self.clone(), operation, path, query, body)
    }

    pub(crate) async fn open(
        &self,
        asked: Asked<'_>,
        body: Option<Prepared>,
        extra: &[(&'static str, String)],
    ) -> Result<(HttpResponse, Body), ClientError> {
        let attempt = |request| body::open(&*self.platform, request);
        let exchanged = self.client.exchange(asked, body, extra, attempt).await?;
        let (opened, sent_id) = (exchanged.answer, exchanged.sent_id);
        let body = Body::new(opened.chunks, self.platform.clone(), self.client.options(), sent_id);
        Ok((opened.head, body))
    }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Streaming>();
};

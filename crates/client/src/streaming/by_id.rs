//! Lists and recordings of operations known only by their ids.

use perch_api::operation::{Checks, InputError, InputFault, InputPart, LISTS, ListSpec, all};
use perch_api::stream::{PageTexts, RowBatch};
use serde_json::Value;

use super::{Body, DownloadOptions, Recording, RowError, Streaming};
use crate::call::{Given, known, unsent};
use crate::error::{ClientError, Failure};
use crate::exchange::{failed, refused};
use crate::pages::Followed;
use crate::platform::HttpResponse;
use crate::route::Asked;

/// The rows of a list by its id, as JSON, while they arrive. Dropping it ends the request.
pub struct RowTexts {
    streaming: Streaming,
    list: &'static ListSpec,
    given: Given,
    followed: Followed,
    page: Option<Page>,
    is_over: bool,
}

/// A page on its way.
struct Page {
    head: HttpResponse,
    body: Body,
    chunk: Vec<u8>,
    used: usize,
    texts: PageTexts,
}

impl Streaming {
    /// The rows of the list with this id or alias, from where `query` starts; across all pages where the
    /// list has a cursor, else of the one page that the query asks for.
    ///
    /// Arguments are checked as [`Client::call`](crate::Client::call) does; nothing is sent before the
    /// first row is asked for.
    #[allow(clippy::result_large_err, reason = "the one error of every call")]
    pub fn rows_by_id(
        &self,
        id: &str,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
    ) -> Result<RowTexts, ClientError> {
        let spec = known(id).map_err(|error| unsent(None, error))?;
        let lists = || LISTS.iter().map(|list| list.operation.id).collect();
        let checked = || {
            let list = spec.list().ok_or_else(|| unfit(spec.id, lists()))?;
            Ok((list, Given::checked(spec, path, query)?))
        };
        let (list, given) = checked().map_err(|error| unsent(Some(spec), error))?;
        let followed = Followed::default();
        Ok(RowTexts { streaming: self.clone(), list, given, followed, page: None, is_over: false })
    }

    /// Begins to fetch the recording with this id or alias.
    pub async fn recording_by_id(
        &self,
        id: &str,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
        options: DownloadOptions,
    ) -> Result<Recording, ClientError> {
        let spec = known(id).map_err(|error| unsent(None, error))?;
        let checked = || {
            if spec.is_recording() {
                return Given::checked(spec, path, query);
            }
            let recordings = all().filter(|spec| spec.is_recording());
            Err(unfit(spec.id, recordings.map(|spec| spec.id).collect()))
        };
        let Given { path, query } = checked().map_err(|error| unsent(Some(spec), error))?;
        self.begin(spec, &Checks::ALL, path, query, options).await
    }
}

impl RowTexts {
    /// The next rows that are there; nothing at the end and after an error other than
    /// [`RowError::Row`].
    pub async fn next(&mut self) -> Option<Result<RowBatch, RowError>> {
        while !self.is_over {
            let step = match &mut self.page {
                Some(page) => page.next().await.map_err(|failure| page.named(self.list, failure)),
                None => match self.open().await {
                    Ok(page) => {
                        self.page = Some(page);
                        continue;
                    }
                    Err(error) => Err(error),
                },
            };
            match step {
                Ok(Some(rows)) => return Some(rows),
                Ok(None) => {
                    if let Some(error) = self.turn() {
                        self.is_over = true;
                        return Some(Err(error));
                    }
                }
                Err(error) => {
                    (self.is_over, self.page) = (true, None);
                    return Some(Err(error.into()));
                }
            }
        }
        None
    }

    async fn open(&self) -> Result<Page, ClientError> {
        let (spec, Given { path, query }) = (self.list.operation, &self.given);
        let asked = Asked { spec, checks: &Checks::ALL, path, query };
        let (head, body) = self.streaming.open(asked, None, &[]).await?;
        if !head.is_success() {
            return Err(refused(spec, &head, body.sent_id()));
        }
        let texts = PageTexts::new(self.list.member, self.streaming.limits);
        Ok(Page { head, body, chunk: Vec::new(), used: 0, texts })
    }

    /// From the end of a page to the next one, if there is one, or to why it cannot be had.
    fn turn(&mut self) -> Option<RowError> {
        let Page { head, body, texts, .. } = self.page.take()?;
        let spec = self.list.operation;
        let envelope = match texts.finish() {
            Ok(envelope) => envelope,
            Err(fault) => return Some(failed(spec, fault.into(), &head, body.sent_id()).into()),
        };
        let next = self.list.cursor.and_then(|cursor| {
            let beside: Value = perch_api::operation::decode_json(&envelope).ok()?;
            let next = beside.get(cursor.member)?.as_str().filter(|next| !next.is_empty())?;
            Some((cursor, next.to_owned()))
        });
        let Some((cursor, next)) = next else {
            self.is_over = true;
            return None;
        };
        if !self.followed.is_new(&next) {
            return Some(RowError::RepeatedCursor);
        }
        let query = &mut self.given.query;
        query.retain(|(name, _)| *name != cursor.parameter && !cursor.excludes.contains(name));
        query.push((cursor.parameter, next));
        None
    }
}

impl Page {
    /// The next rows; nothing at the end of the page.
    async fn next(&mut self) -> Result<Option<Result<RowBatch, RowError>>, Failure> {
        loop {
            let mut rest = self.chunk.get(self.used..).unwrap_or_default();
            let batch = self.texts.next(&mut rest);
            self.used = self.chunk.len() - rest.len();
            if let Some(batch) = batch {
                return Ok(Some(batch.map_err(RowError::from)));
            }
            let next = if self.texts.is_over() { None } else { self.body.next().await };
            match next {
                Some(chunk) => (self.chunk, self.used) = (chunk?, 0),
                None => return Ok(None),
            }
        }
    }

    fn named(&self, list: &ListSpec, failure: Failure) -> ClientError {
        failed(list.operation, failure, &self.head, self.body.sent_id())
    }
}

/// The operation is there, and of another kind; these are of this one.
fn unfit(id: &str, fit: Vec<&'static str>) -> InputError {
    InputError::new(InputPart::Operation, id, InputFault::Type(fit))
}

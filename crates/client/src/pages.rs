//! Lists as streams of pages.

use futures_util::stream::{self, Stream};
use perch_api::operation::Paged;

use crate::{Client, ClientError};

/// Why a list ended early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// A page could not be fetched.
    #[error(transparent)]
    Call(#[from] ClientError),
    /// The platform gave a cursor it had given before; following it would never end.
    #[error("the list repeats a cursor")]
    RepeatedCursor,
}

impl Client {
    /// The pages of a list from where `query` starts; it ends with the last page or the first error.
    pub fn pages<O: Paged + Copy>(
        &self,
        operation: O,
        path: O::Path,
        query: O::Query,
        body: O::Request,
    ) -> impl Stream<Item = Result<O::Response, PageError>> + use<O> {
        struct State<O: Paged> {
            client: Client,
            path: O::Path,
            query: O::Query,
            body: O::Request,
            followed: Followed,
        }
        let start =
            State::<O> { client: self.clone(), path, query, body, followed: Followed::default() };
        stream::unfold(Some(start), move |state| async move {
            let mut state = state?;
            let answer = state.client.send(operation, &state.path, &state.query, &state.body).await;
            let page = match answer {
                Ok(page) => page,
                Err(error) => return Some((Err(error.into()), None)),
            };
            let Some(cursor) = O::next_cursor(&page).map(str::to_owned) else {
                return Some((Ok(page), None));
            };
            if !state.followed.follow::<O>(&mut state.query, &cursor) {
                return Some((Err(PageError::RepeatedCursor), None));
            }
            Some((Ok(page), Some(state)))
        })
    }
}

/// Cursors that were followed, so that none is followed twice.
#[derive(Default)]
pub(crate) struct Followed(Vec<String>);

impl Followed {
    /// Makes the query ask for the next page; false when the list would never end.
    pub(crate) fn follow<O: Paged>(&mut self, query: &mut O::Query, cursor: &str) -> bool {
        let is_new = self.is_new(cursor);
        if is_new {
            O::resume(query, cursor);
        }
        is_new
    }

    /// Whether this cursor was never followed; from now on it was.
    pub(crate) fn is_new(&mut self, cursor: &str) -> bool {
        let is_new = self.0.iter().all(|earlier| earlier != cursor);
        if is_new {
            self.0.push(cursor.to_owned());
        }
        is_new
    }
}

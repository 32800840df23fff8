//! Calls of operations known only by their ids: what explorers and JavaScript use.
//!
//! The rows say what is lawful, members of members included, and no type of the platform is linked.

mod answer;
mod body;
mod check;

use perch_api::operation::{Checks, InputError, InputFault, InputPart, OperationSpec, by_id};

pub use answer::{Answer, AnswerBody};
pub use body::Body;

use crate::client::Client;
use crate::error::ClientError;
use crate::exchange::unreadable;
use crate::platform::HttpResponse;
use crate::route::Asked;

impl Client {
    /// Sends the operation with this id or alias.
    ///
    /// `path` and `query` hold names as on the wire; a name may stand in the query more than once. All
    /// of it is checked against the operation's row first: names, required parameters, ids that would
    /// leave their path segment, the body's type, its size and its required members.
    pub async fn call(
        &self,
        id: &str,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
        body: Body,
    ) -> Result<Answer, ClientError> {
        let (spec, answer) = self.checked(id, path, query, body).await?;
        Answer::read(spec, &answer).map_err(|fault| unreadable(spec, &answer, fault))
    }

    /// The same, with the answer's bytes as they came: for whoever has a reader of JSON already.
    pub async fn call_raw(
        &self,
        id: &str,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
        body: Body,
    ) -> Result<HttpResponse, ClientError> {
        Ok(self.checked(id, path, query, body).await?.1)
    }

    async fn checked(
        &self,
        id: &str,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
        body: Body,
    ) -> Result<(&'static OperationSpec, HttpResponse), ClientError> {
        let spec = known(id).map_err(|error| unsent(None, error))?;
        let checked = || {
            let given = Given::checked(spec, path, query)?;
            Ok((given, body.prepared(spec, self.platform().random())?))
        };
        let (Given { path, query }, body) = checked().map_err(|error| unsent(Some(spec), error))?;
        let asked = Asked { spec, checks: &Checks::ALL, path: &path, query: &query };
        Ok((spec, self.execute(asked, body).await?))
    }
}

/// The row of this id or alias.
pub(crate) fn known(id: &str) -> Result<&'static OperationSpec, InputError> {
    let unknown = || InputError::new(InputPart::Operation, id, InputFault::Unknown(Vec::new()));
    by_id(id).ok_or_else(unknown)
}

/// Of a call that never left, nor had perhaps a row.
pub(crate) fn unsent(spec: Option<&'static OperationSpec>, error: InputError) -> ClientError {
    ClientError::unsent(spec.map_or("call", |spec| spec.id), error.into())
}

/// Parameters that the row knows.
pub(crate) struct Given {
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(&'static str, String)>,
}

impl Given {
    pub(crate) fn checked(
        spec: &'static OperationSpec,
        path: &[(&str, &str)],
        query: &[(&str, &str)],
    ) -> Result<Self, InputError> {
        Ok(Self { path: check::path(spec, path)?, query: check::query(spec, query)? })
    }
}

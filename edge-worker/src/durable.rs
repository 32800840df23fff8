//! Talking to Durable Objects, and what both of ours have in common.
//!
//! An object is asked by `POST https://<any>/<operation>` with a JSON body and answers with a status
//! and JSON. Only this worker can reach one.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use worker::{Env, Method, Request, RequestInit, Response, SqlStorageValue, State, Stub};

use crate::error::Refusal;
use crate::shield;

/// An object's answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    text: String,
}

impl Answer {
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_str(&self.text).map_err(|_| Refusal::Internal)
    }
}

/// The object with this name.
pub(crate) fn stub(env: &Env, binding: &str, name: &str) -> Result<Stub, Refusal> {
    env.durable_object(binding)
        .and_then(|namespace| namespace.get_by_name(name))
        .map_err(|_| Refusal::NotConfigured)
}

/// Asks an object.
pub(crate) async fn ask(
    stub: &Stub,
    operation: &str,
    body: &impl Serialize,
) -> Result<Answer, Refusal> {
    let body = serde_json::to_string(body).map_err(|_| Refusal::Internal)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init(&format!("https://object/{operation}"), &init)
        .map_err(|_| Refusal::Internal)?;
    let mut answer = stub.fetch_with_request(request).await.map_err(|_| Refusal::Internal)?;
    let text = answer.text().await.map_err(|_| Refusal::Internal)?;
    Ok(Answer { status: answer.status_code(), text })
}

/// Serves one question: `handle` gets the operation and the body, and gives status and JSON.
pub(crate) async fn serve<F>(
    mut request: Request,
    handle: impl FnOnce(String, String) -> F,
) -> worker::Result<Response>
where
    F: Future<Output = worker::Result<(u16, String)>> + 'static,
{
    let _pending = shield::Pending::new();
    let operation = request.path().trim_start_matches('/').to_owned();
    let body = request.text().await?;
    match shield::future(handle(operation, body)).await {
        Ok(Ok((status, json))) => Ok(Response::ok(json)?.with_status(status)),
        Ok(Err(error)) => {
            worker::console_error!("durable object: {error}");
            Ok(Response::empty()?.with_status(500))
        }
        Err(shield::Trapped) => Ok(Response::empty()?.with_status(500)),
    }
}

/// Runs a statement and reads its rows.
pub(crate) fn rows<T: DeserializeOwned>(
    state: &State,
    statement: &str,
    values: Vec<SqlStorageValue>,
) -> worker::Result<Vec<T>> {
    state.storage().sql().exec(statement, values)?.to_array()
}

/// Runs a statement without rows.
pub(crate) fn run(
    state: &State,
    statement: &str,
    values: Vec<SqlStorageValue>,
) -> worker::Result<()> {
    state.storage().sql().exec(statement, values).map(drop)
}

/// A time for SQL; seconds fit many times over.
pub(crate) fn time(seconds: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// Reads a question's body.
pub(crate) fn question<T: DeserializeOwned>(body: &str) -> worker::Result<T> {
    Ok(serde_json::from_str(body)?)
}

/// Writes an answer.
pub(crate) fn answer(status: u16, body: &impl Serialize) -> worker::Result<(u16, String)> {
    Ok((status, serde_json::to_string(body)?))
}

/// An answer that says nothing but its status.
#[allow(clippy::unnecessary_wraps, reason = "stands beside `answer` in the same matches")]
pub(crate) fn bare(status: u16) -> worker::Result<(u16, String)> {
    Ok((status, "{}".to_owned()))
}

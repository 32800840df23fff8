//! The worker's session endpoint.

use std::time::Duration;

use perch_api::model::{AccountId, ProjectId};
use perch_client::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::{failure::Failure, platform::platform, text};

/// The operator's session.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Session {
    /// Who it is.
    pub(crate) subject: String,
    /// What they may do.
    pub(crate) role: String,
    /// Whether they may see personal data.
    #[serde(default)]
    pub(crate) pii: bool,
    /// What they may look at.
    #[serde(default)]
    pub(crate) projects: Vec<Project>,
}

/// A project of the session.
#[allow(clippy::struct_field_names, reason = "the worker's names")]
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) account_id: AccountId,
    pub(crate) project_id: ProjectId,
}

/// The session there is.
pub(super) async fn current() -> Result<Session, Failure> {
    read(&ask("GET", None).await?)
}

/// A new session for the token of a link.
pub(super) async fn redeem(token: &str) -> Result<Session, Failure> {
    let mut body = String::from("{\"setup_token\":");
    text::quote(&mut body, token);
    body.push('}');
    read(&ask("POST", Some(body)).await?)
}

/// Ends the session.
pub(super) async fn end() -> Result<(), Failure> {
    ask("DELETE", None).await.map(drop)
}

async fn ask(method: &'static str, body: Option<String>) -> Result<HttpResponse, Failure> {
    let mut headers = vec![("x-perch", "1".to_owned())];
    if body.is_some() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    let request = HttpRequest {
        method,
        url: "/operator/session".to_owned(),
        headers,
        body: body.map(String::into_bytes),
        timeout: Duration::from_secs(20),
        cookies: true,
    };
    let response =
        platform().fetch(request).await.map_err(|error| Failure::of_transport(&error))?;
    if response.is_success() { Ok(response) } else { Err(Failure::of_response(&response)) }
}

fn read(response: &HttpResponse) -> Result<Session, Failure> {
    perch_api::operation::decode_json(&response.body).map_err(|_| Failure::unreadable(response))
}

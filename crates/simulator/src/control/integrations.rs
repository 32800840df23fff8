//! What the agent's functions would do and see: ids of external events, events, lent numbers.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use perch_api::model::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlState, read, refuse};
use crate::sync::lock;

/// Who is to wait for an external event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    /// The conversation that waits; the simulator does not ask whether it is held.
    #[serde(rename = "conversation_id")]
    conversation: String,
    /// Its account; the first one when absent.
    #[serde(default, rename = "account_id")]
    account: Option<String>,
    /// Its agent; the account's own when absent.
    #[serde(default, rename = "project_id")]
    project: Option<String>,
}

/// Makes an id for an external event, as `conv.generate_external_event` does.
pub(super) async fn wait(State(state): State<ControlState>, body: String) -> Response {
    let wait: Wait = match read(&body) {
        Ok(wait) => wait,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    if wait.conversation.is_empty() || wait.conversation.len() > 128 {
        return refuse(StatusCode::BAD_REQUEST, "conversation_id must have 1 to 128 characters.");
    }
    let platform = match &wait.account {
        None => Some(state.accounts.first()),
        Some(account) => state.accounts.iter().find(|platform| platform.account.is(account)),
    };
    let Some(platform) = platform else {
        return refuse(StatusCode::NOT_FOUND, "No such account.");
    };
    let project = wait.project.as_deref().unwrap_or(platform.account.project_id);
    let project = lock(&platform.agents).find(project).map(|agent| agent.id.clone());
    let Ok(project) = project else {
        return refuse(StatusCode::NOT_FOUND, "No such agent.");
    };
    let (now_ms, random) = (platform.clock.now_ms(), platform.random());
    let mut events = lock(&platform.external_events);
    let (id, until_ms) = events.wait(project, wait.conversation, now_ms, random);
    Json(json!({ "id": id, "expires_at": Timestamp::from_unix_ms(until_ms) })).into_response()
}

/// The latest external events and ends of bridged calls, of all accounts.
pub(super) async fn events(State(state): State<ControlState>) -> Json<Value> {
    let (mut received, mut bridges) = (Vec::new(), Vec::new());
    for platform in state.accounts.iter() {
        let events = lock(&platform.external_events);
        received.extend(events.received().map(|one| {
            json!({
                "id": one.id,
                "account_id": platform.account.id,
                "project_id": one.project,
                "conversation_id": one.conversation,
                "at": Timestamp::from_unix_ms(one.at_ms),
                "kind": one.kind,
                "payload": one.payload,
            })
        }));
        bridges.extend(events.bridges().map(|one| {
            json!({
                "conversation_id": one.conversation,
                "at": Timestamp::from_unix_ms(one.at_ms),
                "bridge_duration_seconds": one.bridge_seconds,
                "call_duration_seconds": one.call_seconds,
            })
        }));
    }
    Json(json!({ "received": received, "bridges_ended": bridges }))
}

/// The numbers lent now, with what the start function of a call to them would read.
pub(super) async fn numbers(State(state): State<ControlState>) -> Json<Value> {
    let mut lent = Vec::new();
    for platform in state.accounts.iter() {
        let now_ms = platform.clock.now_ms();
        lent.extend(lock(&platform.numbers).lent(now_ms).map(|one| {
            json!({
                "number": one.e164,
                "account_id": platform.account.id,
                "project_id": platform.account.project_id,
                "until": Timestamp::from_unix_ms(one.until_ms),
                "attributes": one.attributes,
            })
        }));
    }
    Json(json!({ "lent": lent }))
}

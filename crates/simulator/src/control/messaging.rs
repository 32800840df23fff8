//! How messaging behaves, and the live agents' desk.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse as _, Response};
use perch_api::messaging::frame::TypingState;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{ControlState, POLICY, read, refuse};
use crate::session::{Action, Command, Rules};
use crate::sync::lock;

const PAGE: &str = include_str!("desk.html");
/// Longest message from the desk, in characters.
const WORDS: usize = 4_000;

/// `GET /desk`.
pub(super) async fn page() -> Response {
    ([(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")], Html(PAGE)).into_response()
}

/// `GET /control/messaging`.
pub(super) async fn rules(State(state): State<ControlState>) -> Json<Rules> {
    Json(state.platform.messaging.current())
}

/// `PUT /control/messaging`; an empty object is how it is from the start.
pub(super) async fn set_rules(State(state): State<ControlState>, body: String) -> Response {
    let set =
        read(&body).and_then(|rules| state.platform.messaging.set(rules).map_err(str::to_owned));
    match set {
        Ok(()) => Json(state.platform.messaging.current()).into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

/// `GET /control/desk`.
pub(super) async fn desk(State(state): State<ControlState>) -> Json<Value> {
    let desk = &state.platform.desk;
    Json(json!({ "on_duty": desk.is_on_duty(), "conversations": desk.list() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Duty {
    on_duty: bool,
}

/// `PUT /control/desk`.
pub(super) async fn set_duty(State(state): State<ControlState>, body: String) -> Response {
    match read::<Duty>(&body) {
        Ok(Duty { on_duty }) => state.platform.desk.set_on_duty(on_duty),
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    }
    desk(State(state)).await.into_response()
}

/// `GET /control/desk/{id}`: the transcript.
pub(super) async fn look(State(state): State<ControlState>, Path(id): Path<String>) -> Response {
    act(&state, &id, Action::Look).await
}

/// `POST /control/desk/{id}/join`.
pub(super) async fn join(State(state): State<ControlState>, Path(id): Path<String>) -> Response {
    act(&state, &id, Action::Join).await
}

/// `POST /control/desk/{id}/leave`: ends the conversation.
pub(super) async fn leave(State(state): State<ControlState>, Path(id): Path<String>) -> Response {
    act(&state, &id, Action::Leave).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typing {
    typing: bool,
}

/// `POST /control/desk/{id}/typing`.
pub(super) async fn typing(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let typing = match read::<Typing>(&body) {
        Ok(Typing { typing }) => typing,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    let typing = if typing { TypingState::Started } else { TypingState::Stopped };
    act(&state, &id, Action::Type(typing)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    text: String,
}

/// `POST /control/desk/{id}/messages`.
pub(super) async fn say(
    State(state): State<ControlState>,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let text = match read::<Words>(&body) {
        Ok(Words { text }) => text,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    if text.trim().is_empty() || text.chars().count() > WORDS {
        let reason = "text must have 1 to 4000 characters, and not only spaces";
        return refuse(StatusCode::BAD_REQUEST, reason);
    }
    act(&state, &id, Action::Say(text)).await
}

async fn act(state: &ControlState, id: &str, action: Action) -> Response {
    let gone = || refuse(StatusCode::NOT_FOUND, "No session has this id.");
    let session = lock(&state.platform.sessions).get(id).cloned();
    let Some(session) = session else { return gone() };
    let (answer, answered) = oneshot::channel();
    session.send(Command::Desk { action, answer }).await;
    match answered.await {
        Ok(Ok(view)) => Json(view).into_response(),
        Ok(Err(reason)) => refuse(StatusCode::CONFLICT, reason),
        Err(_) => gone(),
    }
}

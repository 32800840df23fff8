//! Somebody's telephone: what was sent to it, and what it writes back.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use perch_api::model::PhoneNumber;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlState, read, refuse};
use crate::sms::Ends;

#[derive(Deserialize)]
pub(super) struct Whose {
    number: Option<String>,
}

/// `GET /control/sms?number=`.
pub(super) async fn sent(
    State(state): State<ControlState>,
    Query(Whose { number }): Query<Whose>,
) -> Json<Value> {
    let platform = &state.platform;
    let texts = platform.texting.sent(platform, number.as_deref(), platform.clock.now_ms());
    Json(json!({ "texts": texts, "stopped": platform.texting.stopped() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    user_number: String,
    agent_number: String,
    text: String,
}

/// `POST /control/sms`.
pub(super) async fn write(State(state): State<ControlState>, body: String) -> Response {
    let written: Written = match read(&body) {
        Ok(written) => written,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    let user = written.user_number.strip_prefix("rcs:").unwrap_or(&written.user_number);
    if PhoneNumber::parse(user).is_err() {
        return refuse(StatusCode::BAD_REQUEST, "user_number must be a number, E.164");
    }
    let platform = &state.platform;
    let ends = Ends { agent: written.agent_number, user: written.user_number };
    match platform.texting.receive(platform, &ends, &written.text, platform.clock.now_ms()) {
        Ok(texts) => Json(json!({ "texts": texts })).into_response(),
        Err(silence) => Json(json!({ "texts": [], "dropped": silence })).into_response(),
    }
}

//! Faults under control: switches and rules.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::{ControlState, read, refuse};
use crate::faults::{Faults, Rule};
use crate::platform::Platform;

/// Replaces all switches and rules.
pub(super) async fn set(State(state): State<ControlState>, body: String) -> Response {
    let faults: Faults = match read(&body) {
        Ok(faults) => faults,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    let expire = faults.expire_tokens;
    let now_ms = state.platform.clock.now_ms();
    if let Err(reason) = state.platform.faults.set(faults, now_ms) {
        return refuse(StatusCode::BAD_REQUEST, reason);
    }
    if expire {
        expire_tokens(&state);
    }
    Json(shown(&state.platform)).into_response()
}

/// What is in force.
pub(super) async fn show(State(state): State<ControlState>) -> Json<Value> {
    Json(shown(&state.platform))
}

/// The switches with the rules as they stand: number, hits, what is left of their time.
pub(super) fn shown(platform: &Platform) -> Value {
    let mut faults = json!(platform.faults.current());
    if let Value::Object(fields) = &mut faults {
        fields.insert("rules".to_owned(), json!(platform.faults.rules(platform.clock.now_ms())));
    }
    faults
}

/// Adds a rule.
pub(super) async fn add(State(state): State<ControlState>, body: String) -> Response {
    let now_ms = state.platform.clock.now_ms();
    let added = read::<Rule>(&body)
        .and_then(|rule| state.platform.faults.add(rule, now_ms).map_err(str::to_owned));
    match added {
        Ok(rule) => (StatusCode::CREATED, Json(rule)).into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

/// Ends a rule.
pub(super) async fn remove(State(state): State<ControlState>, Path(number): Path<u64>) -> Response {
    if state.platform.faults.remove(number) {
        return StatusCode::NO_CONTENT.into_response();
    }
    refuse(StatusCode::NOT_FOUND, "No rule has this number.")
}

/// Ends everything.
pub(super) async fn clear(State(state): State<ControlState>) -> Response {
    // Switching everything off is always lawful.
    let _ = state.platform.faults.set(Faults::default(), 0);
    Json(shown(&state.platform)).into_response()
}

/// Changes the switches that are named, and leaves the others and all rules as they are.
pub(super) async fn switch(State(state): State<ControlState>, body: String) -> Response {
    let board = &state.platform.faults;
    let switched = read::<Map<String, Value>>(&body).and_then(|changes| {
        let Value::Object(mut switches) = json!(board.current()) else { return Ok(()) };
        switches.extend(changes);
        let faults: Faults =
            serde_json::from_value(Value::Object(switches)).map_err(|error| error.to_string())?;
        let expire = faults.expire_tokens && !board.current().expire_tokens;
        board.switch(faults, state.platform.clock.now_ms())?;
        if expire {
            expire_tokens(&state);
        }
        Ok(())
    });
    match switched {
        Ok(()) => Json(shown(&state.platform)).into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

fn expire_tokens(state: &ControlState) {
    for platform in state.accounts.iter() {
        platform.tokens.expire_all();
    }
}

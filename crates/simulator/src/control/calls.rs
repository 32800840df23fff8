//! Calls from browsers, as the one who holds the other end.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::ControlState;

/// `GET /control/calls`.
pub(super) async fn count(State(state): State<ControlState>) -> Json<Value> {
    Json(json!({ "active": state.accounts.calls().active() }))
}

/// `POST /control/calls/hang-up`: the agent ends every call.
pub(super) async fn hang_up(State(state): State<ControlState>) -> Json<Value> {
    Json(json!({ "ended": state.accounts.calls().hang_up().await }))
}

//! What became of webhook deliveries, sending one again, and sending a sample.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};
use perch_api::families::webhooks::EventType;
use perch_api::model::{Timestamp, WebhookEndpointId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlState, POLICY, read, refuse};
use crate::alerts::sample;
use crate::families::rule_shown;
use crate::webhooks::{Attempt, Delivery, Outcome, Standing, left_out};

const PAGE: &str = include_str!("webhooks.html");

/// `GET /webhooks`: a page to look at.
pub(super) async fn page() -> Response {
    ([(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")], Html(PAGE)).into_response()
}

/// Whose, and which.
#[derive(Deserialize)]
pub(super) struct Wanted {
    account: Option<String>,
    endpoint: Option<String>,
    event: Option<String>,
}

/// `GET /control/webhooks`: rules and endpoints, without secrets and without values of headers.
pub(super) async fn overview(
    State(state): State<ControlState>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(platform) = state.account(wanted.account.as_deref()) else { return no_account() };
    let rules: Vec<_> = platform.alerts.read(|rules| rules.iter().map(rule_shown).collect());
    let endpoints: Vec<_> = platform.webhooks.read(|inner| {
        let endpoints = inner.endpoints.iter().map(|endpoint| {
            json!({
                "id": endpoint.id,
                "name": endpoint.name,
                "url": endpoint.url,
                "enabled": endpoint.enabled,
                "event_types": endpoint.event_types,
                "headers_left_out": left_out(endpoint).collect::<Vec<_>>(),
            })
        });
        endpoints.collect()
    });
    Json(json!({ "rules": rules, "endpoints": endpoints })).into_response()
}

/// `GET /control/deliveries`: every delivery that is known, newest first.
pub(super) async fn list(
    State(state): State<ControlState>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(platform) = state.account(wanted.account.as_deref()) else { return no_account() };
    let fits = |delivery: &&Delivery| {
        let Wanted { endpoint, event, .. } = &wanted;
        endpoint.as_ref().is_none_or(|id| delivery.endpoint.as_str() == id)
            && event.as_ref().is_none_or(|event| {
                [&delivery.message.event_id, &delivery.message.event_type].contains(&event)
            })
    };
    let deliveries: Vec<_> =
        platform.webhooks.read(|inner| inner.queue.iter().filter(fits).map(shown).collect());
    Json(json!({ "deliveries": deliveries })).into_response()
}

/// `POST /control/deliveries/{number}/redeliver`: the same event to the same endpoint, at once.
pub(super) async fn redeliver(
    State(state): State<ControlState>,
    Path(number): Path<u64>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Some(platform) = state.account(wanted.account.as_deref()) else { return no_account() };
    let now_ms = platform.clock.now_ms();
    let again = platform.webhooks.change(|inner| {
        let known = inner.queue.get(number).cloned()?;
        let number = inner.queue.push(&known.endpoint, known.message, now_ms);
        inner.queue.get(number).map(shown)
    });
    match again {
        Some(delivery) => Json(delivery).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "No delivery has this number."),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    event_type: EventType,
    endpoint_id: Option<WebhookEndpointId>,
}

/// `POST /control/events`: a made-up event, to one endpoint or to all that want to know.
pub(super) async fn fire(
    State(state): State<ControlState>,
    Query(wanted): Query<Wanted>,
    body: String,
) -> Response {
    let Some(platform) = state.account(wanted.account.as_deref()) else { return no_account() };
    let Sample { event_type, endpoint_id } = match read(&body) {
        Ok(sample) => sample,
        Err(reason) => return refuse(StatusCode::BAD_REQUEST, &reason),
    };
    if !event_type.is_known() {
        let text = "event_type must be alerts.triggered or alerts.resolved.";
        return refuse(StatusCode::BAD_REQUEST, text);
    }
    let known = |id| platform.webhooks.read(|inner| inner.endpoints.get(id).is_some());
    if endpoint_id.as_ref().is_some_and(|id| !known(id)) {
        return refuse(StatusCode::NOT_FOUND, "No webhook endpoint has this ID.");
    }
    let now_ms = platform.clock.now_ms();
    let event = sample(event_type == EventType::Triggered, now_ms);
    let numbers =
        platform.webhooks.announce(&event, &platform.uuid(), endpoint_id.as_ref(), now_ms);
    Json(json!({ "deliveries": numbers })).into_response()
}

fn no_account() -> Response {
    refuse(StatusCode::NOT_FOUND, "No account has this ID.")
}

fn shown(delivery: &Delivery) -> Value {
    let moment = |at_ms: Option<i64>| at_ms.map(Timestamp::from_unix_ms);
    let (state, due_ms, reason) = match delivery.standing {
        Standing::Waiting { due_ms } => ("waiting", Some(due_ms), None),
        Standing::Sending => ("sending", None, None),
        Standing::Delivered => ("delivered", None, None),
        Standing::Failed => ("failed", None, None),
        Standing::Dropped { reason } => ("dropped", None, Some(reason)),
    };
    let attempts: Vec<_> = delivery.attempts.iter().map(attempt).collect();
    json!({
        "number": delivery.number,
        "endpoint_id": delivery.endpoint,
        "event_id": delivery.message.event_id,
        "event_type": delivery.message.event_type,
        "created_at": Timestamp::from_unix_ms(delivery.created_ms),
        "state": state,
        "reason": reason,
        "next_attempt_at": moment(due_ms),
        "attempts": attempts,
        "body": delivery.message.body,
    })
}

fn attempt(attempt: &Attempt) -> Value {
    let (status, error) = match attempt.outcome {
        Some(Outcome::Status(status)) => (Some(status), None),
        Some(Outcome::TimedOut) => (None, Some("timed_out")),
        Some(Outcome::Unreachable) => (None, Some("unreachable")),
        None => (None, None),
    };
    json!({
        "sent_at": Timestamp::from_unix_ms(attempt.sent_ms),
        "ended_at": attempt.ended_ms.map(Timestamp::from_unix_ms),
        "status": status,
        "error": error,
    })
}

//! The world under control: traffic, and what lists give out.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use perch_api::families::alerts::AlertMetric;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{ControlState, read, refuse};
use crate::disclosure::Disclosure;
use crate::platform::Platform;
use crate::snapshot::{self, SnapshotError};
use crate::traffic::BUSIEST;

/// Largest snapshot that is taken in, in bytes.
const LARGEST_SNAPSHOT: usize = 256 << 20;
const HOUR_MS: i64 = 3_600_000;
/// What alert rules look at.
const MEASURED: [AlertMetric; 6] = [
    AlertMetric::CallVolume,
    AlertMetric::LatencyMedian,
    AlertMetric::LatencyHigh,
    AlertMetric::ApiErrors,
    AlertMetric::FunctionErrors,
    AlertMetric::CallCrashes,
];

/// How much is to arrive.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    per_minute: u32,
}

/// How much arrives, and how much has.
pub(super) async fn traffic(State(state): State<ControlState>) -> Json<Value> {
    Json(shown(&state.platform))
}

/// Sets how much arrives from the next minute on; 0 ends it.
pub(super) async fn set_traffic(State(state): State<ControlState>, body: String) -> Response {
    let platform = &state.platform;
    match read::<Rate>(&body) {
        Ok(Rate { per_minute }) if per_minute <= BUSIEST => {
            platform.set_traffic(per_minute);
            Json(shown(platform)).into_response()
        }
        Ok(_) => {
            let text = format!("per_minute must be at most {BUSIEST}.");
            refuse(StatusCode::BAD_REQUEST, &text)
        }
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

/// The state of everything, without keys.
pub(super) async fn snapshot(State(state): State<ControlState>) -> Response {
    match snapshot::take(&state.accounts) {
        Ok(taken) => Json(taken).into_response(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// Goes on from a state taken earlier; nothing changes when it cannot be read.
pub(super) async fn restore(State(state): State<ControlState>, request: Request) -> Response {
    let Ok(body) = to_bytes(request.into_body(), LARGEST_SNAPSHOT).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "A snapshot has at most 256 MB.");
    };
    let restored =
        serde_json::from_slice(&body).map_err(|error| error.to_string()).and_then(|taken| {
            snapshot::restore(&state.accounts, &taken).map_err(|error| chain(&error))
        });
    match restored {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

/// An error with its cause.
fn chain(error: &SnapshotError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// What lists give out.
pub(super) async fn settings(State(state): State<ControlState>) -> Json<Disclosure> {
    Json(Disclosure::clone(&state.platform.settings.current()))
}

/// Sets what lists give out; what is absent goes back to its default.
pub(super) async fn set_settings(State(state): State<ControlState>, body: String) -> Response {
    let set = read(&body).and_then(|wanted| Ok(state.platform.settings.set(wanted)?));
    match set {
        Ok(()) => settings(State(state)).await.into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

fn shown(platform: &Platform) -> Value {
    let now_ms = platform.clock.now_ms();
    let view = platform.traffic.view(now_ms, || platform.live_deployment());
    let started = view.index().started(i64::MIN, now_ms.saturating_add(1));
    let catalog = platform.catalog(now_ms);
    let hour: Map<String, Value> = MEASURED
        .into_iter()
        .map(|metric| {
            let value = catalog.measure(&metric, now_ms - HOUR_MS, now_ms);
            (metric.as_str().to_owned(), value.into())
        })
        .collect();
    json!({ "per_minute": platform.traffic.rate(), "kept": started.len(), "last_hour": hour })
}

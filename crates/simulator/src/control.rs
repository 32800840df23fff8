//! The control listener: state, fault switches, requests, preview images, and a page to look at.

mod calls;
mod clock;
mod faults;
mod integrations;
mod media;
mod messaging;
mod page;
mod sms;
mod webhooks;
mod world;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::keys::header;
use crate::platform::Platform;
use crate::session::{Command, SessionHandle};
use crate::simulator::Addresses;
use crate::sync::lock;

/// For pages of one file: nothing from elsewhere, their own script and style only.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

#[derive(Clone)]
struct ControlState {
    accounts: Arc<Accounts>,
    /// The account everything is about.
    platform: Arc<Platform>,
    addresses: Arc<Addresses>,
}

impl ControlState {
    /// The account with this id or slug; the first one when nobody asks for another.
    fn account(&self, id: Option<&str>) -> Option<&Arc<Platform>> {
        let Some(id) = id else { return Some(&self.platform) };
        self.accounts.iter().find(|platform| platform.account.is(id))
    }
}

/// The axum service of the control listener.
pub(crate) fn service(accounts: Arc<Accounts>, addresses: Addresses) -> axum::Router {
    let platform = Arc::clone(accounts.first());
    axum::Router::new()
        .route("/", get(page::html))
        .route("/page.css", get(page::css))
        .route("/page.js", get(page::script))
        .route("/control/operations", get(page::operations))
        .route("/control/state", get(state))
        .route(
            "/control/faults",
            get(faults::show).put(faults::set).patch(faults::switch).delete(faults::clear),
        )
        .route("/control/faults/rules", post(faults::add))
        .route("/control/faults/rules/{number}", delete(faults::remove))
        .route("/control/sockets/drop", post(drop_sockets))
        .route("/control/requests", get(requests))
        .route("/control/clock", get(clock::show).post(clock::change))
        .route("/control/calls", get(calls::count))
        .route("/control/calls/hang-up", post(calls::hang_up))
        .route("/desk", get(messaging::page))
        .route("/control/messaging", get(messaging::rules).put(messaging::set_rules))
        .route("/control/desk", get(messaging::desk).put(messaging::set_duty))
        .route("/control/desk/{id}", get(messaging::look))
        .route("/control/desk/{id}/join", post(messaging::join))
        .route("/control/desk/{id}/typing", post(messaging::typing))
        .route("/control/desk/{id}/messages", post(messaging::say))
        .route("/control/desk/{id}/leave", post(messaging::leave))
        .route("/control/sms", get(sms::sent).post(sms::write))
        .route("/control/external-events", get(integrations::events).post(integrations::wait))
        .route("/control/dni", get(integrations::numbers))
        .route("/control/settings", get(world::settings).put(world::set_settings))
        .route("/control/snapshot", get(world::snapshot).put(world::restore))
        .route("/control/traffic", get(world::traffic).put(world::set_traffic))
        .route("/webhooks", get(webhooks::page))
        .route("/control/webhooks", get(webhooks::overview))
        .route("/control/deliveries", get(webhooks::list))
        .route("/control/deliveries/{number}/redeliver", post(webhooks::redeliver))
        .route("/control/events", post(webhooks::fire))
        .route("/media/{name}", get(media::image))
        .route("/media/voices/{name}", get(media::sample))
        .layer(from_fn(same_site))
        .with_state(ControlState { accounts, platform, addresses: Arc::new(addresses) })
}

/// Other web pages may look at pictures, but not turn switches in the developer's browser.
async fn same_site(request: Request, next: Next) -> Response {
    let foreign = header(request.headers(), "sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none");
    if foreign && request.method() != Method::GET {
        return refuse(StatusCode::FORBIDDEN, "Another site's page may not do that.");
    }
    next.run(request).await
}

async fn state(State(state): State<ControlState>) -> Json<Value> {
    let ControlState { accounts, platform, addresses } = state;
    let now_ms = platform.clock.now_ms();
    let live = platform.live.all(now_ms);
    Json(json!({
        "now": perch_api::model::Timestamp::from_unix_ms(now_ms),
        "region": accounts.region().code(),
        "account_id": platform.account.id,
        "project_id": platform.account.project_id,
        "conversations": platform.world().len(),
        "live_conversations": live.len(),
        "live_in_progress": live.iter().filter(|held| held.in_progress(now_ms)).count(),
        "sessions": lock(&platform.sessions).len(),
        "faults": faults::shown(&platform),
        "hosts": *addresses,
    }))
}

async fn drop_sockets(State(state): State<ControlState>) -> Json<Value> {
    let mut sessions = 0;
    for platform in state.accounts.iter() {
        let held: Vec<SessionHandle> = lock(&platform.sessions).values().cloned().collect();
        for session in held {
            sessions += usize::from(session.send(Command::DropSockets).await);
        }
    }
    let calls = state.accounts.calls().drop_sockets().await;
    Json(json!({ "sessions": sessions, "calls": calls }))
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn requests(State(state): State<ControlState>, Query(query): Query<After>) -> Json<Value> {
    let (requests, next) = state.platform.requests.after(query.after);
    Json(json!({ "requests": requests, "next": next }))
}

/// Reads a JSON object; serde alone would take an array for a struct.
fn read<T: serde::de::DeserializeOwned>(body: &str) -> Result<T, String> {
    let object: serde_json::Map<String, Value> =
        serde_json::from_str(body).map_err(|error| error.to_string())?;
    serde_json::from_value(Value::Object(object)).map_err(|error| error.to_string())
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "error": message }))).into_response()
}

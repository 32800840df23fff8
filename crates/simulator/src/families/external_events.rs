//! Results from other systems, and the ends of bridged calls.

use perch_api::families::external_events::{EventBody, EventIdLocation, Post, ReportBridgeEnd};
use perch_api::operation::{Empty, Json, Payload as _};

use crate::external_events::{BridgeEnd, Place, Request, not_valid};
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router.on(Post, post).on(ReportBridgeEnd, bridge_ended)
}

fn post(call: &Call<'_, Post>) -> Answered<Post> {
    let query = &call.query;
    let place = match query.event_id_location {
        Some(EventIdLocation::Headers) => Place::Headers,
        Some(EventIdLocation::Query) => Place::Query,
        Some(EventIdLocation::Payload) => Place::Payload,
        _ => return Err(invalid("event_id_location must be headers, querystring or payload.")),
    };
    let path = query.event_id_path.as_deref().filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| invalid("event_id_path is required."))?;
    let account = query.account_id.as_ref().ok_or_else(|| invalid("account_id is required."))?;
    let project = query.project_id.as_ref().ok_or_else(|| invalid("project_id is required."))?;
    let (kind, payload) = payload(&call.request)?;

    let request = Request { headers: call.headers, query: call.raw_query, body: &call.request };
    let id = request.text_at(place, path);
    let id = id.ok_or_else(|| invalid("External event id not found in request"))?;
    // Whoever guesses ids learns nothing about other accounts and agents.
    let own = call.platform.account.is(account.as_str());
    let project = lock(&call.platform.agents).find(project.as_str()).map(|agent| agent.id.clone());
    let project = project.ok().filter(|_| own).ok_or_else(not_valid)?;
    let mut events = lock(&call.platform.external_events);
    let event = events.deliver(&id, &project, (kind, &payload), call.now_ms)?;
    let (conversation, payload) = (&event.conversation, event.payload.clone());
    // Only the account's own agent holds conversations.
    if call.platform.account.is_project(&project) {
        call.platform.live.remember(conversation, "external_event", payload, call.now_ms);
    }
    Ok((Empty, 0))
}

#[allow(clippy::unnecessary_wraps, reason = "what handlers return")]
fn bridge_ended(call: &Call<'_, ReportBridgeEnd>) -> Answered<ReportBridgeEnd> {
    let Json(body) = &call.request;
    let (id, seconds) = (body.conversation_id.as_str(), body.bridge_duration_seconds);
    call.platform.live.remember(id, "bridge_duration_seconds", seconds.to_string(), call.now_ms);
    lock(&call.platform.external_events).bridge_ended(BridgeEnd {
        conversation: id.to_owned(),
        at_ms: call.now_ms,
        bridge_seconds: seconds,
        call_seconds: body.call_duration_seconds,
    });
    Ok((Empty, 0))
}

/// What the event is made of; the platform does not look inside, but there must be something.
fn payload(body: &EventBody) -> Result<(&'static str, String), Refusal> {
    let kind = match body {
        EventBody::Json(value) if value.is_object() => "json",
        EventBody::Json(_) => return Err(invalid("The body must be a JSON object.")),
        EventBody::Form(_) => "form",
        EventBody::Xml(_) => "xml",
        EventBody::Text(_) => "text",
    };
    let text = String::from_utf8_lossy(&body.encode()).into_owned();
    if text.trim().is_empty() { Err(invalid("The body is empty.")) } else { Ok((kind, text)) }
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "", text)
}

//! Webhook endpoints.

use perch_api::families::webhooks as api;
use perch_api::model::{Secret, Timestamp, WebhookEndpointId};
use perch_api::operation::{Empty, Family, Json};

use super::agents::at_once;
use crate::fields::{Fault, is_local_address};
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router, refused};
use crate::studio::invalid;
use crate::webhooks::Endpoint;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Create, create)
        .on(api::Get, get)
        .on(api::Update, update)
        .on(api::Delete, delete)
        .on(api::RotateSecret, rotate)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let api::ListQuery { enabled, event_type } = &call.query;
    if event_type.as_ref().is_some_and(|event_type| !event_type.is_known()) {
        return Err(invalid("event_type must be alerts.triggered or alerts.resolved."));
    }
    let data = call.platform.webhooks.read(|inner| {
        let wanted = inner.endpoints.iter().filter(|endpoint| {
            enabled.is_none_or(|enabled| endpoint.enabled == enabled)
                && event_type.as_ref().is_none_or(|own| endpoint.event_types.contains(own))
        });
        wanted.map(shown).collect()
    });
    at_once(Json(api::Endpoints { data, ..api::Endpoints::default() }))
}

fn create(call: &Call<'_, api::Create>) -> Answered<api::Create> {
    let Json(body) = &call.request;
    reachable(call.platform, Some(&body.url))?;
    let id = WebhookEndpointId::parse(&call.platform.opaque("whe_"))
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))?;
    let signing_secret = secret(call.platform);
    call.platform.webhooks.change(|inner| {
        let endpoint = inner.endpoints.create(id, body, signing_secret.clone(), call.now_ms)?;
        at_once(api::CreatedEndpoint { endpoint: shown(endpoint), signing_secret })
    })
}

fn get(call: &Call<'_, api::Get>) -> Answered<api::Get> {
    let id = &call.path.endpoint_id;
    let endpoint = call.platform.webhooks.read(|inner| inner.endpoints.find(id).map(shown))?;
    at_once(Json(endpoint))
}

fn update(call: &Call<'_, api::Update>) -> Answered<api::Update> {
    let Json(body) = &call.request;
    reachable(call.platform, body.url.as_deref())?;
    call.platform.webhooks.change(|inner| {
        let endpoint = inner.endpoints.update(&call.path.endpoint_id, body, call.now_ms)?;
        at_once(Json(shown(endpoint)))
    })
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let id = &call.path.endpoint_id;
    call.platform.webhooks.change(|inner| {
        inner.endpoints.delete(id)?;
        inner.queue.forget(id);
        at_once(Empty)
    })
}

fn rotate(call: &Call<'_, api::RotateSecret>) -> Answered<api::RotateSecret> {
    let signing_secret = secret(call.platform);
    let id = &call.path.endpoint_id;
    call.platform.webhooks.change(|inner| {
        inner.endpoints.rotate(id, signing_secret.clone(), call.now_ms)?;
        at_once(api::RotatedSecret { signing_secret })
    })
}

/// Receivers on this machine may be switched off, and then `https` alone is left.
fn reachable(platform: &Platform, url: Option<&str>) -> Result<(), Refusal> {
    let local = url.is_some_and(is_local_address);
    if local && !platform.webhooks.takes_local() {
        let fault = Fault::new("url", "value_error", "URL scheme should be 'https'");
        return Err(refused(Family::Webhooks, vec![fault]));
    }
    Ok(())
}

fn secret(platform: &Platform) -> Secret {
    Secret::new(platform.opaque("whsec_"))
}

fn shown(endpoint: &Endpoint) -> api::Endpoint {
    api::Endpoint {
        id: endpoint.id.clone().into(),
        name: endpoint.name.clone().into(),
        url: endpoint.url.clone().into(),
        enabled: endpoint.enabled.into(),
        event_types: endpoint.event_types.clone().into(),
        headers: endpoint.headers.clone().into(),
        timeout_ms: endpoint.timeout_ms.into(),
        created_at: Timestamp::from_unix_ms(endpoint.created_ms).into(),
        updated_at: Timestamp::from_unix_ms(endpoint.updated_ms).into(),
        ..api::Endpoint::default()
    }
}

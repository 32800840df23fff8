//! Operations whose request and answer are read whole before they go on, because both are judged.

use perch_api::operation::CORRELATION_HEADER;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::Identity;
use super::dutiful::carry_out;
use crate::call::Call;
use crate::config::Config;
use crate::error::Refusal;
use crate::policy::admit::Admitted;
use crate::policy::controls::Tenancy;
use crate::policy::leak;
use crate::policy::redact::Redactor;
use crate::policy::rows::Own;
use crate::policy::summary::AGENT;
use crate::{glue, keys, upstream};

/// Sends the operation, for configured projects only.
pub(super) async fn handle(
    call: &Call,
    config: &Config,
    who: &Identity,
    admitted: &Admitted,
) -> Result<JsValue, Refusal> {
    let controls = &admitted.duty.controls;
    let own = Own::of(config, &admitted.tenant);
    let field = if controls.tenancy == Tenancy::Rows { "agentId" } else { "project_id" };
    let asked = body(call, admitted).await?;
    if asked.as_ref().is_some_and(|(_, asked)| !own.takes(asked, field)) {
        return Err(Refusal::UnknownRoute);
    }
    let text = asked.map(|(text, _)| text).unwrap_or_default();
    // Looked at before it is changed: afterwards would be too late.
    let is_change_of_one = controls.is_change && !admitted.duty.target.is_empty();
    let send = async || {
        if is_change_of_one {
            let (status, one) = exchange(call, config, admitted, "GET", "").await?;
            if status != 200 || !own.has(&one, field) {
                return Err(Refusal::UnknownRoute);
            }
        }
        let method = admitted.spec.method.as_str();
        let (status, mut answer) = exchange(call, config, admitted, method, &text).await?;
        own.keep(&mut answer, field);
        if status == 200 && !own.has(&answer, field) {
            return Err(Refusal::UnknownRoute);
        }
        Ok(respond(call, status, &answer, ""))
    };
    carry_out(call, who, admitted, send).await
}

/// The request's body and what it says; nothing where the operation takes none.
pub(super) async fn body(
    call: &Call,
    admitted: &Admitted,
) -> Result<Option<(String, Value)>, Refusal> {
    let limit = admitted.duty.controls.body_bytes;
    if limit == 0 {
        return Ok(None);
    }
    let text = JsFuture::from(glue::bounded(&call.request, limit))
        .await
        .map_err(|_| Refusal::Internal)?
        .as_string()
        .ok_or(Refusal::TooLarge)?;
    let value: Value = serde_json::from_str(&text).map_err(|_| Refusal::BadBody)?;
    // Sent as it was understood: of a name that stands there twice two readers may take another one.
    if value.is_object() { Ok(Some((value.to_string(), value))) } else { Err(Refusal::BadBody) }
}

/// One exchange with the platform at the operation's address. An answer that is no JSON is none.
pub(super) async fn exchange(
    call: &Call,
    config: &Config,
    admitted: &Admitted,
    method: &str,
    body: &str,
) -> Result<(u16, Value), Refusal> {
    let credentials = keys::lines(config, &admitted.tenant, admitted.spec.credential)?;
    let mut headers = credentials.clone();
    for (name, value) in [
        ("user-agent", AGENT),
        ("accept", "application/json"),
        (CORRELATION_HEADER, call.correlation()),
        ("traceparent", &call.trace().header()),
    ] {
        headers.extend(["\n", name, "\n", value]);
    }
    if !body.is_empty() {
        headers.push_str("\ncontent-type\napplication/json");
    }
    let (status, text) = upstream::exchange(&admitted.url, method, &headers, body).await?;
    if leak::is_echo(&credentials, &text) {
        return Err(Refusal::UpstreamWithheld);
    }
    let mut bytes = text.into_bytes();
    Redactor::default().push(&mut bytes);
    Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
}

/// The platform's answer as the edge's own.
pub(super) fn respond(call: &Call, status: u16, answer: &Value, extra: &str) -> JsValue {
    if answer.is_null() {
        return call.respond(status, &format!("cache-control\nno-store{extra}"), None);
    }
    call.json(status, extra, &answer.to_string())
}

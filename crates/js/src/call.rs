//! Any operation by its id.

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::future::{Either, select};
use js_sys::{Array, Promise, Uint8Array};
use perch_api::json::{Object, Value};
use perch_api::model::Secret;
use perch_api::operation::{self, CORRELATION_HEADER, Multipart, decode_json, query};
use perch_api::region::Region;
use perch_client::{Body, CallOptions, Credentials, Hosts, OwnPlatform, RetryPolicy};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::failure::{aborted, invalid, of_call};

/// A client of the platform or of an edge worker.
#[wasm_bindgen]
pub struct Client(perch_client::Client);

#[wasm_bindgen]
impl Client {
    /// Through a Perch edge worker; `base` is its origin, or empty for the page's own.
    pub fn edge(base: &str, attempts: Option<u32>) -> Result<Self, JsValue> {
        Ok(Self(patient(perch_client::Client::edge(platform()?, base), attempts)))
    }

    /// Straight to the platform, with keys. `hosts` is a region, or an origin for each kind of host;
    /// `keys` are slots and values in turn.
    pub fn direct(
        hosts: Vec<String>,
        keys: Vec<String>,
        attempts: Option<u32>,
    ) -> Result<Self, JsValue> {
        let hosts = match hosts.as_slice() {
            [region] => Hosts::region(
                Region::parse(region)
                    .map_err(|error| invalid(&error.to_string(), "Write one of them."))?,
            ),
            [build, platform, messaging, webrtc] => {
                Hosts::custom(build, platform, messaging, webrtc)
            }
            _ => return Err(invalid("there is neither a region nor four hosts", "Give either.")),
        };
        let client = perch_client::Client::direct(platform()?, hosts, credentials(keys)?);
        Ok(Self(patient(client, attempts)))
    }

    /// Sends an operation. Gives the answer's status, content type and bytes, the content type that
    /// the operation promises, and what the exchange is called.
    ///
    /// `path` and `query` are names and values in turn, `kind` is the body's content type, `filename`
    /// that of a file. `timeout_ms` is for all tries together; the call ends when `off` settles.
    #[allow(
        clippy::too_many_arguments,
        reason = "one call from JavaScript, which hands over texts"
    )]
    pub async fn call(
        &self,
        id: String,
        path: Vec<String>,
        query: Vec<String>,
        kind: Option<String>,
        body: Vec<u8>,
        filename: Option<String>,
        timeout_ms: Option<u32>,
        off: Option<Promise>,
    ) -> Result<Array, JsValue> {
        let body = read_body(kind.as_deref(), body, filename)?;
        let (path, query) = (pairs(&path), pairs(&query));
        let time = timeout_ms.map(|ms| Duration::from_millis(ms.into()));
        let client =
            self.0.with(CallOptions { timeout: time, deadline: time, ..CallOptions::default() });
        let call = client.call_raw(&id, &path, &query, body);
        let answer = match off {
            None => call.await,
            Some(off) => match select(pin!(call), JsFuture::from(off)).await {
                Either::Left((answer, _)) => answer,
                // Dropping the call takes its request along.
                Either::Right(_) => return Err(aborted(&id)),
            },
        };
        let answer = answer.map_err(|error| of_call(&error))?;
        let header = |name| answer.header(name).map_or(JsValue::UNDEFINED, JsValue::from_str);
        let promised = operation::by_id(&id).and_then(|spec| spec.answers);
        let correlation = [CORRELATION_HEADER, "x-request-id"].map(header);
        Ok(Array::of5(
            &answer.status.into(),
            &header("content-type"),
            &Uint8Array::from(answer.body.as_slice()),
            &promised.map_or(JsValue::UNDEFINED, JsValue::from_str),
            correlation.iter().find(|id| id.is_string()).unwrap_or(&JsValue::UNDEFINED),
        ))
    }
}

/// Every operation's row as JSON: what explorers list.
#[wasm_bindgen]
pub fn operations() -> String {
    let rows = operation::all().map(|spec| {
        let texts =
            |names: &[&str]| names.iter().map(|name| Value::from(*name)).collect::<Vec<_>>();
        let mut row = Object::new();
        row.put("id", spec.id);
        row.put("family", spec.family.as_str());
        row.put("method", spec.method.as_str());
        row.put("host", spec.host.as_str());
        row.put("path", spec.path);
        row.put("credential", spec.credential.as_str());
        row.put("retry", spec.retry.as_str());
        row.put("safety", spec.safety.as_str());
        row.put("audience", spec.audience.as_str());
        row.put("query", texts(spec.query));
        row.put("required", texts(spec.required));
        row.maybe("sends", spec.sends);
        row.maybe("answers", spec.answers);
        row.put("doc", spec.doc.trim());
        row.put("source", spec.source);
        Value::from(row)
    });
    Value::from(rows.collect::<Vec<_>>()).encode()
}

/// The runtime's own `fetch` and timers.
fn platform() -> Result<Arc<OwnPlatform>, JsValue> {
    let none = |_| invalid("there is no network here", "Use a runtime with fetch.");
    OwnPlatform::new().map(Arc::new).map_err(none)
}

fn patient(client: perch_client::Client, attempts: Option<u32>) -> perch_client::Client {
    match attempts {
        None => client,
        Some(attempts) => client.with_retry(RetryPolicy { attempts, ..RetryPolicy::default() }),
    }
}

fn pairs(texts: &[String]) -> Vec<(&str, &str)> {
    texts.as_chunks().0.iter().map(|[name, value]| (name.as_str(), value.as_str())).collect()
}

fn read_body(
    kind: Option<&str>,
    bytes: Vec<u8>,
    filename: Option<String>,
) -> Result<Body, JsValue> {
    let Some(kind) = kind else { return Ok(Body::Empty) };
    let unfit = || invalid("the body does not fit its content type", "Send what the type says.");
    let kind = kind.split(';').next().unwrap_or_default();
    if kind == "audio/wav" {
        return Ok(Body::Wav { bytes, filename });
    }
    if kind == "multipart/form-data" {
        let form = Multipart::decode(&bytes).map_err(|_| unfit())?;
        return Ok(Body::Multipart(form.parts().to_vec()));
    }
    if kind == "application/json" {
        return decode_json(&bytes).map(Body::Json).map_err(|_| unfit());
    }
    let text = String::from_utf8(bytes).map_err(|_| unfit())?;
    match kind {
        "application/x-www-form-urlencoded" => query::read(&text).map(Body::Form).ok_or_else(unfit),
        "application/xml" => Ok(Body::Xml(text)),
        _ => Ok(Body::Text(text)),
    }
}

/// Keys by the names they have in JavaScript.
fn credentials(keys: Vec<String>) -> Result<Credentials, JsValue> {
    let mut all = Credentials::default();
    let mut keys = keys.into_iter();
    let mut next = || keys.next().map(Secret::new);
    while let Some(slot) = next() {
        let slot = slot.expose();
        let missing = || invalid("a key has no value", "Leave out what you do not have.");
        let mut secret = || next().filter(|secret| !secret.is_empty()).ok_or_else(missing);
        match slot {
            "workspace" => all.workspace = Some(secret()?),
            "conversations" => all.conversations = Some(secret()?),
            "conversationsLegacy" => all.conversations_legacy = Some(secret()?),
            "handoff" => all.handoff = Some(secret()?),
            "dni" => all.dni = Some(secret()?),
            "externalEvents" => all.external_events = Some(secret()?),
            "outbound" => all.outbound = Some(secret()?),
            "access" => all.access = Some(secret()?),
            "webCalling" => all.web_calling = Some(secret()?),
            "chat" => all.chat = Some((secret()?, secret()?)),
            "sms" => all.sms = Some((secret()?, secret()?.expose().to_owned())),
            "messaging" => all.messaging = Some((secret()?, secret()?.expose().to_owned())),
            _ => return Err(invalid("there is no key of this name", "See the list of keys.")),
        }
    }
    Ok(all)
}

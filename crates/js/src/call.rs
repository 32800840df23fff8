//! Any operation by its id.

use std::time::Duration;

use js_sys::{Array, Uint8Array};
use perch_api::json::{Object, Value};
use perch_api::operation::{self, CORRELATION_HEADER, Multipart, decode_value, query};
use perch_client::{Body, CallOptions, CancelToken};
use perch_js_shared::failure::{invalid, of_call};
use perch_js_shared::pairs;
use wasm_bindgen::prelude::*;

/// A client of the platform or of an edge worker.
#[wasm_bindgen]
pub struct Client(perch_client::Client);

/// What an `AbortSignal` is here: it ends whatever it was given to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Stop(CancelToken);

#[wasm_bindgen]
impl Stop {
    /// Not yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Now.
    pub fn stop(&self) {
        self.0.cancel();
    }
}

#[wasm_bindgen]
impl Client {
    /// Through a Perch edge worker; `base` is its origin, or empty for the page's own.
    pub fn edge(base: &str, attempts: Option<u32>) -> Result<Self, JsValue> {
        perch_js_shared::edge(base, attempts).map(Self)
    }

    /// Straight to the platform, with keys: see [`perch_js_shared::direct`].
    pub fn direct(
        hosts: Vec<String>,
        keys: Vec<String>,
        attempts: Option<u32>,
    ) -> Result<Self, JsValue> {
        perch_js_shared::direct(&hosts, keys, attempts).map(Self)
    }

    /// Sends an operation. Gives the answer's status, content type and bytes, the content type that
    /// the operation promises, and what the exchange is called.
    ///
    /// `path` and `query` are names and values in turn, `kind` is the body's content type, `filename`
    /// that of a file. `timeout_ms` is for all tries together.
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
        correlation_id: Option<String>,
        stop: &Stop,
    ) -> Result<Array, JsValue> {
        let body = read_body(kind.as_deref(), body, filename)?;
        let (path, query) = (pairs(&path), pairs(&query));
        let time = timeout_ms.map(|ms| Duration::from_millis(ms.into()));
        let cancel = Some(stop.0.clone());
        let options = CallOptions { timeout: time, deadline: time, cancel, correlation_id };
        let answer = self.0.with(options).call_raw(&id, &path, &query, body).await;
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
        return decode_value(&bytes).map(Body::Json).map_err(|_| unfit());
    }
    let text = String::from_utf8(bytes).map_err(|_| unfit())?;
    match kind {
        "application/x-www-form-urlencoded" => query::read(&text).map(Body::Form).ok_or_else(unfit),
        "application/xml" => Ok(Body::Xml(text)),
        _ => Ok(Body::Text(text)),
    }
}

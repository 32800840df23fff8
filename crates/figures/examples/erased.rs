//! A page's program that can send every operation by its id: what its bytes are is the figure.
#![cfg(target_family = "wasm")]

use std::sync::Arc;

use perch_api::operation::{decode_value, encode_json};
use perch_client::{AnswerBody, Body, Client, ClientError, WebPlatform};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::wasm_bindgen;

// 2.5 KB (gzip) less than the one that Rust brings along, and a tenth slower over a large page.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Sends the operation `id`. Path, query and body are texts of JSON, as is the answer.
#[wasm_bindgen]
pub async fn call(
    base: String,
    id: String,
    path: String,
    query: String,
    body: Option<String>,
) -> Result<String, String> {
    let client = Client::edge(Arc::new(WebPlatform), base);
    let (path, query) = (object(&path)?, object(&query)?);
    let body = match body {
        Some(text) => Body::Json(value(&text)?),
        None => Body::Empty,
    };
    let answer = client.call(&id, &pairs(&path), &pairs(&query), body).await.map_err(words)?;
    match answer.body {
        AnswerBody::Json(value) => {
            String::from_utf8(encode_json(&value)).map_err(|_| "no text".to_owned())
        }
        AnswerBody::Text(text) => Ok(text),
        AnswerBody::Bytes(bytes) => Ok(bytes.len().to_string()),
        _ => Ok(String::new()),
    }
}

fn value(text: &str) -> Result<Value, String> {
    decode_value(text.as_bytes()).map_err(|fault| fault.to_string())
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    match value(text)? {
        Value::Object(fields) => Ok(fields),
        _ => Err("no object".to_owned()),
    }
}

fn pairs(object: &Map<String, Value>) -> Vec<(&str, &str)> {
    object.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn words(error: ClientError) -> String {
    [&error.failure.to_string(), " ", error.remedy()].concat()
}

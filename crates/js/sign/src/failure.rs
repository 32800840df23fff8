//! Errors on their way to JavaScript, as `PerchError` reads them. None of them is worth a repetition.

use perch_api::json::{Object, Value};
use wasm_bindgen::JsValue;

/// What a caller did wrong.
pub(crate) fn invalid(message: &str, remedy: &str) -> JsValue {
    refused("invalid_input", message, remedy)
}

pub(crate) fn refused(code: &str, message: &str, remedy: &str) -> JsValue {
    let mut fields = Object::new();
    fields.put("code", code);
    fields.put("message", message);
    fields.put("remedy", remedy);
    fields.put("retry", "never");
    JsValue::from_str(&Value::from(fields).encode())
}

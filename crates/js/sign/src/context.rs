//! Verified-context tokens, for the servers that mint them.

use perch_api::context::{self, Claims, ContextFault, ContextKey};
use perch_api::json::{Object, Value};
use perch_api::model::Secret;
use perch_api::operation::decode_json;
use wasm_bindgen::prelude::*;

use crate::webhook::seconds;
use perch_js_shared::failure::{self, invalid};

/// Mints a token at `now`, in Unix seconds; `values` are a flat JSON object. Gives JSON.
#[wasm_bindgen]
pub fn mint(
    kid: &str,
    secret: String,
    context_id: &str,
    values: &str,
    lifetime_s: u32,
    now: f64,
) -> Result<String, JsValue> {
    let values = decode_json(values.as_bytes()).map_err(|_| {
        invalid("minting a context token: the values are no object", "Give an object.")
    })?;
    let refused = |fault: ContextFault| {
        failure::refused("invalid_context", &fault.to_string(), "See the message.")
    };
    let key = ContextKey::new(kid, Secret::new(secret)).map_err(refused)?;
    let claims = Claims { lifetime_s, ..Claims::from_json(context_id, &values).map_err(refused)? };
    let minted = context::mint(&key, &claims, seconds(now)).map_err(refused)?;
    let mut out = Object::new();
    out.put("token", minted.token.expose());
    out.put("expiresAt", u64::try_from(minted.expires_at).unwrap_or_default());
    let warnings = minted.warnings.iter().map(|warning| Value::from(warning.to_string().as_str()));
    out.put("warnings", warnings.collect::<Vec<_>>());
    Ok(Value::from(out).encode())
}

//! Signed deliveries: verified, and signed for tests.

use perch_api::json::{Object, Value};
use perch_api::model::Secret;
use perch_api::webhook::{self, Delivery, SigningSecret, SigningSecrets, Standing, VerifyError};
use wasm_bindgen::prelude::*;

use perch_js_shared::failure::{invalid, refused};

/// Verifies a delivery at `now`, in Unix seconds; gives what is known of it as JSON.
///
/// `headers` are names and values in turn; `secrets` are name, standing and secret in turn.
#[wasm_bindgen]
pub fn verify(
    headers: Vec<String>,
    body: &[u8],
    secrets: Vec<String>,
    now: f64,
) -> Result<String, JsValue> {
    let secrets = read_secrets(secrets)?;
    let headers = headers.as_chunks().0.iter().map(|[name, value]| (name, value));
    let delivery = Delivery::new(headers, body);
    let verified = webhook::verify(&delivery, &secrets, seconds(now))
        .map_err(|error| refused(code(error), &error.to_string(), remedy(error)))?;
    let mut out = Object::new();
    out.maybe("eventId", verified.event_id());
    out.put("timestamp", u64::try_from(verified.timestamp()).unwrap_or_default());
    out.put("bodyHash", verified.body_hash().to_string().as_str());
    out.put("secret", verified.secret_name());
    let previous = verified.standing() == Standing::Previous;
    out.put("standing", if previous { "previous" } else { "current" });
    Ok(Value::from(out).encode())
}

/// Signs a body as the platform does, at `now` in Unix seconds: names and values in turn.
#[wasm_bindgen]
pub fn sign(secret: String, event_id: &str, body: &[u8], now: f64) -> Result<Vec<String>, JsValue> {
    let secret =
        SigningSecret::new("secret", Standing::Current, Secret::new(secret)).map_err(unusable)?;
    let signed = webhook::sign(&secret, event_id, body, seconds(now));
    Ok(signed
        .pairs()
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value.to_owned()])
        .collect())
}

fn read_secrets(given: Vec<String>) -> Result<SigningSecrets, JsValue> {
    let mut secrets = SigningSecrets::default();
    let mut given = given.into_iter();
    while let (Some(name), Some(standing), Some(secret)) =
        (given.next(), given.next(), given.next())
    {
        let standing = Standing::parse(&standing).unwrap_or(Standing::Retired);
        let secret = SigningSecret::new(&name, standing, Secret::new(secret));
        secrets = secrets.with(secret.map_err(unusable)?);
    }
    Ok(secrets)
}

fn unusable(fault: webhook::SecretFault) -> JsValue {
    invalid(&fault.to_string(), "Configure the signing secret as the platform showed it.")
}

#[allow(clippy::cast_possible_truncation, reason = "a clock: saturates, and the window refuses it")]
pub(crate) fn seconds(now: f64) -> i64 {
    now as i64
}

const fn code(error: VerifyError) -> &'static str {
    match error {
        VerifyError::Header(_) => "webhook_header",
        VerifyError::Timestamp(_) => "webhook_timestamp",
        VerifyError::Signature(_) => "webhook_signature",
        VerifyError::NoSecret => "webhook_no_secret",
        VerifyError::TooOld { .. } => "webhook_too_old",
        VerifyError::TooNew { .. } => "webhook_too_new",
        _ => "webhook_mismatch",
    }
}

const fn remedy(error: VerifyError) -> &'static str {
    match error {
        VerifyError::NoSecret => "Configure the signing secret, and answer 503 until then.",
        VerifyError::TooOld { .. } | VerifyError::TooNew { .. } => {
            "Check the clocks; a delivery this far off may be a replay."
        }
        _ => "Answer 401; to find out why, ask @perch-edge/client/explain.",
    }
}

//! Errors on their way to JavaScript: one JSON text that `PerchError` reads. Never a body, never a key.

use perch_api::error::Repeat;
use perch_api::json::{Object, Value};
use perch_api::operation::{Retry, by_id};
use perch_client::{ClientError, Failure, TransportError};
use wasm_bindgen::JsValue;

/// What a caller did wrong before anything was sent.
pub(crate) fn invalid(message: &str, remedy: &str) -> JsValue {
    thrown(named("invalid_input", message, remedy, "never"))
}

/// The caller called it off.
pub(crate) fn aborted(operation: &str) -> JsValue {
    let message = [operation, ": the call was called off"].concat();
    let mut fields = named("aborted", &message, "Call again when it is wanted.", "never");
    fields.put("operation", operation);
    thrown(fields)
}

/// Why a call gave no value.
pub(crate) fn of_call(error: &ClientError) -> JsValue {
    let (code, repeat) = match &error.failure {
        Failure::Refused(body) => (body.code.clone(), word(body.repeat())),
        Failure::Transport(fault) => (Some(transport(*fault).to_owned()), again(error.operation)),
        Failure::Decode(_) => (Some("unreadable_answer".to_owned()), "never"),
        Failure::Credential(_) => (Some("credential_missing".to_owned()), "never"),
        Failure::NoHost => (Some("no_host".to_owned()), "never"),
        Failure::Cancelled => (Some("aborted".to_owned()), "never"),
        _ => (Some("invalid_input".to_owned()), "never"),
    };
    let status = error.status();
    let code = code.unwrap_or_else(|| by_status(status.unwrap_or_default()));
    let message = [error.operation, ": ", &words(&error.failure)].concat();
    let remedy = match &error.failure {
        Failure::Refused(body) => body.remedy(),
        _ => error.remedy(),
    };
    let mut fields = named(&code, &message, remedy, repeat);
    fields.put("operation", error.operation);
    fields.maybe("status", status.map(u32::from));
    fields.maybe("correlationId", error.correlation_id.as_deref());
    put_pause(&mut fields, error.retry_after);
    if let Failure::Refused(body) = &error.failure {
        fields.maybe("detail", body.message.as_deref());
        if !body.fields.is_empty() {
            let mut faults = Object::new();
            for (field, fault) in &body.fields {
                faults.put(field, fault.as_str());
            }
            fields.put("fields", faults);
        }
    }
    thrown(fields)
}

/// The failure in words. Its own `Display` prints a duration, which is 25 KB of code for floats.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::Transport(TransportError::Timeout(_)) => "no answer came in time".to_owned(),
        Failure::Transport(TransportError::Connect) => "the connection failed".to_owned(),
        Failure::Transport(_) => "the request cannot be sent".to_owned(),
        Failure::Refused(body) => {
            let code = body.code.as_deref().unwrap_or_default();
            ["the answer was ", &body.status.to_string(), " ", code].concat().trim_end().to_owned()
        }
        Failure::Decode(_) => "the answer does not fit the operation".to_owned(),
        Failure::Credential(missing) => {
            ["no ", missing.0.as_str(), " credential is configured"].concat()
        }
        Failure::NoHost => "this region has no host for the operation".to_owned(),
        Failure::Cancelled => "the call was called off".to_owned(),
        Failure::Input(error) => error.to_string(),
        _ => "the call failed".to_owned(),
    }
}

/// An error's fields, as far as every error has them.
pub(crate) fn named(code: &str, message: &str, remedy: &str, repeat: &str) -> Object {
    let mut fields = Object::new();
    fields.put("code", code);
    fields.put("message", message);
    fields.put("remedy", remedy);
    fields.put("retry", repeat);
    fields
}

pub(crate) fn thrown(fields: Object) -> JsValue {
    JsValue::from_str(&Value::from(fields).encode())
}

fn put_pause(fields: &mut Object, pause: Option<std::time::Duration>) {
    let ms = pause.and_then(|pause| u64::try_from(pause.as_millis()).ok());
    fields.maybe("retryAfterMs", ms);
}

fn by_status(status: u16) -> String {
    ["status_", &status.to_string()].concat()
}

const fn transport(fault: TransportError) -> &'static str {
    match fault {
        TransportError::Timeout(_) => "timeout",
        TransportError::Connect => "connection_failed",
        _ => "invalid_input",
    }
}

const fn word(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Never => "never",
        Repeat::Once => "once",
        Repeat::IfHarmless => "if-harmless",
        Repeat::Later => "later",
    }
}

/// Whether a call without an answer is worth repeating: it may have acted.
fn again(operation: &str) -> &'static str {
    let safe = by_id(operation).is_some_and(|spec| spec.retry == Retry::Safe);
    word(if safe { Repeat::Later } else { Repeat::IfHarmless })
}

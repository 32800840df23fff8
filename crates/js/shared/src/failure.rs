//! Errors on their way to JavaScript: one JSON text that `PerchError` reads. Never a body, never a key.

use perch_api::error::Repeat;
use perch_api::json::{Object, Value};
use perch_api::operation::{Retry, by_id};
use perch_api::stream::PageFault;
use perch_client::{ClientError, Failure, RowError, TransportError};
use wasm_bindgen::JsValue;

/// What a caller did wrong before anything was sent.
pub fn invalid(message: &str, remedy: &str) -> JsValue {
    refused("invalid_input", message, remedy)
}

/// What is refused here, and will be again.
pub fn refused(code: &str, message: &str, remedy: &str) -> JsValue {
    thrown(named(code, message, remedy, "never"))
}

/// Why there is no row.
// Never by `RowError`'s own `Display`, for the reason that `words` has.
pub fn of_row(operation: &str, error: &RowError) -> JsValue {
    let (code, words, remedy) = match error {
        RowError::Call(error) => return of_call(error),
        RowError::Row(fault) => (
            "unreadable_row",
            fault.to_string(),
            "Leave it out; the rows behind it are not affected.",
        ),
        _ => (
            "repeated_cursor",
            "the list repeats a cursor".to_owned(),
            "Take what came; following it would never end.",
        ),
    };
    let mut fields = named(code, &[operation, ": ", &words].concat(), remedy, "never");
    fields.put("operation", operation);
    thrown(fields)
}

/// Why a call gave no value.
pub fn of_call(error: &ClientError) -> JsValue {
    let (code, repeat) = match &error.failure {
        Failure::Refused(body) => (body.code.clone(), word(body.repeat())),
        Failure::Transport(fault) => (Some(transport(*fault).to_owned()), again(error.operation)),
        Failure::Credential(_) => (Some("credential_missing".to_owned()), "never"),
        Failure::NoHost => (Some("no_host".to_owned()), "never"),
        Failure::Cancelled => (Some("aborted".to_owned()), "never"),
        Failure::Page(PageFault::Truncated { .. }) => {
            (Some("incomplete_answer".to_owned()), again(error.operation))
        }
        Failure::Decode(_) | Failure::Page(_) => (Some("unreadable_answer".to_owned()), "never"),
        Failure::Range(_) => (Some("unusable_range".to_owned()), "never"),
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
        Failure::Page(fault) => fault.to_string(),
        Failure::Range(fault) => fault.to_string(),
        _ => "the call failed".to_owned(),
    }
}

/// An error's fields, as far as every error has them.
fn named(code: &str, message: &str, remedy: &str, repeat: &str) -> Object {
    let mut fields = Object::new();
    fields.put("code", code);
    fields.put("message", message);
    fields.put("remedy", remedy);
    fields.put("retry", repeat);
    fields
}

fn thrown(fields: Object) -> JsValue {
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

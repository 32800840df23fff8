//! Is it up, is it ready, does it reach the platform.
//!
//! Whoever asks without a session learns yes or no and nothing else.

use std::cell::Cell;

use wasm_bindgen::JsValue;

use crate::call::{Call, now};
use crate::durable::{ask, stub};
use crate::error::Refusal;

/// Seconds for which an isolate repeats what it found, so that asking often costs nothing.
const FRESH_SECONDS: u64 = 5;
/// One object of each kind.
const OBJECTS: [(&str, &str); 2] = [("OPERATORS", "operators"), ("VISITORS", "health")];

/// Answers without configuration: the worker runs.
pub(crate) fn live(call: &Call) -> JsValue {
    call.json(200, "", concat!(r#"{"status":"ok","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#))
}

/// Answers whether requests can be served: the configuration is valid and the Durable Objects answer.
pub(crate) async fn ready(call: &Call) -> Result<JsValue, Refusal> {
    thread_local! {
        static FOUND: Cell<Option<(u64, bool)>> = const { Cell::new(None) };
    }
    let fresh = FOUND.get().filter(|(at, _)| now().saturating_sub(*at) < FRESH_SECONDS);
    let is_ready = if let Some((_, is_ready)) = fresh {
        is_ready
    } else {
        let is_ready = call.config().is_ok() && objects_answer(call).await;
        FOUND.set(Some((now(), is_ready)));
        is_ready
    };
    if is_ready { Ok(call.json(200, "", r#"{"status":"ready"}"#)) } else { Err(Refusal::NotReady) }
}

async fn objects_answer(call: &Call) -> bool {
    for (binding, name) in OBJECTS {
        // An unknown question is answered, too, as long as there is somebody to answer.
        let answer = match stub(&call.env, binding, name) {
            Ok(object) => ask(&object, "health", &()).await,
            Err(refusal) => Err(refusal),
        };
        if !answer.is_ok_and(|answer| answer.status < 500) {
            return false;
        }
    }
    true
}

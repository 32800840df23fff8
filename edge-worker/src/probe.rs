//! Routes that panic on purpose and routes that show whether others noticed.
//!
//! Behind the feature `panic-probe`, which no shipped build has; `runtime/panic.test.mjs` uses them.

#![allow(clippy::panic, reason = "that is the purpose")]

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Date;
use wasm_bindgen::JsValue;
use worker::Delay;

use crate::call::Call;
use crate::entry::later;
use crate::error::Refusal;
use crate::router::Target;
use crate::visitors;

/// Answers a probe route.
pub(crate) fn answer(call: &Rc<Call>, target: &Target<'_>) -> Option<JsValue> {
    thread_local! {
        static BORN: Cell<f64> = const { Cell::new(0.0) };
    }
    if BORN.get() <= 0.0 {
        BORN.set(Date::now());
    }
    match target.path {
        // In the synchronous step, as the proxy's decisions are.
        "/probe/panic-now" => panic!("probe"),
        // After something was awaited.
        "/probe/panic-later" => Some(later(call, |_| async {
            Delay::from(Duration::from_millis(100)).await;
            panic!("probe")
        })),
        // The allocator and every thread-local are still usable after panics.
        "/probe/work" => {
            let total: usize = (0..10_000_usize).map(|at| at.to_string().len()).sum();
            Some(call.respond(200, "content-type\ntext/plain", Some(&total.to_string())))
        }
        // Rust that waits in several steps, as a sign-in does.
        "/probe/slow" => Some(later(call, |call| async move {
            for _ in 0..10 {
                Delay::from(Duration::from_millis(150)).await;
            }
            Ok(call.respond(200, "content-type\ntext/plain", Some("slow")))
        })),
        // In the Durable Object of the session that the query names.
        "/probe/panic-object" => Some(later(call, |call| async move {
            let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
            let status = visitors::panic_in(&call, target.query).await?;
            Ok(call.respond(200, "content-type\ntext/plain", Some(&status.to_string())))
        })),
        // When this instance first saw a probe: changes when the instance is replaced.
        "/probe/born" => {
            let born = BORN.get().to_string();
            Some(call.respond(200, "content-type\ntext/plain", Some(&born)))
        }
        _ => None,
    }
}

/// Panics over a frame that asks for it.
pub(crate) fn frame(text: &str) {
    assert!(!text.contains("probe: panic"), "probe");
}

/// Panics in an object.
pub(crate) fn object() -> ! {
    panic!("probe")
}

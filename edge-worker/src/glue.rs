//! The functions of `js/`: what is done in JavaScript because it streams, outlives a trap, or is cheaper there.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Request;

#[wasm_bindgen(module = "/src/js/isolate.js")]
extern "C" {
    pub(crate) fn arm(
        exports: &JsValue,
        policy: &str,
        judge: &JsValue,
        signal: &JsValue,
        flow: &JsValue,
    );
    pub(crate) fn shield(step: &mut dyn FnMut()) -> bool;
    pub(crate) fn begin() -> f64;
    pub(crate) fn finish(task: f64);
    pub(crate) fn describe(request: &Request) -> String;
    pub(crate) fn tell(note: &JsValue, facts: &str);
    pub(crate) fn counted(note: &JsValue, hosts: &str) -> String;
}

#[wasm_bindgen(module = "/src/js/answer.js")]
extern "C" {
    pub(crate) fn respond(
        status: u16,
        headers: &str,
        body: Option<&str>,
        id: &str,
        secure: bool,
    ) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/assets.js")]
extern "C" {
    pub(crate) fn asset(
        service: &JsValue,
        request: &Request,
        url: &str,
        headers: &str,
        id: &str,
        secure: bool,
    ) -> Promise;
}

#[wasm_bindgen(module = "/src/js/forward.js")]
extern "C" {
    pub(crate) fn forward(incoming: &Request, note: &JsValue, order: &str, secure: bool)
    -> Promise;
}

// Called by the one above only; a file that nothing names here is not bundled.
#[wasm_bindgen(module = "/src/js/send.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn send(job: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "/src/js/receive.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn receive(job: &JsValue, answer: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "/src/js/stream.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn stream(job: &JsValue, answer: &JsValue, parts: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "/src/js/leaks.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn needles(lines: &JsValue, count: u32) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/redact.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn redacted(text: &str) -> String;
}

#[wasm_bindgen(module = "/src/js/cache.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn forget(tag: &str);
}

#[wasm_bindgen(module = "/src/js/exchange.js")]
extern "C" {
    pub(crate) fn exchange(url: &str, method: &str, headers: &str, body: &str) -> Promise;
    pub(crate) fn bounded(message: &Request, limit: u32) -> Promise;
}

// Called by the two below only; a file that nothing names here is not bundled.
#[wasm_bindgen(module = "/src/js/pump.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn pair() -> JsValue;
}

#[wasm_bindgen(module = "/src/js/control.js")]
extern "C" {
    #[allow(dead_code, reason = "named for the bundler")]
    fn attach(objects: &Array) -> Promise;
}

#[wasm_bindgen(module = "/src/js/relay.js")]
extern "C" {
    pub(crate) fn relay(
        url: &str,
        spelled: &str,
        lines: &Array,
        context: &JsValue,
        life: f64,
        over: u16,
    ) -> Promise;
}

#[wasm_bindgen(module = "/src/js/record.js")]
extern "C" {
    fn held(context: &JsValue) -> js_sys::Function;
    pub(crate) fn discard(answer: &JsValue);
    pub(crate) fn exported(
        env: &JsValue,
        preface: &str,
        first: f64,
        last: f64,
        id: &str,
        secure: bool,
    ) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/call.js")]
extern "C" {
    pub(crate) fn call(url: &str, opened: &str, lines: &Array, life: f64, over: u16) -> Promise;
}

#[wasm_bindgen(module = "/src/js/mask.js")]
extern "C" {
    pub(crate) fn mask_with(step: &JsValue);
    pub(crate) fn masked(answer: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/src/js/identity.js")]
extern "C" {
    pub(crate) fn verify(
        algorithm: &str,
        key: &str,
        signature: js_sys::Uint8Array,
        signed: &str,
    ) -> Promise;
}

/// Keeps the request's context alive until it is dropped, also when the caller goes away.
pub(crate) struct Held(js_sys::Function);

/// Holds the context.
pub(crate) fn hold(context: &JsValue) -> Held {
    Held(held(context))
}

impl Drop for Held {
    fn drop(&mut self) {
        // It only resolves a promise, which cannot fail.
        drop(self.0.call0(&JsValue::NULL));
    }
}

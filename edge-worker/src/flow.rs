//! What this isolate knows of the platform's hosts and of its own keys, and the way to it from JavaScript.

use std::cell::RefCell;

use js_sys::{Date, Math, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::policy::cache::{Offered, may_keep};
use crate::policy::lanes::{Held, Lane, Lanes};
use crate::policy::retry::{Ended, retry_after};

thread_local! {
    static LANES: RefCell<Lanes> = RefCell::default();
}

/// Asks for a request to `host` with `key`, which are any names.
pub(crate) fn enter(host: &str, key: &str) -> Result<Lane, Held> {
    LANES.with_borrow_mut(|lanes| lanes.enter(host, key, milliseconds(Date::now())))
}

/// The hosts that were asked so far with the states of their breakers, as a JSON object.
pub(crate) fn hosts() -> String {
    let states =
        |lanes: &Lanes| lanes.hosts().map(|(host, state)| (host.into(), state.into())).collect();
    serde_json::Value::Object(LANES.with_borrow(states)).to_string()
}

/// The functions that JavaScript asks: `settle` and `keeps`.
pub(crate) fn functions() -> JsValue {
    let settle = Closure::<dyn FnMut(f64, u16, u32, bool, String, f64) -> f64>::new(
        |lane, status, repeats, may_repeat, after: String, now| {
            settle(lane, status, (repeats, may_repeat), &after, now)
        },
    );
    let keeps = Closure::<dyn FnMut(u16, String, String, bool) -> bool>::new(
        |status, control: String, vary: String, has_cookie| {
            may_keep(&Offered { status, control: &control, vary: &vary, has_cookie })
        },
    );
    let functions = Object::new();
    // Setting a member of a fresh object cannot fail.
    let _ = Reflect::set(&functions, &"settle".into(), &settle.into_js_value());
    let _ = Reflect::set(&functions, &"keeps".into(), &keeps.into_js_value());
    functions.into()
}

// How an attempt ended: 0 is no answer, 1 none in time, anything else a status. The answer is the number of
// milliseconds to wait before the next attempt, or less than zero.
fn settle(
    lane: f64,
    status: u16,
    (repeats, may_repeat): (u32, bool),
    after: &str,
    now: f64,
) -> f64 {
    let ended = match status {
        0 => Ended::Unreachable,
        1 => Ended::Late,
        status => Ended::Answered(status, retry_after(after)),
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below one, times a thousand"
    )]
    let jitter = (Math::random() * 1_000.0) as u32;
    let lane = Lane::from_number(milliseconds(lane));
    let wait = LANES.with_borrow_mut(|lanes| {
        lanes.settle(lane, ended, (repeats, may_repeat, jitter), milliseconds(now))
    });
    wait.and_then(|ms| u32::try_from(ms).ok()).map_or(-1.0, f64::from)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, positive and far below 2^53"
)]
fn milliseconds(number: f64) -> u64 {
    number as u64
}

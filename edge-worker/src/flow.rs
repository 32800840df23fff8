//! What this isolate knows of the platform's hosts and of its own keys and of answers on their way, and the
//! way to it from JavaScript.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Date, Math, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::policy::cache::{Offered, may_keep};
use crate::policy::lanes::{Held, Lane, Lanes};
use crate::policy::redact::Redactor;
use crate::policy::retry::{Ended, retry_after};

// Answers that are filtered at once; with one more the oldest breaks off.
const OPEN: usize = 500;

thread_local! {
    static LANES: RefCell<Lanes> = RefCell::default();
    static REDACTORS: RefCell<BTreeMap<u32, Redactor>> = const { RefCell::new(BTreeMap::new()) };
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

/// The functions that JavaScript asks: `settle`, `keeps` and `redact`.
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
    let redact =
        Closure::<dyn FnMut(u32, bool, Option<Vec<u8>>) -> Option<Uint8Array>>::new(redact);
    let functions = Object::new();
    // Setting a member of a fresh object cannot fail.
    let _ = Reflect::set(&functions, &"settle".into(), &settle.into_js_value());
    let _ = Reflect::set(&functions, &"keeps".into(), &keeps.into_js_value());
    let _ = Reflect::set(&functions, &"redact".into(), &redact.into_js_value());
    functions.into()
}

// A piece of the answer with this number, without secrets; no piece says that it is over. Nothing when this
// instance did not see it begin: without that it cannot know what is a name.
fn redact(key: u32, is_first: bool, piece: Option<Vec<u8>>) -> Option<Uint8Array> {
    REDACTORS.with_borrow_mut(|redactors| {
        let Some(mut piece) = piece else {
            redactors.remove(&key);
            return None;
        };
        if is_first {
            if redactors.len() >= OPEN {
                redactors.pop_first();
            }
            redactors.insert(key, Redactor::default());
        }
        redactors.get_mut(&key)?.push(&mut piece);
        Some(Uint8Array::from(piece.as_slice()))
    })
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

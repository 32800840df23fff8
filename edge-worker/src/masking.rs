//! Answers that are masked on their way out. What is masked is [`crate::policy::mask`]'s decision.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::error::Refusal;
use crate::glue;
use crate::policy::mask::Masker;

// Answers that are masked at once; with one more the oldest breaks off.
const OPEN: usize = 500;

thread_local! {
    static MASKERS: RefCell<BTreeMap<u32, Masker>> = const { RefCell::new(BTreeMap::new()) };
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// The answer with its body masked; a refusal where the body cannot be.
pub(crate) fn masked(answer: &JsValue) -> Result<JsValue, Refusal> {
    if !ARMED.replace(true) {
        let step = Closure::<dyn FnMut(u32, bool, Option<Vec<u8>>) -> JsValue>::new(step);
        glue::mask_with(&step.into_js_value());
    }
    let masked = glue::masked(answer);
    if masked.is_null() {
        glue::discard(answer);
        return Err(Refusal::UpstreamRefused);
    }
    Ok(masked)
}

/// One chunk of an answer, or its end. Nothing when this instance did not see the answer begin: without
/// that it cannot know what is a text.
fn step(key: u32, is_first: bool, chunk: Option<Vec<u8>>) -> JsValue {
    MASKERS.with_borrow_mut(|maskers| {
        if is_first {
            if maskers.len() >= OPEN {
                maskers.pop_first();
            }
            maskers.insert(key, Masker::default());
        }
        let bytes = match chunk {
            Some(chunk) => maskers.get_mut(&key).map(|masker| masker.push(&chunk)),
            None => maskers.remove(&key).map(|mut masker| masker.finish()),
        };
        bytes.map_or(JsValue::UNDEFINED, |bytes| Uint8Array::from(bytes.as_slice()).into())
    })
}

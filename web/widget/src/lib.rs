//! See the crate description.
use wasm_bindgen::prelude::*;
/// x
#[wasm_bindgen]
pub fn mount(root: web_sys::ShadowRoot, options: JsValue) -> JsValue { let _ = (root, options); JsValue::NULL }

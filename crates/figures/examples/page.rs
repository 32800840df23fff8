//! Reads a page of the conversation list by its types, for a race with `JSON.parse`.
#![cfg(target_family = "wasm")]

use perch_api::families::conversations::Page;
use perch_api::operation::{Json, Payload as _};
use wasm_bindgen::prelude::wasm_bindgen;

/// Reads a page and lets it go; gives the number of its rows and of their turns.
#[wasm_bindgen]
pub fn rows(body: &[u8]) -> Option<Box<[u32]>> {
    let Json(page) = Json::<Page>::decode(body).ok()?;
    let turns: usize =
        page.conversations.iter().filter_map(|row| row.turns.as_ref()).map(Vec::len).sum();
    Some(
        [page.conversations.len(), turns]
            .into_iter()
            .filter_map(|n| u32::try_from(n).ok())
            .collect(),
    )
}

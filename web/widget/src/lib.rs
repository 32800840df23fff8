//! The chat panel: what the loader mounts into its shadow root once a visitor shows intent.
//!
//! The loader owns launcher, frame and composer and outlives a panel; the panel owns the session and
//! everything said. Both sides are in this folder, `loader/` and `src/`.
//!
//! No component framework: with Leptos the same panel came to 224 KB of brotli instead of the 90 a
//! visitor may be asked for.

mod action;
mod banner;
mod chat;
mod dom;
mod host;
mod labels;
mod rows;
mod state;
mod store;
mod view;

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

use crate::{
    chat::Chat,
    host::{Options, Shell},
};

/// A mounted panel; freeing it closes the socket, and the conversation can be taken up again.
#[wasm_bindgen]
pub struct Panel {
    chat: Rc<Chat>,
}

/// Mounts a panel into a shell that the loader built.
///
/// `options` has `edge`, `site` and `lang` (texts), perhaps `agent` and `context` (texts, the latter read
/// when a session is opened), `queue` (texts already sent), `check(frame, label)`, which promises the
/// answer of a framed check or nothing, and `emit(name, detail)`, called for the page's events, for
/// `unread`, `accent` and `theme`.
#[wasm_bindgen]
pub fn mount(root: ShadowRoot, options: &JsValue) -> Result<Panel, JsError> {
    let shell = Shell::find(root).ok_or_else(|| JsError::new("this is no shell of the loader"))?;
    Ok(Panel { chat: Chat::start(shell, Options::read(options)) })
}

#[wasm_bindgen]
impl Panel {
    /// Says something; false when it cannot be said and should stay in the composer.
    pub fn send(&self, text: &str) -> bool {
        self.chat.send(text)
    }

    /// Ends the conversation.
    pub fn end(&self) {
        self.chat.end();
    }

    /// The panel was opened or closed.
    pub fn shown(&self, open: bool) {
        self.chat.show(open);
    }
}

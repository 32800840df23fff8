//! The chat panel: what the loader mounts into its shadow root once a visitor shows intent.
//!
//! The loader owns launcher, frame and composer and outlives a panel; the panel owns the session and
//! everything said. Both sides are in this folder, `loader/` and `src/`.

mod banner;
mod chat;
mod host;
mod labels;
mod rows;
mod store;
mod view;

use leptos::prelude::Owner;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

use crate::{
    chat::Chat,
    host::{Options, Shell},
};

/// A mounted panel.
#[wasm_bindgen]
pub struct Panel {
    chat: Chat,
    views: view::Views,
    owner: Owner,
}

/// Mounts a panel into a shell that the loader built.
///
/// `options` has `edge`, `site` and `lang` (texts), `queue` (texts already sent) and
/// `emit(name, detail)`, called for the page's events, for `unread` and for `accent`.
#[wasm_bindgen]
pub fn mount(root: ShadowRoot, options: &JsValue) -> Result<Panel, JsError> {
    let shell = Shell::find(root).ok_or_else(|| JsError::new("this is no shell of the loader"))?;
    let owner = Owner::new();
    let (chat, views) = owner.with(|| {
        let chat = Chat::new(shell.clone(), Options::read(options));
        let views = view::mount(chat, &shell);
        chat.start();
        (chat, views)
    });
    Ok(Panel { chat, views, owner })
}

#[wasm_bindgen]
impl Panel {
    /// Says something; false when it cannot be said and should stay in the composer.
    pub fn send(&self, text: String) -> bool {
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

    /// Takes the panel out of the page and closes its socket; the conversation can be taken up again.
    pub fn unmount(self) {
        drop(self.views);
        self.owner.cleanup();
    }
}

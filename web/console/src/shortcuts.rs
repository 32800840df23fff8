//! The list of keyboard shortcuts.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, KeyboardEvent};

use crate::dom::{El, el};

/// What each key does, as shown.
const KEYS: [(&[&str], &str); 7] = [
    (&["j", "↓"], "Next conversation"),
    (&["k", "↑"], "Previous conversation"),
    (&["Enter"], "Open the marked conversation"),
    (&["Esc"], "Close the conversation"),
    (&["/"], "Search transcripts"),
    (&["r"], "Refresh the list"),
    (&["?"], "Show this list"),
];

/// The dialog; closed until [`show`] is called.
pub(crate) fn dialog() -> El {
    let rows = KEYS.map(|(keys, what)| {
        let keys = keys.iter().map(|key| el("kbd", "").text(key));
        el("div", "").child(el("dt", "").children(keys)).child(el("dd", "").text(what))
    });
    el("dialog", "sheet")
        .attr("aria-labelledby", "shortcuts-title")
        .child(el("h2", "").attr("id", "shortcuts-title").text("Keyboard shortcuts"))
        .child(el("dl", "keys").children(rows))
        .child(
            el("form", "")
                .attr("method", "dialog")
                .child(el("button", "ui-button primary").text("Close")),
        )
}

/// Opens the dialog.
pub(crate) fn show(dialog: &El) {
    let dialog: HtmlDialogElement = dialog.node().unchecked_into();
    if !dialog.open() {
        // Fails only for a dialog outside the document, which nobody could see either.
        let _ = dialog.show_modal();
    }
}

/// Opens the dialog on `?`.
pub(crate) fn listen(dialog: &El) {
    let dialog = dialog.clone();
    on_key(move |event| {
        if plain(event) && event.key() == "?" {
            event.prevent_default();
            show(&dialog);
        }
    });
}

/// Listens to the page's keys as long as the owner lives.
pub(crate) fn on_key(work: impl Fn(&KeyboardEvent) + 'static) {
    let keys = window_event_listener(ev::keydown, move |event| work(&event));
    on_cleanup(move || keys.remove());
}

/// Whether a key press is a shortcut at all: no modifier, and nobody is typing or in a dialog.
pub(crate) fn plain(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let typing = element.is_some_and(|element| {
        let fields = "input, textarea, select, dialog, [contenteditable]";
        element.closest(fields).ok().flatten().is_some()
    });
    !(typing
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented())
}

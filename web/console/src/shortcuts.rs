//! The list of keyboard shortcuts.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

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
#[component]
pub(crate) fn Shortcuts(
    /// Where the dialog's element is kept.
    node_ref: NodeRef<html::Dialog>,
) -> impl IntoView {
    let rows = KEYS.map(|(keys, what)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! {
            <div>
                <dt>{keys}</dt>
                <dd>{what}</dd>
            </div>
        }
    });
    view! {
        <dialog class="sheet" aria-labelledby="shortcuts-title" node_ref=node_ref>
            <h2 id="shortcuts-title">"Keyboard shortcuts"</h2>
            <dl class="keys">{rows}</dl>
            <form method="dialog">
                <button class="ui-button primary">"Close"</button>
            </form>
        </dialog>
    }
}

/// Opens the dialog.
pub(crate) fn show(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked().filter(|dialog| !dialog.open()) {
        // Fails only for a dialog outside the document, which nobody could see either.
        let _ = dialog.show_modal();
    }
}

/// Opens the dialog on `?`.
pub(crate) fn listen(dialog: NodeRef<html::Dialog>) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if plain(&event) && event.key() == "?" {
            event.prevent_default();
            show(dialog);
        }
    });
    on_cleanup(move || keys.remove());
}

/// Whether a key press is a shortcut at all: no modifier, and nobody is typing or in a dialog.
pub(crate) fn plain(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let typing = element.is_some_and(|element| {
        element
            .closest("input, textarea, select, dialog, [contenteditable]")
            .ok()
            .flatten()
            .is_some()
    });
    !(typing
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented())
}

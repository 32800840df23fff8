//! Small parts of the transcript.

use std::time::Duration;

use leptos::prelude::*;
use perch_api::model::Timestamp;

use crate::{
    clock::{self, Style},
    dom::{El, button, el},
    explorer::Desk,
    text,
};

/// Appends a text with the words of a search marked.
pub(crate) fn hits(parent: El, words: &str, search: &str) -> El {
    let legible = text::legible(words);
    text::split(&legible, search).into_iter().fold(parent, |parent, piece| {
        if piece.hit {
            parent.child(el("mark", "").text(piece.text))
        } else {
            parent.text(piece.text)
        }
    })
}

/// A moment, Unix milliseconds, in the chosen zone.
pub(super) fn moment(desk: Desk, at: i64, style: Style) -> El {
    el("time", "")
        .attr("datetime", Timestamp::from_unix_ms(at).as_str())
        .attr_with("title", move || Some(clock::write(at, desk.zone(), Style::Full)))
        .text_with(move || clock::write(at, desk.zone(), style))
}

/// A button that copies a text and says that it did.
pub(super) fn copy(label: &str, text: impl Fn() -> String + 'static) -> El {
    let done = RwSignal::new(None::<bool>);
    let press = move || {
        let text = text();
        leptos::task::spawn_local(async move {
            let written = window().navigator().clipboard().write_text(&text);
            // The conversation may be closed meanwhile.
            let _ = done.try_set(Some(wasm_bindgen_futures::JsFuture::from(written).await.is_ok()));
            let forget = move || {
                let _ = done.try_set(None);
            };
            set_timeout(forget, Duration::from_secs(3));
        });
    };
    let said = el("span", "said").attr("role", "status").text_with(move || {
        let said = match done.get() {
            None => "",
            Some(true) => "Copied",
            Some(false) => "Copying is blocked",
        };
        said.to_owned()
    });
    el("span", "copy").child(button("ui-button quiet", label, press)).child(said)
}

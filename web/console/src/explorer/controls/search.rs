//! The search field, and whose words it looks at.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{Desk, select};
use crate::{
    dom::{El, el, react, value_of},
    location::History,
    route::Speaker,
};

/// Id of the search field, for the `/` key.
pub(in crate::explorer) const SEARCH_ID: &str = "search";

/// Pause in typing after which a search starts.
const TYPING_PAUSE: Duration = Duration::from_millis(350);

pub(super) fn search(desk: Desk) -> El {
    let mut typed = debounce(TYPING_PAUSE, move |text: String| set(desk, &text, History::Replace));
    let field = el("input", "field")
        .attr("id", SEARCH_ID)
        .attr("type", "search")
        .attr("placeholder", "Search transcripts")
        .attr("autocomplete", "off")
        .attr("maxlength", "120")
        .attr("aria-keyshortcuts", "/")
        .on("input", move |event| typed(value_of(&event)));
    let (input, left, submitted) = (field.input(), field.input(), field.input());
    // The address may change without the field, for example by the back button.
    react(move || {
        let search = desk.filters.with(|filters| filters.search.clone());
        if input.value().trim() != search {
            input.set_value(&search);
        }
    });
    let field = field.on("keydown", move |event| {
        if event.unchecked_into::<KeyboardEvent>().key() == "Escape" {
            let _ = left.blur();
        }
    });
    let searching = Memo::new(move |_| desk.filters.with(|filters| !filters.search.is_empty()));
    el("form", "search")
        .attr("role", "search")
        .child(el("label", "ui-hidden").attr("for", SEARCH_ID).text("Search transcripts"))
        .child(field)
        .place(move || searching.get().then(|| speaker(desk)))
        .on("submit", move |event| {
            event.prevent_default();
            set(desk, &submitted.value(), History::Push);
        })
}

fn set(desk: Desk, text: &str, history: History) {
    let text = text.trim().to_owned();
    // The page may be gone when the pause is over.
    let other = desk.filters.try_with_untracked(|filters| filters.search != text);
    if other == Some(true) {
        desk.location.refine(history, |filters| filters.search = text);
    }
}

fn speaker(desk: Desk) -> El {
    select(
        "Who said it",
        &Speaker::ALL.map(|speaker| (speaker.key(), speaker.label())),
        move || desk.filters.with(|filters| filters.speaker.key()),
        move |key| {
            let speaker = Speaker::parse(key).unwrap_or_default();
            desk.refine(|filters| filters.speaker = speaker);
        },
    )
}

//! Small parts of the transcript.

use leptos::prelude::*;
use perch_api::model::Timestamp;

use crate::{
    clock::{self, Style},
    explorer::Desk,
    text,
};

/// A text with the words of the search marked.
#[component]
pub(crate) fn Hits(
    /// The text, as it was said.
    text: String,
    /// The words; none are marked when empty.
    search: String,
) -> impl IntoView {
    let legible = text::legible(&text);
    text::split(&legible, &search)
        .into_iter()
        .map(|piece| {
            let words = piece.text.to_owned();
            if piece.hit { view! { <mark>{words}</mark> }.into_any() } else { words.into_any() }
        })
        .collect_view()
}

/// A moment in the chosen zone.
#[component]
pub(super) fn Moment(
    /// Unix milliseconds.
    at: i64,
    style: Style,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let zone = move || desk.filters.with(|filters| filters.zone);
    view! {
        <time
            datetime=Timestamp::from_unix_ms(at).as_str().to_owned()
            title=move || clock::write(at, zone(), Style::Full)
        >
            {move || clock::write(at, zone(), style)}
        </time>
    }
}

/// A button that copies a text and says that it did.
#[component]
pub(super) fn Copy(
    /// What the button says.
    label: &'static str,
    /// What it copies.
    text: Callback<(), String>,
) -> impl IntoView {
    let done = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let text = text.run(());
        leptos::task::spawn_local(async move {
            let written = window().navigator().clipboard().write_text(&text);
            done.set(Some(wasm_bindgen_futures::JsFuture::from(written).await.is_ok()));
            set_timeout(
                move || {
                    let _ = done.try_set(None);
                },
                std::time::Duration::from_secs(3),
            );
        });
    };
    let said = move || match done.get() {
        None => "",
        Some(true) => "Copied",
        Some(false) => "Copying is blocked",
    };
    view! {
        <span class="copy">
            <button class="ui-button quiet" type="button" on:click=copy>
                {label}
            </button>
            <span class="said" role="status">
                {said}
            </span>
        </span>
    }
}

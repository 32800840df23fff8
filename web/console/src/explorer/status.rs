//! The line between filters and list: how much is shown, in which clock, and what is new.

use leptos::prelude::*;

use super::{listing::Phase, page::Desk, sweep::PAGE};
use crate::{
    clock,
    location::{History, Location},
    route::{Explorer, Route, Zone},
    text,
};

/// The line.
#[component]
pub(super) fn Status() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let listing = desk.listing;
    let summary = move || {
        let count = listing.rows.with(|rows| rows.len()) as u64;
        match (listing.phase.get(), listing.more.get()) {
            (Phase::Loading, _) if count == 0 => "Loading".to_owned(),
            (Phase::Loading | Phase::LoadingMore, _) => {
                format!("{} so far", text::count(count, "conversation"))
            }
            (_, true) => format!("{} loaded, newest first", text::count(count, "conversation")),
            (Phase::Failed(_), false) if count == 0 => "Not loaded".to_owned(),
            (_, false) => format!("{}, newest first", text::count(count, "conversation")),
        }
    };
    let busy = Memo::new(move |_| listing.phase.with(|phase| *phase == Phase::Loading));
    view! {
        <div class="status">
            <p role="status" class="summary">
                {summary}
            </p>
            {move || listing.oddity.get().map(|text| view! { <p class="oddity">{text}</p> })}
            <Fresh />
            <ZonePicker />
            <button
                class="ui-button quiet icon"
                type="button"
                aria-label="Refresh"
                title="Refresh (r)"
                disabled=move || busy.get()
                on:click=move |_| desk.refresh()
            >
                <svg class="ui-icon" class:turning=move || busy.get() viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M20 12a8 8 0 1 1-2.3-5.6" />
                    <path d="M20 3v5h-5" />
                </svg>
            </button>
        </div>
    }
}

/// Says that conversations came in since the list was made.
#[component]
fn Fresh() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let text = move || {
        let count = desk.listing.fresh.get() as u64;
        let more = if count >= u64::from(PAGE) { "+" } else { "" };
        let noun = if count == 1 { "conversation" } else { "conversations" };
        (count > 0).then(|| format!("{count}{more} new {noun}"))
    };
    view! {
        <div class="fresh" role="status">
            {move || {
                text()
                    .map(|text| {
                        view! {
                            <button class="ui-button" type="button" on:click=move |_| desk.refresh()>
                                {text}
                            </button>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn ZonePicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let local = clock::zone_name(Zone::Local);
    let utc = move || desk.filters.with(|filters| filters.zone == Zone::Utc);
    let changed = move |event| {
        let zone = if event_target_value(&event) == "utc" { Zone::Utc } else { Zone::Local };
        let mut next: Explorer = location.explorer_now();
        next.filters.zone = zone;
        location.go(Route::Conversations(next), History::Replace);
    };
    // A browser that lives in UTC has one clock only.
    let one = local == "UTC";
    view! {
        <label class="zone">
            <span class="ui-hidden">"Time zone"</span>
            <select class="field" on:change=changed>
                <option value="local" selected=move || !utc()>
                    {local}
                </option>
                {(!one)
                    .then(|| {
                        view! {
                            <option value="utc" selected=utc>
                                "UTC"
                            </option>
                        }
                    })}
            </select>
        </label>
    }
}

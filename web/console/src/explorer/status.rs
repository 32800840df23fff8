//! The line between filters and list: how much is shown, in which clock, and what is new.

use leptos::prelude::*;

use super::{listing::Phase, page::Desk, sweep::PAGE};
use crate::{
    clock,
    dom::{El, button, el, hidden, react, svg, value_of},
    location::History,
    route::{Route, Zone},
    text,
};

/// The line.
pub(super) fn line(desk: Desk) -> El {
    let listing = desk.listing;
    let summary = move || {
        let count = listing.rows.with(|rows| rows.len()) as u64;
        let said = text::count(count, "conversation");
        match (listing.phase.get(), listing.more.get()) {
            (Phase::Loading, _) if count == 0 => "Loading".to_owned(),
            (Phase::Loading | Phase::LoadingMore, _) => format!("{said} so far"),
            (_, true) => format!("{said} loaded, newest first"),
            (Phase::Failed(_), false) if count == 0 => "Not loaded".to_owned(),
            (_, false) => format!("{said}, newest first"),
        }
    };
    el("div", "status")
        .child(el("p", "summary").attr("role", "status").text_with(summary))
        .place(move || listing.oddity.get().map(|words| el("p", "oddity").text(&words)))
        .child(fresh(desk))
        .child(zone(desk))
        .child(refresh(desk))
}

fn refresh(desk: Desk) -> El {
    let busy = Memo::new(move |_| desk.listing.phase.with(|phase| *phase == Phase::Loading));
    let icon = svg("svg")
        .attr("class", "ui-icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .class_with("turning", move || busy.get())
        .child(svg("path").attr("d", perch_ui::Glyph::Retry.path()));
    button("ui-button quiet icon", "", move || desk.refresh())
        .attr("aria-label", "Refresh")
        .attr("title", "Refresh (r)")
        .attr_with("disabled", move || busy.get().then(String::new))
        .child(icon)
}

/// Says that conversations came in since the list was made.
fn fresh(desk: Desk) -> El {
    el("div", "fresh").attr("role", "status").place(move || {
        let count = desk.listing.fresh.get();
        let more = if count >= PAGE as usize { "+" } else { "" };
        let noun = if count == 1 { "conversation" } else { "conversations" };
        let label = format!("{count}{more} new {noun}");
        (count > 0).then(|| button("ui-button", &label, move || desk.refresh()))
    })
}

fn zone(desk: Desk) -> El {
    let local = clock::zone_name(Zone::Local);
    // A browser that lives in UTC has one clock only.
    let utc = (local != "UTC").then(|| el("option", "").attr("value", "utc").text("UTC"));
    let field = el("select", "field")
        .child(el("option", "").attr("value", "local").text(&local))
        .child(utc)
        .on("change", move |event| {
            let mut next = desk.location.explorer_now();
            next.filters.zone = if value_of(&event) == "utc" { Zone::Utc } else { Zone::Local };
            desk.location.go(Route::Conversations(next), History::Replace);
        });
    let shown = field.input();
    react(move || shown.set_value(if desk.zone() == Zone::Utc { "utc" } else { "local" }));
    el("label", "zone").child(hidden("Time zone")).child(field)
}

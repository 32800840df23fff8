//! What stands below the rows: more to come, nothing, or a failure.

use leptos::prelude::*;

use super::super::{listing::Phase, page::Desk};
use crate::{
    dom::{El, button, el},
    notice,
    route::{Preset, Range},
};

pub(super) fn below(desk: Desk, any: bool) -> Option<El> {
    let listing = desk.listing;
    let more = listing.more.get();
    Some(match listing.phase.get() {
        Phase::Failed(failure) => notice::failed(&failure, move || listing.retry()),
        Phase::Loading if any => return None,
        Phase::Loading => notice::skeleton(9, "Loading conversations"),
        Phase::LoadingMore => el("p", "below")
            .attr("role", "status")
            .child(el("span", "ui-spinner").attr("aria-hidden", "true"))
            .text("Loading more"),
        Phase::Ready if more => {
            el("p", "below").child(button("ui-button", "Load more", move || listing.more()))
        }
        Phase::Ready if any => el("p", "below").text("That is all in this time range."),
        Phase::Ready => nothing(desk),
    })
}

/// No conversation matches: what to try.
fn nothing(desk: Desk) -> El {
    let filters = desk.filters.get_untracked();
    let wider = match filters.range {
        Range::Last(preset) => preset.wider(),
        Range::Between { .. } => Some(Preset::Month),
    };
    let why = if filters.narrowed() {
        "Nothing in this time range passes all filters.".to_owned()
    } else {
        format!("There is none in the {} environment in this time range.", filters.environment)
    };
    let clear = filters.narrowed().then(|| {
        let clear = move || desk.refine(|filters| *filters = filters.widened());
        button("ui-button", "Clear filters", clear)
    });
    let longer = wider.map(|preset| {
        let choose = move || desk.refine(|filters| filters.range = Range::Last(preset));
        button("ui-button", &format!("Show {}", preset.label().to_ascii_lowercase()), choose)
    });
    el("div", "notice empty")
        .child(el("p", "what").text("No conversation matches"))
        .child(el("p", "").text(&why))
        .child(el("p", "ways").child(clear).child(longer))
}

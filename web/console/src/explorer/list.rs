//! The list: only the rows in sight are in the document.

mod line;
mod size;

use std::sync::Arc;

use leptos::{html, prelude::*};
use perch_api::model::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::{line::Line, size::Size};
use super::{listing::Phase, page::Desk, row::Row, window};
use crate::{
    clock,
    location::{History, Location},
    notice::{Failed, Skeleton},
    route::{Preset, Range},
};

/// Pixels from the end at which more is fetched.
const NEAR_END: f64 = 1_200.0;
/// From this width on a conversation takes one line with columns.
const WIDE: f64 = 860.0;
/// Height of a row in pixels: one line, or a card of three. The style sheet says the same.
const ROW_LINE: f64 = 44.0;
const ROW_CARD: f64 = 88.0;

/// The conversations that are listed.
#[component]
pub(super) fn ConversationList() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let listing = desk.listing;
    let scroller = NodeRef::<html::Div>::new();
    let size = Size::of(scroller);
    let wide = Memo::new(move |_| size.width.get() >= WIDE);
    let height = Memo::new(move |_| if wide.get() { ROW_LINE } else { ROW_CARD });
    let now = clock::ticking();

    let shown = Memo::new(move |_| {
        let count = listing.rows.with(|rows| rows.len());
        window::visible(size.top.get(), size.height.get(), height.get(), count)
    });
    let rows = move || {
        listing.rows.with(|rows| {
            let in_sight = shown.get();
            // The marked row stays in the document, wherever it is, so that focus is not lost.
            let marked = desk.marked.get();
            let marked = marked.and_then(|marked| rows.iter().position(|row| row.id == marked));
            let extra = marked.filter(|at| !in_sight.contains(at));
            let indices = in_sight.chain(extra);
            indices.filter_map(|at| Some((at, Arc::clone(rows.get(at)?)))).collect::<Vec<_>>()
        })
    };
    let total =
        move || format!("{}px", window::offset(height.get(), listing.rows.with(|rows| rows.len())));
    let on_scroll = move |_| {
        let Some(element) = scroller.get_untracked() else { return };
        size.read(&element);
        let left =
            f64::from(element.scroll_height() - element.scroll_top() - element.client_height());
        if left < NEAR_END {
            listing.more();
        }
    };
    // A list that does not fill its box can never be scrolled to its end.
    Effect::new(move || {
        let filled =
            window::offset(height.get(), listing.rows.with(|rows| rows.len())) > size.height.get();
        if !filled && listing.phase.get() == Phase::Ready && listing.more.get() {
            listing.more();
        }
    });
    // Moving the mark brings its row into view.
    Effect::new(move || {
        let Some(marked) = desk.marked.get() else { return };
        let at = listing.rows.with_untracked(|rows| rows.iter().position(|row| row.id == marked));
        let Some((at, element)) = at.zip(scroller.get_untracked()) else { return };
        let (top, box_height) =
            (f64::from(element.scroll_top()), f64::from(element.client_height()));
        if let Some(top) = window::reveal(top, box_height, height.get_untracked(), at) {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a list is shorter than 2^31 pixels"
            )]
            element.set_scroll_top(top as i32);
            size.read(&element);
        }
    });
    let fresh_list = Memo::new(move |_| {
        listing.phase.with(|phase| *phase == Phase::Loading)
            && listing.rows.with(|rows| rows.is_empty())
    });
    Effect::new(move || {
        if fresh_list.get()
            && let Some(element) = scroller.get_untracked()
        {
            element.set_scroll_top(0);
            size.read(&element);
        }
    });
    let any = Memo::new(move |_| listing.rows.with(|rows| !rows.is_empty()));

    view! {
        <div class="rows" class:wide=move || wide.get() node_ref=scroller on:scroll=on_scroll>
            <Show when=move || any.get() && wide.get()>
                <Columns />
            </Show>
            <ol
                role="list"
                aria-labelledby="browse-title"
                aria-busy=move || if fresh_list.get() { "true" } else { "false" }
                style:height=total
            >
                <For
                    each=rows
                    key=|(at, row)| (*at, Arc::as_ptr(row) as usize)
                    children=move |(at, row): (usize, Arc<Row>)| {
                        view! { <Line at row height now /> }
                    }
                />
            </ol>
            <Below any />
        </div>
    }
}

/// Moves the focus to the row of a conversation once it is in the document.
pub(super) fn focus_row(id: &ConversationId) {
    let selector = format!(".rows a[data-conversation=\"{id}\"]");
    request_animation_frame(move || {
        let link = document().query_selector(&selector).ok().flatten();
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            let quietly = web_sys::FocusOptions::new();
            quietly.set_prevent_scroll(true);
            let _ = link.focus_with_options(&quietly);
        }
    });
}

#[component]
fn Columns() -> impl IntoView {
    let names =
        ["Started", "Channel", "Contact", "Said", "Outcome", "Variant", "Turns", "Duration"];
    view! {
        <div class="columns" aria-hidden="true">
            {names.map(|name| view! { <span>{name}</span> })}
        </div>
    }
}

/// What stands below the rows: more to come, nothing, or a failure.
#[component]
fn Below(any: Memo<bool>) -> impl IntoView {
    let listing = expect_context::<Desk>().listing;
    let retry = Callback::new(move |()| listing.retry());
    let state = Memo::new(move |_| (listing.phase.get(), any.get(), listing.more.get()));
    move || match state.get() {
        (Phase::Failed(failure), ..) => view! { <Failed failure retry /> }.into_any(),
        (Phase::Loading, false, _) => {
            view! { <Skeleton rows=9 label="Loading conversations" /> }.into_any()
        }
        (Phase::LoadingMore, ..) => view! {
            <p class="below" role="status">
                <span class="ui-spinner" aria-hidden="true"></span>
                "Loading more"
            </p>
        }
        .into_any(),
        (Phase::Ready, false, false) => view! { <Nothing /> }.into_any(),
        (Phase::Ready, _, true) => view! {
            <p class="below">
                <button class="ui-button" type="button" on:click=move |_| listing.more()>
                    "Load more"
                </button>
            </p>
        }
        .into_any(),
        (Phase::Ready, true, false) => {
            view! { <p class="below">"That is all in this time range."</p> }.into_any()
        }
        (Phase::Loading, true, _) => ().into_any(),
    }
}

/// No conversation matches: what to try.
#[component]
fn Nothing() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let filters = desk.filters.get_untracked();
    let wider = match filters.range {
        Range::Last(preset) => preset.wider(),
        Range::Between { .. } => Some(Preset::Month),
    };
    let widen = move |_| {
        if let Some(preset) = wider {
            location.refine(History::Push, |filters| filters.range = Range::Last(preset));
        }
    };
    let clear = move |_| location.refine(History::Push, |filters| *filters = filters.widened());
    let narrowed = filters.narrowed();
    let environment = filters.environment.to_string();
    view! {
        <div class="notice empty">
            <p class="what">"No conversation matches"</p>
            <p>
                {if narrowed {
                    "Nothing in this time range passes all filters.".to_owned()
                } else {
                    format!("There is none in the {environment} environment in this time range.")
                }}
            </p>
            <p class="ways">
                {narrowed
                    .then(|| {
                        view! {
                            <button class="ui-button" type="button" on:click=clear>
                                "Clear filters"
                            </button>
                        }
                    })}
                {wider
                    .map(|preset| {
                        view! {
                            <button class="ui-button" type="button" on:click=widen>
                                {format!("Show {}", preset.label().to_lowercase())}
                            </button>
                        }
                    })}
            </p>
        </div>
    }
}

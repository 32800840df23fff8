//! The list: only the rows in sight are in the document.

mod below;
mod line;
mod size;

use std::sync::Arc;

use leptos::prelude::*;
use perch_api::model::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use self::size::Size;
use super::{
    listing::{Listing, Phase},
    page::Desk,
    window,
};
use crate::{
    clock,
    dom::{El, each, el, focus_quietly, react},
};

/// Pixels from the end at which more is fetched.
const NEAR_END: i32 = 1_200;
/// From this width on a conversation takes one line with columns.
const WIDE: f64 = 860.0;
/// Height of a row in pixels: one line, or a card of three. The style sheet says the same.
const ROW_LINE: f64 = 44.0;
const ROW_CARD: f64 = 88.0;

/// The conversations that are listed.
pub(super) fn list(desk: Desk) -> El {
    let listing = desk.listing;
    let scroller = el("div", "rows");
    let size = Size::of(&scroller);
    let wide = Memo::new(move |_| size.width.get() >= WIDE);
    let height = Memo::new(move |_| if wide.get() { ROW_LINE } else { ROW_CARD });
    let any = Memo::new(move |_| count(listing) > 0);
    let box_ = scroller.html();
    fetch_ahead(listing, size, height);
    follow_mark(desk, box_.clone(), size, height);
    start_at_top(listing, box_.clone(), size);

    let rows = el("ol", "")
        .attr("role", "list")
        .attr("aria-labelledby", "browse-title")
        .attr_with("aria-busy", move || Some((listing.phase.get() == Phase::Loading).to_string()));
    let style = rows.html().style();
    react(move || {
        // A property of the object model, which the page's policy allows, unlike a style attribute.
        let _ = style
            .set_property("height", &window::pixels(window::offset(height.get(), count(listing))));
    });
    scroller
        .class_with("wide", move || wide.get())
        .place(move || (any.get() && wide.get()).then(columns))
        .child(each(rows, in_sight(desk, size, height)))
        .place(move || below::below(desk, any.get()))
        .on("scroll", move |_| {
            size.read(&box_);
            if box_.scroll_height() - box_.scroll_top() - box_.client_height() < NEAR_END {
                listing.more();
            }
        })
}

/// Moves the focus to the row of a conversation once it is in the document.
pub(super) fn focus_row(id: &ConversationId) {
    let selector = format!(".rows a[data-conversation=\"{id}\"]");
    request_animation_frame(move || {
        let link = document().query_selector(&selector).ok().flatten();
        if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            focus_quietly(&link);
        }
    });
}

fn count(listing: Listing) -> usize {
    listing.rows.with(|rows| rows.len())
}

/// The rows that are in the document.
fn in_sight(desk: Desk, size: Size, height: Memo<f64>) -> impl Fn() -> Vec<crate::dom::Item> {
    let shown = Memo::new(move |_| {
        window::visible(size.top.get(), size.height.get(), height.get(), count(desk.listing))
    });
    let now = clock::ticking();
    move || {
        let rows = desk.listing.rows.get();
        let in_sight = shown.get();
        // The marked row stays in the document, wherever it is, so that focus is not lost.
        let marked = desk.marked.get();
        let marked = marked.and_then(|marked| rows.iter().position(|row| row.id == marked));
        let extra = marked.filter(|at| !in_sight.contains(at));
        let build = |at: usize| {
            let row = Arc::clone(rows.get(at)?);
            // The same record at the same place is the same element.
            let key = format!("{at} {:p}", Arc::as_ptr(&row));
            let item: Box<dyn FnOnce() -> El> =
                Box::new(move || line::line(desk, at, &row, height, now));
            Some((key, item))
        };
        in_sight.chain(extra).filter_map(build).collect()
    }
}

/// A list that does not fill its box can never be scrolled to its end.
fn fetch_ahead(listing: Listing, size: Size, height: Memo<f64>) {
    react(move || {
        let filled = window::offset(height.get(), count(listing)) > size.height.get();
        if !filled && listing.phase.get() == Phase::Ready && listing.more.get() {
            listing.more();
        }
    });
}

/// Moving the mark brings its row into view.
fn follow_mark(desk: Desk, box_: HtmlElement, size: Size, height: Memo<f64>) {
    react(move || {
        let Some(marked) = desk.marked.get() else { return };
        let at =
            desk.listing.rows.with_untracked(|rows| rows.iter().position(|row| row.id == marked));
        let Some(at) = at else { return };
        let (top, inner) = (f64::from(box_.scroll_top()), f64::from(box_.client_height()));
        if let Some(top) = window::reveal(top, inner, height.get_untracked(), at) {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "a list is shorter than 2^31 pixels"
            )]
            box_.set_scroll_top(top as i32);
            size.read(&box_);
        }
    });
}

/// Another list starts at its top.
fn start_at_top(listing: Listing, box_: HtmlElement, size: Size) {
    let fresh = Memo::new(move |_| listing.phase.get() == Phase::Loading && count(listing) == 0);
    react(move || {
        if fresh.get() {
            box_.set_scroll_top(0);
            size.read(&box_);
        }
    });
}

fn columns() -> El {
    let names =
        ["Started", "Channel", "Contact", "Said", "Outcome", "Variant", "Turns", "Duration"];
    el("div", "columns")
        .attr("aria-hidden", "true")
        .children(names.map(|name| el("span", "").text(name)))
}

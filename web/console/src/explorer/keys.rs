//! Keys of the explorer.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{controls::SEARCH_ID, list::focus_row, page::Desk};
use crate::{
    location::History,
    shortcuts::{on_key, plain},
};

/// Listens as long as the page is there.
pub(super) fn listen(desk: Desk) {
    on_key(move |event| {
        if plain(event) {
            press(desk, event);
        }
    });
}

fn press(desk: Desk, event: &KeyboardEvent) {
    let done = match event.key().as_str() {
        "j" => step(desk, 1),
        "k" => step(desk, -1),
        "ArrowDown" if in_list() => step(desk, 1),
        "ArrowUp" if in_list() => step(desk, -1),
        "Home" if in_list() => jump(desk, 0),
        "End" if in_list() => jump(desk, usize::MAX),
        "Enter" if on_nothing() => open_marked(desk),
        "Escape" => close(desk),
        "/" => search(),
        "r" => {
            desk.refresh();
            true
        }
        _ => false,
    };
    if done {
        event.prevent_default();
    }
}

fn step(desk: Desk, by: isize) -> bool {
    let at = desk.listing.rows.with_untracked(|rows| {
        let marked = desk.marked.get_untracked().or_else(|| desk.open.get_untracked())?;
        rows.iter().position(|row| row.id == marked)
    });
    jump(desk, at.map_or(0, |at| at.saturating_add_signed(by)))
}

fn jump(desk: Desk, index: usize) -> bool {
    let row = desk
        .listing
        .rows
        .with_untracked(|rows| rows.get(index.min(rows.len().saturating_sub(1))).cloned());
    let Some(row) = row else { return false };
    desk.marked.set(Some(row.id.clone()));
    // With a conversation open, moving on reads the next one; the back button leaves the list.
    if desk.open.with_untracked(|open| open.as_ref().is_some_and(|open| *open != row.id)) {
        desk.show(Some(row.id.clone()), History::Replace);
    }
    focus_row(&row.id);
    true
}

fn open_marked(desk: Desk) -> bool {
    let marked = desk.marked.get_untracked();
    let found = marked.is_some();
    if found {
        desk.show(marked, History::Push);
    }
    found
}

fn close(desk: Desk) -> bool {
    let open = desk.open.with_untracked(Option::is_some);
    if open {
        desk.show(None, History::Push);
    }
    open
}

fn search() -> bool {
    let field = document()
        .get_element_by_id(SEARCH_ID)
        .and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(field) = &field {
        let _ = field.focus();
        field.select();
    }
    field.is_some()
}

/// Whether the arrow keys are the list's: focus is in it, or nowhere.
fn in_list() -> bool {
    on_nothing()
        || document().active_element().is_some_and(|at| matches!(at.closest(".rows"), Ok(Some(_))))
}

fn on_nothing() -> bool {
    document().active_element().is_none_or(|at| {
        let main = at.id() == "main";
        main || at.dyn_ref::<HtmlElement>().is_some_and(|at| at.tag_name() == "BODY")
    })
}

//! The pane that shows the open conversation.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    facts,
    loading::Opened,
    model::{Transcript, Turn},
    pieces::copy,
    plain, turn,
};
use crate::{
    clock::{self, Style},
    dom::{El, Item, button, checked, each, el, focus_quietly, react},
    explorer::Desk,
    location::History,
    notice, text,
};

/// What is shown, if anything is.
type Shown = RwSignal<Option<Transcript>>;

/// Shows the open conversation beside the list; on a phone, instead of it.
pub(crate) fn pane(desk: Desk) -> El {
    let opened = Opened::follow(desk);
    let shown = opened.shown;
    let bare =
        Memo::new(move |_| shown.with(Option::is_none) && opened.failure.with(Option::is_none));
    let scroll = el("div", "scroll")
        .attr("tabindex", "0")
        .place(move || Some(notice::failed(&opened.failure.get()?, move || opened.reload())))
        .place(move || bare.get().then(|| notice::skeleton(6, "Loading conversation")))
        .children(whole(desk, shown));
    el("section", "detail")
        .attr("aria-labelledby", "detail-title")
        .child(bar(desk, shown))
        .child(scroll)
}

fn bar(desk: Desk, shown: Shown) -> El {
    let title = move || {
        shown.with(|shown| {
            shown.as_ref().map_or_else(|| "Conversation".to_owned(), Transcript::title)
        })
    };
    let heading = el("h2", "").attr("id", "detail-title").attr("tabindex", "-1").text_with(title);
    let target = heading.html();
    request_animation_frame(move || focus_quietly(&target));
    let live =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.live)));
    let badge = || {
        let dot = el("span", "dot").attr("aria-hidden", "true");
        el("span", "live").attr("role", "status").child(dot).text("Live")
    };
    let back = button("ui-button quiet back", "", move || desk.show(None, History::Push))
        .child(el("span", "phone-only").attr("aria-hidden", "true").text("← "))
        .child(el("span", "phone-only").text("Back to list"))
        .child(el("span", "wide-only").text("Close"));
    el("header", "bar").child(back).child(heading).place(move || live.get().then(badge))
}

/// The conversation, piece by piece, so that a new turn leaves everything else as it is.
fn whole(desk: Desk, shown: Shown) -> [El; 4] {
    scroll_to_target(desk, shown);
    let about = Memo::new(move |_| {
        // Turns and metrics have places of their own.
        shown.with(|shown| {
            shown.as_ref().map(|shown| (shown.facts(), shown.median(), shown.slowest()))
        })
    });
    let slowest = Memo::new(move |_| {
        about.with(|about| about.as_ref().and_then(|about| about.2)).unwrap_or(0)
    });
    let metrics = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().map(|shown| shown.metrics.clone()).unwrap_or_default())
    });
    let head = el("div", "").place(move || {
        about.with(|about| {
            let (known, median, slowest) = about.as_ref()?;
            let remark = known.partial.then(|| {
                let words = "The full record is not available, so this shows what the list knows.";
                el("p", "remark").attr("role", "note").text(words)
            });
            let facts = facts::facts(desk, known, *median, *slowest);
            Some(el("div", "").child(remark).child(facts).child(tools(desk, shown)))
        })
    });
    let turns = move || {
        let item = |one: &Arc<Turn>| {
            let one = Arc::clone(one);
            let key = format!("{:p}", Arc::as_ptr(&one));
            let item: Box<dyn FnOnce() -> El> = Box::new(move || turn::turn(desk, &one, slowest));
            (key, item)
        };
        shown.with(|shown| {
            let turns = shown.as_ref().map(|shown| shown.turns.as_slice()).unwrap_or_default();
            turns.iter().map(item).collect::<Vec<Item>>()
        })
    };
    let list = el("ol", "turns").attr("role", "list").attr("aria-label", "Transcript");
    let ending = move || shown.with(|shown| shown.as_ref().map(ending)).unwrap_or_default();
    let values = el("div", "").place(move || {
        metrics.with(|metrics| (!metrics.is_empty()).then(|| facts::metrics(desk, metrics)))
    });
    [head, each(list, turns), el("p", "ending").text_with(ending), values]
}

fn ending(shown: &Transcript) -> String {
    match (shown.counted.saturating_sub(shown.turns.len()), shown.live) {
        (0, true) => "Still going on; new turns appear here.".to_owned(),
        (0, false) => "End of the conversation.".to_owned(),
        (hidden, _) => {
            let turns = text::count(hidden as u64, "more turn");
            format!(
                "{turns} without a transcript: the project may not show transcripts to this key."
            )
        }
    }
}

fn tools(desk: Desk, shown: Shown) -> El {
    let translated =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(Transcript::translated)));
    let english = move || {
        let field = el("input", "").attr("type", "checkbox");
        let input = field.input();
        react(move || input.set_checked(desk.english.get()));
        let field = field.on("change", move |event| desk.english.set(checked(&event)));
        el("label", "choice").child(field).text("Show English")
    };
    let pii = desk.sessions.pii();
    let words = move || {
        let zone = untrack(|| desk.zone());
        let moment = |at| clock::write(at, zone, Style::Full);
        let contact = |number: &str| text::contact(number, pii).into_owned();
        let write = |shown: &Transcript| plain::write(shown, moment, contact);
        shown.with_untracked(|shown| shown.as_ref().map(write).unwrap_or_default())
    };
    el("div", "tools")
        .place(move || translated.get().then(english))
        .child(copy("Copy transcript", words))
}

/// Brings the turn that the address names into view, once it is there.
fn scroll_to_target(desk: Desk, shown: Shown) {
    let there = Memo::new(move |_| shown.with(Option::is_some));
    react(move || {
        let Some(number) = desk.turn.get().filter(|_| there.get()) else { return };
        request_animation_frame(move || {
            if let Some(turn) = document().get_element_by_id(&format!("turn-{number}")) {
                turn.scroll_into_view();
            }
        });
    });
}

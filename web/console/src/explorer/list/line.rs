//! One conversation in the list.

use leptos::prelude::*;
use perch_api::model::Timestamp;

use super::super::{page::Desk, row::Row, window};
use crate::{
    clock::{self, Style},
    dom::{El, el, hidden, react},
    text,
    transcript::hits,
};

/// A row; in a wide list one line of columns, otherwise a card. `at` is its place in the list.
pub(super) fn line(
    desk: Desk,
    at: usize,
    row: &Row,
    height: Memo<f64>,
    now: ReadSignal<i64>,
) -> El {
    let pii = desk.sessions.pii();
    let search = desk.search();
    let said = |class: &str, words: Option<&str>| {
        let part = el("span", class);
        words.map_or_else(|| part.clone(), |words| part.clone().text(words))
    };
    let contact = row.contact.as_deref().map(|number| text::contact(number, pii));
    let preview = el("span", "preview").attr("dir", "auto");
    let preview = match row.preview(&search) {
        Some(words) => hits(preview, &words, &search),
        None => preview.child(el("i", "").text("No transcript")),
    };
    let link = el("a", "")
        .attr("data-conversation", row.id.as_str())
        .child(started(desk, row, now))
        .child(said("channel", row.channel.as_ref().map(text::channel)))
        .child(said("contact", contact.as_deref()))
        .child(preview)
        .child(outcome(row))
        .child(said("variant", row.variant.as_ref().map(|(_, name)| name.as_str())))
        .child(turns(row.turns))
        .child(duration(row.duration));
    let (linked, opened, focused, marked) =
        (row.id.clone(), row.id.clone(), row.id.clone(), row.id.clone());
    let link = link
        .attr_with("href", move || Some(desk.url(&linked)))
        .attr_with("aria-current", move || {
            desk.open.with(|open| open.as_ref() == Some(&opened)).then(|| "true".to_owned())
        })
        .on("focus", move |_| desk.marked.set(Some(focused.clone())));
    let item = el("li", "row")
        .attr("aria-posinset", &(at + 1).to_string())
        .attr_with("aria-setsize", move || {
            // While there is more, the whole number is not known.
            Some(if desk.listing.more.get() {
                "-1".to_owned()
            } else {
                desk.listing.rows.with(|rows| rows.len().to_string())
            })
        })
        .class_with("marked", move || desk.marked.with(|at| at.as_ref() == Some(&marked)))
        .child(link);
    let style = item.html().style();
    react(move || {
        let top = window::pixels(window::offset(height.get(), at));
        let _ = style.set_property("transform", &format!("translateY({top})"));
    });
    item
}

fn started(desk: Desk, row: &Row, now: ReadSignal<i64>) -> El {
    let live = row.live.then(|| {
        el("span", "live").child(el("span", "dot").attr("aria-hidden", "true")).text("Live")
    });
    let part = el("span", "started");
    let Some(at) = row.started else { return part.child(live) };
    let distance = move || text::relative(now.get(), at);
    let time = el("time", "")
        .attr("datetime", Timestamp::from_unix_ms(at).as_str())
        .attr_with("title", move || Some(clock::write(at, desk.zone(), Style::Full)))
        .text_with(move || {
            let style = if distance().is_some() { Style::Clock } else { Style::Short };
            clock::write(at, desk.zone(), style)
        });
    let distance = el("span", "distance").text_with(move || distance().unwrap_or_default());
    part.child(time).child(distance).child(live)
}

fn turns(count: u32) -> El {
    let unit = if count == 1 { " turn" } else { " turns" };
    el("span", "turns").text(&count.to_string()).child(el("span", "unit").text(unit))
}

fn duration(seconds: Option<u64>) -> El {
    let part = el("span", "duration");
    let Some(seconds) = seconds else { return part };
    part.child(el("span", "").attr("aria-hidden", "true").text(&text::duration(seconds)))
        .child(hidden(&text::spoken_duration(seconds)))
}

/// What became of it: handoff, language, silences, what the agent could not place.
fn outcome(row: &Row) -> El {
    let handoff = row.handoff.then(|| {
        let to = row.destination.as_deref().unwrap_or("a person");
        el("span", "ui-badge accent clip")
            .attr("title", &format!("Handed off to {to}"))
            .child(hidden("Handed off to "))
            .child(el("span", "").attr("aria-hidden", "true").text("→ "))
            .text(to)
    });
    let number = |count: u32, short: &str, long: &str| {
        (count > 0).then(|| {
            el("span", "ui-badge warn")
                .attr("title", &format!("{count} {long}"))
                .text(&format!("{count} {short}"))
        })
    };
    let language =
        row.language.as_deref().filter(|code| !code.to_ascii_lowercase().starts_with("en"));
    el("span", "outcome")
        .child(handoff)
        .child(language.map(|code| el("span", "ui-badge").text(text::language(code))))
        .child(number(row.silences, "silent", "turns without a word from the caller"))
        .child(number(row.out_of_domain, "OOD", "turns outside the agent's domain"))
}

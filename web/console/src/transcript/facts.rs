//! What is known of a conversation besides its turns.

use super::{
    model::{Pace, Transcript, Values},
    pieces::{copy, moment},
};
use crate::{
    clock::Style,
    dom::{El, el},
    explorer::Desk,
    text,
};

/// The facts as a list, the summary before it.
pub(super) fn facts(
    desk: Desk,
    shown: &Transcript,
    median: Option<u64>,
    slowest: Option<u64>,
) -> El {
    let pii = desk.sessions.pii();
    let number =
        |number: &Option<String>| number.as_deref().map(|it| text::contact(it, pii).into_owned());
    let handoff = shown.handoff.as_ref();
    let handed =
        handoff.map(|handoff| handoff.destination.clone().unwrap_or_else(|| "a person".to_owned()));
    let longest = slowest.map(|slowest| {
        let word = Pace::of(slowest).label().map(|word| format!(" ({word})")).unwrap_or_default();
        text::latency(slowest) + &word
    });
    let texts = [
        ("Duration", shown.duration.map(text::duration)),
        ("Channel", shown.channel.as_ref().map(|channel| text::channel(channel).to_owned())),
        ("Environment", shown.environment.as_ref().map(ToString::to_string)),
        ("Language", shown.language.as_deref().map(named_language)),
        ("From", number(&shown.from)),
        ("To", number(&shown.to)),
        ("Direction", shown.direction.clone()),
        ("Variant", shown.variant.clone()),
        ("Handed off to", handed),
        ("Reason", handoff.and_then(|handoff| handoff.reason.clone())),
        ("PolyScore", shown.score.map(text::score)),
        ("Typical wait", median.map(text::latency)),
        ("Longest wait", longest),
        ("Tags", (!shown.tags.is_empty()).then(|| shown.tags.join(", "))),
        ("Note", shown.note.clone()),
        ("Deployment", shown.deployment.clone()),
    ];
    let started = shown.started.map(|at| fact("Started", moment(desk, at, Style::Full)));
    let texts = texts
        .into_iter()
        .filter_map(|(name, value)| Some(fact(name, el("span", "").text(&text::legible(&value?)))));
    let id = shown.id.clone();
    let name = el("code", "").text(&shown.id);
    let id = el("div", "id")
        .child(el("dt", "").text("Conversation id"))
        .child(el("dd", "").child(name).child(copy("Copy id", move || id.clone())));
    el("div", "")
        .child(shown.summary.as_ref().map(|words| el("p", "summary").text(&text::legible(words))))
        .child(el("dl", "facts").child(started).children(texts).child(id))
}

fn fact(name: &str, value: El) -> El {
    el("div", "").child(el("dt", "").text(name)).child(el("dd", "").child(value))
}

fn named_language(code: &str) -> String {
    let name = text::language(code);
    if name == code { code.to_owned() } else { format!("{name} ({code})") }
}

/// The metrics as a table.
pub(super) fn metrics(desk: Desk, metrics: &[Values]) -> El {
    let mut body = el("tbody", "");
    for (name, values) in metrics {
        for (at, value) in values {
            let row = el("tr", "")
                .child(el("th", "").attr("scope", "row").text(name))
                .child(el("td", "").attr("dir", "auto").text(&text::legible(value)))
                .child(el("td", "").child(at.map(|at| moment(desk, at, Style::Time))));
            body = body.child(row);
        }
    }
    let heads =
        ["Name", "Value", "Written"].map(|name| el("th", "").attr("scope", "col").text(name));
    let head = el("thead", "").child(el("tr", "").children(heads));
    el("details", "metrics")
        .attr("open", "")
        .child(el("summary", "").child(el("h3", "").text("Metrics")))
        .child(el("table", "").child(head).child(body))
}

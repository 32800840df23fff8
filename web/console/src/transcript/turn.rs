//! One turn on screen.

use leptos::prelude::*;

use super::{
    model::{Function, Line, Mark, Pace, Turn, pretty},
    pieces::{hits, moment},
    plain,
};
use crate::{
    clock::Style,
    dom::{El, el, hidden, svg},
    explorer::Desk,
    text,
};

/// What was said, how long it took, what the agent did. Bars are drawn relative to `slowest`, the
/// longest wait of the conversation in milliseconds.
pub(super) fn turn(desk: Desk, turn: &Turn, slowest: Memo<u64>) -> El {
    let number = turn.number;
    let link = el("a", "number")
        .attr("aria-label", &format!("Link to turn {number}"))
        .attr_with("href", move || Some(desk.turn_url(number)))
        .text(&number.to_string());
    let marks =
        (!turn.marks.is_empty()).then(|| el("p", "marks").children(turn.marks.iter().map(mark)));
    let caller = (marks.is_some() || turn.caller.is_some()).then(|| {
        let said = turn.caller.as_ref().map(|line| bubble(desk, line, "Caller"));
        el("div", "side caller").child(said).child(marks)
    });
    let agent = el("div", "side agent")
        .child(turn.agent.as_ref().map(|line| bubble(desk, line, "Agent")))
        .child(turn.latency.map(|latency| wait(latency, slowest)))
        .child(topics(turn));
    let said =
        el("div", "said").child(caller).children(turn.functions.iter().map(call)).child(agent);
    el("li", "turn")
        .attr("id", &format!("turn-{number}"))
        .class_with("target", move || desk.turn.get() == u32::try_from(number).ok())
        .child(link)
        .child(said)
}

fn bubble(desk: Desk, line: &Line, who: &str) -> El {
    let search = desk.search();
    let head = el("p", "who")
        .child(el("span", "").text(who))
        .child(line.at.map(|at| moment(desk, at, Style::Time)));
    let words = el("p", "words").attr("dir", "auto");
    let words = match &line.language {
        Some(language) => words.attr("lang", language),
        None => words,
    };
    let bubble = el("div", "bubble").child(head).child(hits(words, &line.text, &search));
    let Some(english) = line.english.clone() else { return bubble };
    bubble.place(move || {
        let words = el("p", "words english").attr("lang", "en").child(hidden("In English: "));
        desk.english.get().then(|| hits(words, &english, &search))
    })
}

/// How long the caller waited: a bar, a number, and a word when it was long.
fn wait(latency: u64, slowest: Memo<u64>) -> El {
    let pace = Pace::of(latency);
    let class = match pace {
        Pace::Quick => "wait",
        Pace::Slow => "wait slow",
        Pace::VerySlow => "wait very-slow",
    };
    let width = move || {
        // In percent, and wide enough to be seen.
        let share = latency.saturating_mul(100) / slowest.get().max(1);
        Some(share.clamp(2, 100).to_string())
    };
    let bar = |class: &str| svg("rect").attr("class", class).attr("height", "6").attr("rx", "3");
    let gauge = svg("svg")
        .attr("class", "gauge")
        .attr("viewBox", "0 0 100 6")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .child(bar("track").attr("width", "100"))
        .child(bar("fill").attr_with("width", width));
    el("p", class)
        .attr("title", "How long the caller waited for this answer")
        .child(gauge)
        .child(hidden("Answered after "))
        .child(el("span", "").text(&text::latency(latency)))
        .child(pace.label().map(|word| el("strong", "").text(word)))
}

/// A function call, its values folded away.
fn call(call: &Function) -> El {
    let failed = call.error.is_some();
    let plain = call.values.is_empty() && !failed;
    let head = el(if plain { "p" } else { "summary" }, "head")
        .child(el("span", "kind").text("Function"))
        .child(el("code", "").text(&call.name))
        .child(call.duration.map(|ms| el("span", "ms").text(&text::latency(ms))))
        .child(failed.then(|| el("span", "ui-badge danger").text("failed")));
    if plain {
        return el("div", "call").child(head);
    }
    let mut values = el("dl", "");
    if let Some(error) = &call.error {
        values = values.child(el("dt", "").text("Error")).child(el("dd", "wrong").text(error));
    }
    for (name, value) in &call.values {
        let shown = el("pre", "").attr("tabindex", "0").text(&text::legible(&pretty(value)));
        values = values.child(el("dt", "").text(name)).child(el("dd", "").child(shown));
    }
    el("details", "call").child(head).child(values)
}

fn mark(mark: &Mark) -> El {
    let (class, meaning) = match mark {
        Mark::Silence => ("ui-badge warn", "The caller said nothing"),
        Mark::OutOfDomain => ("ui-badge warn", "The agent could not place what was said"),
        Mark::BargeIn => ("ui-badge", "The caller spoke while the agent did"),
        Mark::Keys(_) => ("ui-badge", "Pressed on the telephone keypad"),
    };
    el("span", class).attr("title", meaning).text(&plain::label(mark))
}

/// The step of the flow and the topics that the agent consulted.
fn topics(turn: &Turn) -> Option<El> {
    let item =
        |kind: &str, name: &str| el("li", "").child(el("span", "kind").text(kind)).text(name);
    let step = turn.step.as_ref().map(|step| item("Step", step));
    let names = turn.topics.iter().map(|topic| item("Topic", topic));
    let any = step.is_some() || !turn.topics.is_empty();
    any.then(|| el("ul", "topics").attr("aria-label", "Consulted").child(step).children(names))
}

//! One turn on screen.

use leptos::prelude::*;

use super::{
    model::{Function, Line, Mark, Pace, Turn, pretty},
    pieces::{Hits, Moment},
    plain,
};
use crate::{clock::Style, explorer::Desk, text};

/// What every turn of a transcript needs to know.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Whether English versions are shown.
    pub(super) english: RwSignal<bool>,
    /// The longest wait in milliseconds; bars are drawn relative to it.
    pub(super) slowest: Memo<f64>,
}

/// What was said, how long it took, what the agent did.
#[component]
pub(super) fn TurnView(turn: Turn, look: Look) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let number = turn.number;
    let link = move || {
        desk.filters.track();
        desk.turn_url(number)
    };
    let target = move || desk.turn.get() == u32::try_from(number).ok();
    let marks = turn.marks.iter().map(mark).collect_view();
    let marked = !turn.marks.is_empty();
    view! {
        <li class="turn" id=format!("turn-{number}") class:target=target>
            <a class="number" href=link aria-label=format!("Link to turn {number}")>
                {number}
            </a>
            <div class="said">
                {(marked || turn.caller.is_some())
                    .then(|| {
                        view! {
                            <div class="side caller">
                                {turn.caller.map(|line| view! { <Bubble line who="Caller" look /> })}
                                {marked.then(|| view! { <p class="marks">{marks}</p> })}
                            </div>
                        }
                    })}
                {turn.functions.into_iter().map(|call| view! { <Call call /> }).collect_view()}
                <div class="side agent">
                    {turn.agent.map(|line| view! { <Bubble line who="Agent" look /> })}
                    {turn.latency.map(|latency| view! { <Wait latency slowest=look.slowest /> })}
                    {topics(&turn.topics, turn.step.as_deref())}
                </div>
            </div>
        </li>
    }
}

#[component]
fn Bubble(line: Line, who: &'static str, look: Look) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let search = desk.filters.with_untracked(|filters| filters.search.clone());
    let original = line.text.clone();
    let needle = search.clone();
    let language = line.language.clone();
    view! {
        <div class="bubble">
            <p class="who">
                {who} {line.at.map(|at| view! { <Moment at style=Style::Time /> })}
            </p>
            <p class="words" dir="auto" lang=language>
                <Hits text=original search=needle />
            </p>
            {line
                .english
                .map(|english| {
                    view! {
                        <Show when=move || look.english.get()>
                            <p class="words english" lang="en">
                                <span class="ui-hidden">"In English: "</span>
                                <Hits text=english.clone() search=search.clone() />
                            </p>
                        </Show>
                    }
                })}
        </div>
    }
}

/// How long the caller waited: a bar, a number, and a word when it was long.
#[component]
fn Wait(latency: f64, slowest: Memo<f64>) -> impl IntoView {
    let pace = Pace::of(latency);
    let width = move || {
        let slowest = slowest.get();
        let share = if slowest > 0.0 { latency / slowest * 100.0 } else { 0.0 };
        format!("{:.1}", share.clamp(2.0, 100.0))
    };
    view! {
        <p
            class="wait"
            class:slow=pace == Pace::Slow
            class:very-slow=pace == Pace::VerySlow
            title="How long the caller waited for this answer"
        >
            <svg class="gauge" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" width="100" height="6" rx="3" />
                <rect class="fill" width=width height="6" rx="3" />
            </svg>
            <span class="ui-hidden">"Answered after "</span>
            {text::latency(latency)}
            {pace.label().map(|word| view! { <strong>{word}</strong> })}
        </p>
    }
}

/// A function call, its values folded away.
#[component]
fn Call(call: Function) -> impl IntoView {
    let failed = call.error.is_some();
    let head = view! {
        <span class="kind">"Function"</span>
        <code>{call.name.clone()}</code>
        {call.duration.map(|ms| view! { <span class="ms">{text::latency(ms)}</span> })}
        {failed.then(|| view! { <span class="ui-badge danger">"failed"</span> })}
    };
    if call.values.is_empty() && !failed {
        return view! { <div class="call"><p class="head">{head}</p></div> }.into_any();
    }
    let values = call
        .values
        .into_iter()
        .map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>
                    <pre tabindex="0">{text::legible(&pretty(&value)).into_owned()}</pre>
                </dd>
            }
        })
        .collect_view();
    view! {
        <details class="call">
            <summary class="head">{head}</summary>
            <dl>
                {call.error.map(|error| view! { <dt>"Error"</dt> <dd class="wrong">{error}</dd> })}
                {values}
            </dl>
        </details>
    }
    .into_any()
}

fn mark(mark: &Mark) -> impl IntoView + use<> {
    let meaning = match mark {
        Mark::Silence => "The caller said nothing",
        Mark::OutOfDomain => "The agent could not place what was said",
        Mark::BargeIn => "The caller spoke while the agent did",
        Mark::Keys(_) => "Pressed on the telephone keypad",
    };
    let warn = matches!(mark, Mark::Silence | Mark::OutOfDomain);
    view! {
        <span class="ui-badge" class:warn=warn title=meaning>
            {plain::label(mark)}
        </span>
    }
}

fn topics(topics: &[String], step: Option<&str>) -> impl IntoView + use<> {
    let step =
        step.map(|step| view! { <li><span class="kind">"Step"</span> {step.to_owned()}</li> });
    let names = topics
        .iter()
        .map(|topic| view! { <li><span class="kind">"Topic"</span> {topic.clone()}</li> });
    let names = names.collect_view();
    let any = !topics.is_empty() || step.is_some();
    any.then(|| view! { <ul class="topics" aria-label="Consulted">{step} {names}</ul> })
}

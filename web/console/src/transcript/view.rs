//! The pane that shows the open conversation.

use leptos::{html, prelude::*};

use super::{
    loading::Opened,
    model::{Pace, Transcript, Values},
    pieces::{Copy, Moment},
    plain,
    turn::{Look, TurnView},
};
use crate::{
    clock::{self, Style},
    explorer::Desk,
    location::History,
    notice::{Failed, Skeleton},
    session::Sessions,
    text,
};

/// Shows the open conversation beside the list; on a phone, instead of it.
#[component]
pub(crate) fn TranscriptPane() -> impl IntoView {
    let (desk, sessions) = (expect_context::<Desk>(), expect_context::<Sessions>());
    let opened = Opened::follow(desk, sessions);
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            let quietly = web_sys::FocusOptions::new();
            quietly.set_prevent_scroll(true);
            let _ = heading.focus_with_options(&quietly);
        }
    });
    let title = Memo::new(move |_| {
        opened.shown.with(|shown| {
            shown.as_ref().map_or_else(|| "Conversation".to_owned(), Transcript::title)
        })
    });
    let live = Memo::new(move |_| {
        opened.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.live))
    });
    let body = move || {
        let loading = opened.shown.with(Option::is_none) && opened.failure.with(Option::is_none);
        loading.then(|| view! { <Skeleton rows=6 label="Loading conversation" /> })
    };
    let retry = Callback::new(move |()| opened.reload());
    view! {
        <section class="detail" aria-labelledby="detail-title">
            <header class="bar">
                <button
                    class="ui-button quiet back"
                    type="button"
                    on:click=move |_| desk.show(None, History::Push)
                >
                    <span class="phone-only" aria-hidden="true">"← "</span>
                    <span class="phone-only">"Back to list"</span>
                    <span class="wide-only">"Close"</span>
                </button>
                <h2 id="detail-title" tabindex="-1" node_ref=heading>
                    {move || title.get()}
                </h2>
                <Show when=move || live.get()>
                    <span class="live" role="status">
                        <span class="dot" aria-hidden="true"></span>
                        "Live"
                    </span>
                </Show>
            </header>
            <div class="scroll" tabindex="0">
                {move || opened.failure.get().map(|failure| view! { <Failed failure retry /> })}
                {body}
                <Whole shown=opened.shown />
            </div>
        </section>
    }
}

/// The conversation, piece by piece, so that a new turn leaves everything else as it is.
#[component]
fn Whole(shown: RwSignal<Option<Transcript>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    scroll_to_target(desk, shown);
    let part = move |read: fn(&Transcript) -> bool| {
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(read)))
    };
    let (any, partial) = (part(|_| true), part(|shown| shown.partial));
    let facts = Memo::new(move |_| {
        // Turns and metrics have places of their own.
        shown.with(|shown| {
            shown.as_ref().map(|shown| (shown.facts(), shown.median(), shown.slowest()))
        })
    });
    let slowest = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().and_then(Transcript::slowest)).unwrap_or(0.0)
    });
    let look = Look { english: desk.english, slowest };
    let turns = move || {
        shown.with(|shown| shown.as_ref().map(|shown| shown.turns.clone()).unwrap_or_default())
    };
    let metrics = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().map(|shown| shown.metrics.clone()).unwrap_or_default())
    });
    view! {
        <Show when=move || partial.get()>
            <p class="remark" role="note">
                "The full record is not available, so this shows what the list knows."
            </p>
        </Show>
        {move || {
            facts.get().map(|(facts, median, slowest)| view! { <Facts facts median slowest /> })
        }}
        <Show when=move || any.get()>
            <Tools shown />
            <h3 id="turns-title" class="ui-hidden">
                "Transcript"
            </h3>
            <ol class="turns" role="list" aria-labelledby="turns-title">
                <For
                    each=turns
                    // What a turn says is its key: one that changes is drawn anew, the others stay.
                    key=|turn| format!("{turn:?}")
                    children=move |turn| view! { <TurnView turn look /> }
                />
            </ol>
            <p class="ending">{move || shown.with(|shown| shown.as_ref().map(ending))}</p>
        </Show>
        {move || {
            let metrics = metrics.get();
            (!metrics.is_empty()).then(|| view! { <Metrics metrics /> })
        }}
    }
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

#[component]
fn Tools(shown: RwSignal<Option<Transcript>>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let english = desk.english;
    let translated =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(Transcript::translated)));
    let pii = expect_context::<Sessions>().pii();
    let text = Callback::new(move |()| {
        let zone = desk.filters.with_untracked(|filters| filters.zone);
        let moment = |at| clock::write(at, zone, Style::Full);
        let contact = |number: &str| text::contact(number, pii).into_owned();
        shown.with_untracked(|shown| {
            shown.as_ref().map(|shown| plain::write(shown, moment, contact)).unwrap_or_default()
        })
    });
    view! {
        <div class="tools">
            <Show when=move || translated.get()>
                <label class="choice">
                    <input
                        type="checkbox"
                        prop:checked=move || english.get()
                        on:change=move |event| english.set(event_target_checked(&event))
                    />
                    "Show English"
                </label>
            </Show>
            <Copy label="Copy transcript" text />
        </div>
    }
}

/// Brings the turn that the address names into view, once it is there.
fn scroll_to_target(desk: Desk, shown: RwSignal<Option<Transcript>>) {
    let there = Memo::new(move |_| shown.with(Option::is_some));
    Effect::new(move || {
        let Some(number) = desk.turn.get().filter(|_| there.get()) else { return };
        request_animation_frame(move || {
            if let Some(turn) = document().get_element_by_id(&format!("turn-{number}")) {
                turn.scroll_into_view();
            }
        });
    });
}

#[component]
fn Facts(facts: Transcript, median: Option<f64>, slowest: Option<f64>) -> impl IntoView {
    let shown = facts;
    let pii = expect_context::<Sessions>().pii();
    let number =
        |number: Option<String>| number.map(|number| text::contact(&number, pii).into_owned());
    let fact = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let moment = |name: &'static str, at: Option<i64>| {
        at.map(|at| view! { <div><dt>{name}</dt><dd><Moment at style=Style::Full /></dd></div> })
    };
    let handoff = shown.handoff.as_ref();
    let id = shown.id.clone();
    let id_text = Callback::new(move |()| id.clone());
    view! {
        {shown.summary.clone().map(|summary| view! { <p class="summary">{summary}</p> })}
        <dl class="facts">
            {moment("Started", shown.started)}
            {fact("Duration", shown.duration.map(text::duration))}
            {fact("Channel", shown.channel.as_ref().map(|channel| text::channel(channel).to_owned()))}
            {fact("Environment", shown.environment.as_ref().map(ToString::to_string))}
            {fact("Language", shown.language.as_deref().map(named_language))}
            {fact("From", number(shown.from.clone()))}
            {fact("To", number(shown.to.clone()))}
            {fact("Direction", shown.direction.clone())}
            {fact("Variant", shown.variant.clone())}
            {fact("Handed off to", handoff.map(|handoff| {
                handoff.destination.clone().unwrap_or_else(|| "a person".to_owned())
            }))}
            {fact("Reason", handoff.and_then(|handoff| handoff.reason.clone()))}
            {fact("PolyScore", shown.score.map(|score| format!("{score:.1}")))}
            {median.map(|median| view! { <div><dt>"Typical wait"</dt><dd>{text::latency(median)}</dd></div> })}
            {slowest.map(|slowest| {
                let word = Pace::of(slowest).label().map(|word| format!(" ({word})")).unwrap_or_default();
                view! { <div><dt>"Longest wait"</dt><dd>{text::latency(slowest)} {word}</dd></div> }
            })}
            {fact("Tags", (!shown.tags.is_empty()).then(|| shown.tags.join(", ")))}
            {fact("Note", shown.note.clone())}
            {fact("Deployment", shown.deployment.clone())}
            <div class="id">
                <dt>"Conversation id"</dt>
                <dd>
                    <code>{shown.id.clone()}</code>
                    <Copy label="Copy id" text=id_text />
                </dd>
            </div>
        </dl>
    }
}

fn named_language(code: &str) -> String {
    let name = text::language(code);
    if name == code { code.to_owned() } else { format!("{name} ({code})") }
}

#[component]
fn Metrics(metrics: Vec<Values>) -> impl IntoView {
    let rows = metrics
        .into_iter()
        .flat_map(|(name, values)| {
            values.into_iter().map(move |(at, value)| {
                view! {
                    <tr>
                        <th scope="row">{name.clone()}</th>
                        <td dir="auto">{text::legible(&value).into_owned()}</td>
                        <td>{at.map(|at| view! { <Moment at style=Style::Time /> })}</td>
                    </tr>
                }
            })
        })
        .collect_view();
    view! {
        <details class="metrics" open=true>
            <summary>
                <h3>"Metrics"</h3>
            </summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"Written"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

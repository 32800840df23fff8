//! One conversation in the list.

use std::sync::Arc;

use leptos::prelude::*;
use perch_api::model::Timestamp;

use super::super::{page::Desk, row::Row, window};
use crate::{
    clock::{self, Style},
    session::Sessions,
    text,
    transcript::Hits,
};

/// A row; in a wide list one line of columns, otherwise a card.
#[component]
pub(super) fn Line(
    /// Its place in the list.
    at: usize,
    row: Arc<Row>,
    /// Height of every row in pixels.
    height: Memo<f64>,
    /// Now, in Unix milliseconds.
    now: ReadSignal<i64>,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let pii = expect_context::<Sessions>().pii();
    let (id, for_mark, for_class) = (row.id.clone(), row.id.clone(), row.id.clone());
    let current = move || desk.open.with(|open| open.as_ref() == Some(&id)).then_some("true");
    let marked = move || desk.marked.with(|marked| marked.as_ref() == Some(&for_class));
    let search = desk.filters.with_untracked(|filters| filters.search.clone());
    let preview = row.preview(&search);
    let total = move || {
        // While there is more, the whole number is not known.
        if desk.listing.more.get() {
            "-1".to_owned()
        } else {
            desk.listing.rows.with(|rows| rows.len().to_string())
        }
    };
    let linked = row.id.clone();
    let url = move || {
        desk.filters.track();
        desk.url(&linked)
    };
    view! {
        <li
            class="row"
            class:marked=marked
            aria-posinset=(at + 1).to_string()
            aria-setsize=total
            style:transform=move || format!("translateY({}px)", window::offset(height.get(), at))
        >
            <a
                href=url
                data-conversation=row.id.to_string()
                aria-current=current
                on:focus=move |_| desk.marked.set(Some(for_mark.clone()))
            >
                {started(&row, desk, now)}
                <span class="channel">
                    {row.channel.as_ref().map(|channel| text::channel(channel).to_owned())}
                </span>
                <span class="contact">
                    {row.contact.as_deref().map(|number| text::contact(number, pii).into_owned())}
                </span>
                <span class="preview" dir="auto">
                    {preview
                        .map_or_else(
                            || view! { <i>"No transcript"</i> }.into_any(),
                            |text| view! { <Hits text search /> }.into_any(),
                        )}
                </span>
                {outcome(&row)}
                <span class="variant">{row.variant.as_ref().map(|(_, name)| name.clone())}</span>
                <span class="turns">
                    {row.turns.to_string()}
                    <span class="unit">{if row.turns == 1 { " turn" } else { " turns" }}</span>
                </span>
                <span class="duration">
                    {row.duration
                        .map(|seconds| {
                            view! {
                                <span aria-hidden="true">{text::duration(seconds)}</span>
                                <span class="ui-hidden">{text::spoken_duration(seconds)}</span>
                            }
                        })}
                </span>
            </a>
        </li>
    }
}

fn started(row: &Row, desk: Desk, now: ReadSignal<i64>) -> impl IntoView + use<> {
    let live = row.live.then(|| {
        view! {
            <span class="live">
                <span class="dot" aria-hidden="true"></span>
                "Live"
            </span>
        }
    });
    let time = row.started.map(|at| {
        let zone = move || desk.filters.with(|filters| filters.zone);
        let distance = Memo::new(move |_| text::relative(now.get(), at));
        let shown = move || {
            let style = if distance.with(Option::is_some) { Style::Clock } else { Style::Short };
            clock::write(at, zone(), style)
        };
        let full = move || clock::write(at, zone(), Style::Full);
        view! {
            <time datetime=Timestamp::from_unix_ms(at).as_str().to_owned() title=full>
                {shown}
            </time>
            <span class="distance">{move || distance.get()}</span>
        }
    });
    view! { <span class="started">{time} {live}</span> }
}

/// What became of it: handoff, silences, what the agent could not place, the language.
fn outcome(row: &Row) -> impl IntoView + use<> {
    let handoff = row.handoff.then(|| {
        let to = row.destination.clone().unwrap_or_else(|| "a person".to_owned());
        let title = format!("Handed off to {to}");
        view! {
            <span class="ui-badge accent clip" title=title>
                <span class="ui-hidden">"Handed off to "</span>
                <span aria-hidden="true">"→ "</span>
                {to}
            </span>
        }
    });
    let number = |count: u32, short: &'static str, long: &'static str| {
        (count > 0).then(|| {
            view! {
                <span class="ui-badge warn" title=format!("{count} {long}")>
                    {count.to_string()}
                    " "
                    {short}
                </span>
            }
        })
    };
    let language =
        row.language.as_deref().filter(|code| !code.to_ascii_lowercase().starts_with("en"));
    view! {
        <span class="outcome">
            {handoff}
            {language
                .map(|code| view! { <span class="ui-badge">{text::language(code).to_owned()}</span> })}
            {number(row.silences, "silent", "turns without a word from the caller")}
            {number(row.out_of_domain, "OOD", "turns outside the agent's domain")}
        </span>
    }
}

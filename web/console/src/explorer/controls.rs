//! The filters above the list.

mod span;

use std::{collections::BTreeMap, time::Duration};

use leptos::{html, leptos_dom::helpers::debounce, prelude::*};
use perch_api::model::{Channel, Environment, VariantId};

use self::span::SpanPicker;
use super::{menu::CheckMenu, page::Desk};
use crate::{
    location::{History, Location},
    route::{Filters, Progress, Speaker},
    text,
};

/// Id of the search field, for the `/` key.
pub(super) const SEARCH_ID: &str = "search";

/// Pause in typing after which a search starts.
const TYPING_PAUSE: Duration = Duration::from_millis(350);

/// All filters. On a phone everything but the search is folded away.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let unfolded = RwSignal::new(false);
    let narrowed = move || desk.filters.with(Filters::narrowed);
    view! {
        <div class="controls" class:unfolded=move || unfolded.get()>
            <div class="line">
                <Search />
                <button
                    class="ui-button phone-only"
                    type="button"
                    aria-expanded=move || if unfolded.get() { "true" } else { "false" }
                    aria-controls="filters"
                    on:click=move |_| unfolded.update(|open| *open = !*open)
                >
                    "Filters"
                    {move || narrowed().then(|| view! { <span class="dot" role="img" aria-label="active"></span> })}
                </button>
            </div>
            <div class="line folded" id="filters" role="group" aria-label="Filters">
                <SpanPicker />
                <EnvironmentPicker />
                <ChannelPicker />
                <ProgressPicker />
                <VariantPicker />
                <Clear />
            </div>
        </div>
    }
}

#[component]
fn Search() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let field = NodeRef::<html::Input>::new();
    let set = move |text: String, history| {
        let text = text.trim().to_owned();
        if desk.filters.with_untracked(|filters| filters.search != text) {
            location.refine(history, |filters| filters.search = text);
        }
    };
    let mut typed = debounce(TYPING_PAUSE, move |text| set(text, History::Replace));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            set(field.value(), History::Push);
        }
    };
    // The address may change without the field, for example by the back button.
    Effect::new(move || {
        let search = desk.filters.with(|filters| filters.search.clone());
        if let Some(field) = field.get().filter(|field| field.value().trim() != search) {
            field.set_value(&search);
        }
    });
    let leave = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(field) = field.get_untracked()
        {
            let _ = field.blur();
        }
    };
    let searching = Memo::new(move |_| desk.filters.with(|filters| !filters.search.is_empty()));
    view! {
        <form class="search" role="search" on:submit=submit>
            <label class="ui-hidden" for=SEARCH_ID>
                "Search transcripts"
            </label>
            <input
                id=SEARCH_ID
                class="field"
                type="search"
                placeholder="Search transcripts"
                autocomplete="off"
                maxlength="120"
                aria-keyshortcuts="/"
                node_ref=field
                on:input=move |event| typed(event_target_value(&event))
                on:keydown=leave
            />
            <Show when=move || searching.get()>
                <SpeakerPicker />
            </Show>
        </form>
    }
}

/// A select whose choices do not change.
fn select<T: Copy + PartialEq + Send + Sync + 'static, const N: usize>(
    label: &'static str,
    choices: [(T, &'static str, &'static str); N],
    current: impl Fn() -> T + Copy + Send + Sync + 'static,
    choose: impl Fn(T) + 'static,
) -> impl IntoView {
    let changed = move |event| {
        let value = event_target_value(&event);
        if let Some((choice, ..)) = choices.iter().find(|(_, key, _)| *key == value) {
            choose(*choice);
        }
    };
    let options = choices
        .map(|(value, key, name)| {
            view! {
                <option value=key selected=move || current() == value>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <label>
            <span class="ui-hidden">{label}</span>
            <select class="field" on:change=changed>
                {options}
            </select>
        </label>
    }
}

#[component]
fn SpeakerPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    select(
        "Who said it",
        Speaker::ALL.map(|speaker| (speaker, speaker.key(), speaker.label())),
        move || desk.filters.with(|filters| filters.speaker),
        move |speaker| location.refine(History::Push, |filters| filters.speaker = speaker),
    )
}

#[component]
fn ProgressPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    select(
        "Progress",
        Progress::ALL.map(|progress| (progress, progress.key(), progress.label())),
        move || desk.filters.with(|filters| filters.progress),
        move |progress| location.refine(History::Push, |filters| filters.progress = progress),
    )
}

#[component]
fn EnvironmentPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    select(
        "Environment",
        [
            ("live", "live", "Live environment"),
            ("pre-release", "pre-release", "Pre-release"),
            ("sandbox", "sandbox", "Sandbox"),
        ],
        move || {
            let known = |filters: &Filters| match filters.environment {
                Environment::Sandbox => "sandbox",
                Environment::PreRelease => "pre-release",
                _ => "live",
            };
            desk.filters.with(known)
        },
        move |word| {
            location.refine(History::Push, |filters| {
                filters.environment = Environment::parse(word);
            });
        },
    )
}

#[component]
fn ChannelPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let options = Filters::CHANNELS.iter().map(|word| {
        let channel = Channel::parse(word);
        ((*word).to_owned(), text::channel(&channel).to_owned())
    });
    let chosen = Signal::derive(move || {
        desk.filters.with(|filters| filters.channels.iter().map(ToString::to_string).collect())
    });
    let change = Callback::new(move |chosen: Vec<String>| {
        // In the order of the menu, so that one choice has one address.
        let order = Filters::CHANNELS.iter().filter(|word| chosen.iter().any(|own| own == *word));
        let channels = order.map(|word| Channel::parse(word)).collect();
        location.refine(History::Push, |filters| filters.channels = channels);
    });
    view! { <CheckMenu label="Channel" options=options.collect() chosen change /> }
}

/// Offers the variants that the list has shown so far; nothing lists all of them.
#[component]
fn VariantPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let seen = RwSignal::new(BTreeMap::<String, String>::new());
    Effect::new(move || {
        let new: Vec<_> = desk.listing.rows.with(|rows| {
            let known = seen.read_untracked();
            let variants = rows.iter().filter_map(|row| row.variant.as_ref());
            variants
                .filter(|(id, _)| !known.contains_key(id.as_str()))
                .map(|(id, name)| (id.as_str().to_owned(), name.clone()))
                .collect()
        });
        if !new.is_empty() {
            seen.update(|seen| seen.extend(new));
        }
    });
    let current = Memo::new(move |_| {
        desk.filters.with(|filters| filters.variant.as_ref().map(|id| id.as_str().to_owned()))
    });
    let options = move || {
        let mut options: Vec<_> = seen.get().into_iter().collect();
        let current = current.get();
        if let Some(id) = current.clone().filter(|id| options.iter().all(|(known, _)| known != id))
        {
            options.push((id.clone(), id));
        }
        options.sort_by(|a, b| a.1.cmp(&b.1));
        options
            .into_iter()
            .map(|(id, name)| {
                let selected = current.as_ref() == Some(&id);
                view! { <option value=id selected=selected>{name}</option> }
            })
            .collect_view()
    };
    let changed = move |event| {
        let id = VariantId::parse(&event_target_value(&event)).ok();
        location.refine(History::Push, |filters| filters.variant = id);
    };
    view! {
        <label>
            <span class="ui-hidden">"Variant"</span>
            <select class="field" on:change=changed>
                <option value="" selected=move || current.with(Option::is_none)>
                    "All variants"
                </option>
                {options}
            </select>
        </label>
    }
}

#[component]
fn Clear() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let narrowed = Memo::new(move |_| desk.filters.with(Filters::narrowed));
    let clear = move |_| location.refine(History::Push, |filters| *filters = filters.widened());
    view! {
        <Show when=move || narrowed.get()>
            <button class="ui-button quiet" type="button" on:click=clear>
                "Clear filters"
            </button>
        </Show>
    }
}

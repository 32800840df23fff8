//! The time range: named spans, or two moments.

use leptos::{html, prelude::*};

use super::Desk;
use crate::{
    clock,
    location::{History, Location},
    route::{Preset, Range},
};

/// Chooses the time range.
#[component]
pub(super) fn SpanPicker() -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let range = Memo::new(move |_| desk.filters.with(|filters| filters.range));
    // Open while somebody fills it in, and while it is what the list shows.
    let asked = RwSignal::new(false);
    let custom = Memo::new(move |_| asked.get() || matches!(range.get(), Range::Between { .. }));
    let presets = Preset::ALL
        .map(|preset| {
            let checked = move || !custom.get() && range.get() == Range::Last(preset);
            let choose = move |_| {
                asked.set(false);
                location.refine(History::Push, |filters| filters.range = Range::Last(preset));
            };
            view! {
                <label title=preset.label()>
                    <input
                        type="radio"
                        name="range"
                        aria-label=preset.label()
                        prop:checked=checked
                        on:change=choose
                    />
                    <span aria-hidden="true">{preset.key()}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="segments">
            <legend class="ui-hidden">"Time range"</legend>
            {presets}
            <label title="Between two moments">
                <input
                    type="radio"
                    name="range"
                    aria-label="Custom range"
                    prop:checked=move || custom.get()
                    on:change=move |_| asked.set(true)
                />
                <span aria-hidden="true">"Custom"</span>
            </label>
        </fieldset>
        <Show when=move || custom.get()>
            <Between range />
        </Show>
    }
}

#[component]
fn Between(range: Memo<Range>) -> impl IntoView {
    let (desk, location) = (expect_context::<Desk>(), expect_context::<Location>());
    let (from, to) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let wrong = RwSignal::new(false);
    let zone = move || desk.filters.with(|filters| filters.zone);
    let bounds = move || match range.get() {
        Range::Last(preset) => {
            let now = clock::now();
            (now - preset.span(), now)
        }
        Range::Between { from, to } => (from, to),
    };
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let zone = desk.filters.with_untracked(|filters| filters.zone);
        let moment =
            |field: NodeRef<html::Input>| clock::from_field(&field.get_untracked()?.value(), zone);
        let chosen = moment(from).zip(moment(to)).and_then(|(from, to)| Range::between(from, to));
        wrong.set(chosen.is_none());
        if let Some(range) = chosen {
            location.refine(History::Push, |filters| filters.range = range);
        }
    };
    view! {
        <form class="between" on:submit=apply novalidate=true>
            <label>
                "From"
                <input
                    class="field"
                    type="datetime-local"
                    node_ref=from
                    prop:value=move || clock::to_field(bounds().0, zone())
                />
            </label>
            <label>
                "to"
                <input
                    class="field"
                    type="datetime-local"
                    node_ref=to
                    prop:value=move || clock::to_field(bounds().1, zone())
                />
            </label>
            <button class="ui-button">"Apply"</button>
            <span class="wrong" role="alert">
                {move || wrong.get().then_some("Choose two different moments.")}
            </span>
        </form>
    }
}

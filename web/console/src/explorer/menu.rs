//! A button that unfolds a list of check boxes.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// Choice of any number of values; none means all.
#[component]
pub(super) fn CheckMenu(
    /// What is chosen.
    label: &'static str,
    /// Value and name of each choice.
    options: Vec<(String, String)>,
    /// The chosen values.
    #[prop(into)]
    chosen: Signal<Vec<String>>,
    /// Takes the new choice.
    change: Callback<Vec<String>>,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    let escape = move |event: ev::KeyboardEvent| {
        let open = details.get_untracked().is_some_and(|details| details.open());
        if open && event.key() == "Escape" {
            event.prevent_default();
            close();
            let summary =
                details.get_untracked().and_then(|d| d.query_selector("summary").ok().flatten());
            if let Some(summary) = summary.and_then(|s| s.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = summary.focus();
            }
        }
    };
    let left = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let inside = details.get_untracked().is_some_and(|own| own.contains(to.as_ref()));
        // Without a target the focus went nowhere: a click on plain ground inside or outside.
        if to.is_some() && !inside {
            close();
        }
    };
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let at = event.target().and_then(|at| at.dyn_into::<web_sys::Node>().ok());
        if details.get_untracked().is_some_and(|own| !own.contains(at.as_ref())) {
            close();
        }
    });
    on_cleanup(move || pressed.remove());

    let names = options.clone();
    let summary = move || {
        chosen.with(|chosen| match chosen.as_slice() {
            [] => "All".to_owned(),
            [one] => names
                .iter()
                .find(|(value, _)| value == one)
                .map_or_else(|| one.clone(), |(_, name)| name.clone()),
            many => format!("{} chosen", many.len()),
        })
    };
    let boxes = options
        .into_iter()
        .map(|(value, name)| {
            let key = value.clone();
            let checked = move || chosen.with(|chosen| chosen.contains(&key));
            let toggle = move |event| {
                let on = event_target_checked(&event);
                let mut next = chosen.get_untracked();
                next.retain(|kept| *kept != value);
                next.extend(on.then(|| value.clone()));
                change.run(next);
            };
            view! {
                <label class="choice">
                    <input type="checkbox" prop:checked=checked on:change=toggle />
                    {name}
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="menu" node_ref=details on:keydown=escape on:focusout=left>
            <summary class="field">{label} ": " {summary}</summary>
            <fieldset>
                <legend class="ui-hidden">{label}</legend>
                {boxes}
            </fieldset>
        </details>
    }
}

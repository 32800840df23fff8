//! A button that unfolds a list of check boxes.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlDetailsElement, HtmlElement, KeyboardEvent, Node};

use crate::dom::{El, checked, el, react};

/// Choice of any number of values; none means all. `options` are value and name of each choice.
pub(super) fn menu(
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: impl Fn() -> Vec<String> + Clone + 'static,
    change: impl Fn(Vec<String>) + Clone + 'static,
) -> El {
    let names = options.clone();
    let choice = chosen.clone();
    let summary = el("summary", "field").text_with(move || match choice().as_slice() {
        [] => format!("{label}: All"),
        [one] => {
            let name = names.iter().find(|(value, _)| value == one).map_or(one, |(_, name)| name);
            format!("{label}: {name}")
        }
        many => format!("{label}: {} chosen", many.len()),
    });
    let opener = summary.html();
    let boxes = options
        .into_iter()
        .map(|(value, name)| choice_of(value, &name, chosen.clone(), change.clone()));
    let boxes = el("fieldset", "").child(el("legend", "ui-hidden").text(label)).children(boxes);
    let details = el("details", "menu").child(summary).child(boxes);
    let own: HtmlDetailsElement = details.node().unchecked_into();
    close_outside(own.clone());
    let left = own.clone();
    details
        .on("keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if own.open() && event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                own.set_open(false);
                let _ = opener.focus();
            }
        })
        .on("focusout", move |event| {
            let to = event.unchecked_into::<FocusEvent>().related_target();
            let to = to.and_then(|to| to.dyn_into::<Node>().ok());
            // Without a target the focus went nowhere: a click on plain ground inside or outside.
            if to.is_some() && !left.contains(to.as_ref()) {
                left.set_open(false);
            }
        })
}

fn choice_of(
    value: String,
    name: &str,
    chosen: impl Fn() -> Vec<String> + Clone + 'static,
    change: impl Fn(Vec<String>) + 'static,
) -> El {
    let field = el("input", "").attr("type", "checkbox");
    let (input, key, current) = (field.input(), value.clone(), chosen.clone());
    react(move || input.set_checked(current().contains(&key)));
    let field = field.on("change", move |event| {
        let mut next = untrack(&chosen);
        next.retain(|kept| *kept != value);
        next.extend(checked(&event).then(|| value.clone()));
        change(next);
    });
    el("label", "choice").child(field).text(name)
}

fn close_outside(details: HtmlDetailsElement) {
    let own: HtmlElement = details.clone().unchecked_into();
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let at = event.target().and_then(|at| at.dyn_into::<Node>().ok());
        if !own.contains(at.as_ref()) {
            details.set_open(false);
        }
    });
    on_cleanup(move || pressed.remove());
}

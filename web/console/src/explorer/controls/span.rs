//! The time range: named spans, or two moments.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::Desk;
use crate::{
    clock,
    dom::{El, el, react},
    route::{Preset, Range},
};

/// Chooses a named span, or to fill in two moments.
pub(super) fn presets(desk: Desk) -> El {
    let choices = Preset::ALL.map(|preset| {
        let checked = move || !custom(desk) && range(desk) == Range::Last(preset);
        let choose = move || {
            desk.own_range.set(false);
            desk.refine(|filters| filters.range = Range::Last(preset));
        };
        choice(preset.label(), preset.key(), checked, choose)
    });
    let own =
        choice("Custom range", "Custom", move || custom(desk), move || desk.own_range.set(true));
    el("fieldset", "segments")
        .child(el("legend", "ui-hidden").text("Time range"))
        .children(choices)
        .child(own)
}

/// The two moments, while they are what is chosen.
pub(super) fn between(desk: Desk) -> El {
    let shown = Memo::new(move |_| custom(desk));
    el("div", "span").place(move || shown.get().then(|| form(desk)))
}

fn range(desk: Desk) -> Range {
    desk.filters.with(|filters| filters.range)
}

/// Whether two moments are chosen, or about to be.
fn custom(desk: Desk) -> bool {
    desk.own_range.get() || matches!(range(desk), Range::Between { .. })
}

fn choice(
    label: &str,
    short: &str,
    checked: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> El {
    let field = el("input", "")
        .attr("type", "radio")
        .attr("name", "range")
        .attr("aria-label", label)
        .on("change", move |_| choose());
    let input = field.input();
    react(move || input.set_checked(checked()));
    el("label", "")
        .attr("title", label)
        .child(field)
        .child(el("span", "").attr("aria-hidden", "true").text(short))
}

fn form(desk: Desk) -> El {
    let wrong = RwSignal::new(false);
    let bounds = move || match range(desk) {
        Range::Last(preset) => {
            let now = clock::now();
            (now - preset.span(), now)
        }
        Range::Between { from, to } => (from, to),
    };
    let (start, from) = moment(desk, "From", move || bounds().0);
    let (end, to) = moment(desk, "to", move || bounds().1);
    let alert = el("span", "wrong").attr("role", "alert").text_with(move || {
        if wrong.get() { "Choose two different moments.".to_owned() } else { String::new() }
    });
    el("form", "between")
        .attr("novalidate", "")
        .child(start)
        .child(end)
        .child(el("button", "ui-button").text("Apply"))
        .child(alert)
        .on("submit", move |event| {
            event.prevent_default();
            let zone = untrack(|| desk.zone());
            let moment = |field: &HtmlInputElement| clock::from_field(&field.value(), zone);
            let chosen =
                moment(&from).zip(moment(&to)).and_then(|(from, to)| Range::between(from, to));
            wrong.set(chosen.is_none());
            if let Some(range) = chosen {
                desk.refine(|filters| filters.range = range);
            }
        })
}

fn moment(desk: Desk, label: &str, at: impl Fn() -> i64 + 'static) -> (El, HtmlInputElement) {
    let field = el("input", "field").attr("type", "datetime-local");
    let (input, shown) = (field.input(), field.input());
    react(move || shown.set_value(&clock::to_field(at(), desk.zone())));
    (el("label", "").text(label).child(field), input)
}

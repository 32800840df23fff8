//! The filters above the list.

mod search;
mod span;

use leptos::prelude::*;
use perch_api::model::{Channel, Environment, VariantId};

pub(super) use search::SEARCH_ID;

use super::{menu::menu, page::Desk};
use crate::{
    dom::{El, button, each, el, hidden, react, value_of},
    route::{Filters, Progress},
    text,
};

/// All filters. On a phone everything but the search is folded away.
pub(super) fn controls(desk: Desk) -> El {
    let unfolded = RwSignal::new(false);
    let narrowed = Memo::new(move |_| desk.filters.with(Filters::narrowed));
    let active = move || {
        narrowed.get().then(|| el("span", "dot").attr("role", "img").attr("aria-label", "active"))
    };
    let unfold =
        button("ui-button phone-only", "Filters", move || unfolded.update(|open| *open = !*open))
            .attr("aria-controls", "filters")
            .attr_with("aria-expanded", move || Some(unfolded.get().to_string()))
            .place(active);
    let folded = el("div", "line folded")
        .attr("id", "filters")
        .attr("role", "group")
        .attr("aria-label", "Filters")
        .children([
            span::presets(desk),
            span::between(desk),
            environment(desk),
            channels(desk),
            progress(desk),
            variant(desk),
        ])
        .place(move || {
            let clear = move || desk.refine(|filters| *filters = filters.widened());
            narrowed.get().then(|| button("ui-button quiet", "Clear filters", clear))
        });
    el("div", "controls")
        .class_with("unfolded", move || unfolded.get())
        .child(el("div", "line").child(search::search(desk)).child(unfold))
        .child(folded)
}

/// A select with fixed choices, each a value and its name.
fn select(
    label: &str,
    choices: &[(&'static str, &'static str)],
    current: impl Fn() -> &'static str + 'static,
    choose: impl Fn(&str) + 'static,
) -> El {
    let options = choices.iter().map(|(key, name)| el("option", "").attr("value", key).text(name));
    let field = el("select", "field").children(options);
    let shown = field.input();
    react(move || shown.set_value(current()));
    el("label", "")
        .child(hidden(label))
        .child(field.on("change", move |event| choose(&value_of(&event))))
}

fn progress(desk: Desk) -> El {
    select(
        "Progress",
        &Progress::ALL.map(|progress| (progress.key(), progress.label())),
        move || desk.filters.with(|filters| filters.progress.key()),
        move |key| {
            let progress = Progress::parse(key).unwrap_or_default();
            desk.refine(|filters| filters.progress = progress);
        },
    )
}

fn environment(desk: Desk) -> El {
    select(
        "Environment",
        &[("live", "Live environment"), ("pre-release", "Pre-release"), ("sandbox", "Sandbox")],
        move || {
            desk.filters.with(|filters| match filters.environment {
                Environment::Sandbox => "sandbox",
                Environment::PreRelease => "pre-release",
                _ => "live",
            })
        },
        move |key| desk.refine(|filters| filters.environment = Environment::parse(key)),
    )
}

fn channels(desk: Desk) -> El {
    let options = Filters::CHANNELS.iter().map(|word| {
        let channel = Channel::parse(word);
        ((*word).to_owned(), text::channel(&channel).to_owned())
    });
    let chosen = move || {
        desk.filters.with(|filters| filters.channels.iter().map(ToString::to_string).collect())
    };
    let change = move |chosen: Vec<String>| {
        // In the order of the menu, so that one choice has one address.
        let order = Filters::CHANNELS.iter().filter(|word| chosen.iter().any(|own| own == *word));
        let channels = order.map(|word| Channel::parse(word)).collect();
        desk.refine(|filters| filters.channels = channels);
    };
    menu("Channel", options.collect(), chosen, change)
}

/// Offers the variants that the list has shown so far; nothing lists all of them.
fn variant(desk: Desk) -> El {
    // Name and id, by name.
    let seen = RwSignal::new(Vec::<(String, String)>::new());
    react(move || {
        let mut next = seen.get_untracked();
        desk.listing.rows.with(|rows| {
            for (id, name) in rows.iter().filter_map(|row| row.variant.as_ref()) {
                let one = (name.clone(), id.as_str().to_owned());
                if let Err(place) = next.binary_search(&one) {
                    next.insert(place, one);
                }
            }
        });
        if seen.with_untracked(|seen| *seen != next) {
            seen.set(next);
        }
    });
    let current = Memo::new(move |_| {
        desk.filters.with(|filters| filters.variant.as_ref().map(|id| id.as_str().to_owned()))
    });
    let options = move || {
        let mut options = seen.get();
        let unseen = current.get().filter(|id| options.iter().all(|(_, known)| known != id));
        options.extend(unseen.map(|id| (id.clone(), id)));
        options.insert(0, ("All variants".to_owned(), String::new()));
        let build = |(name, id): (String, String)| {
            let key = id.clone();
            let option: Box<dyn FnOnce() -> El> =
                Box::new(move || el("option", "").attr("value", &id).text(&name));
            (key, option)
        };
        options.into_iter().map(build).collect()
    };
    let field = each(el("select", "field"), options);
    let shown = field.input();
    react(move || {
        seen.track();
        shown.set_value(&current.get().unwrap_or_default());
    });
    let changed = move |event| {
        let id = VariantId::parse(&value_of(&event)).ok();
        desk.refine(|filters| filters.variant = id);
    };
    el("label", "").child(hidden("Variant")).child(field.on("change", changed))
}

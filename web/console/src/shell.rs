//! The frame around every page: brand, navigation, project, theme, sign-out.

use leptos::prelude::*;
use perch_api::model::ProjectId;

use crate::{
    dom::{El, button, el, hidden, svg, value_of},
    explorer,
    location::{History, Location},
    route::{Explorer, Route},
    session::Sessions,
    shortcuts,
    theme::Theme,
};

/// An entry of the navigation.
#[derive(Clone, Copy)]
struct Page {
    name: &'static str,
    /// The page as it is opened.
    start: fn() -> Route,
    /// Whether a route belongs to it.
    owns: fn(&Route) -> bool,
}

const PAGES: [Page; 1] = [Page {
    name: "Conversations",
    start: || Route::Conversations(Explorer::default()),
    owns: |route| matches!(route, Route::Conversations(_)),
}];

/// The console of a signed-in operator.
pub(crate) fn shell(location: Location, sessions: Sessions) -> El {
    let keys = shortcuts::dialog();
    shortcuts::listen(&keys);
    let known = Memo::new(move |_| matches!(location.route(), Route::Conversations(_)));
    let main = el("main", "").attr("id", "main").attr("tabindex", "-1").place(move || {
        let known = known.get();
        Some(untrack(|| if known { explorer::page(location, sessions) } else { not_found() }))
    });
    let target = main.html();
    let skip =
        el("a", "skip").attr("href", "#main").text("Skip to content").on("click", move |event| {
            event.prevent_default();
            let _ = target.focus();
        });
    let opener = keys.clone();
    let tools = el("div", "tools")
        .child(theme_switch())
        .child(
            button("ui-button quiet wide-only", "Shortcuts", move || shortcuts::show(&opener))
                .attr("aria-haspopup", "dialog")
                .child(el("kbd", "").text("?")),
        )
        .child(el("span", "account wide-only").text(&who(sessions)))
        .child(button("ui-button quiet", "Sign out", move || sessions.close()));
    let home = Route::Conversations(Explorer::default()).url();
    let header = el("header", "top")
        .child(el("a", "brand").attr("href", &home).child(mark()).text("Perch"))
        .child(
            el("nav", "")
                .attr("aria-label", "Pages")
                .children(PAGES.map(|page| nav_link(location, page))),
        )
        .child(project_picker(location, sessions))
        .child(tools);
    el("div", "app").children([skip, header, main, keys])
}

fn nav_link(location: Location, page: Page) -> El {
    el("a", "")
        .attr("href", &(page.start)().url())
        .text(page.name)
        .attr_with("aria-current", move || {
            (page.owns)(&location.route()).then(|| "page".to_owned())
        })
}

/// Chooses the project; with a single one it is just named.
fn project_picker(location: Location, sessions: Sessions) -> El {
    el("div", "project").place(move || {
        let projects = sessions.projects();
        let chosen = sessions.project(location.explorer().filters.project.as_ref())?;
        if projects.len() < 2 {
            return Some(el("p", "").text(&chosen.name));
        }
        let options = projects.iter().map(|project| {
            let option =
                el("option", "").attr("value", project.project_id.as_str()).text(&project.name);
            if project.project_id == chosen.project_id {
                option.attr("selected", "")
            } else {
                option
            }
        });
        let select = el("select", "field").children(options).on("change", move |event| {
            let id = ProjectId::parse(&value_of(&event)).ok();
            location.refine(History::Push, |filters| {
                filters.project = id;
                filters.variant = None;
            });
        });
        Some(el("label", "").child(hidden("Project")).child(select))
    })
}

fn theme_switch() -> El {
    let theme = RwSignal::new(Theme::stored());
    let step = move || {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    let label = move || Some(theme.get().label().to_owned());
    let sign = el("span", "").attr("aria-hidden", "true").text_with(move || {
        let sign = match theme.get() {
            Theme::System => "◐",
            Theme::Light => "☀",
            Theme::Dark => "☾",
        };
        sign.to_owned()
    });
    button("ui-button quiet icon", "", step)
        .attr_with("aria-label", label)
        .attr_with("title", label)
        .child(sign)
}

fn who(sessions: Sessions) -> String {
    sessions.who().map(|(subject, role)| format!("{subject} ({role})")).unwrap_or_default()
}

fn not_found() -> El {
    let home = Route::Conversations(Explorer::default()).url();
    el("section", "lone")
        .child(el("h1", "").text("There is no such page"))
        .child(el("p", "").text("The address does not belong to any page of this console."))
        .child(el("a", "ui-button primary").attr("href", &home).text("Show conversations"))
}

/// The bird on its perch.
pub(crate) fn mark() -> El {
    const LINES: &str = "M4 19h16M7 15a6 6 0 0 0 6 0c2.6-1.5 3-4.4 3-6l3-1.6-3.1-.7A3.6 3.6 0 0 0 9.3 8.5C9.3 11 8.6 13.4 5 14.2M11 15.8V19";
    svg("svg")
        .attr("class", "mark")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", LINES))
}

//! The frame around every page: brand, navigation, project, theme, sign-out.

use leptos::{html, prelude::*};
use perch_api::model::ProjectId;

use crate::{
    explorer::ExplorerPage,
    location::{History, Location},
    route::{Explorer, Route},
    session::Sessions,
    shortcuts::{self, Shortcuts},
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
#[component]
pub(crate) fn Shell() -> impl IntoView {
    let location = expect_context::<Location>();
    let main = NodeRef::<html::Main>::new();
    let shortcuts = NodeRef::<html::Dialog>::new();
    shortcuts::listen(shortcuts);

    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    let known = Memo::new(move |_| matches!(location.route(), Route::Conversations(_)));
    let page = move || {
        if known.get() {
            view! { <ExplorerPage /> }.into_any()
        } else {
            view! { <NotFound /> }.into_any()
        }
    };
    view! {
        <a class="skip" href="#main" on:click=skip>
            "Skip to content"
        </a>
        <header class="top">
            <a class="brand" href=|| Route::Conversations(Explorer::default()).url()>
                <Mark />
                "Perch"
            </a>
            <nav aria-label="Pages">{PAGES.map(|page| view! { <NavLink page /> })}</nav>
            <ProjectPicker />
            <div class="tools">
                <ThemeSwitch />
                <button
                    class="ui-button quiet wide-only"
                    type="button"
                    aria-haspopup="dialog"
                    on:click=move |_| shortcuts::show(shortcuts)
                >
                    "Shortcuts"
                    <kbd>"?"</kbd>
                </button>
                <Account />
            </div>
        </header>
        <main id="main" tabindex="-1" node_ref=main>
            {page}
        </main>
        <Shortcuts node_ref=shortcuts />
    }
}

#[component]
fn NavLink(page: Page) -> impl IntoView {
    let location = expect_context::<Location>();
    let current = move || (page.owns)(&location.route()).then_some("page");
    view! {
        <a href=move || (page.start)().url() aria-current=current>
            {page.name}
        </a>
    }
}

/// Chooses the project; with a single one it is just named.
#[component]
fn ProjectPicker() -> impl IntoView {
    let (sessions, location) = (expect_context::<Sessions>(), expect_context::<Location>());
    let chosen = Memo::new(move |_| sessions.project(location.explorer().filters.project.as_ref()));
    let choose = move |event| {
        let id = ProjectId::parse(&event_target_value(&event)).ok();
        location.refine(History::Push, |filters| {
            filters.project = id;
            filters.variant = None;
        });
    };
    move || {
        let projects = sessions.projects();
        let chosen = chosen.get()?;
        let picker = if projects.len() < 2 {
            view! { <p class="project">{chosen.name.clone()}</p> }.into_any()
        } else {
            let options = projects.iter().map(|project| {
                let id = project.project_id.as_str().to_owned();
                let selected = project.project_id == chosen.project_id;
                view! { <option value=id selected=selected>{project.name.clone()}</option> }
            });
            let options = options.collect_view();
            view! {
                <label class="project">
                    <span class="ui-hidden">"Project"</span>
                    <select class="field" on:change=choose>
                        {options}
                    </select>
                </label>
            }
            .into_any()
        };
        Some(picker)
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::stored());
    let step = move |_| {
        theme.update(|theme| *theme = theme.next());
        theme.get_untracked().apply();
    };
    let sign = move || match theme.get() {
        Theme::System => "◐",
        Theme::Light => "☀",
        Theme::Dark => "☾",
    };
    view! {
        <button
            class="ui-button quiet icon"
            type="button"
            aria-label=move || theme.get().label()
            title=move || theme.get().label()
            on:click=step
        >
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}

/// Who is signed in, and the way out.
#[component]
fn Account() -> impl IntoView {
    let sessions = expect_context::<Sessions>();
    let who = move || sessions.who().map(|(subject, role)| format!("{subject} ({role})"));
    view! {
        <span class="account wide-only">{who}</span>
        <button class="ui-button quiet" type="button" on:click=move |_| sessions.close()>
            "Sign out"
        </button>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <section class="lone">
            <h1>"There is no such page"</h1>
            <p>"The address does not belong to any page of this console."</p>
            <a class="ui-button primary" href=|| Route::Conversations(Explorer::default()).url()>
                "Show conversations"
            </a>
        </section>
    }
}

/// The bird on its perch.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="M4 19h16" />
            <path d="M7 15a6 6 0 0 0 6 0c2.6-1.5 3-4.4 3-6l3-1.6-3.1-.7A3.6 3.6 0 0 0 9.3 8.5C9.3 11 8.6 13.4 5 14.2" />
            <path d="M11 15.8V19" />
        </svg>
    }
}

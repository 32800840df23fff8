//! The address bar: reading it, writing it, and following links without leaving the page.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, MouseEvent};

use crate::route::{BASE, Explorer, Filters, Route};

/// Handle on the address bar; everyone who shows something reads its route.
#[derive(Clone, Copy)]
pub(crate) struct Location {
    route: RwSignal<Route>,
}

/// Whether a change of address can be undone with the back button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    Push,
    Replace,
}

impl Location {
    /// Reads the address and follows the back and forward buttons and every link of the console.
    pub(crate) fn start() -> Self {
        let location = Self { route: RwSignal::new(current()) };
        location.go(current(), History::Replace);
        let popped = window_event_listener(ev::popstate, move |_| location.adopt(current()));
        let clicked = window_event_listener(ev::click, move |event| location.follow(&event));
        on_cleanup(move || {
            popped.remove();
            clicked.remove();
        });
        location
    }

    /// What the address bar says.
    pub(crate) fn route(self) -> Route {
        self.route.get()
    }

    /// As [`Location::route`], outside of the reactive graph.
    pub(crate) fn route_now(self) -> Route {
        self.route.get_untracked()
    }

    /// What the address bar says, of the explorer; its defaults on another page.
    pub(crate) fn explorer(self) -> Explorer {
        explorer_of(self.route.get())
    }

    /// As [`Location::explorer`], outside of the reactive graph.
    pub(crate) fn explorer_now(self) -> Explorer {
        explorer_of(self.route_now())
    }

    /// Shows another view.
    pub(crate) fn go(self, route: Route, history: History) {
        let url = route.url();
        // The browser only refuses what it takes for a flood; the page then goes on without it.
        let _ = window().history().and_then(|stack| match history {
            History::Push if url != address() => {
                stack.push_state_with_url(&JsValue::NULL, "", Some(&url))
            }
            _ => stack.replace_state_with_url(&JsValue::NULL, "", Some(&url)),
        });
        self.adopt(route);
    }

    /// Changes the filters; whatever is open is closed.
    pub(crate) fn refine(self, history: History, change: impl FnOnce(&mut Filters)) {
        let mut filters = self.explorer_now().filters;
        change(&mut filters);
        self.go(Route::Conversations(Explorer::with_filters(filters)), history);
    }

    fn adopt(self, route: Route) {
        if self.route.with_untracked(|shown| *shown != route) {
            self.route.set(route);
        }
    }

    /// Takes over plain clicks on links into the console; all others stay with the browser.
    fn follow(self, event: &MouseEvent) {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if modified || event.button() != 0 || event.default_prevented() {
            return;
        }
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
        let Some(link) = link else { return };
        let inside = link.pathname() == BASE || link.pathname().starts_with("/console/");
        let here = window().location().origin().is_ok_and(|origin| origin == link.origin());
        if !(inside && here && link.target().is_empty() && link.hash().is_empty()) {
            return;
        }
        event.prevent_default();
        self.go(Route::parse(&link.pathname(), &link.search()), History::Push);
    }
}

/// Path and query of the address bar.
pub(crate) fn address() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

fn current() -> Route {
    let location = window().location();
    Route::parse(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

fn explorer_of(route: Route) -> Explorer {
    match route {
        Route::Conversations(explorer) => explorer,
        Route::Unknown(_) => Explorer::default(),
    }
}

//! The page: wires address, list and transcript together.

use std::{cell::RefCell, time::Duration};

use leptos::prelude::*;
use perch_api::model::ConversationId;
use perch_client::{Client, RetryPolicy};

use super::{
    controls, keys,
    list::{self, focus_row},
    listing::Listing,
    status,
};
use crate::{
    dom::{El, el, react},
    location::{History, Location},
    platform::platform,
    route::{Filters, Route, Zone},
    session::Sessions,
    transcript,
};

/// Time between looks for new conversations.
const LOOK_OUT: Duration = Duration::from_secs(20);

/// What list, keys and transcript share.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The list.
    pub(crate) listing: Listing,
    /// The row that the keyboard is at.
    pub(crate) marked: RwSignal<Option<ConversationId>>,
    /// The conversation that is open.
    pub(crate) open: Memo<Option<ConversationId>>,
    /// The turn that the address points at.
    pub(crate) turn: Memo<Option<u32>>,
    /// Whether English versions are shown beside other languages.
    pub(crate) english: RwSignal<bool>,
    /// Whether the operator is about to choose two moments.
    pub(crate) own_range: RwSignal<bool>,
    /// The filters that are set.
    pub(crate) filters: Memo<Filters>,
    /// Sends operations.
    pub(crate) client: StoredValue<Client>,
    /// The address bar.
    pub(crate) location: Location,
    /// Who is signed in.
    pub(crate) sessions: Sessions,
}

impl Desk {
    fn new(location: Location, sessions: Sessions) -> Self {
        // A rate limit is counted down in sight of the operator instead of waited for in silence.
        let retry = RetryPolicy { patience: Duration::ZERO, ..RetryPolicy::default() };
        let client = Client::edge(platform(), "").with_retry(retry);
        Self {
            listing: Listing::new(sessions, client.clone()),
            marked: RwSignal::new(None),
            open: Memo::new(move |_| location.explorer().open),
            turn: Memo::new(move |_| location.explorer().turn),
            english: RwSignal::new(true),
            own_range: RwSignal::new(false),
            filters: Memo::new(move |_| location.explorer().filters),
            client: StoredValue::new(client),
            location,
            sessions,
        }
    }

    /// Lists anew with the filters that are set.
    pub(crate) fn refresh(self) {
        let filters = self.filters.get_untracked();
        if let Some(project) = untrack(|| self.sessions.project(filters.project.as_ref())) {
            self.listing.restart(&project, &filters, true);
        }
    }

    /// Opens a conversation or closes the one that is open.
    pub(crate) fn show(self, id: Option<ConversationId>, history: History) {
        let next = self.location.explorer_now().with_open(id);
        self.location.go(Route::Conversations(next), history);
    }

    /// Narrows or widens the list.
    pub(crate) fn refine(self, change: impl FnOnce(&mut Filters)) {
        self.location.refine(History::Push, change);
    }

    /// The address of a turn of the open conversation.
    pub(crate) fn turn_url(self, number: usize) -> String {
        let mut view = self.location.explorer();
        view.turn = u32::try_from(number).ok();
        view.url()
    }

    /// The address of a conversation in this list.
    pub(crate) fn url(self, id: &ConversationId) -> String {
        self.location.explorer().with_open(Some(id.clone())).url()
    }

    /// The clock times are shown in.
    pub(crate) fn zone(self) -> Zone {
        self.filters.with(|filters| filters.zone)
    }

    /// The words that are searched for, as they are now.
    pub(crate) fn search(self) -> String {
        self.filters.with_untracked(|filters| filters.search.clone())
    }
}

/// The explorer.
pub(crate) fn page(location: Location, sessions: Sessions) -> El {
    if untrack(|| sessions.projects().is_empty()) {
        return no_project();
    }
    let desk = Desk::new(location, sessions);
    keys::listen(desk);
    list_what_is_asked(desk);
    watch_for_new(desk);
    title(desk);
    return_focus(desk);

    let reading = Memo::new(move |_| desk.open.with(Option::is_some));
    let browse = el("section", "browse").attr("aria-labelledby", "browse-title").children([
        controls::controls(desk),
        status::line(desk),
        list::list(desk),
    ]);
    el("div", "explorer")
        .class_with("reading", move || reading.get())
        .child(el("h1", "ui-hidden").attr("id", "browse-title").text("Conversations"))
        .child(browse)
        .place(move || reading.get().then(|| untrack(|| transcript::pane(desk))))
}

fn list_what_is_asked(desk: Desk) {
    let before = RefCell::new(None::<Filters>);
    react(move || {
        let filters = desk.filters.get();
        let project = desk.sessions.project(filters.project.as_ref());
        let same = before.borrow().as_ref().is_some_and(|before| before.same_list(&filters));
        if let Some(project) = project.filter(|_| !same) {
            untrack(|| {
                desk.marked.set(None);
                desk.listing.restart(&project, &filters, false);
            });
        }
        before.replace(Some(filters));
    });
}

fn watch_for_new(desk: Desk) {
    let look = move || {
        let live = desk.filters.with_untracked(|filters| filters.range.ends_now());
        if live && !document().hidden() {
            desk.listing.look_out();
        }
    };
    if let Ok(timer) = set_interval_with_handle(look, LOOK_OUT) {
        on_cleanup(move || timer.clear());
    }
}

fn title(desk: Desk) {
    react(move || {
        let what = desk.open.with(|open| match open {
            Some(id) => format!("Conversation {id}"),
            None => "Conversations".to_owned(),
        });
        document().set_title(&format!("{what} · Perch console"));
    });
}

/// The row takes the focus back when its conversation is closed.
fn return_focus(desk: Desk) {
    let before = RefCell::new(None::<ConversationId>);
    react(move || {
        let open = desk.open.get();
        let last = before.replace(open.clone());
        if let (None, Some(closed)) = (open, last) {
            desk.marked.set(Some(closed.clone()));
            focus_row(&closed);
        }
    });
}

fn no_project() -> El {
    let how = el("p", "")
        .text("Your session covers no project. Whoever runs this console can add one to ")
        .child(el("code", "").text("PERCH_PROJECTS"))
        .text(".");
    el("section", "lone").child(el("h1", "").text("No project yet")).child(how)
}

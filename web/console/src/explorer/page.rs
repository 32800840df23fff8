//! The page: wires address, list and transcript together.

use std::time::Duration;

use leptos::prelude::*;
use perch_api::model::ConversationId;
use perch_client::{Client, RetryPolicy};

use super::{
    controls::Controls,
    keys,
    list::{ConversationList, focus_row},
    listing::Listing,
    status::Status,
};
use crate::{
    location::{History, Location},
    platform::platform,
    route::{Filters, Route},
    session::Sessions,
    transcript::TranscriptPane,
};

/// Seconds between looks for new conversations.
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
    /// The filters that are set.
    pub(crate) filters: Memo<Filters>,
    /// Sends operations.
    pub(crate) client: StoredValue<Client>,
    location: Location,
    sessions: Sessions,
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

    /// The address of a turn of the open conversation.
    pub(crate) fn turn_url(self, number: usize) -> String {
        let mut view = self.location.explorer_now();
        view.turn = u32::try_from(number).ok();
        view.url()
    }

    /// The address of a conversation in this list.
    pub(crate) fn url(self, id: &ConversationId) -> String {
        self.location.explorer_now().with_open(Some(id.clone())).url()
    }
}

/// The explorer.
#[component]
pub(crate) fn ExplorerPage() -> impl IntoView {
    let (location, sessions) = (expect_context::<Location>(), expect_context::<Sessions>());
    let desk = Desk::new(location, sessions);
    provide_context(desk);
    keys::listen(desk);
    list_what_is_asked(desk);
    watch_for_new(desk);
    title(desk);

    // The row takes the focus back when its conversation is closed.
    Effect::new(move |before: Option<Option<ConversationId>>| {
        let open = desk.open.get();
        if let (None, Some(Some(closed))) = (&open, before) {
            desk.marked.set(Some(closed.clone()));
            focus_row(&closed);
        }
        open
    });

    let reading = Memo::new(move |_| desk.open.with(Option::is_some));
    let body = move || {
        if sessions.projects().is_empty() {
            return view! { <NoProject /> }.into_any();
        }
        view! {
            <div class="explorer" class:reading=move || reading.get()>
                <h1 id="browse-title" class="ui-hidden">
                    "Conversations"
                </h1>
                <section class="browse" aria-labelledby="browse-title">
                    <Controls />
                    <Status />
                    <ConversationList />
                </section>
                <Show when=move || reading.get()>
                    <TranscriptPane />
                </Show>
            </div>
        }
        .into_any()
    };
    view! { {body} }
}

fn list_what_is_asked(desk: Desk) {
    Effect::new(move |before: Option<Filters>| {
        let filters = desk.filters.get();
        let project = desk.sessions.project(filters.project.as_ref());
        let same = before.is_some_and(|before| before.same_list(&filters));
        if let Some(project) = project.filter(|_| !same) {
            desk.marked.set(None);
            desk.listing.restart(&project, &filters, false);
        }
        filters
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
    Effect::new(move || {
        let what = desk.open.with(|open| {
            open.as_ref()
                .map_or_else(|| "Conversations".to_owned(), |id| format!("Conversation {id}"))
        });
        document().set_title(&format!("{what} · Perch console"));
    });
}

#[component]
fn NoProject() -> impl IntoView {
    view! {
        <section class="lone">
            <h1>"No project yet"</h1>
            <p>
                "Your session covers no project. Whoever runs this console can add one to "
                <code>"PERCH_PROJECTS"</code>"."
            </p>
        </section>
    }
}

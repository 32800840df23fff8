//! Fetching the list: pages, refreshing, and noticing what is new.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use leptos::prelude::*;
use perch_api::{
    families::conversations::{List, ListPath, ListQuery},
    model::Timestamp,
    operation::{Empty, Json},
};
use perch_client::Client;

use super::{
    row::Row,
    shelf::Shelf,
    sweep::{Ask, PAGE, Sweep},
    task::Task,
};
use crate::{
    clock,
    failure::{Failure, Kind},
    route::{Filters, Progress, Speaker},
    session::{Project, Sessions},
};

/// Requests one go may take before it waits to be asked again.
const REQUESTS_PER_GO: usize = 12;
/// The look-out for new conversations reaches back this far, for clocks that differ.
const LOOK_BACK_MS: i64 = 10 * 60_000;

/// The list as it stands.
#[derive(Clone, Copy)]
pub(crate) struct Listing {
    /// Newest first.
    pub(crate) rows: RwSignal<Arc<Vec<Arc<Row>>>>,
    /// What is going on.
    pub(crate) phase: RwSignal<Phase>,
    /// Whether the range holds more than is shown.
    pub(crate) more: RwSignal<bool>,
    /// Conversations that came since and are not shown yet; a full page means that many or more.
    pub(crate) fresh: RwSignal<usize>,
    /// What is odd about the answers, in a sentence.
    pub(crate) oddity: RwSignal<Option<String>>,
    job: StoredValue<Option<Job>, LocalStorage>,
    client: StoredValue<Client>,
    fetching: Task,
    watching: Task,
    sessions: Sessions,
}

/// What the list is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Fetching the first page.
    Loading,
    /// Fetching more below what is shown.
    LoadingMore,
    /// Waiting to be asked.
    Ready,
    /// The last request failed; what is shown stays.
    Failed(Failure),
}

/// One set of filters on its way.
#[derive(Clone)]
struct Job(Rc<Inner>);

struct Inner {
    path: ListPath,
    query: ListQuery,
    started: i64,
    state: RefCell<(Sweep, Shelf)>,
}

impl Listing {
    /// An empty list.
    pub(crate) fn new(sessions: Sessions, client: Client) -> Self {
        Self {
            rows: RwSignal::default(),
            phase: RwSignal::new(Phase::Loading),
            more: RwSignal::new(false),
            fresh: RwSignal::new(0),
            oddity: RwSignal::new(None),
            job: StoredValue::new_local(None),
            client: StoredValue::new(client),
            fetching: Task::new(),
            watching: Task::new(),
            sessions,
        }
    }

    /// Lists anew. What is shown stays until the first answer when `keep` is set.
    pub(crate) fn restart(self, project: &Project, filters: &Filters, keep: bool) {
        let now = clock::now();
        let (from, to) = filters.range.bounds(now);
        let path = ListPath {
            account_id: project.account_id.clone(),
            project_id: project.project_id.clone(),
        };
        let state = RefCell::new((Sweep::new(from, to), Shelf::default()));
        let job = Inner { path, query: query(filters), started: now, state };
        self.job.set_value(Some(Job(Rc::new(job))));
        if !keep {
            self.rows.set(Arc::default());
            self.more.set(false);
        }
        self.fresh.set(0);
        self.oddity.set(None);
        self.phase.set(Phase::Loading);
        self.run();
    }

    /// Fetches more, unless that is going on already.
    pub(crate) fn more(self) {
        if self.more.get_untracked() && self.phase.get_untracked() == Phase::Ready {
            self.phase.set(Phase::LoadingMore);
            self.run();
        }
    }

    /// Goes on where the last request failed.
    pub(crate) fn retry(self) {
        let empty = self.rows.with_untracked(|rows| rows.is_empty());
        self.phase.set(if empty { Phase::Loading } else { Phase::LoadingMore });
        self.run();
    }

    /// The row of a conversation, when it is shown.
    pub(crate) fn row(self, id: &str) -> Option<Arc<Row>> {
        self.rows.with_untracked(|rows| rows.iter().find(|row| row.id.as_str() == id).cloned())
    }

    fn run(self) {
        let Some(job) = self.job.get_value() else { return };
        self.fetching.start(async move { self.fetch(&job.0).await });
    }

    async fn fetch(self, job: &Inner) {
        let client = self.client.get_value();
        let before = if self.phase.get_untracked() == Phase::LoadingMore {
            self.rows.with_untracked(|rows| rows.len())
        } else {
            0
        };
        for _ in 0..REQUESTS_PER_GO {
            let ask = job.state.borrow().0.ask();
            let Some(ask) = ask else { break };
            let answer = client.send(List, &job.path, &page_of(&job.query, ask), &Empty).await;
            let Json(page) = match answer {
                Ok(page) => page,
                Err(error) => {
                    let failure = Failure::of_client(&error);
                    if failure.kind == Kind::SignedOut {
                        self.sessions.expired();
                    }
                    self.phase.set(Phase::Failed(failure));
                    return;
                }
            };
            let (rows, oddity, done) = {
                let (sweep, kept) = &mut *job.state.borrow_mut();
                sweep.answer(page.conversations.len(), page.cursor.filter(|next| !next.is_empty()));
                kept.put(page.conversations);
                let covered = (!sweep.done()).then(|| sweep.covered_from());
                (kept.since(covered), oddity(sweep, kept), sweep.done())
            };
            let enough = rows.len() >= before + PAGE as usize;
            // An unfinished first go keeps an older list in place rather than showing nothing.
            if !rows.is_empty() || done {
                self.rows.set(Arc::new(rows));
            }
            self.oddity.set(oddity);
            self.more.set(!done);
            if enough || done {
                break;
            }
        }
        self.phase.set(Phase::Ready);
    }

    /// Looks for conversations that began since the list was made.
    pub(crate) fn look_out(self) {
        let Some(Job(job)) = self.job.get_value() else { return };
        if self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.watching.start(async move {
            let ask = Ask {
                from: job.started - LOOK_BACK_MS,
                to: clock::now() + LOOK_BACK_MS,
                cursor: None,
            };
            let client = self.client.get_value();
            let answer = client.send(List, &job.path, &page_of(&job.query, ask), &Empty).await;
            // A failed look-out is not worth a word: the list itself is fine.
            let Ok(Json(page)) = answer else { return };
            let (sweep, kept) = &mut *job.state.borrow_mut();
            let (known, new): (Vec<_>, Vec<_>) =
                page.conversations.into_iter().partition(|item| kept.holds(&item.id));
            self.fresh.set(new.len());
            if kept.put(known) {
                let covered = (!sweep.done()).then(|| sweep.covered_from());
                self.rows.set(Arc::new(kept.since(covered)));
            }
        });
    }
}

fn oddity(sweep: &Sweep, shelf: &Shelf) -> Option<String> {
    if sweep.repeated() {
        return Some("The platform repeated a page; some conversations may be missing.".to_owned());
    }
    let unreadable = shelf.unreadable();
    (unreadable > 0).then(|| format!("{unreadable} without a readable id are not shown."))
}

/// The filters in the platform's words.
fn query(filters: &Filters) -> ListQuery {
    let search = !filters.search.is_empty();
    let turn_type = match filters.speaker {
        Speaker::Anyone => None,
        Speaker::Caller | Speaker::Agent => Some(filters.speaker.key().to_owned()),
    };
    ListQuery {
        query_type: search.then(|| "transcript".to_owned()),
        query: search.then(|| filters.search.clone()),
        turn_type: turn_type.filter(|_| search),
        channel: filters.channels.clone(),
        client_env: Some(filters.environment.clone()),
        limit: Some(PAGE),
        variant_id: filters.variant.as_ref().map(|id| id.as_str().to_owned()),
        in_progress: match filters.progress {
            Progress::Any => None,
            Progress::Live => Some(true),
            Progress::Ended => Some(false),
        },
        include_latency: Some(true),
        ..ListQuery::default()
    }
}

fn page_of(query: &ListQuery, ask: Ask) -> ListQuery {
    ListQuery {
        start_time: Some(Timestamp::from_unix_ms(ask.from)),
        end_time: Some(Timestamp::from_unix_ms(ask.to)),
        cursor: ask.cursor,
        ..query.clone()
    }
}

#[cfg(test)]
mod tests {
    use perch_api::{
        model::{Channel, Environment},
        operation::query::{to_pairs, write},
    };

    use super::*;

    fn sent(filters: &Filters, ask: Ask) -> String {
        let pairs = to_pairs(&page_of(&query(filters), ask));
        write(pairs.iter().map(|(name, value)| (*name, value.as_str())))
    }

    #[test]
    fn a_plain_list_always_sends_limit_environment_and_times() {
        let sent = sent(&Filters::default(), Ask { from: 0, to: 60_000, cursor: None });
        assert_eq!(
            sent,
            "client_env=live&start_time=1970-01-01T00%3A00%3A00.000Z&end_time=1970-01-01T00%3A01%3A00.000Z&limit=50&include_latency=true"
        );
    }

    #[test]
    fn every_filter_reaches_the_platform() {
        let filters = Filters {
            environment: Environment::PreRelease,
            channels: vec![Channel::Voice, Channel::Webchat],
            progress: Progress::Live,
            variant: perch_api::model::VariantId::parse("VAR-1").ok(),
            search: "late parcel".into(),
            speaker: Speaker::Agent,
            ..Filters::default()
        };
        let sent = sent(&filters, Ask { from: 0, to: 1, cursor: Some("abc".into()) });
        for part in [
            "query_type=transcript",
            "query=late%20parcel",
            "turn_type=agent",
            "channel=VOICE-SIP&channel=WEBCHAT",
            "client_env=pre-release",
            "in_progress=true",
            "variant_id=VAR-1",
            "cursor=abc",
        ] {
            assert!(sent.contains(part), "{part} in {sent}");
        }
    }

    #[test]
    fn a_speaker_without_a_search_is_not_sent() {
        let filters = Filters { speaker: Speaker::Caller, ..Filters::default() };
        assert_eq!(query(&filters).turn_type, None);
    }
}

//! Fetching one conversation, and following it while it goes on.

use std::time::Duration;

use leptos::prelude::*;
use perch_api::{
    families::conversations::{self, DetailPath},
    operation::{Empty, Json, Nothing},
};

use super::model::Transcript;
use crate::{
    dom::react,
    explorer::{Desk, Task},
    failure::{Failure, Kind},
};

/// Time between looks at a conversation that goes on.
const FOLLOW: Duration = Duration::from_secs(5);

/// The conversation as it stands.
#[derive(Clone, Copy)]
pub(super) struct Opened {
    /// What is known of it; stays while it is asked again.
    pub(super) shown: RwSignal<Option<Transcript>>,
    /// Why there is nothing, or nothing newer.
    pub(super) failure: RwSignal<Option<Failure>>,
    task: Task,
    desk: Desk,
}

impl Opened {
    /// Follows the open conversation.
    pub(super) fn follow(desk: Desk) -> Self {
        let opened = Self {
            shown: RwSignal::new(None),
            failure: RwSignal::new(None),
            task: Task::new(),
            desk,
        };
        react(move || {
            desk.open.track();
            untrack(|| {
                opened.shown.set(None);
                opened.reload();
            });
        });
        opened
    }

    /// Asks again.
    pub(super) fn reload(self) {
        self.failure.set(None);
        let project = self.desk.filters.with_untracked(|filters| filters.project.clone());
        let project = untrack(|| self.desk.sessions.project(project.as_ref()));
        match (self.desk.open.get_untracked(), project) {
            (Some(conversation_id), Some(project)) => {
                let path = DetailPath { agent_id: project.project_id, conversation_id };
                self.task.start(async move {
                    while self.fetch(&path).await {
                        let client = self.desk.client.get_value();
                        client.platform().sleep(FOLLOW).await;
                        while document().hidden() {
                            client.platform().sleep(FOLLOW).await;
                        }
                    }
                });
            }
            _ => self.task.stop(),
        }
    }

    /// Fetches once; true when it is worth asking again in a while.
    async fn fetch(self, path: &DetailPath) -> bool {
        let client = self.desk.client.get_value();
        let answer = client.send(conversations::Get, path, &Nothing {}, &Empty).await;
        let row = self.desk.listing.row(path.conversation_id.as_str());
        match answer {
            Ok(Json(detail)) => {
                let mut next = Transcript::of_detail(&detail, row.as_deref());
                let live = next.live;
                self.failure.set(None);
                let last = self.shown.with_untracked(|shown| {
                    shown
                        .as_ref()
                        .inspect(|shown| next.keep(shown))
                        .is_some_and(|shown| *shown == next)
                });
                if !last {
                    self.shown.set(Some(next));
                }
                live
            }
            Err(error) => {
                let failure = Failure::of_client(&error);
                match (failure.kind, row) {
                    (Kind::SignedOut, _) => {
                        self.desk.sessions.expired();
                        false
                    }
                    // Records can lag behind the list, or be kept from this key.
                    (Kind::Missing, Some(row)) => {
                        self.shown.set(Some(Transcript::of_row(&row)));
                        row.live
                    }
                    _ => {
                        let live = self
                            .shown
                            .with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.live));
                        let passing = failure.kind == Kind::Passing;
                        self.failure.set(Some(failure));
                        live && passing
                    }
                }
            }
        }
    }
}

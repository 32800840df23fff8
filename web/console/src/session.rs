//! Who is signed in, and what they may see.

mod link;
mod wire;

pub(crate) use link::token_of;
pub(crate) use wire::{Project, Session};

use std::sync::Arc;

use leptos::{ev, prelude::*, task::spawn_local};
use perch_api::model::ProjectId;

use crate::{
    failure::{Failure, Kind},
    location::{History, Location, address},
    route::Route,
};

/// Where the address is kept that a lost session was looking at; this tab only.
const RETURN_TO: &str = "perch.return";

/// Whether somebody is signed in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Auth {
    /// Not known yet.
    Checking,
    /// Nobody, and why.
    Out(Why),
    /// Somebody.
    In(Arc<Session>),
}

/// Why nobody is signed in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// There has been no session.
    Never,
    /// The session ran out or was ended elsewhere.
    Ended,
    /// The operator signed out.
    SignedOut,
    /// The sign-in link was not accepted.
    LinkRefused(Failure),
    /// The question could not be answered; the token, if any, can be tried again.
    Unreachable(Failure, Option<String>),
}

/// Handle on the operator's session.
#[derive(Clone, Copy)]
pub(crate) struct Sessions {
    /// The state.
    pub(crate) auth: RwSignal<Auth>,
    /// Token of the link the page was opened with, until it is used.
    token: RwSignal<Option<String>>,
}

impl Sessions {
    /// Takes the token out of the address bar, before anything can store or log the address.
    pub(crate) fn start() -> Self {
        Self { auth: RwSignal::new(Auth::Checking), token: RwSignal::new(link::take()) }
    }

    /// Finds out who is signed in, and goes on watching for it while nobody is.
    pub(crate) fn open(self, location: Location) {
        match self.token.get_untracked() {
            Some(token) => self.redeem(token, location),
            None => self.check(location),
        }
        let hash = window_event_listener(ev::hashchange, move |_| {
            if let Some(token) = link::take() {
                self.redeem(token, location);
            }
        });
        // A link opened in another tab signs this one in as well, as soon as it is looked at.
        let focus = window_event_listener(ev::focus, move |_| {
            if matches!(self.auth.get_untracked(), Auth::Out(_)) {
                self.check(location);
            }
        });
        on_cleanup(move || {
            hash.remove();
            focus.remove();
        });
    }

    /// Signs in with the token of a link.
    pub(crate) fn redeem(self, token: String, location: Location) {
        self.auth.set(Auth::Checking);
        self.token.set(None);
        spawn_local(async move {
            let auth = match wire::redeem(&token).await {
                Ok(session) => {
                    come_back(location);
                    Auth::In(Arc::new(session))
                }
                Err(failure) if failure.kind.may_pass() => {
                    Auth::Out(Why::Unreachable(failure, Some(token)))
                }
                Err(failure) => Auth::Out(Why::LinkRefused(failure)),
            };
            self.auth.set(auth);
        });
    }

    /// Asks whether there is a session.
    pub(crate) fn check(self, location: Location) {
        spawn_local(async move {
            let before = self.auth.get_untracked();
            let found = wire::current().await;
            if self.auth.get_untracked() != before {
                return; // Something else has decided meanwhile.
            }
            match (found, before) {
                (Ok(session), _) => {
                    come_back(location);
                    self.auth.set(Auth::In(Arc::new(session)));
                }
                (Err(failure), Auth::Checking) if failure.kind == Kind::SignedOut => {
                    self.auth.set(Auth::Out(Why::Never));
                }
                (Err(failure), Auth::Checking) => {
                    self.auth.set(Auth::Out(Why::Unreachable(failure, None)));
                }
                // Still nobody, and the page says already why.
                (Err(_), _) => {}
            }
        });
    }

    /// Some answer said that the session is over. The address stays, so that signing in again leads back.
    pub(crate) fn expired(self) {
        if matches!(self.auth.get_untracked(), Auth::In(_)) {
            remember();
            self.auth.set(Auth::Out(Why::Ended));
        }
    }

    /// Signs out.
    pub(crate) fn close(self) {
        spawn_local(async move {
            match wire::end().await {
                Err(failure) if failure.kind != Kind::SignedOut => {
                    self.auth.set(Auth::Out(Why::Unreachable(failure, None)));
                }
                _ => self.auth.set(Auth::Out(Why::SignedOut)),
            }
        });
    }

    /// The projects the operator may see.
    pub(crate) fn projects(self) -> Vec<Project> {
        self.auth.with(|auth| match auth {
            Auth::In(session) => session.projects.clone(),
            _ => Vec::new(),
        })
    }

    /// The project of that id, or else the first one.
    pub(crate) fn project(self, id: Option<&ProjectId>) -> Option<Project> {
        let projects = self.projects();
        let named = projects.iter().find(|project| Some(&project.project_id) == id);
        named.or(projects.first()).cloned()
    }

    /// Subject and role.
    pub(crate) fn who(self) -> Option<(String, String)> {
        self.auth.with(|auth| match auth {
            Auth::In(session) => Some((session.subject.clone(), session.role.clone())),
            _ => None,
        })
    }

    /// Whether personal data may be shown. Does not change within a session.
    pub(crate) fn pii(self) -> bool {
        self.auth.with_untracked(|auth| matches!(auth, Auth::In(session) if session.pii))
    }
}

/// Keeps the address for after the next sign-in.
fn remember() {
    if let Ok(Some(storage)) = window().session_storage() {
        // Without storage the address bar alone leads back, which covers most cases.
        let _ = storage.set_item(RETURN_TO, &address());
    }
}

/// Goes to the kept address, once, unless the page was opened at another one.
fn come_back(location: Location) {
    let Ok(Some(storage)) = window().session_storage() else { return };
    let kept = storage.get_item(RETURN_TO).ok().flatten();
    let _ = storage.remove_item(RETURN_TO);
    let plain = Route::parse("/console/", "");
    if let Some(kept) = kept.filter(|_| location.route_now() == plain) {
        let (path, search) = kept.split_once('?').unwrap_or((&kept, ""));
        location.go(Route::parse(path, search), History::Replace);
    }
}

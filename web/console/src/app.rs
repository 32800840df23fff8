//! The root: sign-in or console.

use leptos::prelude::*;

use crate::{
    dom::{El, el},
    location::Location,
    session::{Auth, Sessions},
    shell, sign_in,
};

/// The whole console.
pub(crate) fn app() -> El {
    // The sign-in token leaves the address bar before anything else reads it.
    let sessions = Sessions::start();
    let location = Location::start();
    sessions.open(location);
    let signed_in = Memo::new(move |_| sessions.auth.with(|auth| matches!(auth, Auth::In(_))));
    el("div", "app").place(move || {
        let signed_in = signed_in.get();
        Some(untrack(|| {
            if signed_in {
                shell::shell(location, sessions)
            } else {
                sign_in::page(location, sessions)
            }
        }))
    })
}

//! The root: sign-in or console.

use leptos::prelude::*;

use crate::{
    location::Location,
    session::{Auth, Sessions},
    shell::Shell,
    sign_in::SignIn,
};

/// The whole console.
#[component]
pub(crate) fn App() -> impl IntoView {
    // The sign-in token leaves the address bar before anything else reads it.
    let sessions = Sessions::start();
    let location = Location::start();
    provide_context(location);
    provide_context(sessions);
    sessions.open(location);

    let signed_in = Memo::new(move |_| sessions.auth.with(|auth| matches!(auth, Auth::In(_))));
    move || {
        if signed_in.get() {
            view! { <Shell /> }.into_any()
        } else {
            view! { <SignIn /> }.into_any()
        }
    }
}

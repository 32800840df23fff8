//! The operator console: finds conversations and shows how they went.
//!
//! Everything on screen follows from the address bar ([`route`]) and the operator's session
//! ([`session`]). Data comes from the edge worker of the same origin; no key ever gets here.

#![allow(
    clippy::large_types_passed_by_value,
    reason = "signals are numbers; only debug builds add the place where each was made"
)]

mod app;
mod clock;
mod dom;
mod explorer;
mod failure;
mod location;
mod notice;
mod platform;
mod route;
mod session;
mod shell;
mod shortcuts;
mod sign_in;
mod text;
mod theme;
mod transcript;

fn main() {
    console_error_panic_hook::set_once();
    theme::Theme::stored().apply();
    if let Some(boot) = leptos::prelude::document().get_element_by_id("boot") {
        boot.remove();
    }
    // Leptos sets up the reactive system; the elements are ours.
    leptos::mount::mount_to_body(|| {
        if let Some(body) = leptos::prelude::document().body() {
            // Cannot fail: the body never lies within a part of it.
            let _ = body.append_child(&app::app().node());
        }
    });
}

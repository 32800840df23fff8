//! The operator console: finds conversations and shows how they went.
//!
//! Everything on screen follows from the address bar ([`route`]) and the operator's session
//! ([`session`]). Data comes from the edge worker of the same origin; no key ever gets here.

#![allow(
    clippy::needless_pass_by_value,
    reason = "the properties of a component are passed by value"
)]
#![allow(unreachable_pub, reason = "leptos's component macro writes `pub` where we write less")]

mod app;
mod clock;
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
    leptos::mount::mount_to_body(app::App);
}

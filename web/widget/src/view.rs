//! What the panel shows, in three places of the shell: title, menu and body.

#![allow(unreachable_pub, reason = "Leptos makes every component `pub`")]

mod card;
mod composer;
mod foot;
mod head;
mod listener;
mod log;
mod message;
mod when;

use std::any::Any;

use leptos::{mount::mount_to, prelude::*};

use crate::{
    chat::{Chat, Phase},
    host::Shell,
};

/// The mounted trees; dropping them takes them out of the page.
pub(crate) struct Views(#[expect(dead_code, reason = "held until dropped")] [Box<dyn Any>; 3]);

/// Mounts the views of a chat under the current reactive owner.
pub(crate) fn mount(chat: Chat, shell: &Shell) -> Views {
    let ending = RwSignal::new(false);
    shell.title.set_text_content(None);
    composer::wire(chat, shell);
    listener::reconnect(chat);
    Views([
        Box::new(mount_to(shell.title.clone(), move || view! { <head::Title chat /> })),
        Box::new(mount_to(shell.menu.clone(), move || view! { <head::Menu chat ending /> })),
        Box::new(mount_to(shell.body.clone(), move || view! { <Body chat ending /> })),
    ])
}

#[component]
fn Body(chat: Chat, ending: RwSignal<bool>) -> impl IntoView {
    let started = move || !matches!(chat.phase.get(), Phase::Failed | Phase::Refused);
    view! {
        <Show when=started fallback=move || view! { <foot::NoStart chat /> }>
            <log::Log chat />
        </Show>
        <foot::Notice chat />
        <foot::Status chat />
        <foot::Ending chat ending />
        <foot::Ended chat />
        <perch_ui::LiveRegion announcer=chat.announcer />
    }
}

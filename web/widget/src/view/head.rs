//! Who one talks to, and the way out.

use leptos::prelude::*;
use perch_api::messaging::client::Agent;

use crate::chat::Chat;

/// Name and role of whoever answers.
#[component]
pub(super) fn Title(chat: Chat) -> impl IntoView {
    let live = move || chat.status.with(|status| matches!(status.agent, Agent::Live(_)));
    let role = move || {
        let labels = chat.labels.get();
        if live() { labels.person } else { labels.assistant }
    };
    let site = move || {
        let title = chat.site.with(|site| site.as_ref().map(|site| site.title.clone()));
        title.filter(|title| !title.is_empty()).map(|title| format!("{title} · "))
    };
    let initial =
        move || chat.partner().chars().next().map(|first| first.to_uppercase().to_string());
    view! {
        <span class="face" class:live=live aria-hidden="true">{initial}</span>
        <span class="names">
            <span class="name">{move || chat.partner()}</span>
            <span class="role">{site} {role}</span>
        </span>
    }
}

/// Ends the chat, after asking.
#[component]
pub(super) fn Menu(chat: Chat, ending: RwSignal<bool>) -> impl IntoView {
    let can_end = move || !chat.over() && !chat.rows.with(Vec::is_empty);
    view! {
        <Show when=can_end>
            <button
                type="button"
                class="end"
                aria-expanded=move || ending.get().to_string()
                on:click=move |_| ending.update(|ending| *ending = !*ending)
            >
                {move || chat.labels.get().end}
            </button>
        </Show>
    }
}

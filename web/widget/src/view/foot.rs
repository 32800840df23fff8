//! What stands between log and composer: trouble, queues, the end.

use std::time::Duration;

use leptos::{html, prelude::*};
use perch_api::messaging::client::{EndReason, Refusal};
use perch_client::driver::Command;
use perch_ui::{Button, ButtonKind, Glyph, Icon};

use crate::{
    banner::banner,
    chat::{Chat, Phase},
    host::Shell,
};

/// There is no session to talk in.
#[component]
pub(super) fn NoStart(chat: Chat) -> impl IntoView {
    let failed = move || chat.phase.get() == Phase::Failed;
    let text = move || {
        let labels = chat.labels.get();
        if failed() { labels.no_start } else { labels.not_here }
    };
    view! {
        <div class="nothing" role="alert">
            <Icon glyph=Glyph::Warning />
            <span>{text}</span>
            <Show when=failed>
                <Button kind=ButtonKind::Primary on_press=move || chat.restart()>
                    {move || chat.labels.get().try_again}
                </Button>
            </Show>
        </div>
    }
}

/// Why the last message was not taken.
#[component]
pub(super) fn Notice(chat: Chat) -> impl IntoView {
    let text = move || {
        let labels = chat.labels.get();
        chat.notice.get().map(|refusal| match refusal {
            Refusal::Empty | Refusal::TooLong { .. } => labels.too_long,
            Refusal::Backlog { .. } => labels.too_many,
            Refusal::Over => labels.ended,
        })
    };
    view! {
        <div role="alert">
            {move || text().map(|text| view! { <div class="banner bad">{text}</div> })}
        </div>
    }
}

/// The state of line and queue.
#[component]
pub(super) fn Status(chat: Chat) -> impl IntoView {
    let now = RwSignal::new(now());
    // A clock only while something counts down.
    Effect::new(move || {
        if chat.retry_at.with(Option::is_none) {
            return;
        }
        now.set(self::now());
        let second = Duration::from_secs(1);
        if let Ok(ticks) = set_interval_with_handle(move || now.set(self::now()), second) {
            on_cleanup(move || ticks.clear());
        }
    });
    let seconds = move || {
        let left = chat.retry_at.get()?.saturating_sub(now.get()).div_ceil(1_000);
        u32::try_from(left).ok()
    };
    let shown = Memo::new(move |_| {
        let labels = chat.labels.get();
        let was_open = chat.was_open.get();
        chat.status.with(|status| banner(status, labels, seconds(), was_open))
    });
    move || {
        shown.get().map(|banner| {
            let button = banner.button.map(|words| {
                view! {
                    <Button on_press=move || {
                        chat.command(Command::Connect);
                    }>{words}</Button>
                }
            });
            view! {
                <div class="banner status" class:bad=banner.bad>
                    {banner.busy.then(|| view! { <span class="ui-spinner" aria-hidden="true"></span> })}
                    <span>{banner.text}</span>
                    {button}
                </div>
            }
        })
    }
}

/// Asks before ending.
#[component]
pub(super) fn Ending(chat: Chat, ending: RwSignal<bool>) -> impl IntoView {
    let leave = move || {
        ending.set(false);
        chat.shell(Shell::refocus);
    };
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            // The shell would close the panel.
            event.prevent_default();
            leave();
        }
    };
    let keep = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(group) = keep.get() {
            let _ = group.focus();
        }
    });
    view! {
        <Show when=move || ending.get() && !chat.over()>
            <div
                class="banner ending"
                role="group"
                aria-label=move || chat.labels.get().end_question
                tabindex="-1"
                node_ref=keep
                on:keydown=escape
            >
                <span>{move || chat.labels.get().end_question}</span>
                <Button
                    kind=ButtonKind::Danger
                    on_press=move || {
                        ending.set(false);
                        chat.end();
                    }
                >
                    {move || chat.labels.get().end}
                </Button>
                <Button on_press=leave>{move || chat.labels.get().keep}</Button>
            </div>
        </Show>
    }
}

/// The end, and a new beginning.
#[component]
pub(super) fn Ended(chat: Chat) -> impl IntoView {
    let text = move || {
        let labels = chat.labels.get();
        let idle = chat.status.with(|status| status.ended == Some(EndReason::Idle));
        if idle { labels.ended_idle } else { labels.ended }
    };
    let again = move || {
        chat.start_over();
        chat.shell(Shell::refocus);
    };
    view! {
        <Show when=move || chat.over()>
            <div class="ended">
                <span>{text}</span>
                <Button kind=ButtonKind::Primary on_press=again>
                    {move || chat.labels.get().new_chat}
                </Button>
            </div>
        </Show>
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 are a positive integer"
)]
fn now() -> u64 {
    js_sys::Date::now() as u64
}

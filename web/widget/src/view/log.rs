//! Everything said, and whether the end of it is in view.

use leptos::{html, prelude::*};
use perch_api::messaging::transcript::Author;
use perch_ui::{Glyph, Icon};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

use super::message::Message;
use crate::{chat::Chat, labels::fill};

/// So close to the end counts as the end, in pixels.
const NEAR: i32 = 48;

/// The log. It is no live region itself (see `perch_ui::announcer`): streamed text would be read out
/// piece by piece.
#[component]
pub(super) fn Log(chat: Chat) -> impl IntoView {
    let log = NodeRef::<html::Div>::new();
    let list = NodeRef::<html::Ol>::new();
    let at_end = RwSignal::new(true);
    let missed = RwSignal::new(false);

    let to_end = move || {
        at_end.set(true);
        missed.set(false);
        if let Some(log) = log.get_untracked() {
            log.set_scroll_top(log.scroll_height());
        }
    };

    // Whatever grows or shrinks (text, pictures, the window, the keyboard): the end stays in view.
    Effect::new(move || {
        if let (Some(log), Some(list)) = (log.get(), list.get()) {
            follow([&log, &list], move || {
                if at_end.try_get_untracked() == Some(true) {
                    to_end();
                }
            });
        }
    });
    Effect::new(move |before: Option<usize>| {
        let rows = chat.rows.with(Vec::len);
        if before.is_some_and(|before| before < rows) && !at_end.get_untracked() {
            missed.set(true);
        }
        rows
    });
    Effect::new(move || {
        chat.said.track();
        chat.shown.track();
        to_end();
    });

    let scrolled = move |_| {
        // A closed panel has no height, and its position means nothing.
        if let Some(log) = log.get_untracked().filter(|log| log.client_height() > 0) {
            let below = log.scroll_height() - log.scroll_top() - log.client_height();
            at_end.set(below < NEAR);
            if below < NEAR {
                missed.set(false);
            }
        }
    };

    view! {
        <div class="logs">
            <div
                class="log"
                role="log"
                aria-live="off"
                aria-label=move || chat.labels.get().conversation
                lang=move || chat.locale.get()
                tabindex="0"
                node_ref=log
                on:scroll=scrolled
            >
                <ol role="list" node_ref=list>
                    <For each=move || chat.rows.get() key=|key| *key let(key)>
                        <Message chat key />
                    </For>
                    <Waiting chat />
                    <Typing chat />
                </ol>
            </div>
            <Show when=move || missed.get()>
                <button type="button" class="ui-button newer" on:click=move |_| to_end()>
                    <Icon glyph=Glyph::Down />
                    {move || chat.labels.get().new_messages}
                </button>
            </Show>
        </div>
    }
}

/// What was said before there was a session.
#[component]
fn Waiting(chat: Chat) -> impl IntoView {
    move || {
        let rows = chat.waiting.get().into_iter().map(|text| {
            view! {
                <li class="row visitor first last" data-author="visitor" data-delivery="sending">
                    <div class="bubble">
                        <p dir="auto">{text}</p>
                    </div>
                    <div class="meta">{chat.labels.get().sending}</div>
                </li>
            }
        });
        rows.collect_view()
    }
}

/// Somebody is about to say something; also while the greeting is on its way.
#[component]
fn Typing(chat: Chat) -> impl IntoView {
    let streams = move || {
        let newest = chat.rows.with(|rows| rows.last().copied());
        newest.and_then(|key| chat.row(key)).is_some_and(|row| {
            row.entry.with(|entry| entry.streaming && entry.author != Author::Visitor)
        })
    };
    let typing = Memo::new(move |_| {
        let told = chat.status.with(|status| status.indicator.is_some() && status.ended.is_none());
        (told || chat.rows.with(Vec::is_empty)) && !streams()
    });
    view! {
        <Show when=move || typing.get()>
            <li class="row agent typing" data-author="agent">
                <div class="bubble">
                    <span class="dots" aria-hidden="true">
                        <i></i>
                        <i></i>
                        <i></i>
                    </span>
                    <span class="ui-hidden">
                        {move || fill(chat.labels.get().typing, &chat.partner())}
                    </span>
                </div>
            </li>
        </Show>
    }
}

/// Calls `work` whenever one of the elements changes its size, until the current owner is cleaned up.
fn follow(elements: [&Element; 2], work: impl FnMut() + 'static) {
    let work = Closure::<dyn FnMut()>::new(work);
    if let Ok(observer) = ResizeObserver::new(work.as_ref().unchecked_ref()) {
        elements.iter().for_each(|element| observer.observe(element));
        StoredValue::new_local(Follower { observer, _work: work });
    }
}

struct Follower {
    observer: ResizeObserver,
    _work: Closure<dyn FnMut()>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

//! One thing that was said.

use leptos::prelude::*;
use perch_api::messaging::{
    frame::{Attachment, CallAction, Suggestion, SystemLevel},
    transcript::{Author, Delivery, Entry},
};
use perch_client::driver::Command;
use perch_ui::{Glyph, Icon, Rich};

use super::{card::Card, when};
use crate::{
    chat::{Chat, Row, RowKey},
    rows::{Shape, at_ms, shows_delivery},
};

/// One row of the log.
#[component]
pub(super) fn Message(chat: Chat, key: RowKey) -> impl IntoView {
    chat.row(key).map(|row| view! { <Said chat row /> })
}

#[component]
fn Said(chat: Chat, row: Row) -> impl IntoView {
    let part = Part(row);
    let author = part.once(|entry| entry.author);
    let class = {
        let shape = part.shape();
        let kind = kind(author);
        move || {
            let Shape { first, last, .. } = shape.get();
            let mark = |set, mark| if set { mark } else { "" };
            format!("row {kind}{}{}", mark(first, " first"), mark(last, " last"))
        }
    };
    let text = part.of(|entry| entry.text.clone());
    let cards = part.of(|entry| entry.attachments.clone());
    let calls = part.of(|entry| entry.call_actions.clone());
    let level = part.of(|entry| entry.level);
    let delivery = part.of(|entry| entry.delivery);
    let bad = move || matches!(level.get(), Some(SystemLevel::Warning | SystemLevel::Error));

    view! {
        <Dividers chat part=part.clone() />
        <li
            class=class
            class:bad=bad
            data-author=kind(author)
            data-delivery=move || (author == Author::Visitor).then(|| state(delivery.get()))
        >
            <Who chat part=part.clone() />
            <Show when=move || text.with(|text| !text.is_empty())>
                <div class="bubble">
                    <Rich text=text />
                </div>
            </Show>
            <Cards chat cards />
            <Calls calls />
            <Meta chat part=part.clone() />
            <Chips chat part />
        </li>
    }
}

/// A row's entry and shape, to take parts of that change on their own.
#[derive(Clone)]
struct Part(Row);

impl Part {
    fn of<T>(&self, part: impl Fn(&Entry) -> T + Send + Sync + 'static) -> Signal<T>
    where
        T: PartialEq + Clone + Send + Sync + 'static,
    {
        let entry = self.0.entry.clone();
        Memo::new(move |_| entry.with(&part)).into()
    }

    fn once<T>(&self, part: impl FnOnce(&Entry) -> T) -> T {
        self.0.entry.with_untracked(part)
    }

    fn shape(&self) -> Signal<Shape> {
        self.0.shape.clone().into()
    }
}

fn kind(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Agent => "agent",
        Author::LiveAgent => "live",
        Author::System => "system",
    }
}

fn state(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sending => "sending",
        Delivery::Sent => "sent",
        Delivery::Uncertain => "uncertain",
        Delivery::Failed => "failed",
    }
}

/// A new day, or a new session.
#[component]
fn Dividers(chat: Chat, part: Part) -> impl IntoView {
    let shape = part.shape();
    let at = part.of(at_ms);
    let label = Memo::new(move |_| {
        let Shape { new_day, new_session, .. } = shape.get();
        let labels = chat.labels.get();
        let day = new_day.then(|| when::day(&chat.locale.get(), labels, at.get()));
        let fresh = new_session.then(|| labels.fresh.to_owned());
        let words: Vec<String> = fresh.into_iter().chain(day).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    });
    move || label.get().map(|label| view! { <li class="divider">{label}</li> })
}

/// The speaker: visible above an agent's first message, and said of every message to those who listen.
#[component]
fn Who(chat: Chat, part: Part) -> impl IntoView {
    let shape = part.shape();
    let entry = part.0.entry.clone();
    let author = part.once(|entry| entry.author);
    let seen = matches!(author, Author::Agent | Author::LiveAgent);
    let class = move || if seen && shape.get().first { "who" } else { "ui-hidden" };
    let name = move || entry.with(|entry| chat.speaker(entry));
    (author != Author::System)
        .then(|| view! { <div class=class>{name} <span class="ui-hidden">":"</span></div> })
}

#[component]
fn Cards(chat: Chat, cards: Signal<Vec<Attachment>>) -> impl IntoView {
    move || {
        let cards = cards.get();
        (!cards.is_empty()).then(|| {
            let cards = cards.into_iter().map(|card| view! { <Card chat card /> });
            view! { <div class="cards">{cards.collect_view()}</div> }
        })
    }
}

#[component]
fn Calls(calls: Signal<Vec<CallAction>>) -> impl IntoView {
    move || {
        let call = |call: CallAction| {
            let number: String =
                call.contact_number.chars().filter(|c| !c.is_whitespace()).collect();
            let href = perch_ui::rich::safe_href(&format!("tel:{number}"))?.to_owned();
            let title = call.title.filter(|title| !title.is_empty());
            Some(view! {
                <a class="ui-button call" href=href>
                    <Icon glyph=Glyph::Phone />
                    {title.unwrap_or(call.contact_number)}
                </a>
            })
        };
        calls.get().into_iter().filter_map(call).collect_view()
    }
}

/// The time, and where a visitor's message stands.
#[component]
fn Meta(chat: Chat, part: Part) -> impl IntoView {
    let shape = part.shape();
    let at = part.of(at_ms);
    let author = part.once(|entry| entry.author);
    let delivery = part.of(|entry| entry.delivery);
    let streaming = part.of(|entry| entry.streaming);
    let id = part.of(|entry| entry.client_event_id.clone());

    let told = Memo::new(move |_| {
        shows_delivery(author, delivery.get(), shape.get().newest_own).then(|| delivery.get())
    });
    let words = move || {
        let labels = chat.labels.get();
        told.get().map(|delivery| match delivery {
            Delivery::Sending => labels.sending,
            Delivery::Sent => labels.delivered,
            Delivery::Uncertain => labels.uncertain,
            Delivery::Failed => labels.undelivered,
        })
    };
    let trouble = move || matches!(told.get(), Some(Delivery::Uncertain | Delivery::Failed));
    let again = move || {
        id.get().filter(|_| trouble() && !chat.over()).map(|id| {
            view! {
                <button
                    type="button"
                    class="again"
                    on:click=move |_| {
                        chat.command(Command::Retry(id.clone()));
                    }
                >
                    {move || chat.labels.get().send_again}
                </button>
            }
        })
    };
    let needed = move || {
        author != Author::System && !streaming.get() && (shape.get().last || told.get().is_some())
    };
    view! {
        <Show when=needed>
            <div class="meta" class:trouble=trouble>
                <time title=move || {
                    when::full(&chat.locale.get(), at.get())
                }>{move || when::time(&chat.locale.get(), at.get())}</time>
                {move || words().map(|words| view! { <span>{words}</span> })}
                {again.clone()}
            </div>
        </Show>
    }
}

/// Ready answers below the newest message.
#[component]
fn Chips(chat: Chat, part: Part) -> impl IntoView {
    let shape = part.shape();
    let chips = part.of(|entry| entry.suggestions.clone());
    let streaming = part.of(|entry| entry.streaming);
    let offered = Memo::new(move |_| {
        let shown = shape.get().newest && !streaming.get() && !chat.over();
        if shown { chips.get() } else { Vec::new() }
    });
    let chip = move |chip: Suggestion| {
        let text = chip.message_text.clone();
        let press = move |_| {
            chat.send(text.clone());
            // The chip is about to go, and the focus must not go with it.
            chat.shell(crate::host::Shell::refocus);
        };
        view! {
            <li>
                <button type="button" class="chip" on:click=press>
                    {chip.message_text}
                </button>
            </li>
        }
    };
    move || {
        let chips = offered.get();
        (!chips.is_empty()).then(|| {
            view! {
                <ul class="chips" role="list" aria-label=chat.labels.get().suggestions>
                    {chips.into_iter().map(chip).collect_view()}
                </ul>
            }
        })
    }
}

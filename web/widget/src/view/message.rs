//! One thing that was said.

use perch_api::messaging::{
    frame::SystemLevel,
    transcript::{Author, Delivery, Entry},
};
use perch_ui::{Glyph, rich};
use web_sys::Element;

use super::{card::card, when::Clock};
use crate::{
    action::Action,
    dom,
    rows::{Shape, at_ms, shows_delivery},
    state::State,
};

/// A row of the log, and the divider above it.
pub(super) struct Message {
    pub(super) divider: Element,
    pub(super) root: Element,
    who: Element,
    bubble: Element,
    text: rich::Surface,
    cards: Element,
    meta: Element,
    chips: Element,
    shown: Option<(Entry, Shape, bool)>,
}

impl Message {
    pub(super) fn new(author: Author) -> Self {
        let divider = dom::make("li", "divider");
        let root = dom::make("li", "row");
        dom::set(&root, "data-author", kind(author));
        let [who, bubble, rich, cards, meta] = ["ui-hidden", "bubble", "ui-rich", "cards", "meta"]
            .map(|class| dom::make("div", class));
        let chips = dom::make("ul", "chips");
        dom::set(&chips, "role", "list");
        dom::set(&bubble, "dir", "auto");
        dom::add(&bubble, &rich);
        for part in [&who, &bubble, &cards, &meta, &chips] {
            dom::add(&root, part);
        }
        Self {
            divider,
            root,
            who,
            bubble,
            text: rich::Surface::new(rich),
            cards,
            meta,
            chips,
            shown: None,
        }
    }

    /// Makes the next [`paint`](Self::paint) draw everything, for another language.
    pub(super) fn forget(&mut self) {
        self.shown = None;
    }

    /// Draws what differs from the last time.
    pub(super) fn paint(&mut self, entry: &Entry, shape: Shape, state: &State, clock: &Clock) {
        let over = state.over();
        let before = self.shown.replace((entry.clone(), shape, over));
        let (old, old_shape, was_over) = match &before {
            Some((old, shape, over)) => (Some(old), Some(*shape), Some(*over)),
            None => (None, None, None),
        };
        if old == Some(entry) && old_shape == Some(shape) && was_over == Some(over) {
            return;
        }
        if old.map(|old| &old.text) != Some(&entry.text) {
            if entry.author == Author::Visitor {
                // As typed: what a visitor writes is no Markdown.
                dom::say(&self.bubble, &entry.text);
            } else {
                self.text.show(&entry.text);
            }
            dom::show(&self.bubble, !entry.text.is_empty());
        }
        if old.map(|old| (&old.attachments, &old.call_actions))
            != Some((&entry.attachments, &entry.call_actions))
        {
            self.draw_cards(entry, state);
        }
        self.draw_frame(entry, shape, state, clock);
        self.draw_meta(entry, shape, state, clock);
        self.draw_chips(entry, shape.newest && !entry.streaming && !over, state);
    }

    fn draw_frame(&self, entry: &Entry, shape: Shape, state: &State, clock: &Clock) {
        let mut class = ["row ", kind(entry.author)].concat();
        let bad = matches!(entry.level, Some(SystemLevel::Warning | SystemLevel::Error));
        for (set, mark) in [(shape.first, " first"), (shape.last, " last"), (bad, " bad")] {
            if set {
                class.push_str(mark);
            }
        }
        self.root.set_class_name(&class);
        if entry.author == Author::Visitor {
            dom::set(&self.root, "data-delivery", delivery(entry.delivery));
        }
        let named = shape.first && matches!(entry.author, Author::Agent | Author::LiveAgent);
        self.who.set_class_name(if named { "who" } else { "ui-hidden" });
        dom::say(&self.who, state.speaker(entry));

        let fresh = shape.new_session.then_some(state.labels.fresh);
        let day = shape.new_day.then(|| clock.day(state.labels, at_ms(entry)));
        let words = match (fresh, day) {
            (Some(fresh), Some(day)) => [fresh, " · ", &day].concat(),
            (fresh, day) => day.unwrap_or_else(|| fresh.unwrap_or_default().to_owned()),
        };
        dom::say(&self.divider, &words);
        dom::show(&self.divider, !words.is_empty());
    }

    fn draw_cards(&self, entry: &Entry, state: &State) {
        self.cards.set_text_content(None);
        for attachment in &entry.attachments {
            dom::add(&self.cards, &card(attachment, state.labels, state.local));
        }
        for call in &entry.call_actions {
            let mut number = call.contact_number.clone();
            number.retain(|c| !c.is_whitespace());
            let url = ["tel:", &number].concat();
            let Some(href) = rich::safe_href(&url) else { continue };
            let link = dom::make("a", "ui-button");
            dom::set(&link, "href", href);
            dom::add(&link, &dom::icon(Glyph::Phone));
            let title = call.title.as_deref().filter(|title| !title.is_empty());
            dom::add(&link, &dom::words("span", "", title.unwrap_or(&call.contact_number)));
            dom::add(&self.cards, &link);
        }
        dom::show(&self.cards, !(entry.attachments.is_empty() && entry.call_actions.is_empty()));
    }

    /// The time, and where a visitor's message stands.
    fn draw_meta(&self, entry: &Entry, shape: Shape, state: &State, clock: &Clock) {
        let labels = state.labels;
        let told = shows_delivery(entry.author, entry.delivery, shape.newest_own);
        let needed = entry.author != Author::System && !entry.streaming && (shape.last || told);
        dom::show(&self.meta, needed);
        self.meta.set_text_content(None);
        if !needed {
            return;
        }
        let at = at_ms(entry);
        let time = dom::words("time", "", &clock.time(at));
        dom::set(&time, "title", &clock.full(at));
        dom::add(&self.meta, &time);
        let trouble = matches!(entry.delivery, Delivery::Uncertain | Delivery::Failed);
        self.meta.set_class_name(if trouble { "meta trouble" } else { "meta" });
        if told {
            let words = match entry.delivery {
                Delivery::Sending => labels.sending,
                Delivery::Sent => labels.delivered,
                Delivery::Uncertain => labels.uncertain,
                Delivery::Failed => labels.undelivered,
            };
            dom::add(&self.meta, &dom::words("span", "", words));
        }
        if let Some(id) = entry.client_event_id.as_ref().filter(|_| trouble && !state.over()) {
            let again = dom::button("again", Action::AGAIN, labels.send_again);
            dom::set(&again, "data-arg", id);
            dom::add(&self.meta, &again);
        }
    }

    fn draw_chips(&self, entry: &Entry, offered: bool, state: &State) {
        self.chips.set_text_content(None);
        dom::show(&self.chips, offered && !entry.suggestions.is_empty());
        if !offered {
            return;
        }
        dom::set(&self.chips, "aria-label", state.labels.suggestions);
        for suggestion in &entry.suggestions {
            let chip = dom::button("chip", Action::SAY, &suggestion.message_text);
            dom::set(&chip, "data-arg", &suggestion.message_text);
            dom::set(&chip, "dir", "auto");
            let item = dom::make("li", "");
            dom::add(&item, &chip);
            dom::add(&self.chips, &item);
        }
    }
}

pub(super) fn kind(author: Author) -> &'static str {
    match author {
        Author::Visitor => "visitor",
        Author::Agent => "agent",
        Author::LiveAgent => "live",
        Author::System => "system",
    }
}

fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sending => "sending",
        Delivery::Sent => "sent",
        Delivery::Uncertain => "uncertain",
        Delivery::Failed => "failed",
    }
}

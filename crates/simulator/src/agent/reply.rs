//! What the agent does in answer to a message.

use serde::{Deserialize, Serialize};

use super::knowledge::{Card, Topic};
use super::language::{Language, Local, Weekday};
use crate::snapshot::statics::{self, Word};

/// One sentence of the agent, kept so that it can be told in any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The wording in four languages, perhaps with `{order}` and `{day}`.
    pub wording: &'static Local,
    /// Fills `{order}`.
    pub order: Option<String>,
    /// Fills `{day}`.
    pub day: Option<Weekday>,
}

impl Line {
    /// A line without gaps.
    pub const fn plain(wording: &'static Local) -> Self {
        Self { wording, order: None, day: None }
    }

    /// The sentence in `language`.
    pub fn text(&self, language: Language) -> String {
        let mut text = language.of(self.wording).to_owned();
        if let Some(order) = &self.order {
            text = text.replace("{order}", order);
        }
        if let Some(day) = self.day {
            text = text.replace("{day}", language.of(&Language::weekday(day)));
        }
        text
    }
}

/// A hand-over to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Where to.
    #[serde(deserialize_with = "statics::word")]
    pub destination: Word,
    /// Why.
    #[serde(deserialize_with = "statics::word")]
    pub reason: Word,
}

/// A tool the agent called to find its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// Function name.
    pub name: &'static str,
    /// The one argument: its name and value.
    pub argument: (&'static str, String),
}

/// What the agent does in answer to one message.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// What it says.
    pub lines: Vec<Line>,
    /// What it offers to say next, as texts of the visitor.
    pub suggestions: Vec<&'static Local>,
    /// Attachment cards.
    pub cards: Vec<&'static Card>,
    /// The topic the answer comes from.
    pub topic: Option<&'static Topic>,
    /// Tools called on the way.
    pub tools: Vec<ToolCall>,
    /// The language from now on, when it changed.
    pub language: Option<Language>,
    /// A person takes over.
    pub handoff: Option<Handoff>,
    /// The conversation is over after this reply.
    pub ends: bool,
    /// The message was outside what the agent knows.
    pub misunderstood: bool,
}

impl Reply {
    /// The whole reply in `language`.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&line.text(language));
        }
        text
    }

    /// A reply of one line.
    pub(super) fn say(wording: &'static Local) -> Self {
        Self { lines: vec![Line::plain(wording)], ..Self::default() }
    }

    /// The same with more suggestions.
    pub(super) fn offering(
        mut self,
        suggestions: impl IntoIterator<Item = &'static Local>,
    ) -> Self {
        self.suggestions.extend(suggestions);
        self
    }
}

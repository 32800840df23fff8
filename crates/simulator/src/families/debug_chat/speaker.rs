//! Who answers in a trial: the agent that was always there, or one that was made here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use perch_api::model::Timestamp;
use serde_json::{Value, json};

use crate::agent;
use crate::agent::{Dialogue, Language};
use crate::studio::{Agent, Deployment, Draft, speaker};

const LOST: &str = "I am not sure about that. Could you put it in other words?";
const STILL_THERE: &str = "Are you still there?";

/// The one who answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Speaker {
    /// The agent of the world.
    Seeded(Box<Dialogue>),
    /// An agent that speaks from its topics.
    Made {
        /// Its first words.
        greeting: String,
        /// What is deployed.
        content: Arc<Draft>,
        /// What it speaks.
        language: Language,
    },
}

/// What was said.
#[derive(Debug)]
pub(super) enum Spoken {
    /// By the agent of the world, in a language.
    Seeded(Box<agent::Reply>, Language),
    /// By an agent that was made here.
    Made {
        /// The words.
        text: String,
        /// The name of the topic they are from.
        topic: Option<String>,
    },
}

impl Speaker {
    /// The agent of the world, in the language asked for.
    pub(super) fn seeded(language: Option<&str>, variety: u64) -> Self {
        let language = language.and_then(Language::parse).unwrap_or(Language::English);
        Self::Seeded(Box::new(Dialogue::new(language, variety)))
    }

    /// An agent that was made here, as it is deployed.
    pub(super) fn made(agent: &Agent, deployed: &Deployment) -> Self {
        let greeting = agent.settings.pointer("/responseSettings/greeting").and_then(Value::as_str);
        let code = agent.settings.pointer("/responseSettings/languageCode").and_then(Value::as_str);
        Self::Made {
            greeting: greeting.unwrap_or_default().to_owned(),
            content: Arc::clone(&deployed.content),
            language: code.and_then(Language::parse).unwrap_or(Language::English),
        }
    }

    /// First words.
    pub(super) fn greeting(&self) -> Spoken {
        match self {
            Self::Seeded(dialogue) => {
                Spoken::Seeded(Box::new(dialogue.greeting()), dialogue.language())
            }
            Self::Made { greeting, .. } => Spoken::Made { text: greeting.clone(), topic: None },
        }
    }

    /// Answers a message; an empty one is silence.
    pub(super) fn answer(&mut self, words: &str) -> Spoken {
        match self {
            Self::Seeded(dialogue) => {
                let reply = dialogue.answer(words);
                Spoken::Seeded(Box::new(reply), dialogue.language())
            }
            Self::Made { content, .. } => {
                let found = speaker::answer(content, words);
                let lost = if words.trim().is_empty() { STILL_THERE } else { LOST };
                let text = found.map_or_else(|| lost.to_owned(), |topic| topic.content.clone());
                Spoken::Made { text, topic: found.map(|topic| topic.name.clone()) }
            }
        }
    }

    /// The language spoken now.
    pub(super) fn language(&self) -> Language {
        match self {
            Self::Seeded(dialogue) => dialogue.language(),
            Self::Made { language, .. } => *language,
        }
    }

    /// The order number given so far.
    pub(super) fn order(&self) -> Option<&str> {
        match self {
            Self::Seeded(dialogue) => dialogue.order(),
            Self::Made { .. } => None,
        }
    }
}

impl Spoken {
    /// The reply that can be put on record.
    pub(super) fn reply(&self) -> Option<&agent::Reply> {
        match self {
            Self::Seeded(reply, _) => Some(reply),
            Self::Made { .. } => None,
        }
    }

    /// Whether nothing more is said.
    pub(super) fn ends(&self) -> bool {
        self.reply().is_some_and(|reply| reply.ends || reply.handoff.is_some())
    }

    /// How many functions were called.
    pub(super) fn tools(&self) -> usize {
        self.reply().map_or(0, |reply| reply.tools.len())
    }

    /// Where a person takes over.
    pub(super) fn destination(&self) -> Option<&'static str> {
        Some(self.reply()?.handoff?.destination)
    }

    /// Where in the agent it is.
    pub(super) fn node(&self) -> &str {
        match self {
            Self::Seeded(reply, _) => reply.topic.map_or("open", |topic| topic.id),
            Self::Made { .. } => "open",
        }
    }

    /// Names of the topics that were used.
    pub(super) fn topics(&self) -> Vec<String> {
        match self {
            Self::Seeded(reply, _) => {
                reply.topic.iter().map(|topic| topic.title.to_owned()).collect()
            }
            Self::Made { topic, .. } => topic.iter().cloned().collect(),
        }
    }

    /// Values it wrote.
    pub(super) fn metrics(&self) -> BTreeMap<String, Value> {
        let topic = self.reply().and_then(|reply| reply.topic);
        topic.map(|topic| ("TOPIC".to_owned(), topic.id.into())).into_iter().collect()
    }

    /// Functions it called.
    pub(super) fn functions(&self, now_ms: i64) -> Vec<Value> {
        let tools = self.reply().into_iter().flat_map(|reply| &reply.tools);
        tools
            .map(|tool| {
                let (name, value) = &tool.argument;
                json!({
                    "name": tool.name,
                    "arguments": { *name: value },
                    "start_time": Timestamp::from_unix_ms(now_ms),
                })
            })
            .collect()
    }

    /// The words.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Seeded(reply, language) => reply.text(language),
            Self::Made { text, .. } => text,
        }
    }
}

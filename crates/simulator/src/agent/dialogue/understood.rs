//! What a message means, whatever was said before: the costly part of an answer, and a pure one.

use crate::agent::control::{Control, control, everyday_words, language_request};
use crate::agent::knowledge::{self, Topic};
use crate::agent::language::{Heard, Language};
use crate::agent::order::order_number;

/// What was understood of one message, heard in one language.
#[derive(Debug, Clone)]
pub struct Understood {
    /// Nothing was said.
    pub(super) blank: bool,
    /// A language is asked for.
    pub(super) asked: Option<Language>,
    /// Another language is plainly spoken.
    pub(super) spoken: Option<Language>,
    /// The topic that fits best.
    pub(super) topic: Option<&'static Topic>,
    /// What is asked of the conversation itself.
    pub(super) control: Option<Control>,
    /// The order number in it.
    pub(super) order: Option<String>,
}

impl Understood {
    /// Understands `message` in a dialogue held in `language`.
    pub fn of(message: &str, language: Language) -> Self {
        let heard = Heard::new(message);
        let spoken = recognise(language, &heard);
        let language = spoken.unwrap_or(language);
        Self {
            blank: heard.text().trim().is_empty(),
            asked: language_request(&heard),
            spoken,
            topic: knowledge::best(language, &heard).map(|(topic, _)| topic),
            control: control(language, &heard),
            order: order_number(message),
        }
    }

    /// The same message with the order number of `message` in it.
    #[must_use]
    pub fn with_order_of(&self, message: &str) -> Self {
        Self { order: order_number(message), ..self.clone() }
    }
}

/// Another language than `own`, when it is plainly spoken and `own` is not.
fn recognise(own: Language, heard: &Heard) -> Option<Language> {
    let evidence = |language| {
        let topic = knowledge::best(language, heard).map_or(0, |(_, score)| score as usize);
        let asked = usize::from(control(language, heard).is_some()) * 2;
        (everyday_words(language, heard) * 2, topic.min(4) + asked)
    };
    let (own_words, own_sense) = evidence(own);
    if own_words + own_sense > 6 {
        return None;
    }
    Language::ALL
        .into_iter()
        .filter(|language| *language != own)
        .map(|language| (language, evidence(language)))
        .filter(|(_, (words, sense))| {
            *sense > 0 && words + sense >= 4 && words + sense > own_words + own_sense + 1
        })
        .max_by_key(|(_, (words, sense))| words + sense)
        .map(|(language, _)| language)
}

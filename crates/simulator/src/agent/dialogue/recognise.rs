//! Which language a visitor plainly speaks.

use super::Dialogue;
use crate::agent::control::{control, everyday_words};
use crate::agent::knowledge;
use crate::agent::language::{Heard, Language};

impl Dialogue {
    /// Switches when another language is plainly spoken, and the present one is not.
    pub(super) fn recognise_language(&mut self, heard: &Heard) -> Option<Language> {
        let evidence = |language| {
            let topic = knowledge::best(language, heard).map_or(0, |(_, score)| score as usize);
            let asked = usize::from(control(language, heard).is_some()) * 2;
            (everyday_words(language, heard) * 2, topic.min(4) + asked)
        };
        let (own_words, own_sense) = evidence(self.language);
        if own_words + own_sense > 6 {
            return None;
        }
        let found = Language::ALL
            .into_iter()
            .filter(|language| *language != self.language)
            .map(|language| (language, evidence(language)))
            .filter(|(_, (words, sense))| {
                *sense > 0 && words + sense >= 4 && words + sense > own_words + own_sense + 1
            })
            .max_by_key(|(_, (words, sense))| words + sense)
            .map(|(language, _)| language)?;
        self.language = found;
        Some(found)
    }
}

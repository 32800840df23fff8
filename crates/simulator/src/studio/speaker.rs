//! An agent that was made here speaks from its topics: no model, only words that are alike.

use crate::agent::language::Heard;
use crate::studio::{Draft, Topic};

/// Shorter words say nothing about a topic.
const TELLING: usize = 4;

/// The agent's answer to a message, with the topic it took it from; nothing where none fits.
pub(crate) fn answer<'a>(draft: &'a Draft, message: &str) -> Option<&'a Topic> {
    let heard = Heard::new(message);
    let score = |topic: &Topic| {
        let asked = topic.queries.iter().chain([&topic.name]).map(|text| Heard::new(text));
        let own: Vec<_> = asked.collect();
        let whole = own.iter().any(|own| own.text() == heard.text());
        let words = heard.text().split_whitespace().filter(|word| word.len() >= TELLING);
        let shared = words.filter(|word| own.iter().any(|own| own.holds(word))).count();
        shared + if whole { 100 } else { 0 }
    };
    let active = draft.topics.values().filter(|topic| topic.is_active);
    let scored = active.map(|topic| (score(topic), topic)).filter(|(score, _)| *score > 0);
    // Of equals the first one, in the order of ids.
    scored.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, topic)| topic)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn topic(name: &str, queries: &[&str]) -> Topic {
        Topic {
            name: name.to_owned(),
            content: format!("About {name}."),
            actions: String::new(),
            queries: queries.iter().map(|query| (*query).to_owned()).collect(),
            is_active: true,
        }
    }

    #[test]
    fn the_topic_with_most_words_in_common_answers() {
        let mut hidden = topic("Secrets", &["where is the treasure"]);
        hidden.is_active = false;
        let topics = [
            ("a", topic("Opening hours", &["when do you open", "are you open on Sunday?"])),
            ("b", topic("Parking", &["where can I park"])),
            ("c", hidden),
        ];
        let topics = topics.map(|(id, topic)| (id.to_owned(), topic));
        let draft = Draft { topics: BTreeMap::from(topics), ..Draft::default() };
        let name = |message| answer(&draft, message).map(|topic| topic.name.as_str());
        assert_eq!(name("When do you open?"), Some("Opening hours"));
        assert_eq!(name("is there parking"), Some("Parking"));
        assert_eq!(name("the treasure"), None);
        assert_eq!(name(""), None);
    }
}

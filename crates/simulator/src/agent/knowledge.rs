//! What the agent of Fernhill Outfitters knows: topics with keywords, wordings and cards.
//!
//! Every text stands in all four languages side by side, so none can be forgotten and the English
//! version of any sentence is always at hand.

mod account;
mod orders;
mod products;
mod services;
mod shops;

use super::language::{Heard, Language, Local};

/// One thing the agent can talk about.
#[derive(Debug)]
pub struct Topic {
    /// Stable name, as used in metrics.
    pub id: &'static str,
    /// Name in the knowledge base, as listed among retrieved topics.
    pub title: &'static str,
    /// Folded keywords per language, in the order of [`Language::ALL`]; `!` marks telling ones.
    pub keywords: [&'static [&'static str]; 4],
    /// The suggestion a visitor can tap.
    pub chip: Local,
    /// How customers ask for it.
    pub asks: &'static [Local],
    /// Wordings of the answer.
    pub answers: &'static [Local],
    /// Topics suggested afterwards.
    pub next: &'static [&'static str],
    /// Attachment cards that come with the answer.
    pub cards: &'static [Card],
    /// Whether an order number must be known first.
    pub needs_order: bool,
    /// The tool that is called to answer.
    pub tool: Option<&'static str>,
    /// How often customers ask for it, relative to the others.
    pub weight: u32,
}

/// An attachment: a page of the shop with a preview image.
#[derive(Debug)]
pub struct Card {
    /// Heading.
    pub title: Local,
    /// Path below the shop's address.
    pub path: &'static str,
    /// Image name, served by the control listener as `/media/{image}.svg`.
    pub image: &'static str,
    /// Whether the card is a picture rather than a link.
    pub picture: bool,
    /// Label of the button.
    pub action: Local,
}

/// Every topic.
pub fn topics() -> impl Iterator<Item = &'static Topic> {
    [orders::TOPICS, services::TOPICS, products::TOPICS, shops::TOPICS, account::TOPICS]
        .into_iter()
        .flatten()
}

/// The topic named `id`.
pub fn topic(id: &str) -> Option<&'static Topic> {
    topics().find(|topic| topic.id == id)
}

/// How well what was `heard` fits `topic` in `language`: longer keywords and phrases count more.
pub fn score(topic: &Topic, language: Language, heard: &Heard) -> u32 {
    let [english, spanish, french, german] = topic.keywords;
    let keywords = match language {
        Language::English => english,
        Language::Spanish => spanish,
        Language::French => french,
        Language::German => german,
    };
    keywords
        .iter()
        .map(|keyword| match keyword.strip_prefix('!') {
            Some(telling) => (telling, 7),
            None => (*keyword, 2 + 2 * u32::try_from(keyword.matches(' ').count()).unwrap_or(0)),
        })
        .filter(|(keyword, _)| heard.holds(keyword))
        .map(|(_, weight)| weight)
        .sum()
}

/// The best topic for what was `heard` in `language`, with its score; the first of equals wins.
pub fn best(language: Language, heard: &Heard) -> Option<(&'static Topic, u32)> {
    topics()
        .map(|topic| (topic, score(topic, language, heard)))
        .filter(|(_, score)| *score > 0)
        .fold(None, |best, next| match best {
            Some((_, score)) if score >= next.1 => best,
            _ => Some(next),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_complete_and_consistent() {
        let mut ids: Vec<_> = topics().map(|topic| topic.id).collect();
        assert!(ids.len() >= 12, "{} topics", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), topics().count(), "ids are unique");
        for entry in topics() {
            assert!(entry.asks.len() >= 3 && entry.answers.len() >= 2, "{}", entry.id);
            for next in entry.next {
                assert!(topic(next).is_some(), "{} suggests unknown {next}", entry.id);
            }
            for text in entry.asks.iter().chain(entry.answers).chain([&entry.chip]) {
                assert!(text.iter().all(|wording| !wording.is_empty()), "{}", entry.id);
            }
        }
    }

    #[test]
    fn chips_and_questions_lead_to_their_own_topic() {
        let mut lost = Vec::new();
        for entry in topics() {
            for text in entry.asks.iter().chain([&entry.chip]) {
                for language in Language::ALL {
                    let found =
                        best(language, &Heard::new(language.of(text))).map(|(topic, _)| topic.id);
                    if found != Some(entry.id) {
                        lost.push(format!("{}: {} -> {found:?}", entry.id, language.of(text)));
                    }
                }
            }
        }
        assert!(lost.is_empty(), "{lost:#?}");
    }
}

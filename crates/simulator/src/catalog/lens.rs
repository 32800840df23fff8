//! A search, made ready for the sentences of one index.

use super::filter::{Filter, Search};
use super::meaning::{Meaning, Weight};
use crate::agent::language::fold;
use crate::conversation::Conversation;
use crate::world::brief::{Brief, topic_bits};
use crate::world::mix;
use crate::world::script::{Phrase, Script, Sentences, Side, said};

/// What a conversation is looked at through.
pub(super) enum Lens<'a> {
    /// All are alike.
    All,
    /// Drawn by lot.
    Random { salt: u64 },
    /// A phrase, and where it stands.
    Transcript { phrase: &'a str, side: Option<Side>, found: Phrase },
    /// A question, and how close each sentence comes to it.
    Semantic { meaning: &'a Meaning, weights: Vec<(u32, u8)> },
}

impl<'a> Lens<'a> {
    /// Makes the search of `filter` ready for `sentences`.
    pub(super) fn new(filter: &'a Filter, meaning: &'a Meaning, sentences: &Sentences) -> Self {
        match &filter.search {
            Search::All => Self::All,
            Search::Random { salt } => Self::Random { salt: *salt },
            Search::Transcript { phrase, side } => {
                Self::Transcript { phrase, side: *side, found: sentences.find(phrase, *side) }
            }
            Search::Semantic { .. } => {
                let weights = sentences.weigh(|text| meaning.weigh(text).0);
                Self::Semantic { meaning, weights }
            }
        }
    }

    /// Whether it looks at what was said.
    pub(super) const fn reads(&self) -> bool {
        matches!(self, Self::Transcript { .. } | Self::Semantic { .. })
    }

    /// How well conversation `at` of an index fits; nothing when it does not.
    pub(super) fn rank(
        &self,
        script: &Script,
        brief: &Brief,
        at: usize,
        place: u64,
    ) -> Option<u64> {
        match self {
            Self::All => Some(0),
            Self::Random { salt } => Some(mix(*salt, place)),
            Self::Transcript { found, .. } => script.holds(at, found).then_some(0),
            Self::Semantic { meaning, weights } => {
                meaning.rank(brief.topics, Weight(script.weight(at, weights)))
            }
        }
    }

    /// The same for a conversation by what was said in it until `now_ms`.
    pub(super) fn rank_told(&self, held: &Conversation, now_ms: i64, place: u64) -> Option<u64> {
        let turns = held.turns_at(now_ms);
        let mut texts = turns.iter().flat_map(said);
        match self {
            Self::All => Some(0),
            Self::Random { salt } => Some(mix(*salt, place)),
            Self::Transcript { phrase, side, .. } => texts
                .any(|(by, text)| side.is_none_or(|own| own == by) && fold(text).contains(phrase))
                .then_some(0),
            Self::Semantic { meaning, .. } => {
                let words = texts.filter(|(by, _)| *by == Side::User).map(|(_, text)| fold(text));
                let weight = words.map(|text| meaning.weigh(&text).0).max().unwrap_or(0);
                let topics = topic_bits(turns.iter().filter_map(|turn| turn.topic));
                meaning.rank(topics, Weight(weight))
            }
        }
    }
}

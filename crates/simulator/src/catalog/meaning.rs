//! The semantic search's stand-in: topics of the knowledge base, and words weighed as in BM25.
//!
//! The platform compares embeddings. Here a question has the topics that the agent itself would
//! answer it with, in any of its languages, and words that weigh more the rarer they are among all
//! distinct sentences. A topic in common counts more than a word in common, and words alone count
//! only when they are several and most of the question. It is deterministic and needs no model.

use super::filter::{Filter, Search};
use crate::world::script::Sentences;

/// What a topic in common counts; a rare word counts about half of it.
const TOPIC: u64 = 2_000;
/// Saturation and length normalisation, as usual for BM25.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Bits of a weight that hold the words' score; above them stands how many they were.
const SCORE_BITS: u32 = 20;

/// How close a sentence comes: the number of words in common first, then their score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight(pub(super) u32);

/// A question's meaning; empty for other searches.
#[derive(Debug, Default)]
pub(super) struct Meaning {
    topics: u32,
    /// The beginning of a word with the space before it, and how rare it is.
    words: Vec<(String, f64)>,
    mean_length: f64,
}

impl Meaning {
    /// The meaning of a semantic search among `sentences`.
    pub(super) fn of(filter: &Filter, sentences: &Sentences) -> Self {
        let Search::Semantic { topics, words } = &filter.search else { return Self::default() };
        let words: Vec<_> = words.iter().map(|word| format!(" {word}")).collect();
        let (mut total, mut letters, mut holding) = (0_u32, 0_usize, vec![0_u32; words.len()]);
        sentences.each(|text| {
            total += 1;
            letters += text.len();
            for (word, count) in words.iter().zip(&mut holding) {
                *count += u32::from(text.contains(word.as_str()));
            }
        });
        let rarity = |count: u32| {
            let (total, count) = (f64::from(total), f64::from(count));
            ((total - count + 0.5) / (count + 0.5)).ln_1p()
        };
        Self {
            topics: *topics,
            words: words.into_iter().zip(holding.into_iter().map(rarity)).collect(),
            mean_length: length(letters) / f64::from(total.max(1)),
        }
    }

    /// How close a folded sentence comes to the question.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a score is positive and below a thousand; `as` saturates"
    )]
    pub(super) fn weigh(&self, text: &str) -> Weight {
        let (mut count, mut score) = (0, 0.0);
        let norm = 1.0 - B + B * length(text.len()) / self.mean_length.max(1.0);
        for (_, rarity) in self.words.iter().filter(|(word, _)| text.contains(word.as_str())) {
            count += 1;
            score += rarity * (K1 + 1.0) / (1.0 + K1 * norm);
        }
        let score = ((score * 100.0) as u32).min((1 << SCORE_BITS) - 1);
        Weight((count << SCORE_BITS) | score)
    }

    /// How well a conversation fits, by its topics and its closest sentence; nothing when it does not.
    pub(super) fn rank(&self, topics: u32, Weight(weight): Weight) -> Option<u64> {
        let common = (self.topics & topics).count_ones();
        let words = (weight >> SCORE_BITS) as usize;
        let fits = common > 0 || (words > 1 && words * 2 > self.words.len());
        let score = weight & ((1 << SCORE_BITS) - 1);
        fits.then(|| u64::from(common) * TOPIC + u64::from(score))
    }
}

fn length(letters: usize) -> f64 {
    f64::from(u32::try_from(letters).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(topics: u32, words: &[(&str, f64)]) -> Meaning {
        let words = words.iter().map(|(word, rarity)| ((*word).to_owned(), *rarity)).collect();
        Meaning { topics, words, mean_length: 20.0 }
    }

    #[test]
    fn topics_count_more_than_words_and_rare_words_more_than_frequent_ones() {
        let asked = meaning(0b110, &[(" tent", 6.0), (" broken", 3.0), (" please", 0.5)]);
        let rank = |topics, text: &str| asked.rank(topics, asked.weigh(text));
        assert!(rank(0b010, " hello ") > rank(0b001, " the tent is broken "));
        assert!(rank(0b110, " hello ") > rank(0b010, " hello "));
        assert!(rank(0b010, " my tent ") > rank(0b010, " yes please "));
        assert!(rank(0, " my tent broken ").is_some());
        assert_eq!(rank(0, " my tent "), None, "one word of three says nothing");
        assert!(asked.weigh(" tent ") > asked.weigh(" a tent among so many other things "));
    }
}

//! What was said in every conversation, as numbers of sentences: a search over millions of words
//! looks at each distinct sentence once, and at a few numbers for each conversation.
//!
//! The callers and the agent of the seeded world speak in scripted sentences. Only numbers of five
//! digits vary, so these are cut out and kept beside the sentence. What is found this way is exactly
//! what a search through the texts would find.

pub(super) mod numbers;

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use self::numbers::{cut, fill, holes};
use crate::agent::language::fold;
use crate::conversation::Turn;

/// Marks the agent's sentences.
const AGENT: u32 = 1 << 31;

/// Distinct sentences, filled while the world is made.
#[derive(Debug, Default)]
pub(crate) struct Sentences(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Box<str>, u32>,
    /// Folded, with holes.
    folded: Vec<Box<str>>,
}

/// The conversations' sentences, one conversation after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// Where each conversation's sentences end in `marks`.
    ends: Vec<u32>,
    /// A sentence's number, with [`AGENT`] for the agent's, and then the numbers for its holes.
    marks: Vec<u32>,
}

/// What a turn says on either side, texts and translations; nothing empty.
pub(crate) fn said(turn: &Turn) -> impl Iterator<Item = (Side, &str)> {
    let user = [Some(turn.user.as_str()), turn.user_english.as_deref(), Some(turn.dtmf.as_str())];
    let agent = [Some(turn.agent.as_str()), turn.agent_english.as_deref()];
    let user = user.into_iter().flatten().map(|text| (Side::User, text));
    let agent = agent.into_iter().flatten().map(|text| (Side::Agent, text));
    user.chain(agent).filter(|(_, text)| !text.is_empty())
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The visitor.
    User,
    /// The agent.
    Agent,
}

impl Script {
    /// Writes down the next conversation.
    pub(crate) fn push(&mut self, turns: &[Turn], sentences: &Sentences) {
        for (side, text) in turns.iter().flat_map(said) {
            let (sentence, numbers) = sentences.number(text);
            self.marks.push(if side == Side::Agent { sentence | AGENT } else { sentence });
            self.marks.extend(numbers);
        }
        self.ends.push(u32::try_from(self.marks.len()).unwrap_or(u32::MAX));
    }

    /// Continues with the conversations of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        let before = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
        self.marks.extend_from_slice(&other.marks);
        self.ends.extend(other.ends.iter().map(|end| end.saturating_add(before)));
    }

    /// Forgets the first `count` conversations.
    pub(crate) fn forget(&mut self, count: usize) {
        let Some(cut) = count.checked_sub(1).and_then(|last| self.ends.get(last)).copied() else {
            return;
        };
        self.marks.drain(..cut as usize);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|end| *end -= cut);
    }

    /// Whether conversation `at` holds what `found` looks for.
    pub(crate) fn holds(&self, at: usize, found: &Phrase) -> bool {
        let mut marks = self.marks_of(at).iter();
        while let Some(mark) = marks.next() {
            let sentence = mark & !AGENT;
            let verdict = found.verdicts.get(sentence as usize);
            let Some(verdict) = verdict else { return false };
            let numbers = marks.as_slice().get(..verdict.holes.into()).unwrap_or_default();
            marks = marks.as_slice().get(verdict.holes.into()..).unwrap_or_default().iter();
            let side = if mark & AGENT == 0 { Side::User } else { Side::Agent };
            if found.side.is_some_and(|wanted| wanted != side) {
                continue;
            }
            let hit = match &verdict.hit {
                Hit::Never => false,
                Hit::Always => true,
                Hit::WithNumbers(text) => fill(text, numbers).contains(&found.wanted),
            };
            if hit {
                return true;
            }
        }
        false
    }

    /// The most that any of the visitor's sentences in conversation `at` weighs.
    pub(crate) fn weight(&self, at: usize, weights: &[(u32, u8)]) -> u32 {
        let mut marks = self.marks_of(at).iter();
        let mut most = 0;
        while let Some(mark) = marks.next() {
            let Some((weight, holes)) = weights.get((mark & !AGENT) as usize) else { return most };
            marks = marks.as_slice().get((*holes).into()..).unwrap_or_default().iter();
            if mark & AGENT == 0 {
                most = most.max(*weight);
            }
        }
        most
    }

    fn marks_of(&self, at: usize) -> &[u32] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.marks.get(start..end(at)).unwrap_or_default()
    }
}

/// A phrase, held against every distinct sentence.
#[derive(Debug)]
pub(crate) struct Phrase {
    wanted: String,
    side: Option<Side>,
    verdicts: Vec<Verdict>,
}

#[derive(Debug)]
struct Verdict {
    holes: u8,
    hit: Hit,
}

#[derive(Debug)]
enum Hit {
    Never,
    Always,
    /// It depends on what stands in the holes.
    WithNumbers(Box<str>),
}

impl Sentences {
    /// Holds a folded phrase against every sentence; `side` says whose are looked at.
    pub(crate) fn find(&self, phrase: &str, side: Option<Side>) -> Phrase {
        let has_digits = phrase.bytes().any(|byte| byte.is_ascii_digit());
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let verdict = |text: &str| {
            let holes = holes(text);
            let hit = if text.contains(phrase) {
                Hit::Always
            } else if holes > 0 && has_digits {
                Hit::WithNumbers(text.into())
            } else {
                Hit::Never
            };
            Verdict { holes, hit }
        };
        let verdicts = known.folded.iter().map(|text| verdict(text)).collect();
        Phrase { wanted: phrase.to_owned(), side, verdicts }
    }

    /// The weight of every sentence, and how many holes it has.
    pub(crate) fn weigh(&self, weight: impl Fn(&str) -> u32) -> Vec<(u32, u8)> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.folded.iter().map(|text| (weight(text), holes(text))).collect()
    }

    /// Every distinct sentence, folded.
    pub(crate) fn each(&self, mut visit: impl FnMut(&str)) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.folded.iter().for_each(|text| visit(text));
    }

    fn number(&self, text: &str) -> (u32, Vec<u32>) {
        let (cut, numbers) = cut(text);
        let text = cut.as_deref().unwrap_or(text);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.numbers.get(text) {
            return (*number, numbers);
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been quicker.
        if let Some(number) = known.numbers.get(text) {
            return (*number, numbers);
        }
        let number = u32::try_from(known.folded.len()).unwrap_or(AGENT - 1);
        known.folded.push(fold(text).into());
        known.numbers.insert(text.into(), number);
        (number, numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_through_numbers_finds_what_one_through_texts_finds() {
        let world = crate::world::World::new(7, 1_795_443_600_000, 300);
        let (sentences, mut script) = (Sentences::default(), Script::default());
        let told: Vec<_> = (0..world.len()).filter_map(|number| world.tell(number)).collect();
        for held in &told {
            script.push(&held.turns, &sentences);
        }
        let number = told.iter().find_map(|held| Some(held.state.first()?.1.clone())).unwrap();
        let digits = number.trim_start_matches("FH-");
        for phrase in ["order", "60 days", fold(&number).trim(), &digits[1..4], "fh 1", "7"] {
            for side in [None, Some(Side::User), Some(Side::Agent)] {
                let found = sentences.find(phrase, side);
                let by_text = |at: usize| {
                    let mut said = told[at].turns.iter().flat_map(said);
                    said.any(|(by, text)| {
                        side.is_none_or(|side| side == by) && fold(text).contains(phrase)
                    })
                };
                let hits: Vec<_> = (0..told.len()).filter(|at| script.holds(*at, &found)).collect();
                let expected: Vec<_> = (0..told.len()).filter(|at| by_text(*at)).collect();
                assert_eq!(hits, expected, "{phrase} {side:?}");
            }
        }
    }

    #[test]
    fn scripts_are_joined_and_cut() {
        let turn = |text: &str| vec![Turn { user: text.into(), ..Turn::default() }];
        let sentences = Sentences::default();
        let (mut one, mut two) = (Script::default(), Script::default());
        one.push(&turn("FH-10423"), &sentences);
        one.push(&turn("tent"), &sentences);
        two.push(&turn("boots 12345"), &sentences);
        one.append(&two);
        one.forget(1);
        let holds = |at, phrase: &str| one.holds(at, &sentences.find(phrase, None));
        assert!(holds(0, "tent") && holds(1, "boots 123") && !holds(1, "10423"));
        assert!(!holds(2, "tent"));
    }
}

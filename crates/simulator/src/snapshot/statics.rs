//! Reading back what the simulator names with static words: topics, metrics, functions.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use crate::agent::knowledge::{self, Topic};
use crate::sync::lock;

/// A word from a fixed list. As a name of its own, serde does not take it for borrowed text.
pub(crate) type Word = &'static str;

/// Words that snapshots may bring; they stay in memory for good, so there is an end.
const WORDS: usize = 2_000;
/// Longest word, in bytes.
const LONGEST: usize = 200;

static KNOWN: Mutex<BTreeSet<Word>> = Mutex::new(BTreeSet::new());

/// Reads a word.
pub(crate) fn word<'de, D: Deserializer<'de>>(from: D) -> Result<Word, D::Error> {
    known(String::deserialize(from)?)
}

/// Reads a word or nothing.
pub(crate) fn option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Word>, D::Error> {
    Option::<String>::deserialize(from)?.map(known).transpose()
}

/// Reads words.
pub(crate) fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Word>, D::Error> {
    Vec::<String>::deserialize(from)?.into_iter().map(known).collect()
}

/// Reads a value with its name.
pub(crate) fn named<'de, D: Deserializer<'de>>(from: D) -> Result<(Word, String), D::Error> {
    let (name, value) = <(String, String)>::deserialize(from)?;
    Ok((known(name)?, value))
}

/// Reads values with their names.
pub(crate) fn all_named<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<(Word, String)>, D::Error> {
    let all = Vec::<(String, String)>::deserialize(from)?;
    all.into_iter().map(|(name, value)| Ok((known(name)?, value))).collect()
}

/// Maps whose keys are no texts, as lists of pairs.
pub(crate) mod pairs {
    use std::collections::HashMap;
    use std::hash::Hash;

    use super::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the pairs in the order of their keys' texts.
    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &HashMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let mut pairs: Vec<_> = map.iter().collect();
        pairs.sort_by_cached_key(|(key, _)| serde_json::to_string(key).unwrap_or_default());
        to.collect_seq(pairs)
    }

    /// Reads the pairs.
    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<HashMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Eq + Hash,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

impl Serialize for Topic {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id)
    }
}

/// Finds a topic, if there is one, by its name.
pub(crate) fn topic<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<&'static Topic>, D::Error> {
    Option::<String>::deserialize(from)?.map(|id| find(&id)).transpose()
}

/// Finds a topic with a number beside it.
pub(crate) fn counted_topic<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<(&'static Topic, u8)>, D::Error> {
    let read = Option::<(String, u8)>::deserialize(from)?;
    read.map(|(id, count)| Ok((find(&id)?, count))).transpose()
}

fn find<E: Error>(id: &str) -> Result<&'static Topic, E> {
    knowledge::topic(id).ok_or_else(|| E::custom("no topic has this name"))
}

fn known<E: Error>(text: String) -> Result<Word, E> {
    let mut known = lock(&KNOWN);
    if let Some(word) = known.get(text.as_str()) {
        return Ok(word);
    }
    if known.len() >= WORDS || text.len() > LONGEST {
        return Err(E::custom("too many words, or one that is too long"));
    }
    let word: Word = Box::leak(text.into_boxed_str());
    known.insert(word);
    Ok(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_kept_once_and_none_is_long() {
        let read = |text: &str| word(&serde_json::Value::from(text));
        let (one, two) = (read("order_number").unwrap(), read("order_number").unwrap());
        assert!(std::ptr::eq(one, two));
        assert!(read(&"x".repeat(LONGEST + 1)).is_err());
    }
}

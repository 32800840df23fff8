//! Reading what the platform sends without trusting its types.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
    value::MapAccessDeserializer,
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// Fields of an answer that this version does not know, as they came. They are written back.
pub type Extra = Map<String, Value>;

macro_rules! empty_but_for_lists {
    () => {
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

/// A field that is kept when it has the expected type and empty when it has not.
///
/// The platform's specifications are optimistic: documented strings arrive as objects, lists as
/// nulls. One odd field must not lose the page it stands on. A value of another type reads as `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tolerant<T>(pub Option<T>);

impl<T> Default for Tolerant<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Tolerant<T> {
    /// The value, when there was one of the expected type.
    pub fn as_ref(&self) -> Option<&T> {
        self.0.as_ref()
    }

    /// Whether nothing usable arrived.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl<T> From<T> for Tolerant<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Tolerant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By way of a `Value`: browsers download one reader for all types instead of one for each.
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Self(None),
            value => Self(T::deserialize(value).ok()),
        })
    }
}

/// Reads a list of objects: what is no object is left out, what is no list is empty.
///
/// For rows that take any object, as those of this crate do. They are read straight from the input,
/// without a copy of the page in between.
pub(crate) fn rows<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Rows(PhantomData)).map(Option::unwrap_or_default)
}

/// Reads a list as [`rows`] does, and keeps apart a list that is empty and one that is missing.
pub(crate) fn some_rows<'de, D, T>(deserializer: D) -> Result<Tolerant<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Rows(PhantomData)).map(Tolerant)
}

struct Rows<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Rows<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    empty_but_for_lists! {}

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(Row(row)) = list.next_element()? {
            rows.extend(row);
        }
        Ok(Some(rows))
    }
}

struct Row<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneRow(PhantomData)).map(Self)
    }
}

struct OneRow<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneRow<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    empty_but_for_lists! {}

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Reads an object of lists: entries and rows that do not fit are left out, the others stay.
pub(crate) fn some_lists<'de, D, T>(
    deserializer: D,
) -> Result<Tolerant<BTreeMap<String, Vec<T>>>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let lists =
        Tolerant::<BTreeMap<String, Tolerant<Vec<Tolerant<T>>>>>::deserialize(deserializer)?;
    Ok(Tolerant(lists.0.map(|lists| {
        let kept = lists.into_iter().filter_map(|(name, list)| Some((name, list.0?)));
        kept.map(|(name, rows)| (name, rows.into_iter().filter_map(|row| row.0).collect()))
            .collect()
    })))
}

/// Reads a text; anything else is empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Tolerant::deserialize(deserializer).map(|text: Tolerant<String>| text.0.unwrap_or_default())
}

/// Reads a field whose null says something else than its absence.
#[allow(clippy::option_option, reason = "absent, null and a value are three different requests")]
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_survives_its_rows() {
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(default)]
        #[derive(Default)]
        struct Item {
            id: Tolerant<String>,
        }
        #[derive(Deserialize)]
        struct Page {
            #[serde(default, deserialize_with = "rows")]
            items: Vec<Item>,
        }
        let ids = |json: &str| {
            let page: Page = serde_json::from_str(json).unwrap();
            page.items.into_iter().map(|item| item.id.0).collect::<Vec<_>>()
        };
        let odd =
            r#"{"items":[null,{"id":"a"},[{}],7,-7,0.5,"x",true,{"id":[1,{"x":2}]},{"id":"b"}]}"#;
        assert_eq!(ids(odd), [Some("a".to_owned()), None, Some("b".to_owned())]);
        for empty in [r#"{"items":null}"#, r#"{"items":{"a":{"b":[]}}}"#, r#"{"items":3}"#, "{}"] {
            assert!(ids(empty).is_empty(), "{empty}");
        }
    }

    #[test]
    fn lists_and_objects_are_read_or_skipped_whole() {
        let mixed: Vec<Tolerant<Vec<u32>>> =
            serde_json::from_str(r#"[[1,2],[1,"two"],{"a":[]},null,[3]]"#).unwrap();
        let read: Vec<_> = mixed.into_iter().map(|one| one.0).collect();
        assert_eq!(read, [Some(vec![1, 2]), None, None, None, Some(vec![3])]);
        let number: Tolerant<f64> = serde_json::from_str("7").unwrap();
        assert_eq!(number.0, Some(7.0));
    }

    #[test]
    fn another_type_reads_as_nothing() {
        #[derive(Deserialize)]
        struct Row {
            #[serde(default)]
            turns: Tolerant<u32>,
            name: String,
        }
        for (json, turns) in [
            (r#"{"turns":3,"name":"a"}"#, Some(3)),
            (r#"{"turns":"three","name":"a"}"#, None),
            (r#"{"turns":{"n":3},"name":"a"}"#, None),
            (r#"{"turns":null,"name":"a"}"#, None),
            (r#"{"name":"a"}"#, None),
        ] {
            let row: Row = serde_json::from_str(json).unwrap();
            assert_eq!((row.turns.0, row.name.as_str()), (turns, "a"), "{json}");
        }
    }
}

//! Reading what the platform sends without trusting its types.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::lenient::{Lenient, strict};

/// Fields of an answer that this version does not know, as they came. They are written back.
///
/// Whole numbers beyond 64 bits come back as the nearest `f64`, numbers beyond an `f64` as null.
pub type Extra = Map<String, Value>;

/// A field that is kept when it has the expected type and empty when it has not.
///
/// The platform's specifications are optimistic: documented strings arrive as objects, lists as
/// nulls. One odd field must not lose the page it stands on. A value of another type reads as `None`.
///
/// Such a value is not kept, and null is written in its place: keeping it would cost every field of
/// every row. Who must have it reads the answer by the operation's id, which touches nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
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

impl<'de, T: Lenient> Deserialize<'de> for Tolerant<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict(deserializer)
    }
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
        crate::answers! {
            /// A page.
            Page {
                /// Its rows.
                items: Vec<Item>,
            }

            /// A row.
            Item {
                /// Its name.
                id: Tolerant<String>,
            }
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

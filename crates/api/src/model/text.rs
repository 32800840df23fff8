//! Reading what the platform sends without trusting its types.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use super::*;

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

//! What a token says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::ContextFault;

/// A value of the flat `ctx` object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ContextValue {
    /// Nothing; one of the vendor's pages allows it, another does not mention it.
    Null,
    /// True or false.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text.
    Text(String),
}

impl From<&str> for ContextValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for ContextValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for ContextValue {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

/// What is vouched for, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The context id from the widget, exactly as it gave it.
    pub context_id: String,
    /// How long the token is good for, 1 to 30 seconds.
    pub lifetime_s: u32,
    /// The values by name.
    pub values: BTreeMap<String, ContextValue>,
}

impl Claims {
    /// No values yet, good for the longest time there is.
    pub fn new(context_id: &str) -> Self {
        Self {
            context_id: context_id.to_owned(),
            lifetime_s: super::MAX_LIFETIME_S,
            values: BTreeMap::new(),
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<ContextValue>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// Takes the values of a JSON object, refusing nested ones by name.
    pub fn from_json(context_id: &str, values: &Map<String, Value>) -> Result<Self, ContextFault> {
        let mut claims = Self::new(context_id);
        for (name, value) in values {
            let value = match value {
                Value::Null => ContextValue::Null,
                Value::Bool(value) => ContextValue::Bool(*value),
                Value::Number(value) => ContextValue::Number(value.clone()),
                Value::String(value) => ContextValue::Text(value.clone()),
                Value::Array(_) | Value::Object(_) => {
                    return Err(ContextFault::Nested { name: name.clone() });
                }
            };
            claims.values.insert(name.clone(), value);
        }
        Ok(claims)
    }
}

//! JSON for the code that visitors download.
//!
//! Everything else uses `serde_json`. In the widget bytes decide: it reads and writes a dozen small
//! objects, and `serde_json` with its derives was 38 of its 140 KB (brotli). So numbers stay text
//! here, because core's reading and writing of floats is another 15 KB, and one small [`Value`] does
//! for every type. `tests/it/json.rs` holds this module against `serde_json`: both accept and refuse
//! the same texts, except for numbers beyond an `f64`, which are only text here.

mod number;
mod parse;
mod write;

pub use number::Number;

/// How deep a text may be nested; the same as in `serde_json`.
pub const MAX_DEPTH: u8 = 127;

/// Any JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Number),
    /// A string, unescaped.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

impl Value {
    /// Reads a text; nothing when it is not JSON or nested deeper than [`MAX_DEPTH`].
    pub fn parse(text: &str) -> Option<Self> {
        parse::text(text)
    }

    /// The shortest text of the value.
    pub fn encode(&self) -> String {
        let mut out = String::new();
        write::value(self, &mut out);
        out
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(set) = self { Some(*set) } else { None }
    }

    /// The whole number, if it is one, also when written as `5.0` or `5e0`.
    pub fn as_whole(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.whole() } else { None }
    }

    /// The items; none when it is no list.
    pub fn items(&self) -> &[Self] {
        if let Self::Array(items) = self { items } else { &[] }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }
}

/// Fields in the order they were written. Of two with the same name the later one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// An object without fields.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The string of a field, if it is one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Appends a field.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// Appends a field if there is a value.
    pub fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// All fields.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl From<bool> for Value {
    fn from(set: bool) -> Self {
        Self::Bool(set)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        u64::from(number).into()
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(items)
    }
}

//! What a client may attach to an event.

use std::ops::Index;

/// The `metadata.custom` map: returned on echoes, and on errors that the event caused.
///
/// A list, because it has one entry or two: browsers need not download a tree for that. It keeps the
/// order it came in, and of two entries with the same key the later one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Custom(Vec<(String, String)>);

impl Custom {
    /// A map without entries.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.find(key).map(String::as_str)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn find(&self, key: &str) -> Option<&String> {
        self.0.iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
    }
}

impl<const N: usize> From<[(String, String); N]> for Custom {
    fn from(entries: [(String, String); N]) -> Self {
        Self(entries.into())
    }
}

impl FromIterator<(String, String)> for Custom {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// Panics, as maps do, when the key is absent.
impl Index<&str> for Custom {
    type Output = String;

    #[allow(clippy::expect_used, reason = "as documented")]
    fn index(&self, key: &str) -> &String {
        self.find(key).expect("the key is there")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_equal_keys_counts() {
        let entries = [("a", "1"), ("b", "2"), ("a", "3")];
        let custom: Custom = entries.map(|(key, value)| (key.into(), value.into())).into();
        assert_eq!((custom.get("a"), custom.get("c")), (Some("3"), None));
        assert_eq!(custom["b"], "2");
        assert!(!custom.is_empty() && custom.iter().eq(entries));
    }
}

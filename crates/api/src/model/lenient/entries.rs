//! An object with members of one type.

use std::ops::Index;

use perch_json::{Error, Reader};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use super::{Lenient, member, strict};

/// Members of an object in the order they came. Of two with the same name the later one counts.
///
/// There are few of them in each of many rows: a list takes less code and fewer bytes than a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<T>(Vec<(String, T)>);

/// Members by reference.
type Iter<'a, T> =
    std::iter::Map<std::slice::Iter<'a, (String, T)>, fn(&'a (String, T)) -> (&'a String, &'a T)>;

impl<T> Entries<T> {
    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// All members.
    pub fn iter(&self) -> Iter<'_, T> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<(String, T)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl<T> IntoIterator for Entries<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = (&'a String, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// # Panics
/// Where there is no such member.
impl<T> Index<&str> for Entries<T> {
    type Output = T;

    #[allow(clippy::expect_used, reason = "as every map does")]
    fn index(&self, name: &str) -> &T {
        self.get(name).expect("a member of this name")
    }
}

impl<T: Lenient> Lenient for Entries<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        if !reader.object()? {
            return Ok(None);
        }
        let (mut entries, mut first) = (Vec::new(), true);
        while let Some(name) = member(reader, &mut first)? {
            entries.extend(T::read(reader)?.map(|value| (name, value)));
        }
        Ok(Some(Self(entries)))
    }
}

impl<'de, T: Lenient> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict(deserializer)
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_what_is_odd_is_left_out() {
        let text = r#"{"b":[1],"a":{},"\u0061":[2,3],"c":[4,"x"],"b":[]}"#;
        for read in [perch_json::read(text).ok(), serde_json::from_str(text).ok()] {
            let entries: Entries<Vec<u32>> = read.unwrap();
            assert_eq!((entries.get("b"), entries.get("c")), (Some(&vec![]), None));
            assert_eq!(entries["a"], [2, 3]);
        }
        let entries: Entries<Vec<u32>> = perch_json::read(text).unwrap();
        assert_eq!(entries.len(), 3);
        assert_eq!(serde_json::to_string(&entries).unwrap(), r#"{"b":[1],"a":[2,3],"b":[]}"#);
    }

    #[test]
    fn what_is_no_object_is_none() {
        for text in ["[[1]]", "null", "\"a\"", "7"] {
            assert!(perch_json::read::<Entries<u32>>(text).is_err(), "{text}");
        }
    }
}

//! Identifiers: opaque, validated once, never compared across sources.
//!
//! The platform accepts slugs (`acme-uk`) and prefixed forms (`ws-1a2b3c4d`, `PROJECT-1A2B3C4D`) in
//! paths and may answer with either, so an id says nothing beyond its own characters.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Longest id accepted anywhere. The platform's own ids stay under 64 characters.
const MAX_LENGTH: usize = 128;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// The text was empty.
    #[error("the id is empty")]
    Empty,
    /// The text was longer than 128 characters.
    #[error("the id is longer than {MAX_LENGTH} characters")]
    TooLong,
    /// The text holds something besides ASCII letters, digits, `-`, `_`, `.` and `:`.
    #[error("the id holds a character outside A-Z, a-z, 0-9, '-', '_', '.' and ':'")]
    Character,
    /// The text is `.` or `..`, which a URL would take for a directory.
    #[error("the id would change the path it is put into")]
    Dots,
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(IdError::TooLong);
    }
    if text == "." || text == ".." {
        return Err(IdError::Dots);
    }
    let lawful =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    if text.bytes().all(lawful) { Ok(()) } else { Err(IdError::Character) }
}

macro_rules! string_ids {
    ($( $(#[doc = $doc:literal])+ $name:ident )+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// Accepts 1 to 128 of `A-Z a-z 0-9 - _ . :`.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text)?;
                Ok(Self(text.into()))
            }

            /// The id as the platform spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(D::Error::custom)
            }
        }
    )+ };
}

string_ids! {
    /// A workspace: `ws-1a2b3c4d`, a slug, or an older spelling.
    AccountId
    /// An agent, called project by the data families: `PROJECT-1A2B3C4D` or a slug.
    ProjectId
    /// A conversation; its form tells the origin (`CA…` telephony, `OUT-…` outbound, a UUID for messaging).
    ConversationId
    /// A messaging session.
    SessionId
    /// A variant of an agent: `VARIANT-…`.
    VariantId
    /// A message within a messaging session; opaque.
    MessageId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lawful_ids_survive_a_round_trip() {
        for text in ["ws-1a2b3c4d", "PROJECT-4E5B8A10", "acme_uk.2", "CA0123", "conv:7"] {
            let id = ProjectId::parse(text).unwrap();
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<ProjectId>(&json).unwrap(), id);
        }
    }

    #[test]
    fn whatever_could_leave_its_path_segment_is_refused() {
        let cases = [
            ("", IdError::Empty),
            ("..", IdError::Dots),
            (".", IdError::Dots),
            ("a/b", IdError::Character),
            ("a%2fb", IdError::Character),
            ("a#b", IdError::Character),
            ("a?b", IdError::Character),
            ("a@b", IdError::Character),
            ("a\\b", IdError::Character),
            ("a;b", IdError::Character),
            ("a b", IdError::Character),
            ("a\0b", IdError::Character),
            ("é", IdError::Character),
        ];
        for (text, fault) in cases {
            assert_eq!(AccountId::parse(text), Err(fault), "{text:?}");
        }
        assert_eq!(AccountId::parse(&"x".repeat(129)), Err(IdError::TooLong));
    }
}

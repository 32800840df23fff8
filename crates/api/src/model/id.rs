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
        string_ids! { $(#[doc = $doc])+ $name, "Accepts 1 to 128 of `A-Z a-z 0-9 - _ . :`.", check, IdError }
    )+ };
    ($(#[doc = $doc:literal])+ $name:ident, $rule:literal, $check:ident, $error:ty) => {
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            #[doc = $rule]
            pub fn parse(text: &str) -> Result<Self, $error> {
                $check(text)?;
                Ok(Self(text.into()))
            }

            /// The id as the platform spells it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let doc = concat!($($doc, "\n"),+);
                schemars::json_schema!({ "type": "string", "description": doc.trim() })
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
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
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

        impl crate::model::Lenient for $name {
            fn read(reader: &mut perch_json::Reader<'_>) -> Result<Option<Self>, perch_json::Error> {
                crate::model::read_text(reader, |text| Self::parse(text).ok())
            }
        }
    };
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
    /// A branch of an agent: `BRANCH-…`, or `main`, which cannot be written to.
    BranchId
    /// An agent version in one environment; promoting it makes another one.
    DeploymentId
    /// A telephony connector: what numbers point to.
    ConnectorId
    /// A topic of the knowledge base.
    TopicId
    /// An attribute that variants give values to.
    AttributeId
    /// A voice of the workspace's library: `VOICE-…`.
    VoiceId
    /// An utterance in the audio cache: a whole number, written as text.
    AudioEntryId
    /// An outbound call, and the conversation it becomes: `OUT-…`.
    CallSid
    /// An alert rule: `ar_…`.
    AlertRuleId
    /// A webhook endpoint: `whe_…`.
    WebhookEndpointId
}

/// How an id is spelled. The platform takes either and answers with either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdForm {
    /// With a prefix: `ws-1a2b3c4d`, `PROJECT-1A2B3C4D`.
    Prefixed,
    /// A name for people, as in Studio's addresses: `acme-uk`.
    Slug,
}

impl AccountId {
    /// How it is spelled.
    pub fn form(&self) -> IdForm {
        form(&self.0, &["ws-", "ACCOUNT-"])
    }

    /// Whether both are one workspace: nothing where the spellings differ, as only the platform knows.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        same(&self.0, &other.0, self.form() == other.form())
    }
}

impl ProjectId {
    /// How it is spelled.
    pub fn form(&self) -> IdForm {
        form(&self.0, &["PROJECT-"])
    }

    /// Whether both are one agent: nothing where the spellings differ, as only the platform knows.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        same(&self.0, &other.0, self.form() == other.form())
    }
}

/// A prefix, in either case, and eight hexadecimal digits or letters behind it.
fn form(id: &str, prefixes: &[&str]) -> IdForm {
    let is_prefixed = prefixes.iter().any(|prefix| {
        let (head, tail) = (id.get(..prefix.len()), id.get(prefix.len()..));
        head.is_some_and(|head| head.eq_ignore_ascii_case(prefix))
            && tail.is_some_and(|t| t.len() == 8 && t.bytes().all(|b| b.is_ascii_alphanumeric()))
    });
    if is_prefixed { IdForm::Prefixed } else { IdForm::Slug }
}

fn same(one: &str, other: &str, same_form: bool) -> Option<bool> {
    same_form.then(|| one.eq_ignore_ascii_case(other))
}

/// Why a text is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a telephone number is '+' and 3 to 15 digits (E.164), without spaces")]
pub struct PhoneNumberError;

string_ids! {
    /// A telephone number in E.164, for example `+447700900123`; the plus is escaped in paths.
    PhoneNumber, "Accepts `+` and 3 to 15 digits.", check_number, PhoneNumberError
}

fn check_number(text: &str) -> Result<(), PhoneNumberError> {
    let digits = text.strip_prefix('+').ok_or(PhoneNumberError)?;
    let lawful = (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if lawful { Ok(()) } else { Err(PhoneNumberError) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_compared_within_one_spelling() {
        let id = |text: &str| ProjectId::parse(text).unwrap();
        assert_eq!(id("PROJECT-1A2B3C4D").form(), IdForm::Prefixed);
        assert_eq!(id("project-plan").form(), IdForm::Slug);
        assert_eq!(id("PROJECT-1A2B3C4D").is_same(&id("project-1a2b3c4d")), Some(true));
        assert_eq!(id("PROJECT-1A2B3C4D").is_same(&id("PROJECT-00000000")), Some(false));
        assert_eq!(id("PROJECT-1A2B3C4D").is_same(&id("acme-team-4")), None);
        let workspace = AccountId::parse("ws-1a2b3c4d").unwrap();
        assert_eq!(workspace.form(), IdForm::Prefixed);
        assert_eq!(workspace.is_same(&AccountId::parse("acme-uk").unwrap()), None);
    }

    #[test]
    fn telephone_numbers_are_international() {
        assert_eq!(PhoneNumber::parse("+447700900123").unwrap().as_str(), "+447700900123");
        for text in ["", "+", "+12", "07700900123", "+44 7700", "+4477009001234567", "+44a", "++44"]
        {
            assert_eq!(PhoneNumber::parse(text), Err(PhoneNumberError), "{text:?}");
        }
    }

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

//! Enums whose unknown values survive a round trip.
//!
//! The platform adds words without notice. A value we do not know is kept as it came, so nothing is
//! lost by reading and writing it again, and a page of data never fails for one new word.

/// Whether it is one of these words, in any letter case.
// Once, and not for every word.
#[doc(hidden)]
#[inline(never)]
pub fn is_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Declares an enum over strings with an `Unknown` variant that keeps foreign values.
#[macro_export]
macro_rules! open_enum {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $vdoc:literal])+ $variant:ident = $text:literal $(| $alias:literal)* ),+ $(,)? } )+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $vdoc])+ $variant, )+
            /// A word this version does not know, as it came.
            Unknown(Box<str>),
        }

        impl $name {
            /// Reads a word; letter case is ignored for the known ones.
            pub fn parse(text: &str) -> Self {
                $( if $crate::model::is_word(text, &[$text $(, $alias)*]) { return Self::$variant; } )+
                Self::Unknown(text.into())
            }

            /// The word as the platform spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => text,
                }
            }

            /// Whether this version knows the word.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            /// The known words, in the order of their declaration.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let doc = concat!($($doc, "\n"),+);
                schemars::json_schema!({ "type": "string", "x-known": Self::KNOWN, "description": doc.trim() })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Ok(Self::parse(&text))
            }
        }

        impl $crate::model::Lenient for $name {
            fn read(reader: &mut perch_json::Reader<'_>) -> Result<Option<Self>, perch_json::Error> {
                $crate::model::read_text(reader, |text| Some(Self::parse(text)))
            }
        }
    )+ };
}

open_enum! {
    /// Where an agent version runs. Studio's unpublished draft is not reachable by the public API.
    Environment {
        /// Where merges land first.
        Sandbox = "sandbox",
        /// The stage before live.
        PreRelease = "pre-release",
        /// What customers talk to.
        Live = "live",
    }

    /// How a conversation was held, in the words of conversation records.
    ///
    /// Filters, chat and agent functions use other words for the same thing; the aliases are those.
    Channel {
        /// Telephony.
        Voice = "VOICE-SIP" | "voice" | "sip.polyai",
        /// A chat on a website.
        Webchat = "WEBCHAT" | "webchat.polyai",
        /// A chat through the API or Studio.
        Chat = "CHAT" | "chat.polyai" | "api",
        /// Text messages.
        Sms = "SMS" | "sms.twilio" | "sms.polyai",
        /// Rich text messages.
        Rcs = "RCS" | "rcs.polyai",
        /// `WhatsApp`.
        Whatsapp = "WHATSAPP" | "whatsapp.polyai",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_ignore_case_and_vocabulary() {
        assert_eq!(Channel::parse("voice"), Channel::Voice);
        assert_eq!(Channel::parse("webchat"), Channel::Webchat);
        assert_eq!(Channel::parse("sms.polyai"), Channel::Sms);
        assert_eq!(Environment::parse("Live"), Environment::Live);
    }

    #[test]
    fn unknown_words_survive_a_round_trip() {
        let read: Channel = serde_json::from_str("\"CARRIER_PIGEON\"").unwrap();
        assert!(!read.is_known());
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"CARRIER_PIGEON\"");
    }
}

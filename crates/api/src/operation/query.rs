//! Query strings to structs and back, by serde.

mod de;
mod ser;

use std::borrow::Cow;

pub use de::from_pairs;
pub use ser::to_pairs;

/// The parameters do not fit the query: which one, and what was expected. Never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("query parameter {name}: {reason}")]
pub struct QueryError {
    /// The parameter's name.
    pub name: String,
    /// What was expected of it.
    pub reason: String,
}

/// Writes pairs as a query string without the question mark.
pub fn write<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode_into(&mut text, name);
        text.push('=');
        encode_into(&mut text, value);
    }
    text
}

/// Reads a query string; nothing when an escape is broken or is no UTF-8.
pub fn read(text: &str) -> Option<Vec<(String, String)>> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((decode(name, true)?.into_owned(), decode(value, true)?.into_owned()))
        })
        .collect()
}

/// Appends `value` with everything escaped but the unreserved characters of RFC 3986.
pub(super) fn encode_into(text: &mut String, value: &str) {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
            text.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// Undoes percent escapes, and `+` for a space where `plus` says so.
pub(super) fn decode(text: &str, plus: bool) -> Option<Cow<'_, str>> {
    if !text.contains(if plus { ['%', '+'] } else { ['%', '%'] }) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::model::Environment;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Sample {
        text: Option<String>,
        limit: Option<u32>,
        ratio: Option<f64>,
        live: Option<bool>,
        channel: Vec<String>,
        environment: Option<Environment>,
    }

    fn sample() -> Sample {
        Sample {
            text: Some("late & lost?".to_owned()),
            limit: Some(50),
            ratio: Some(0.5),
            live: Some(false),
            channel: vec!["voice".to_owned(), "WEBCHAT".to_owned()],
            environment: Some(Environment::PreRelease),
        }
    }

    #[test]
    fn structs_become_pairs_and_back() {
        let pairs = to_pairs(&sample());
        let text = write(pairs.iter().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(
            text,
            "text=late%20%26%20lost%3F&limit=50&ratio=0.5&live=false&channel=voice&channel=WEBCHAT&environment=pre-release"
        );
        let read = from_pairs::<Sample>(&read(&text).unwrap()).unwrap();
        assert_eq!(read, sample());
    }

    #[test]
    fn absent_is_default_and_unknown_is_ignored() {
        let pairs = [("include_turn_metadata".to_owned(), "true".to_owned())];
        assert_eq!(from_pairs::<Sample>(&pairs).unwrap(), Sample::default());
        assert!(to_pairs(&Sample::default()).is_empty());
    }

    #[test]
    fn a_wrong_type_names_the_parameter_and_not_the_value() {
        let pairs = [("limit".to_owned(), "fifty-secret".to_owned())];
        let error = from_pairs::<Sample>(&pairs).unwrap_err();
        assert_eq!(error.name, "limit");
        assert!(!error.to_string().contains("fifty"), "{error}");
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%ff"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(name in "\\PC{1,12}", value in ".{0,40}") {
            let text = write([(name.as_str(), value.as_str())]);
            prop_assert_eq!(read(&text).unwrap(), vec![(name, value)]);
        }
    }
}

//! Secrets by their names: what stands behind `signing_secret` and its likes in any answer is blanked.
//!
//! A scanner over JSON's tokens that changes bytes in place: texts become asterisks, lists and objects empty,
//! numbers zero. Lengths stay, so answers keep theirs, and it does not matter where chunks end, how names are
//! escaped, how deep they lie or what the answer calls itself. What never ends is blanked to its end.

use std::mem;

/// What names of secrets end with, also in the plural, in any case, and with `_`, `-` or nothing at a space.
const WORDS: [&str; 13] = [
    "secret",
    "password",
    "passwd",
    "passphrase",
    "private key",
    "secret key",
    "api key",
    "access token",
    "refresh token",
    "auth token",
    "bearer token",
    "authorization",
    "credential",
];
/// Longest name that is read, in bytes as they come; a longer one counts as a secret's.
const LONG: usize = 1_024;

/// A regular expression, for JavaScript with the flag `i`, that no text without a match needs this filter.
pub fn hint() -> String {
    // An escaped letter may be any of a name's.
    let words = WORDS.map(|word| word.replace(' ', "[_-]?")).join("|");
    format!(r"{words}|\\u00")
}

/// Where the scanner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Between tokens.
    Between,
    /// In a text that may be a name; whether the next byte is escaped.
    Text(bool),
    /// After a secret's name and its colon.
    Before,
    /// In a secret that is a text; whether the next byte is escaped.
    Secret(bool),
    /// In a secret that is a list or an object: so deep, in a text or not, the next byte escaped or not.
    Nested(u32, bool, bool),
    /// In a secret that is a number.
    Number,
}

/// One answer on its way.
#[derive(Debug)]
pub struct Redactor {
    at: At,
    /// The text that is being read, without its quotes.
    held: Vec<u8>,
    /// Whether the text before was a secret's name, should a colon follow.
    is_armed: bool,
}

impl Default for Redactor {
    fn default() -> Self {
        Self { at: At::Between, held: Vec::new(), is_armed: false }
    }
}

impl Redactor {
    /// Goes through the next bytes and blanks what may not go on.
    pub fn push(&mut self, chunk: &mut [u8]) {
        for byte in chunk {
            *byte = self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) -> u8 {
        let (next, shown) = match self.at {
            At::Text(false) if byte == b'"' => {
                self.is_armed = self.held.len() > LONG || is_secret(&self.held);
                self.held.clear();
                (At::Between, byte)
            }
            At::Text(is_escaped) => {
                if self.held.len() <= LONG {
                    self.held.push(byte);
                }
                (At::Text(!is_escaped && byte == b'\\'), byte)
            }
            At::Before => match byte {
                b' ' | b'\t' | b'\r' | b'\n' => (At::Before, byte),
                b'"' => (At::Secret(false), byte),
                b'{' | b'[' => (At::Nested(1, false, false), byte),
                b'-' | b'0'..=b'9' => (At::Number, b'0'),
                _ => return self.between(byte),
            },
            At::Secret(false) if byte == b'"' => (At::Between, byte),
            At::Secret(is_escaped) => (At::Secret(!is_escaped && byte == b'\\'), b'*'),
            At::Number if matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') => {
                (At::Number, b' ')
            }
            At::Between | At::Number => return self.between(byte),
            At::Nested(depth, is_text, is_escaped) => nested(depth, is_text, is_escaped, byte),
        };
        self.at = next;
        shown
    }

    fn between(&mut self, byte: u8) -> u8 {
        let was_armed = mem::take(&mut self.is_armed);
        self.at = match byte {
            b'"' => At::Text(false),
            b':' if was_armed => At::Before,
            b' ' | b'\t' | b'\r' | b'\n' => {
                self.is_armed = was_armed;
                At::Between
            }
            _ => At::Between,
        };
        byte
    }
}

const fn nested(depth: u32, is_text: bool, is_escaped: bool, byte: u8) -> (At, u8) {
    let at = match byte {
        _ if is_text && is_escaped => At::Nested(depth, true, false),
        b'\\' if is_text => At::Nested(depth, true, true),
        b'"' => At::Nested(depth, !is_text, false),
        _ if is_text => At::Nested(depth, true, false),
        b'{' | b'[' => At::Nested(depth.saturating_add(1), false, false),
        b'}' | b']' if depth == 1 => return (At::Between, byte),
        b'}' | b']' => At::Nested(depth.saturating_sub(1), false, false),
        _ => At::Nested(depth, false, false),
    };
    (at, b' ')
}

// A name that cannot be read is taken for one.
fn is_secret(raw: &[u8]) -> bool {
    if !raw.contains(&b'\\') {
        return ends_like_one(&String::from_utf8_lossy(raw));
    }
    let name: Result<String, _> = serde_json::from_slice(&[b"\"", raw, b"\""].concat());
    name.map_or(true, |name| ends_like_one(&name))
}

fn ends_like_one(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let lower = lower.strip_suffix('s').unwrap_or(&lower);
    WORDS.iter().any(|word| match word.split_once(' ') {
        None => lower.ends_with(word),
        Some((first, last)) => lower
            .strip_suffix(last)
            .map(|rest| rest.strip_suffix(['_', '-']).unwrap_or(rest))
            .is_some_and(|rest| rest.ends_with(first)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn redacted(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        Redactor::default().push(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn t37_secrets_are_blanked_in_any_nesting() {
        for (given, shown) in [
            (r#"{"signing_secret":"abc"}"#, r#"{"signing_secret":"***"}"#),
            (r#"{"a":[{"secret" : "x\"y","b":1}]}"#, r#"{"a":[{"secret" : "****","b":1}]}"#),
            (
                r#"{"signing\u005fsecret":"abc","b":"c"}"#,
                r#"{"signing\u005fsecret":"***","b":"c"}"#,
            ),
            (
                r#"{"Signing-Secret":"a","API_KEYS":["k","l"]}"#,
                r#"{"Signing-Secret":"*","API_KEYS":[       ]}"#,
            ),
            (r#"{"clientSecret":{"v":"}\"]"},"n":1}"#, r#"{"clientSecret":{          },"n":1}"#),
            (r#"{"apiKey":-12.5e3,"n":true}"#, r#"{"apiKey":0      ,"n":true}"#),
            (r#"{"secret":null,"password":false}"#, r#"{"secret":null,"password":false}"#),
            (r#"{"secret":"a","secret":"b"}"#, r#"{"secret":"*","secret":"*"}"#),
            (r#"[{"x":"secret"},"secret"]"#, r#"[{"x":"secret"},"secret"]"#),
            (r#"{"text":"\"secret\": \"told\""}"#, r#"{"text":"\"secret\": \"told\""}"#),
            (r#"{"secret":"never ends"#, r#"{"secret":"**********"#),
            (r#"{"secret":{"never":"ends""#, r#"{"secret":{              "#),
        ] {
            assert_eq!(redacted(given), shown, "{given}");
        }
        let long = format!(r#"{{"{}":"abc"}}"#, "x".repeat(LONG + 1));
        assert!(redacted(&long).ends_with(r#":"***"}"#));
    }

    // Every name that the platform documents for an answer, from the shapes that read them, and one that
    // the list of operations itself has.
    #[test]
    fn t37_no_documented_name_is_taken_for_a_secret() {
        let shapes = include_str!("../../../crates/js/npm/operations.d.ts");
        let names: Vec<&str> = shapes
            .lines()
            .filter_map(|line| line.trim().split_once(':').map(|(name, _)| name))
            .map(|name| name.trim_end_matches('?').trim_matches('"'))
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
            .collect();
        assert!(names.len() > 300, "{}", names.len());
        let taken: Vec<_> = names.into_iter().filter(|name| ends_like_one(name)).collect();
        assert!(
            taken
                .iter()
                .all(|name| ["credential", "signing_secret", "access_token"].contains(name)),
            "{taken:?}"
        );
    }

    #[test]
    fn the_hint_names_every_word() {
        let hint = hint();
        for word in WORDS {
            assert!(hint.contains(word.split(' ').next().unwrap()), "{word}");
        }
        assert!(hint.ends_with(r"\\u00"));
    }

    fn tree() -> impl Strategy<Value = Value> {
        let names = prop::sample::select(vec![
            "a",
            "secret",
            "signing_secret",
            "text",
            "apiKey",
            "say \"secret\"",
        ]);
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(4, 40, 4, move |inner| {
            let member = (names.clone(), inner.clone());
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Value::from),
                prop::collection::vec(member, 0..4).prop_map(|members| {
                    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
                }),
            ]
        })
    }

    // What the filter should do, said over a tree.
    fn blanked(value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(blanked).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    let value = match value {
                        value if !ends_like_one(name) => blanked(value),
                        Value::String(text) => {
                            let quoted = serde_json::to_string(text).unwrap();
                            "*".repeat(quoted.len() - 2).into()
                        }
                        Value::Array(_) => json!([]),
                        Value::Object(_) => json!({}),
                        Value::Number(_) => json!(0),
                        other => other.clone(),
                    };
                    (name.clone(), value)
                })
                .collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn t37_it_agrees_with_a_tree_however_it_is_cut(tree in tree(), cuts in prop::collection::vec(0usize..400, 0..6), is_pretty: bool) {
            let text = if is_pretty { serde_json::to_string_pretty(&tree) } else { serde_json::to_string(&tree) }.unwrap();
            let mut bytes = text.into_bytes();
            let mut redactor = Redactor::default();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut rest = bytes.as_mut_slice();
            let mut from = 0;
            for cut in cuts {
                let (piece, tail) = rest.split_at_mut(cut - from);
                redactor.push(piece);
                rest = tail;
                from = cut;
            }
            redactor.push(rest);
            prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), blanked(&tree));
        }

        #[test]
        fn t37_no_bytes_stop_it(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let before = bytes.clone();
            Redactor::default().push(&mut bytes);
            prop_assert_eq!(bytes.len(), before.len());
        }
    }
}

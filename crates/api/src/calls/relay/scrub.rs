//! Taking a token out of whatever holds it.

use serde_json::{Map, Value};

/// What stands where the token stood.
const REMOVED: &str = "[removed]";

/// The object without fields named like the token's, and without the token in any text or key.
pub(super) fn object(fields: Map<String, Value>, token: &str) -> Map<String, Value> {
    fields
        .into_iter()
        .filter(|(name, _)| !is_token_name(name))
        .map(|(name, value)| (text(name, token), clean(value, token)))
        .collect()
}

fn clean(value: Value, token: &str) -> Value {
    match value {
        Value::Object(fields) => Value::Object(object(fields, token)),
        Value::Array(list) => list.into_iter().map(|value| clean(value, token)).collect(),
        Value::String(string) => Value::String(text(string, token)),
        other => other,
    }
}

fn text(text: String, token: &str) -> String {
    // An empty token is in every text, between any two letters.
    if token.is_empty() || !text.contains(token) {
        return text;
    }
    let clean = text.replace(token, REMOVED);
    // What is left can join to a new copy around a replacement only if the token is made of it.
    if clean.contains(token) { REMOVED.to_owned() } else { clean }
}

/// `authToken`, however it is spelt.
fn is_token_name(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
    letters.eq(*b"authtoken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_token_is_found_wherever_it_is() {
        let Value::Object(dirty) = json!({
            "authToken": 7, "auth_token": "x", "AUTH-TOKEN": [], "kept": "authToken",
            "a": ["tok-1", { "xtok-1y": "tok-1tok-1" }, 1, null],
        }) else {
            panic!("an object");
        };
        let clean = Value::Object(object(dirty, "tok-1"));
        let expected = json!({
            "kept": "authToken",
            "a": ["[removed]", { "x[removed]y": "[removed][removed]" }, 1, null],
        });
        assert_eq!(clean, expected);
    }

    #[test]
    fn no_token_leaves_everything_as_it_is() {
        let fields: Map<String, Value> = serde_json::from_str(r#"{"a":"b"}"#).unwrap();
        assert_eq!(object(fields.clone(), ""), fields);
    }
}

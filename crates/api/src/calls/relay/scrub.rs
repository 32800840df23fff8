//! Taking a token out of whatever holds it.

use crate::json::{Object, Value};

/// What stands where the token stood.
const REMOVED: &str = "[removed]";

/// The object without fields named like the token's, and without the token in any text or key.
pub(super) fn object(fields: &Object, token: &str) -> Object {
    let mut out = Object::new();
    for (name, value) in fields.iter().filter(|(name, _)| !is_token_name(name)) {
        out.put(&text(name, token), clean(value, token));
    }
    out
}

fn clean(value: &Value, token: &str) -> Value {
    match value {
        Value::Object(fields) => Value::Object(object(fields, token)),
        Value::Array(list) => Value::Array(list.iter().map(|item| clean(item, token)).collect()),
        Value::String(string) => Value::String(text(string, token)),
        other => other.clone(),
    }
}

fn text(text: &str, token: &str) -> String {
    // An empty token is in every text, between any two letters.
    if token.is_empty() || !text.contains(token) {
        return text.to_owned();
    }
    let clean = text.replace(token, REMOVED);
    // What is left joins to a new copy only around a replacement that is part of the token.
    if clean.contains(token) { String::new() } else { clean }
}

/// `authToken`, however it is spelt.
fn is_token_name(name: &str) -> bool {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
    letters.eq(*b"authtoken")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(dirty: &str, token: &str) -> String {
        let dirty = Value::parse(dirty).unwrap();
        Value::Object(object(dirty.as_object().unwrap(), token)).encode()
    }

    #[test]
    fn the_token_is_found_wherever_it_is() {
        let dirty = r#"{"authToken":7,"auth_token":"x","AUTH-TOKEN":[],"kept":"authToken",
            "a":["tok-1",{"xtok-1y":"tok-1tok-1"},1,null],"b":"\u0074ok-1"}"#;
        let clean = r#"{"kept":"authToken","a":["[removed]",{"x[removed]y":"[removed][removed]"},1,null],"b":"[removed]"}"#;
        assert_eq!(scrubbed(dirty, "tok-1"), clean);
    }

    #[test]
    fn no_token_changes_nothing_and_a_strange_one_stays_out() {
        assert_eq!(scrubbed(r#"{"a":"b"}"#, ""), r#"{"a":"b"}"#);
        assert_eq!(scrubbed(r#"{"a":"xmovedx"}"#, "moved"), r#"{"a":""}"#);
    }
}

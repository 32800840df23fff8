//! JSON that has one meaning only, for frames written by strangers.

use super::{FrameFault, MAX_DEPTH, MAX_FRAME_BYTES};
use crate::json::{Object, Value};
use std::collections::BTreeSet;

/// The fields of an object without duplicate keys, not too large and not too deep.
pub(super) fn object(text: &str) -> Result<Object, FrameFault> {
    let fields = tolerant_object(text)?;
    check_object(&fields, MAX_DEPTH)?;
    Ok(fields)
}

/// The fields of an object that is not too large. The reader refuses what is far too deep.
pub(super) fn tolerant_object(text: &str) -> Result<Object, FrameFault> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(FrameFault::TooLarge);
    }
    match Value::parse(text).ok_or(FrameFault::NotJson)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(FrameFault::NotObject),
    }
}

fn check_object(fields: &Object, left: u8) -> Result<(), FrameFault> {
    let mut keys = BTreeSet::new();
    let left = left.checked_sub(1).ok_or(FrameFault::TooDeep)?;
    for (key, value) in fields.iter() {
        if !keys.insert(key) {
            return Err(FrameFault::DuplicateKey);
        }
        check(value, left)?;
    }
    Ok(())
}

fn check(value: &Value, left: u8) -> Result<(), FrameFault> {
    match value {
        Value::Object(fields) => check_object(fields, left),
        Value::Array(items) => {
            let left = left.checked_sub(1).ok_or(FrameFault::TooDeep)?;
            items.iter().try_for_each(|item| check(item, left))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_what_it_was() {
        let text = r#"{"a":[1,-2,0.5,true,null,"xA"],"b":{"a":{}}}"#;
        assert_eq!(Value::Object(object(text).unwrap()).encode(), text);
    }

    #[test]
    fn every_fault_is_named() {
        let deep = |n: usize| format!(r#"{{"type":"x","a":{}{}}}"#, "[".repeat(n), "]".repeat(n));
        let large = format!(r#"{{"type":"{}"}}"#, "x".repeat(MAX_FRAME_BYTES - 11));
        assert_eq!(large.len(), MAX_FRAME_BYTES);
        assert!(object(&large).is_ok() && object(&deep(31)).is_ok());
        for (text, fault) in [
            (format!("{large} "), FrameFault::TooLarge),
            (deep(32), FrameFault::TooDeep),
            (deep(50_000), FrameFault::NotJson),
            ("[".repeat(100_000), FrameFault::NotJson),
            ("[]".to_owned(), FrameFault::NotObject),
            ("7".to_owned(), FrameFault::NotObject),
            (String::new(), FrameFault::NotJson),
            (r#"{"type":"close"} {}"#.to_owned(), FrameFault::NotJson),
            (r#"{"type":"\ud800"}"#.to_owned(), FrameFault::NotJson),
            (r#"{"type":"offer","\u0074ype":"close"}"#.to_owned(), FrameFault::DuplicateKey),
            (
                r#"{"type":"offer","data":{"sdp":"a","sdp":"b"}}"#.to_owned(),
                FrameFault::DuplicateKey,
            ),
        ] {
            assert_eq!(object(&text).unwrap_err(), fault, "{text:.60}");
        }
    }
}

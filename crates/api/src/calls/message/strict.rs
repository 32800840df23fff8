//! JSON that has one meaning only, for frames written by strangers.

use super::{FrameFault, MAX_DEPTH, MAX_FRAME_BYTES};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{cell::Cell, fmt};

/// The fields of an object without duplicate keys, not too large and not too deep.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, FrameFault> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(FrameFault::TooLarge);
    }
    let fault = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Node { fault: &fault, depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    if let Some(fault) = fault.get() {
        return Err(fault);
    }
    match read.map_err(|_| FrameFault::NotJson)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(FrameFault::NotObject),
    }
}

/// Any JSON value at some depth; the frame itself is at depth 0.
#[derive(Clone, Copy)]
struct Node<'a> {
    fault: &'a Cell<Option<FrameFault>>,
    depth: u8,
}

impl Node<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(FrameFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn fail<E: Error>(self, fault: FrameFault) -> E {
        self.fault.set(Some(fault));
        E::custom(fault)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(self.fail(FrameFault::DuplicateKey));
            }
            map.insert(key, fields.next_value_seed(inner)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_what_it_was() {
        let text = r#"{"a":[1,-2,0.5,true,null,"x\u0041"],"b":{"a":{}}}"#;
        assert_eq!(
            Value::Object(object(text).unwrap()),
            serde_json::from_str::<Value>(text).unwrap()
        );
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
            (deep(50_000), FrameFault::TooDeep),
            ("[".repeat(100_000), FrameFault::TooDeep),
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

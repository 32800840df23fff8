//! A cheap, strict look at a client's frame, for whoever relays it.

use super::{ClientEventType, MAX_FRAME_BYTES};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{cell::Cell, collections::BTreeSet, fmt};

/// How deep a client's frame may be nested.
pub const MAX_DEPTH: u8 = 32;

/// What is wrong with a frame; never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameFault {
    /// Larger than [`MAX_FRAME_BYTES`].
    #[error("the frame is larger than 131072 bytes")]
    TooLarge,
    /// Not JSON.
    #[error("the frame is no JSON text")]
    NotJson,
    /// JSON, but no object.
    #[error("the frame is no JSON object")]
    NotObject,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("the frame is nested too deeply")]
    TooDeep,
    /// Some object has the same key twice, so two readers could see two different frames.
    #[error("the frame has a duplicate key")]
    DuplicateKey,
    /// No `type`, or one that is no string.
    #[error("the frame has no type")]
    NoType,
    /// A `type` that clients may not send.
    #[error("the frame's type is not one a client may send")]
    NotAllowed,
    /// The type is allowed, but what belongs to it is missing or of the wrong shape.
    #[error("the frame's payload does not fit its type")]
    BadPayload,
}

/// The type of a client's frame, or the first fault found.
///
/// The payload is not looked at, beyond its nesting and its keys. The sixth type, known from SDKs
/// only, is returned like the others: see [`ClientEventType::is_documented`].
pub fn client_type(text: &str) -> Result<ClientEventType, FrameFault> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(FrameFault::TooLarge);
    }
    let found = Found { fault: Cell::new(None), kind: Cell::new(Err(FrameFault::NoType)) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read =
        Node { found: &found, depth: 0 }.deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(fault) = found.fault.get() {
        return Err(fault);
    }
    read.map_err(|_| FrameFault::NotJson)?;
    found.kind.get()
}

struct Found {
    fault: Cell<Option<FrameFault>>,
    kind: Cell<Result<ClientEventType, FrameFault>>,
}

/// Any JSON value at some depth; the frame itself is at depth 0.
#[derive(Clone, Copy)]
struct Node<'a> {
    found: &'a Found,
    depth: u8,
}

impl Node<'_> {
    fn scalar<E: Error>(self) -> Result<(), E> {
        if self.depth == 0 { Err(self.fail(FrameFault::NotObject)) } else { Ok(()) }
    }

    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(FrameFault::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    fn fail<E: Error>(self, fault: FrameFault) -> E {
        self.found.fault.set(Some(fault));
        E::custom(fault)
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.scalar()?;
        let inner = self.inner()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        let mut keys = BTreeSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            if self.depth == 0 && key == "type" && !keys.contains(&key) {
                fields.next_value_seed(Kind(self.found))?;
            } else {
                fields.next_value_seed(inner)?;
            }
            if !keys.insert(key) {
                return Err(self.fail(FrameFault::DuplicateKey));
            }
        }
        Ok(())
    }
}

/// The value of the frame's `type`: a string, or a fault.
struct Kind<'a>(&'a Found);

impl<'de> DeserializeSeed<'de> for Kind<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl Visitor<'_> for Kind<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fault.set(Some(FrameFault::NoType));
        out.write_str("a string")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        self.0.kind.set(ClientEventType::parse(name).ok_or(FrameFault::NotAllowed));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowed_types_pass() {
        for kind in ClientEventType::ALL {
            let text =
                format!(r#"{{"payload":{{"a":[1,{{"b":null}}]}},"type":"{}"}}"#, kind.as_str());
            assert_eq!(client_type(&text), Ok(kind));
        }
    }

    #[test]
    fn every_fault_is_named() {
        let deep = format!(
            r#"{{"type":"EVENT_TYPE_HEARTBEAT","payload":{}{}}}"#,
            "[".repeat(32),
            "]".repeat(32)
        );
        let nearly = format!(
            r#"{{"type":"EVENT_TYPE_HEARTBEAT","payload":{}{}}}"#,
            "[".repeat(31),
            "]".repeat(31)
        );
        let abyss = "[".repeat(100_000);
        let cases: [(&str, Result<ClientEventType, FrameFault>); 16] = [
            ("", Err(FrameFault::NotJson)),
            ("{", Err(FrameFault::NotJson)),
            ("[]", Err(FrameFault::NotObject)),
            ("7", Err(FrameFault::NotObject)),
            (r#""EVENT_TYPE_HEARTBEAT""#, Err(FrameFault::NotObject)),
            ("{}", Err(FrameFault::NoType)),
            (r#"{"type":null}"#, Err(FrameFault::NoType)),
            (r#"{"type":{"a":1}}"#, Err(FrameFault::NoType)),
            (r#"{"payload":{"type":"EVENT_TYPE_HEARTBEAT"}}"#, Err(FrameFault::NoType)),
            (r#"{"type":"EVENT_TYPE_SESSION_END"}"#, Err(FrameFault::NotAllowed)),
            (
                r#"{"type":"EVENT_TYPE_HEARTBEAT","type":"EVENT_TYPE_HEARTBEAT"}"#,
                Err(FrameFault::DuplicateKey),
            ),
            (
                r#"{"type":"EVENT_TYPE_HEARTBEAT","\u0074ype":"EVENT_TYPE_SESSION_END"}"#,
                Err(FrameFault::DuplicateKey),
            ),
            (
                r#"{"type":"EVENT_TYPE_HEARTBEAT","payload":{"a":1,"a":2}}"#,
                Err(FrameFault::DuplicateKey),
            ),
            (r#"{"type":"EVENT_TYPE_HEARTBEAT"} {}"#, Err(FrameFault::NotJson)),
            (&deep, Err(FrameFault::TooDeep)),
            (&nearly, Ok(ClientEventType::Heartbeat)),
        ];
        for (text, outcome) in cases {
            assert_eq!(client_type(text), outcome, "{text}");
        }
        assert_eq!(client_type(&abyss), Err(FrameFault::NotObject));
    }

    #[test]
    fn the_size_limit_is_exact() {
        let frame = |bytes: usize| {
            let shell = r#"{"type":"EVENT_TYPE_HEARTBEAT","x":""}"#;
            let fill = "x".repeat(bytes - shell.len());
            format!(r#"{{"type":"EVENT_TYPE_HEARTBEAT","x":"{fill}"}}"#)
        };
        assert_eq!(client_type(&frame(MAX_FRAME_BYTES)), Ok(ClientEventType::Heartbeat));
        assert_eq!(client_type(&frame(MAX_FRAME_BYTES + 1)), Err(FrameFault::TooLarge));
    }
}

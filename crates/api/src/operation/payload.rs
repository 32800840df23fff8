//! Bodies in either direction.

mod multipart;
mod wav;

use std::borrow::Cow;

use perch_json::Reader;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::model::Lenient as _;
use crate::schema::Described;

pub use multipart::{Multipart, MultipartError, Part};
pub use wav::{Wav, WavUpload};

/// The body was not what the operation declares. Says where, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body does not fit the operation (line {line}, column {column})")]
pub struct DecodeError {
    /// Line of the first fault, from 1; 0 when the document ended too early or has no lines.
    pub line: usize,
    /// Column of the first fault.
    pub column: usize,
}

impl DecodeError {
    /// A fault without a place, as in audio or in a form.
    pub const NOWHERE: Self = Self { line: 0, column: 0 };
}

/// A request or response body: [`Empty`], [`Json`], or an own implementation for secrets and files.
pub trait Payload: Sized + Described {
    /// The `Content-Type` as a rule, or nothing when there is no body.
    const CONTENT_TYPE: Option<&'static str>;
    /// Other types that it may have.
    const OTHER_TYPES: &'static [&'static str] = &[];

    /// The `Content-Type` of this very body: with a boundary, or one of several that are allowed.
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Self::CONTENT_TYPE.map(Cow::Borrowed)
    }

    /// Headers that belong to the body besides its type.
    fn headers(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// The bytes to send.
    fn encode(&self) -> Vec<u8>;

    /// Reads the bytes that came.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;

    /// Reads bytes that came with this `Content-Type`; matters only where several are allowed.
    fn decode_as(content_type: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        let _ = content_type;
        Self::decode(bytes)
    }
}

/// No body. (`()` would go out as the text `null`.) Whatever arrives is ignored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Empty;

impl Payload for Empty {
    const CONTENT_TYPE: Option<&'static str> = None;

    fn encode(&self) -> Vec<u8> {
        Vec::new()
    }

    fn decode(_: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// A JSON body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline, transparent))]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned + Described> Payload for Json<T> {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    fn encode(&self) -> Vec<u8> {
        encode_json(&self.0)
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_json(bytes).map(Self)
    }
}

/// Writes JSON, as short as it goes.
///
/// # Panics
/// For a map whose keys are no texts; no type of this crate has one, and plain structs always serialise.
pub fn encode_json<T: Serialize>(value: &T) -> Vec<u8> {
    let text = perch_json::write(value);
    text.unwrap_or_else(|_| unreachable!("plain structs serialise")).into_bytes()
}

/// Reads JSON into any type, one that must not be written included.
pub fn decode_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    // The encoding is looked at once, and not again for every text in it.
    perch_json::read(text(bytes)?).map_err(|at| place(bytes, at))
}

/// Reads any JSON, in less code than [`decode_json`] takes for that type.
pub fn decode_value(bytes: &[u8]) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(text(bytes)?);
    match Value::read(&mut reader) {
        Ok(Some(value)) if reader.is_at_end() => Ok(value),
        _ => Err(place(bytes, reader.place())),
    }
}

// Once, and not for every type.
#[inline(never)]
fn text(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|fault| place(bytes, fault.valid_up_to()))
}

fn place(bytes: &[u8], at: usize) -> DecodeError {
    let before = bytes.get(..at).unwrap_or_default();
    let mut lines = before.split(|byte| *byte == b'\n');
    DecodeError {
        line: lines.clone().count(),
        column: lines.next_back().map_or(0, <[u8]>::len) + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_its_place() {
        let place = |body: &[u8]| {
            let fault = decode_json::<Value>(body).unwrap_err();
            assert_eq!(decode_value(body).unwrap_err(), fault);
            (fault.line, fault.column)
        };
        assert_eq!(place(b"{\n \"a\": nul}"), (2, 10));
        assert_eq!(place(b"{\n \"a\xff\"}"), (2, 4));
        assert_eq!(place(b"\xff"), (1, 1));
    }
}

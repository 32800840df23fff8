//! Bodies in either direction.

use serde::{Serialize, de::DeserializeOwned};

/// The body was not what the operation declares. Says where, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the body does not fit the operation (line {line}, column {column})")]
pub struct DecodeError {
    /// Line of the first fault, from 1; 0 when the document ended too early.
    pub line: usize,
    /// Column of the first fault.
    pub column: usize,
}

/// A request or response body: [`Empty`], [`Json`], or an own implementation for secrets and files.
pub trait Payload: Sized {
    /// The `Content-Type` to send, or nothing when there is no body.
    const CONTENT_TYPE: Option<&'static str>;

    /// The bytes to send.
    fn encode(&self) -> Vec<u8>;

    /// Reads the bytes that came.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError>;
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
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned> Payload for Json<T> {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    #[allow(
        clippy::expect_used,
        reason = "plain structs with string keys always serialise: the types of this crate have no other shape"
    )]
    fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(&self.0).expect("plain structs serialise")
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|error| DecodeError { line: error.line(), column: error.column() })
    }
}

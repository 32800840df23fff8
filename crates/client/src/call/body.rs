//! What goes out, by content type.

use perch_api::families::agents::audio_cache::MAX_FILE;
use perch_api::operation::{
    InputError, InputFault, InputPart, Multipart, OperationSpec, Part, Payload as _, WavUpload,
    encode_json, query,
};
use serde_json::Value;

use crate::client::Prepared;

/// The body of a call whose types are not linked.
///
/// It has no `Debug`: bodies may hold personal data.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// None; an operation whose body has no required member is sent an empty object.
    #[default]
    Empty,
    /// `application/json`.
    Json(Value),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
    /// `application/xml`.
    Xml(String),
    /// `text/plain`.
    Text(String),
    /// `audio/wav`, with the name it is to carry.
    Wav {
        /// The file, at most 6 MB.
        bytes: Vec<u8>,
        /// Its name.
        filename: Option<String>,
    },
}

impl Body {
    /// The content type it goes out with, without a boundary; nothing for none.
    pub const fn content_type(&self) -> Option<&'static str> {
        match self {
            Self::Empty => None,
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Multipart(_) => Some("multipart/form-data"),
            Self::Xml(_) => Some("application/xml"),
            Self::Text(_) => Some("text/plain"),
            Self::Wav { .. } => Some("audio/wav"),
        }
    }

    /// Checks it against the row and writes it; `entropy` makes the boundary of a form.
    pub(super) fn prepared(
        self,
        spec: &OperationSpec,
        entropy: u64,
    ) -> Result<Option<Prepared>, InputError> {
        let fault = |field: &str, fault| Err(InputError::new(InputPart::Body, field, fault));
        let Some(sends) = spec.sends else {
            return match self {
                Self::Empty => Ok(None),
                _ => fault("", InputFault::Type(Vec::new())),
            };
        };
        let takes = || std::iter::once(sends).chain(spec.sends_also.iter().copied());
        let body = match self {
            Self::Empty if sends == "application/json" && spec.sends_also.is_empty() => {
                Self::Json(Value::Object(serde_json::Map::new()))
            }
            Self::Empty => return fault("", InputFault::Missing),
            given => given,
        };
        let kind = body.content_type().unwrap_or_default();
        if !takes().any(|own| own == kind) {
            return fault("", InputFault::Type(takes().collect()));
        }
        if let Some(name) = spec.needs().iter().find(|name| !body.has(name)) {
            return fault(name, InputFault::Missing);
        }
        let mut content_type = kind.to_owned();
        let mut headers = Vec::new();
        let bytes = match body {
            Self::Empty => Vec::new(),
            // Where several types are lawful, the platform does not look inside.
            Self::Json(value) if !value.is_object() && spec.sends_also.is_empty() => {
                return fault("", InputFault::Unlawful("a JSON object"));
            }
            Self::Json(value) => encode_json(&value),
            Self::Form(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                query::write(pairs).into_bytes()
            }
            Self::Multipart(parts) => {
                if let Some(part) = parts.iter().find(|part| part.bytes.len() > MAX_FILE) {
                    return fault(&part.name, InputFault::TooLong(MAX_FILE));
                }
                let form = Multipart::new(parts, entropy);
                content_type = form.content_type();
                form.encode()
            }
            Self::Xml(text) | Self::Text(text) => text.into_bytes(),
            Self::Wav { bytes, .. } if bytes.is_empty() => return fault("", InputFault::Missing),
            Self::Wav { bytes, .. } if bytes.len() > MAX_FILE => {
                return fault("", InputFault::TooLong(MAX_FILE));
            }
            Self::Wav { bytes, filename } => {
                let upload = WavUpload { bytes, filename };
                headers = upload.headers();
                if upload.filename.is_some() && headers.is_empty() {
                    return fault("filename", InputFault::Unlawful("ASCII, not empty"));
                }
                upload.bytes
            }
        };
        Ok(Some(Prepared { content_type, bytes, headers }))
    }

    /// Whether it holds a value under this name.
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Json(value) => value.get(name).is_some_and(|value| !value.is_null()),
            Self::Multipart(parts) => parts.iter().any(|part| part.name == name),
            Self::Form(pairs) => pairs.iter().any(|(own, _)| own == name),
            _ => false,
        }
    }
}

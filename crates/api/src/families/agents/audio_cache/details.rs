//! The one multipart body of the platform: a recording with its settings.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Tuning;
use crate::operation::{DecodeError, Multipart, Part, Payload, decode_json};

/// A recording and what belongs to it, as a form. Made once, sent as often as needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailsUpload(Multipart);

/// What belongs to a recording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How they are spoken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Tuning>,
}

impl DetailsUpload {
    /// A form of `wav` (at most 6 MB) and its settings; `entropy` makes the boundary.
    pub fn new(wav: Vec<u8>, settings: &Settings, entropy: u64) -> Self {
        let file = Part {
            name: "file".to_owned(),
            filename: Some("recording.wav".to_owned()),
            content_type: Some("audio/wav".to_owned()),
            bytes: wav,
        };
        let settings = Part {
            name: "settings".to_owned(),
            bytes: serde_json::to_vec(settings).unwrap_or_default(),
            ..Part::default()
        };
        Self(Multipart::new(vec![file, settings], entropy))
    }

    /// The recording.
    pub fn wav(&self) -> &[u8] {
        self.0.part("file").map_or(&[], |part| &part.bytes)
    }

    /// What belongs to it; nothing when the form holds no readable settings.
    pub fn settings(&self) -> Option<Settings> {
        decode_json(&self.0.part("settings")?.bytes).ok()
    }
}

impl Payload for DetailsUpload {
    const CONTENT_TYPE: Option<&'static str> = Some("multipart/form-data");

    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Owned(self.0.content_type()))
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let form = Multipart::decode(bytes).map_err(|_| DecodeError::NOWHERE)?;
        let complete = form.part("file").is_some() && form.part("settings").is_some();
        if complete { Ok(Self(form)) } else { Err(DecodeError::NOWHERE) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_survive() {
        let settings = Settings { text: Some("Hello".to_owned()), config: None };
        let upload = DetailsUpload::new(b"RIFF\r\n--perch".to_vec(), &settings, 1);
        let read = DetailsUpload::decode(&upload.encode()).unwrap();
        assert_eq!(read.wav(), b"RIFF\r\n--perch");
        assert_eq!(read.settings(), Some(settings));
        assert_eq!(read.content_type(), upload.content_type());
    }

    #[test]
    fn half_a_form_is_refused() {
        let part = Part { name: "file".to_owned(), ..Part::default() };
        let form = Multipart::new(vec![part], 1).encode();
        assert!(DetailsUpload::decode(&form).is_err());
        assert!(DetailsUpload::decode(b"").is_err());
    }
}

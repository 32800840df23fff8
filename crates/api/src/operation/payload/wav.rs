//! Sound.

use super::{DecodeError, Payload};

/// A WAV file as it came. Nothing looks inside.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Wav(pub Vec<u8>);

/// A WAV file to be stored, with the name it is to carry.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WavUpload {
    /// The file, at most 6 MB and not empty.
    pub bytes: Vec<u8>,
    /// Goes into `X-Filename`; the platform takes the entry's id otherwise.
    pub filename: Option<String>,
}

impl Payload for Wav {
    const CONTENT_TYPE: Option<&'static str> = Some("audio/wav");

    fn encode(&self) -> Vec<u8> {
        self.0.clone()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self(bytes.to_vec()))
    }
}

impl Payload for WavUpload {
    const CONTENT_TYPE: Option<&'static str> = Some("audio/wav");

    fn headers(&self) -> Vec<(&'static str, String)> {
        let lawful = |name: &&String| {
            !name.is_empty() && name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
        };
        self.filename.iter().filter(lawful).map(|name| ("X-Filename", name.clone())).collect()
    }

    fn encode(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(Self { bytes: bytes.to_vec(), filename: None })
    }
}

impl std::fmt::Debug for Wav {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wav({} bytes)", self.0.len())
    }
}

impl std::fmt::Debug for WavUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WavUpload({} bytes)", self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_break_the_header_is_left_out() {
        let named = |name: &str| WavUpload { bytes: vec![1], filename: Some(name.to_owned()) };
        assert_eq!(named("a b.wav").headers(), [("X-Filename", "a b.wav".to_owned())]);
        for name in ["", "a\r\nX-API-KEY: k", "\u{e9}.wav"] {
            assert!(named(name).headers().is_empty(), "{name:?}");
        }
    }
}

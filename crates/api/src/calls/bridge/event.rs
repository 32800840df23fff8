//! The frames of the bridge's events socket.

use crate::{
    calls::message::{FrameFault, MAX_FRAME_BYTES, WireText, words},
    json::{Object, Value},
    model::Secret,
};

/// The first frame of this side; the bridge closes a socket that begins with anything else.
pub fn auth_frame(token: &Secret) -> WireText {
    let mut frame = Object::new();
    frame.put("type", "auth");
    frame.put("token", token.expose());
    WireText::new(Value::Object(frame).encode())
}

/// What the bridge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BridgeEvent {
    /// The agent's track has moved: pull it again.
    Repull,
    /// The caller talks over the agent: silence the agent at once. Holds the whole word, since
    /// anything that begins with `barge-in` means it.
    BargeIn(String),
    /// The agent may be heard again.
    Unmute,
    /// A word this version does not know: its first 300 characters.
    Unknown(String),
}

impl BridgeEvent {
    /// Reads a frame.
    pub fn parse(text: &str) -> Result<Self, FrameFault> {
        if text.len() > MAX_FRAME_BYTES {
            return Err(FrameFault::TooLarge);
        }
        let Value::Object(fields) = Value::parse(text).ok_or(FrameFault::NotJson)? else {
            return Err(FrameFault::NotObject);
        };
        let word = fields.text("event").ok_or(FrameFault::NoType)?;
        Ok(match word {
            "repull" => Self::Repull,
            "unmute" => Self::Unmute,
            word if word.starts_with("barge-in") => Self::BargeIn(words(word)),
            word => Self::Unknown(words(word)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        let read = |text: &str| BridgeEvent::parse(text);
        assert_eq!(read(r#"{"event":"repull","x":1}"#), Ok(BridgeEvent::Repull));
        assert_eq!(read(r#"{"event":"unmute"}"#), Ok(BridgeEvent::Unmute));
        for word in ["barge-in", "barge-in-start", "barge-in:2"] {
            let text = format!(r#"{{"event":"{word}"}}"#);
            assert_eq!(read(&text), Ok(BridgeEvent::BargeIn(word.to_owned())));
        }
        assert_eq!(read(r#"{"event":"Barge"}"#), Ok(BridgeEvent::Unknown("Barge".to_owned())));
        assert_eq!(read(r#"{"event":1}"#), Err(FrameFault::NoType));
        assert_eq!(read("[]"), Err(FrameFault::NotObject));
        assert_eq!(read("{"), Err(FrameFault::NotJson));
    }
}

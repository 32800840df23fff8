//! The one body that comes in four types. The platform does not look inside.

use std::borrow::Cow;

use serde_json::Value;

use crate::operation::{DecodeError, Payload, decode_json, encode_json, query};

/// A result, in the form its sender speaks.
#[derive(Debug, Clone, PartialEq)]
pub enum EventBody {
    /// `application/json`.
    Json(Value),
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
    /// `application/xml`.
    Xml(String),
    /// `text/plain`.
    Text(String),
}

impl EventBody {
    const FORM: &'static str = "application/x-www-form-urlencoded";
    const XML: &'static str = "application/xml";
    const TEXT: &'static str = "text/plain";
}

impl Payload for EventBody {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");
    const OTHER_TYPES: &'static [&'static str] = &[Self::FORM, Self::XML, Self::TEXT];

    fn content_type(&self) -> Option<Cow<'static, str>> {
        let kind = match self {
            Self::Json(_) => return Self::CONTENT_TYPE.map(Cow::Borrowed),
            Self::Form(_) => Self::FORM,
            Self::Xml(_) => Self::XML,
            Self::Text(_) => Self::TEXT,
        };
        Some(Cow::Borrowed(kind))
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Json(value) => encode_json(value),
            Self::Form(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
                query::write(pairs).into_bytes()
            }
            Self::Xml(text) | Self::Text(text) => text.clone().into_bytes(),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode_json(bytes).map(Self::Json)
    }

    fn decode_as(content_type: &str, bytes: &[u8]) -> Result<Self, DecodeError> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let text = || String::from_utf8(bytes.to_vec()).map_err(|_| DecodeError::NOWHERE);
        match kind.as_str() {
            Self::FORM => query::read(&text()?).map(Self::Form).ok_or(DecodeError::NOWHERE),
            Self::XML | "text/xml" => text().map(Self::Xml),
            Self::TEXT => text().map(Self::Text),
            _ => Self::decode(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_survives_under_its_own_type() {
        for body in [
            EventBody::Json(serde_json::json!({"cid": "evt_1", "answers": {"n": 1}})),
            EventBody::Form(vec![("cid".to_owned(), "evt 1&2".to_owned())]),
            EventBody::Xml("<root><cid>evt_1</cid></root>".to_owned()),
            EventBody::Text("cid=evt_1".to_owned()),
        ] {
            let kind = body.content_type().unwrap();
            assert_eq!(EventBody::decode_as(&kind, &body.encode()), Ok(body));
        }
        let spelled = "Text/XML; charset=utf-8";
        assert_eq!(EventBody::decode_as(spelled, b"<a/>"), Ok(EventBody::Xml("<a/>".to_owned())));
        assert!(EventBody::decode_as("text/plain", b"\xff").is_err());
        assert!(EventBody::decode(b"<a/>").is_err());
    }
}

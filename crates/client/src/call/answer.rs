//! What comes back, by content type.

use perch_api::operation::{CORRELATION_HEADER, DecodeError, OperationSpec, decode_value};
use serde_json::Value;

use crate::platform::HttpResponse;

/// The answer of an operation whose types are not linked.
///
/// It has no `Debug`: some answers hold a secret that is shown once.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// `Content-Type` as it came.
    pub content_type: Option<String>,
    /// The platform's name for this exchange.
    pub correlation_id: Option<String>,
    /// What came.
    pub body: AnswerBody,
}

/// A body by its content type.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum AnswerBody {
    /// No bytes.
    Empty,
    /// JSON.
    Json(Value),
    /// Text of any kind, XML included.
    Text(String),
    /// A recording, or anything that is neither JSON nor text.
    Bytes(Vec<u8>),
}

impl Answer {
    pub(super) fn read(spec: &OperationSpec, answer: &HttpResponse) -> Result<Self, DecodeError> {
        let content_type = answer.header("content-type").map(str::to_owned);
        let kind = content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let body = if answer.body.is_empty() {
            AnswerBody::Empty
        } else {
            match spec.answers {
                Some("application/json") => AnswerBody::Json(decode_value(&answer.body)?),
                Some(_) => AnswerBody::Bytes(answer.body.clone()),
                // The row promises nothing, so whatever comes is right.
                None => unpromised(&kind, &answer.body),
            }
        };
        let correlation_id = answer.header(CORRELATION_HEADER).map(str::to_owned);
        Ok(Self { status: answer.status, content_type, correlation_id, body })
    }
}

fn unpromised(kind: &str, bytes: &[u8]) -> AnswerBody {
    if kind.contains("json")
        && let Ok(value) = decode_value(bytes)
    {
        return AnswerBody::Json(value);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if kind.starts_with("text/") || kind.contains("xml") || kind.contains("json") => {
            AnswerBody::Text(text.to_owned())
        }
        _ => AnswerBody::Bytes(bytes.to_vec()),
    }
}

//! Error answers, in the body shape of each family.

use axum::http::StatusCode;
use perch_api::operation::{Family, OperationSpec};

use crate::fields::Fault;
use crate::json::Json;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// Code of the platform's envelope; empty where the catalogue has none.
    pub(crate) code: &'static str,
    /// The text.
    pub(crate) message: String,
    /// Seconds for `Retry-After`.
    pub(crate) retry_after: Option<u32>,
    /// What is wrong member by member, for the shape that lists it.
    pub(crate) faults: Vec<Fault>,
    /// The whole body, of the one error that has fields of its own.
    pub(crate) own_body: Option<String>,
}

impl Refusal {
    /// A refusal with this status, code and text.
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, message, retry_after: None, faults: Vec::new(), own_body: None }
    }

    /// The same with a body of its own.
    pub(crate) fn with_body(self, body: String) -> Self {
        Self { own_body: Some(body), ..self }
    }

    /// The code, or where the catalogue has none the status in its spelling: it must be a text.
    fn code_or_word(&self) -> String {
        if self.code.is_empty() { word(self.status) } else { self.code.to_owned() }
    }

    /// The body in the shape of `family`.
    pub(crate) fn body(&self, shape: Shape, correlation_id: &str) -> String {
        if let Some(body) = &self.own_body {
            return body.clone();
        }
        let mut json = Json::with_capacity(256);
        json.object(|json| match shape {
            Shape::Message => json.key("message").string(&self.message),
            Shape::ErrorMessage => json.key("error_message").string(&self.message),
            Shape::Detail => json.key("detail").string(&self.message),
            Shape::Error => json.key("error").string(&self.message),
            Shape::ErrorAndCode => {
                json.key("error").string(&self.message);
                json.key("code").string(&word(self.status));
            }
            Shape::ErrorWord => {
                json.key("success").boolean(false);
                json.key("error").string(phrase(self.status));
                json.key("message").string(&self.message);
            }
            // Only what fails validation is told member by member; the rest is in the envelope.
            Shape::DetailList if self.status == 422 => {
                json.key("detail").array(|json| self.faults.iter().for_each(|one| one.write(json)));
            }
            Shape::Envelope | Shape::DetailList => {
                json.key("success").boolean(false);
                json.key("error").string(&self.message);
                json.key("error_id").string(correlation_id);
                json.key("error_code").string(&self.code_or_word());
                json.key("error_message").string(&self.message);
                json.key("data").null();
            }
        });
        json.finish()
    }
}

/// The shapes of error bodies among the families.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"message"}`: messaging.
    Message,
    /// `{"error_message"}`: the oldest list, concurrency, handoff, external events.
    ErrorMessage,
    /// `{"detail"}`: text messages.
    Detail,
    /// `{"detail":[{loc,msg,type}]}` with status 422, the envelope otherwise: alerts.
    DetailList,
    /// `{"error"}`: the servers for calls from a browser.
    Error,
    /// `{"error","code"}`: the older outbound calls.
    ErrorAndCode,
    /// `{"success","error","message"}`, where `error` names the status: numbers lent to visitors.
    ErrorWord,
    /// The platform's envelope: everything else, and every wrong address.
    Envelope,
}

impl Shape {
    /// The shape of an operation's errors.
    pub(crate) fn of(spec: &OperationSpec) -> Self {
        match spec.family {
            Family::Messaging => Self::Message,
            Family::Concurrency | Family::Handoff | Family::ExternalEvents => Self::ErrorMessage,
            // The newer lists answer with the envelope.
            Family::Conversations if spec.id == "conversations.v1.list" => Self::ErrorMessage,
            Family::Sms => Self::Detail,
            Family::Alerts => Self::DetailList,
            Family::Webrtc => Self::Error,
            Family::Outbound => Self::ErrorAndCode,
            Family::Dni => Self::ErrorWord,
            _ => Self::Envelope,
        }
    }
}

/// The status as a code: `NOT_FOUND`.
fn word(status: u16) -> String {
    phrase(status).to_uppercase().replace(' ', "_")
}

/// What the status is called: `Not Found`.
fn phrase(status: u16) -> &'static str {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error")
}

#[cfg(test)]
mod tests {
    use perch_api::error::ErrorBody;

    use super::*;

    #[test]
    fn every_shape_is_read_by_the_client() {
        let refusal = Refusal::new(404, "CONVERSATIONS_NOT_FOUND", "No such conversation.");
        let read = ErrorBody::parse(404, refusal.body(Shape::Envelope, "c-1").as_bytes());
        assert_eq!(read.code.as_deref(), Some("CONVERSATIONS_NOT_FOUND"));
        assert_eq!(read.correlation_id.as_deref(), Some("c-1"));
        let read = ErrorBody::parse(401, refusal.body(Shape::Message, "c-1").as_bytes());
        assert_eq!(read.message.as_deref(), Some("No such conversation."));
        assert_eq!(read.code, None);
        let read = ErrorBody::parse(400, refusal.body(Shape::ErrorMessage, "c-1").as_bytes());
        assert_eq!(read.message.as_deref(), Some("No such conversation."));
    }

    #[test]
    fn the_rarer_shapes_are_read_too() {
        let refusal = Refusal::new(404, "PROJECT_NOT_FOUND", "No such project.");
        let body = |shape| refusal.body(shape, "c-1");
        assert_eq!(body(Shape::Detail), r#"{"detail":"No such project."}"#);
        assert_eq!(body(Shape::Error), r#"{"error":"No such project."}"#);
        let with_code = r#"{"error":"No such project.","code":"NOT_FOUND"}"#;
        assert_eq!(body(Shape::ErrorAndCode), with_code);
        let with_word = r#"{"success":false,"error":"Not Found","message":"No such project."}"#;
        assert_eq!(body(Shape::ErrorWord), with_word);
        assert_eq!(body(Shape::DetailList), body(Shape::Envelope), "404 is no validation");
        let faults = vec![Fault::new("metric", "enum", "unexpected value")];
        let refusal = Refusal { faults, ..Refusal::new(422, "", "unexpected value") };
        let list =
            r#"{"detail":[{"loc":["body","metric"],"msg":"unexpected value","type":"enum"}]}"#;
        assert_eq!(refusal.body(Shape::DetailList, "c-1"), list);
        for shape in [Shape::Detail, Shape::Error, Shape::ErrorAndCode, Shape::ErrorWord] {
            let read = ErrorBody::parse(404, body(shape).as_bytes());
            assert_eq!(read.message.as_deref(), Some("No such project."), "{shape:?}");
        }
    }
}

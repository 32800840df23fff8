//! Error answers, in the body shape of each family.

use perch_api::operation::Family;

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
    /// The whole body, of the one error that has fields of its own.
    pub(crate) own_body: Option<String>,
}

impl Refusal {
    /// A refusal with this status, code and text.
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None, own_body: None }
    }

    /// The same with a body of its own.
    pub(crate) fn with_body(self, body: String) -> Self {
        Self { own_body: Some(body), ..self }
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
            Shape::Envelope => {
                json.key("success").boolean(false);
                json.key("error").string(&self.message);
                json.key("error_id").string(correlation_id);
                json.key("error_code").optional(Some(self.code).filter(|code| !code.is_empty()));
                json.key("error_message").string(&self.message);
                json.key("data").null();
            }
        });
        json.finish()
    }
}

/// The shapes of error bodies among the families served here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `{"message"}`: messaging.
    Message,
    /// `{"error_message"}`: concurrency and handoff.
    ErrorMessage,
    /// The platform's envelope: everything else, and every wrong address.
    Envelope,
}

impl Shape {
    /// The shape of a family's errors.
    pub(crate) const fn of(family: Family) -> Self {
        match family {
            Family::Messaging => Self::Message,
            Family::Concurrency | Family::Handoff => Self::ErrorMessage,
            _ => Self::Envelope,
        }
    }
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
}

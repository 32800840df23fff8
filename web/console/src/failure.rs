//! Why something could not be shown, in words an operator can act on.

use perch_api::error::{ErrorBody, ErrorKind};
use perch_client::{ClientError, HttpResponse, TransportError};

/// What the worker calls a request without a session.
const NOT_SIGNED_IN: &str = "not_signed_in";

/// A failed request, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What the page does about it.
    pub(crate) kind: Kind,
    /// What happened, one sentence.
    pub(crate) message: String,
    /// What to do, one sentence.
    pub(crate) remedy: &'static str,
    /// The code to look up.
    pub(crate) code: Option<String>,
    /// Quote this to support.
    pub(crate) request_id: Option<String>,
    /// Seconds to wait before the next try.
    pub(crate) retry_after: Option<u64>,
}

/// What a page does about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Ask to sign in.
    SignedOut,
    /// Say that it is not there.
    Missing,
    /// Count down and try again.
    RateLimit,
    /// Offer to try again.
    Passing,
    /// Say what is wrong; trying again changes nothing.
    Lasting,
}

impl Kind {
    /// Whether the same request may go through later.
    pub(crate) const fn may_pass(self) -> bool {
        matches!(self, Self::RateLimit | Self::Passing)
    }

    fn of(body: &ErrorBody) -> Self {
        match body.kind() {
            ErrorKind::Credential if body.code.as_deref() == Some(NOT_SIGNED_IN) => Self::SignedOut,
            ErrorKind::Missing => Self::Missing,
            ErrorKind::RateLimit => Self::RateLimit,
            ErrorKind::Server => Self::Passing,
            _ => Self::Lasting,
        }
    }
}

impl Failure {
    /// Of an operation.
    pub(crate) fn of_client(error: &ClientError) -> Self {
        let retry_after = error.retry_after.map(|wait| wait.as_secs());
        let request_id = error.correlation_id.clone();
        match &error.failure {
            perch_client::Failure::Refused(body) => {
                Self { request_id, retry_after, ..Self::of_body(body) }
            }
            perch_client::Failure::Transport(transport) => Self::of_transport(transport),
            other => Self {
                kind: Kind::Lasting,
                message: sentence(&other.to_string()),
                remedy: error.remedy(),
                code: None,
                request_id,
                retry_after,
            },
        }
    }

    /// Of a request that got no answer.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        Self {
            kind: Kind::Passing,
            message: sentence(&error.to_string()),
            remedy: "Check the connection and try again.",
            code: None,
            request_id: None,
            retry_after: None,
        }
    }

    /// Of an answer that is a refusal.
    pub(crate) fn of_response(response: &HttpResponse) -> Self {
        let header = |name| response.header(name).map(str::to_owned);
        let own = Self::of_body(&ErrorBody::parse(response.status, &response.body));
        Self {
            request_id: header("x-request-id").or_else(|| own.request_id.clone()),
            retry_after: header("retry-after").and_then(|wait| wait.trim().parse().ok()),
            ..own
        }
    }

    /// Of an answer that is none of ours.
    pub(crate) fn unreadable(response: &HttpResponse) -> Self {
        Self {
            kind: Kind::Passing,
            message: "The server's answer could not be read.".to_owned(),
            remedy: "Reload the page; the console may be older than the server.",
            code: None,
            request_id: response.header("x-request-id").map(str::to_owned),
            retry_after: None,
        }
    }

    fn of_body(body: &ErrorBody) -> Self {
        let kind = Kind::of(body);
        let told = body.message.as_deref().map(sentence);
        let (message, remedy) = match (body.status, kind) {
            (_, Kind::RateLimit) => {
                ("Too many requests in a short time.", "It goes on by itself as soon as it may.")
            }
            (401, Kind::Lasting) => (
                "The platform did not accept the key.",
                "Ask the person who runs this console to check the keys.",
            ),
            (403, _) => ("This is not allowed.", "Ask for the missing permission or role."),
            (_, Kind::Missing) => ("It is not there.", "Check the project and the region."),
            (_, Kind::Passing) => ("The server had a problem.", "Try again in a moment."),
            (status, _) => {
                return Self {
                    kind,
                    message: told.unwrap_or_else(|| format!("The server answered {status}.")),
                    remedy: body.kind().remedy(),
                    code: body.code.clone().or_else(|| Some(status.to_string())),
                    request_id: body.correlation_id.clone(),
                    retry_after: None,
                };
            }
        };
        Self {
            kind,
            message: told.unwrap_or_else(|| message.to_owned()),
            remedy,
            code: body.code.clone().or_else(|| Some(body.status.to_string())),
            request_id: body.correlation_id.clone(),
            retry_after: None,
        }
    }
}

/// A text with a capital at its start and a full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut out = text.to_owned();
    // Of an ASCII letter only: the tables for all others weigh more than the rest of this page.
    if let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        HttpResponse {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn only_the_worker_can_end_a_session() {
        let own = r#"{"error":{"code":"not_signed_in","message":"There is no operator session."},"request_id":"r-1"}"#;
        let own = Failure::of_response(&response(401, &[], own));
        assert_eq!((own.kind, own.request_id.as_deref()), (Kind::SignedOut, Some("r-1")));
        let platform = Failure::of_response(&response(401, &[], r#"{"message":"Unauthorized"}"#));
        assert_eq!(platform.kind, Kind::Lasting);
        assert_eq!(platform.message, "Unauthorized.");
    }

    #[test]
    fn a_rate_limit_says_how_long() {
        let failure = Failure::of_response(&response(
            429,
            &[("retry-after", " 65 "), ("x-request-id", "r-2")],
            "",
        ));
        assert_eq!((failure.kind, failure.retry_after), (Kind::RateLimit, Some(65)));
        assert_eq!(failure.code.as_deref(), Some("429"));
        assert_eq!(failure.request_id.as_deref(), Some("r-2"));
    }

    #[test]
    fn what_may_pass_is_offered_again() {
        for (status, passes) in
            [(500, true), (502, true), (429, true), (400, false), (403, false), (404, false)]
        {
            assert_eq!(
                Failure::of_response(&response(status, &[], "")).kind.may_pass(),
                passes,
                "{status}"
            );
        }
        assert!(Failure::of_transport(&TransportError::Connect).kind.may_pass());
    }

    #[test]
    fn texts_are_sentences() {
        assert_eq!(sentence("the connection failed"), "The connection failed.");
        assert_eq!(sentence("Done!"), "Done!");
    }
}

//! Errors on their way to JavaScript, as `PerchError` reads them.

use perch_api::json::{Object, Value};
use perch_client::TransportError;
use perch_client::visitor::VisitorError;

/// The fields of an error: why the edge worker did not do what a visitor asked.
pub(crate) fn fields(error: &VisitorError) -> Value {
    const CONNECTION: &str = "Check the connection and try again.";
    let (code, message, remedy, repeat) = match error {
        VisitorError::Refused { status, code, remedy, .. } => {
            let repeat = if matches!(status, 429 | 500..) { "later" } else { "never" };
            (code.as_str(), "the edge worker refused", remedy.as_str(), repeat)
        }
        VisitorError::Check(_) => {
            let message = "the site checks that visitors are people";
            ("bot_check_needed", message, "Use the widget, or a site without a check.", "never")
        }
        VisitorError::SessionLost => {
            ("session_lost", "the session is gone", "Open a new chat.", "never")
        }
        VisitorError::Transport(TransportError::Timeout(_)) => {
            ("timeout", "no answer came in time", CONNECTION, "later")
        }
        VisitorError::Transport(_) => {
            ("connection_failed", "the connection failed", CONNECTION, "later")
        }
        _ => {
            let message = "the edge worker's answer cannot be read";
            ("unreadable_answer", message, "Check the address of the edge worker.", "never")
        }
    };
    let mut out = Object::new();
    out.put("code", code);
    out.put("message", [message, " (", code, ")"].concat().as_str());
    out.put("remedy", remedy);
    out.put("retry", repeat);
    if let VisitorError::Refused { status, request_id, retry_after, .. } = error {
        out.put("status", u32::from(*status));
        out.put("correlationId", request_id.as_str());
        let pause = retry_after.and_then(|pause| u64::try_from(pause.as_millis()).ok());
        out.maybe("retryAfterMs", pause);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_refusal_keeps_what_a_caller_needs() {
        let error = VisitorError::Refused {
            status: 429,
            code: "too_many_requests".to_owned(),
            remedy: "Wait.".to_owned(),
            request_id: "r-1".to_owned(),
            retry_after: Some(Duration::from_secs(9)),
        };
        assert_eq!(
            fields(&error).encode(),
            r#"{"code":"too_many_requests","message":"the edge worker refused (too_many_requests)","remedy":"Wait.","retry":"later","status":429,"correlationId":"r-1","retryAfterMs":9000}"#
        );
    }

    #[test]
    fn silence_is_worth_another_try() {
        for fault in [TransportError::Connect, TransportError::Timeout(Duration::ZERO)] {
            assert!(fields(&fault.into()).encode().contains(r#""retry":"later""#));
        }
    }
}

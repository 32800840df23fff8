//! Frames out of JSON, whatever shape the fields have.

use super::{
    AgentVersion, Body, Candidate, ErrorCode, ErrorReport, Frame, FrameFault, Mode, Offer,
    OfferFields, Sdp, UnknownFrame,
};
use crate::{
    json::{Object, Value},
    model::Secret,
};

/// The longest session id taken for one.
const SESSION: usize = 256;
/// How much of an error's words is kept, in characters.
const WORDS: usize = 300;

pub(super) fn frame(fields: Object) -> Result<Frame, FrameFault> {
    let kind = fields.text("type").ok_or(FrameFault::NoType)?.to_owned();
    let session = text(&fields, "sessionId").filter(|id| id.len() <= SESSION);
    let empty = Object::new();
    let data = fields.get("data").and_then(Value::as_object).unwrap_or(&empty);
    let body = match kind.as_str() {
        "offer" => Body::Offer(Box::new(Offer { sdp: sdp(data)?, fields: offer_fields(&fields) })),
        "answer" => Body::Answer { sdp: sdp(data)? },
        "ice-candidate" => Body::Candidate(candidate(data)?),
        "close" => Body::Close,
        "error" => Body::Error(error(data)),
        "ping" => Body::Ping,
        "pong" => Body::Pong,
        _ => Body::Unknown(UnknownFrame { kind, fields }),
    };
    Ok(Frame { session, body })
}

/// The first words of a text that may be shown, on one line.
pub(in crate::calls) fn words(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(WORDS).collect::<String>().trim().to_owned()
}

fn offer_fields(fields: &Object) -> OfferFields {
    let agent_version = fields.get("agentVersionOverride").and_then(Value::as_object);
    OfferFields {
        auth_token: text(fields, "authToken").map(Secret::new),
        mode: text(fields, "mode").map(|word| Mode::parse(&word)),
        call_sid: text(fields, "callSid"),
        caller: text(fields, "caller"),
        callee: text(fields, "callee"),
        account_id: text(fields, "accountId"),
        project_id: text(fields, "projectId"),
        variant_id: text(fields, "variantId"),
        agent_version: agent_version.and_then(|version| {
            Some(AgentVersion {
                artifact_version: text(version, "artifactVersion")?,
                lambda_deployment_version: text(version, "lambdaDeploymentVersion")?,
            })
        }),
    }
}

fn sdp(data: &Object) -> Result<Sdp, FrameFault> {
    text(data, "sdp").map(Sdp::new).ok_or(FrameFault::BadPayload)
}

fn candidate(data: &Object) -> Result<Candidate, FrameFault> {
    let line = data.text("candidate").ok_or(FrameFault::BadPayload)?;
    Ok(Candidate {
        candidate: line.to_owned(),
        // A mid may well be empty; only another type is no mid.
        sdp_mid: data.text("sdpMid").map(str::to_owned),
        sdp_m_line_index: data
            .get("sdpMLineIndex")
            .and_then(Value::as_whole)
            .and_then(|index| u16::try_from(index).ok()),
    })
}

fn error(data: &Object) -> ErrorReport {
    let code = data.text("code").unwrap_or_default();
    let message = data.text("message").unwrap_or_default();
    ErrorReport { code: ErrorCode::parse(&words(code)), message: words(message) }
}

/// A field that is a text and says something.
fn text(fields: &Object, name: &str) -> Option<String> {
    fields.text(name).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_session_has_three_spellings_and_more_are_forgiven() {
        for id in [r#""sessionId":"","#, r#""sessionId":null,"#, "", r#""sessionId":7,"#] {
            let text = format!(r#"{{{id}"type":"close"}}"#);
            assert_eq!(Frame::parse(&text), Ok(Frame::new(None, Body::Close)), "{text}");
        }
        assert_eq!(
            Frame::parse(r#"{"type":"close","sessionId":"s-1"}"#),
            Ok(Frame::new(Some("s-1"), Body::Close))
        );
    }

    #[test]
    fn candidates_need_nothing_but_the_line() {
        for (rest, mid, index) in [
            (r#","sdpMid":"audio","sdpMLineIndex":1"#, Some("audio"), Some(1)),
            (r#","sdpMid":null,"sdpMLineIndex":null"#, None, None),
            ("", None, None),
            (r#","sdpMid":3,"sdpMLineIndex":-1"#, None, None),
            (r#","sdpMid":"","sdpMLineIndex":70000"#, Some(""), None),
        ] {
            let text = format!(r#"{{"type":"ice-candidate","data":{{"candidate":""{rest}}}}}"#);
            let Ok(Frame { body: Body::Candidate(read), .. }) = Frame::parse(&text) else {
                panic!("{text}");
            };
            assert_eq!((read.sdp_mid.as_deref(), read.sdp_m_line_index), (mid, index), "{text}");
            assert!(read.is_end());
        }
        for bad in ["{}", "null", "[]", r#"{"candidate":7}"#] {
            let text = format!(r#"{{"type":"ice-candidate","data":{bad}}}"#);
            assert_eq!(Frame::parse(&text), Err(FrameFault::BadPayload), "{text}");
        }
    }

    #[test]
    fn errors_are_read_to_their_first_words() {
        let long = "x".repeat(1_000);
        let text = format!(r#"{{"type":"error","data":{{"code":"NEW","message":"a\n{long}"}}}}"#);
        let Ok(Frame { body: Body::Error(read), .. }) = Frame::parse(&text) else {
            panic!("{text}");
        };
        assert_eq!((read.code.as_str(), read.message.len()), ("NEW", 300));
        assert!(read.message.starts_with("a x"));
        assert!(matches!(
            Frame::parse(r#"{"type":"error"}"#).map(|frame| frame.body),
            Ok(Body::Error(ErrorReport { code: ErrorCode::Unknown(_), .. }))
        ));
    }
}

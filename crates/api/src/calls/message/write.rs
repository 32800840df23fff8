//! Frames into JSON.

use super::{Body, Candidate, Frame, Mode, Offer, Sdp};
use crate::{
    json::{Object, Value},
    model::Secret,
};

pub(super) fn frame(frame: &Frame) -> Object {
    if let Body::Unknown(unknown) = &frame.body {
        return unknown.fields.clone();
    }
    let mut out = Object::new();
    out.put("type", frame.body.kind());
    let session = frame.session.as_deref();
    match &frame.body {
        // The base message asks for a session id; signs of life are known bare, errors may be.
        Body::Error(_) | Body::Ping | Body::Pong if session.is_none() => {}
        _ => out.put("sessionId", session.unwrap_or_default()),
    }
    match &frame.body {
        Body::Offer(one) => offer(&mut out, one),
        Body::Answer { sdp } => out.put("data", description("answer", sdp)),
        Body::Candidate(one) => out.put("data", candidate(one)),
        Body::Error(report) => {
            let mut data = Object::new();
            data.put("code", report.code.as_str());
            data.put("message", report.message.as_str());
            out.put("data", data);
        }
        Body::Close | Body::Ping | Body::Pong | Body::Unknown(_) => {}
    }
    out
}

fn offer(out: &mut Object, offer: &Offer) {
    out.put("data", description("offer", &offer.sdp));
    let from = &offer.fields;
    out.maybe("authToken", from.auth_token.as_ref().map(Secret::expose));
    out.maybe("mode", from.mode.as_ref().map(Mode::as_str));
    out.maybe("callSid", from.call_sid.as_deref());
    out.maybe("caller", from.caller.as_deref());
    out.maybe("callee", from.callee.as_deref());
    out.maybe("accountId", from.account_id.as_deref());
    out.maybe("projectId", from.project_id.as_deref());
    out.maybe("variantId", from.variant_id.as_deref());
    if let Some(version) = &from.agent_version {
        let mut both = Object::new();
        both.put("artifactVersion", version.artifact_version.as_str());
        both.put("lambdaDeploymentVersion", version.lambda_deployment_version.as_str());
        out.put("agentVersionOverride", both);
    }
}

fn description(kind: &str, sdp: &Sdp) -> Object {
    let mut data = Object::new();
    data.put("type", kind);
    data.put("sdp", sdp.as_str());
    data
}

fn candidate(from: &Candidate) -> Object {
    let mut data = Object::new();
    data.put("candidate", from.candidate.as_str());
    // The specification wants both; null is what the SDKs write for "not known".
    data.put("sdpMid", from.sdp_mid.as_deref().map_or(Value::Null, Value::from));
    let index = from.sdp_m_line_index.map(u32::from);
    data.put("sdpMLineIndex", index.map_or(Value::Null, Value::from));
    data
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorCode, ErrorReport};
    use super::*;

    #[test]
    fn frames_are_written_as_documented() {
        let error = ErrorReport { code: ErrorCode::Forbidden, message: "no".to_owned() };
        for (session, body, text) in [
            (None, Body::Close, r#"{"type":"close","sessionId":""}"#),
            (None, Body::Pong, r#"{"type":"pong"}"#),
            (
                None,
                Body::Error(error),
                r#"{"type":"error","data":{"code":"FORBIDDEN","message":"no"}}"#,
            ),
            (
                Some("s"),
                Body::Answer { sdp: Sdp::new("v=0") },
                r#"{"type":"answer","sessionId":"s","data":{"type":"answer","sdp":"v=0"}}"#,
            ),
        ] {
            let written = Value::Object(frame(&Frame::new(session, body))).encode();
            assert_eq!(written, text);
        }
    }
}

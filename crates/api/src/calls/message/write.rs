//! Frames into JSON.

use super::{Body, Candidate, Frame, Offer};
use serde_json::{Map, Value, json};

pub(super) fn frame(frame: &Frame) -> Map<String, Value> {
    if let Body::Unknown(unknown) = &frame.body {
        return unknown.fields.clone();
    }
    let mut fields = Map::new();
    fields.insert("type".to_owned(), frame.body.kind().into());
    let session = frame.session.as_deref();
    match &frame.body {
        // The base message asks for a session id; signs of life are known bare, errors may be.
        Body::Error(_) | Body::Ping | Body::Pong if session.is_none() => {}
        _ => {
            fields.insert("sessionId".to_owned(), session.unwrap_or_default().into());
        }
    }
    match &frame.body {
        Body::Offer(one) => offer(&mut fields, one),
        Body::Answer { sdp } => {
            fields.insert("data".to_owned(), json!({ "type": "answer", "sdp": sdp.as_str() }));
        }
        Body::Candidate(one) => {
            fields.insert("data".to_owned(), candidate(one));
        }
        Body::Error(report) => {
            let data = json!({ "code": report.code, "message": report.message });
            fields.insert("data".to_owned(), data);
        }
        Body::Close | Body::Ping | Body::Pong | Body::Unknown(_) => {}
    }
    fields
}

fn offer(fields: &mut Map<String, Value>, offer: &Offer) {
    fields.insert("data".to_owned(), json!({ "type": "offer", "sdp": offer.sdp.as_str() }));
    let Offer { fields: from, .. } = offer;
    for (name, value) in [
        ("authToken", from.auth_token.as_ref().map(crate::model::Secret::expose)),
        ("mode", from.mode.as_ref().map(super::Mode::as_str)),
        ("callSid", from.call_sid.as_deref()),
        ("caller", from.caller.as_deref()),
        ("callee", from.callee.as_deref()),
        ("accountId", from.account_id.as_deref()),
        ("projectId", from.project_id.as_deref()),
        ("variantId", from.variant_id.as_deref()),
    ] {
        if let Some(value) = value {
            fields.insert(name.to_owned(), value.into());
        }
    }
    if let Some(version) = &from.agent_version {
        let version = json!({
            "artifactVersion": version.artifact_version,
            "lambdaDeploymentVersion": version.lambda_deployment_version,
        });
        fields.insert("agentVersionOverride".to_owned(), version);
    }
}

fn candidate(from: &Candidate) -> Value {
    // The specification wants both; null is what the SDKs write for "not known".
    json!({
        "candidate": from.candidate,
        "sdpMid": from.sdp_mid,
        "sdpMLineIndex": from.sdp_m_line_index,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorCode, ErrorReport, Sdp};
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
            let written = Value::Object(frame(&Frame::new(session, body)));
            assert_eq!(written, serde_json::from_str::<Value>(text).unwrap());
        }
    }
}

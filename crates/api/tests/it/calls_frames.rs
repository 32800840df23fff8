//! The frames of the reference, and all the ways they are known to differ from it.

use perch_api::{
    calls::message::{
        AgentVersion, Body, Candidate, ErrorCode, ErrorReport, Frame, FrameFault, Mode, Offer,
        OfferFields, Sdp,
    },
    model::Secret,
};
use proptest::prelude::*;
use serde_json::Value;

/// Read, written, read: the same, and the same JSON as the reference has.
fn check(text: &str) -> Frame {
    let frame = Frame::parse(text).unwrap();
    assert_eq!(Frame::parse_strict(text).as_ref(), Ok(&frame), "{text}");
    let written = frame.encode();
    let (one, two): (Value, Value) =
        (serde_json::from_str(written.as_str()).unwrap(), serde_json::from_str(text).unwrap());
    assert_eq!(one, two);
    frame
}

#[test]
fn the_examples_of_the_reference() {
    let offer = check(
        r#"{"type":"offer","sessionId":"","data":{"type":"offer",
        "sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n..."},"authToken":"<connector token>",
        "mode":"end-to-end","callSid":"web-0001","caller":"+14155550100","callee":"+14155550101"}"#,
    );
    let Body::Offer(read) = &offer.body else { panic!("an offer") };
    assert_eq!(read.fields.mode, Some(Mode::EndToEnd));
    assert!(read.fields.auth_token.as_ref().unwrap().ct_eq("<connector token>"));
    let printed = format!("{offer:?}");
    for secret in ["connector token", "IN IP4", "+1415"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let answer = check(
        r#"{"type":"answer","sessionId":"9d7c1c1e-7f0a-4a0c-8a3b-0c0f6a0d2b10",
        "data":{"type":"answer","sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n..."}}"#,
    );
    assert_eq!(answer.session.as_deref(), Some("9d7c1c1e-7f0a-4a0c-8a3b-0c0f6a0d2b10"));
    let candidate = check(
        r#"{"type":"ice-candidate","sessionId":"9d7c1c1e-7f0a-4a0c-8a3b-0c0f6a0d2b10",
        "data":{"candidate":"candidate:1 1 UDP 2130706431 192.0.2.7 54400 typ host",
        "sdpMid":"0","sdpMLineIndex":0}}"#,
    );
    assert!(!format!("{candidate:?}").contains("192.0.2.7"));
    check(r#"{"type":"close","sessionId":"9d7c1c1e-7f0a-4a0c-8a3b-0c0f6a0d2b10"}"#);
    let error = check(
        r#"{"type":"error","sessionId":"9d7c1c1e-7f0a-4a0c-8a3b-0c0f6a0d2b10",
        "data":{"code":"UNAUTHORIZED","message":"Auth token required"}}"#,
    );
    let report =
        ErrorReport { code: ErrorCode::Unauthorized, message: "Auth token required".to_owned() };
    assert_eq!(error.body, Body::Error(report));
    check(r#"{"type":"pong"}"#);
    check(r#"{"type":"ping"}"#);
}

#[test]
fn an_offer_as_the_sdks_write_it() {
    let frame = Frame::parse(
        r#"{"type":"offer","sessionId":null,"data":{"sdp":"v=0"},"authToken":"t",
        "mode":"agent_v2","caller":"Polyphone","callee":"Polyphone","variantId":7,
        "agentVersionOverride":{"artifactVersion":"a"}}"#,
    )
    .unwrap();
    let Body::Offer(offer) = frame.body else { panic!("an offer") };
    assert_eq!((frame.session, offer.fields.variant_id), (None, None));
    assert!(offer.fields.mode.is_some_and(|mode| mode.is_accepted() && !mode.is_known()));
    // Half an override is none.
    assert_eq!(offer.fields.agent_version, None);
}

#[test]
fn unknown_types_survive_whole() {
    let text = r#"{"type":"call-quality","sessionId":null,"data":{"mos":4.1},"x":[1,{"y":null}]}"#;
    let frame = check(text);
    assert!(matches!(&frame.body, Body::Unknown(unknown) if unknown.fields.iter().count() == 4));
    assert!(!format!("{frame:?}").contains("mos"), "{frame:?}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let large = format!(r#"{{"type":"close","x":"{}"}}"#, "x".repeat(131_072));
    for (text, fault) in [
        (large.as_str(), FrameFault::TooLarge),
        ("", FrameFault::NotJson),
        ("[]", FrameFault::NotObject),
        ("{}", FrameFault::NoType),
        (r#"{"type":5}"#, FrameFault::NoType),
        (r#"{"type":"offer"}"#, FrameFault::BadPayload),
        (r#"{"type":"answer","data":{"sdp":""}}"#, FrameFault::BadPayload),
        (r#"{"type":"answer","data":"v=0"}"#, FrameFault::BadPayload),
        (r#"{"type":"ice-candidate","data":[]}"#, FrameFault::BadPayload),
    ] {
        assert_eq!(Frame::parse(text), Err(fault), "{text:.60}");
        assert_eq!(Frame::parse_strict(text), Err(fault), "{text:.60}");
    }
    // The gateway is forgiven what a stranger is not.
    let twice = r#"{"type":"close","type":"close"}"#;
    assert!(Frame::parse(twice).is_ok());
    assert_eq!(Frame::parse_strict(twice), Err(FrameFault::DuplicateKey));
}

fn word() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(".{1,12}")
}

prop_compose! {
    fn fields()(
        token in word(), mode in word(), sid in word(), caller in word(), callee in word(),
        account in word(), project in word(), variant in word(), version in word(),
    ) -> OfferFields {
        OfferFields {
            auth_token: token.map(Secret::new),
            mode: mode.map(|mode| Mode::parse(&mode)),
            call_sid: sid,
            caller,
            callee,
            account_id: account,
            project_id: project,
            variant_id: variant,
            agent_version: version.map(|version| AgentVersion {
                artifact_version: version.clone(),
                lambda_deployment_version: version,
            }),
        }
    }
}

fn body() -> impl Strategy<Value = Body> {
    let line = || ".{1,40}".prop_map(Sdp::new);
    prop_oneof![
        (line(), fields()).prop_map(|(sdp, fields)| Body::Offer(Box::new(Offer { sdp, fields }))),
        line().prop_map(|sdp| Body::Answer { sdp }),
        (".{0,40}", proptest::option::of(".{0,3}"), any::<Option<u16>>()).prop_map(
            |(candidate, sdp_mid, sdp_m_line_index)| {
                Body::Candidate(Candidate { candidate, sdp_mid, sdp_m_line_index })
            }
        ),
        Just(Body::Close),
        "[A-Z_]{0,20}".prop_map(|code| {
            Body::Error(ErrorReport { code: ErrorCode::parse(&code), message: code })
        }),
        Just(Body::Ping),
        Just(Body::Pong),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same(session in word(), body in body()) {
        let frame = Frame { session, body };
        let text = frame.encode();
        prop_assert_eq!(&Frame::parse_strict(text.as_str()).unwrap(), &frame);
        prop_assert_eq!(&Frame::parse(text.as_str()).unwrap(), &frame);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        let (tolerant, strict) = (Frame::parse(&text), Frame::parse_strict(&text));
        prop_assert!(strict.is_err() || strict == tolerant);
    }
}

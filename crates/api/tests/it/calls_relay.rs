//! What passes the edge's relay: hostile offers going up, leaking frames coming down.

use perch_api::{
    calls::{
        message::{AgentVersion, Body, Frame, FrameFault, Mode, OfferFields},
        relay::{Relay, RelayFault},
    },
    model::Secret,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const TOKEN: &str = "web-calling-4f9a17";

fn relay() -> Relay {
    let fields = OfferFields {
        variant_id: Some("VARIANT-1".to_owned()),
        callee: Some("fernhill".to_owned()),
        ..OfferFields::default()
    };
    Relay::new(Secret::new(TOKEN.to_owned()), fields)
}

fn hostile_offer(sdp: &str) -> String {
    json!({
        "type": "offer", "sessionId": "stolen", "data": { "type": "offer", "sdp": sdp },
        "authToken": "mine", "mode": "echo", "callSid": "web-1", "caller": "+1", "callee": "+2",
        "accountId": "other", "projectId": "other", "variantId": "other",
        "agentVersionOverride": { "artifactVersion": "1", "lambdaDeploymentVersion": "2" },
        "extra": { "authToken": "mine" },
    })
    .to_string()
}

fn offer_of(text: &str) -> (Option<String>, OfferFields) {
    let Frame { session, body: Body::Offer(offer) } = Frame::parse(text).unwrap() else {
        panic!("{text}")
    };
    (session, offer.fields)
}

#[test]
fn the_visitor_chooses_nothing_in_the_first_offer_nor_in_later_ones() {
    let mut relay = relay();
    let expected = OfferFields {
        auth_token: Some(Secret::new(TOKEN.to_owned())),
        call_sid: Some("web-1".to_owned()),
        variant_id: Some("VARIANT-1".to_owned()),
        callee: Some("fernhill".to_owned()),
        ..OfferFields::default()
    };
    let sent = relay.from_visitor(&hostile_offer("v=0 one")).unwrap();
    assert_eq!(offer_of(sent.as_str()), (None, expected.clone()));
    for word in ["mine", "other", "stolen", "extra", "echo"] {
        assert!(!sent.as_str().contains(word), "{word}");
    }
    relay
        .from_gateway(r#"{"type":"answer","sessionId":"s-1","data":{"type":"answer","sdp":"v=0"}}"#)
        .unwrap();
    let again = hostile_offer("v=0 two").replace("web-1", "web-2");
    let sent = relay.from_visitor(&again).unwrap();
    assert_eq!(offer_of(sent.as_str()), (Some("s-1".to_owned()), expected));
}

#[test]
fn what_is_configured_goes_into_every_offer() {
    let fields = OfferFields {
        mode: Some(Mode::Traditional),
        call_sid: Some("edge-7".to_owned()),
        caller: Some("web".to_owned()),
        account_id: Some("ws-1".to_owned()),
        project_id: Some("PROJECT-1".to_owned()),
        agent_version: Some(AgentVersion {
            artifact_version: "a".to_owned(),
            lambda_deployment_version: "l".to_owned(),
        }),
        ..OfferFields::default()
    };
    let mut relay = Relay::new(Secret::new(TOKEN.to_owned()), fields.clone());
    let sent = relay.from_visitor(&hostile_offer("v=0")).unwrap();
    let auth_token = Some(Secret::new(TOKEN.to_owned()));
    assert_eq!(offer_of(sent.as_str()).1, OfferFields { auth_token, ..fields });
}

#[test]
fn a_call_id_with_a_meaning_elsewhere_is_left_out() {
    for sid in ["a b", "../x", "", &"x".repeat(65), "é"] {
        let text = hostile_offer("v=0").replace(r#""web-1""#, &json!(sid).to_string());
        let sent = relay().from_visitor(&text).unwrap();
        assert_eq!(offer_of(sent.as_str()).1.call_sid, None, "{sid}");
    }
}

#[test]
fn frames_a_visitor_may_not_send() {
    let deep = format!(r#"{{"type":"ping","x":{}{}}}"#, "[".repeat(99), "]".repeat(99));
    let large = format!(r#"{{"type":"ping","x":"{}"}}"#, "x".repeat(131_072));
    for (text, fault) in [
        (r#"{"type":"answer","sessionId":"s","data":{"sdp":"v=0"}}"#, FrameFault::NotAllowed),
        (r#"{"type":"error","data":{"code":"FORBIDDEN"}}"#, FrameFault::NotAllowed),
        (r#"{"type":"admin"}"#, FrameFault::NotAllowed),
        (r#"{"type":"ping","type":"offer"}"#, FrameFault::DuplicateKey),
        (r#"{"type":"offer","data":{"sdp":"a","\u0073dp":"b"}}"#, FrameFault::DuplicateKey),
        (r#"{"type":"offer","data":{"sdp":"\ud800"}}"#, FrameFault::NotJson),
        (&deep, FrameFault::TooDeep),
        (&large, FrameFault::TooLarge),
    ] {
        assert_eq!(relay().from_visitor(text), Err(RelayFault::Frame(fault)), "{text:.60}");
    }
}

#[test]
fn the_token_never_comes_down() {
    let mut relay = relay();
    relay.from_visitor(&hostile_offer("v=0")).unwrap();
    let escaped: Vec<_> = TOKEN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let escaped = escaped.concat();
    for text in [
        format!(r#"{{"type":"error","data":{{"code":"X-{TOKEN}","message":"bad {TOKEN}!"}}}}"#),
        format!(r#"{{"type":"error","data":{{"code":"UNAUTHORIZED","message":"{escaped}"}}}}"#),
        format!(r#"{{"type":"answer","sessionId":"{TOKEN}","data":{{"sdp":"a={TOKEN}"}}}}"#),
        format!(r#"{{"type":"answer","authToken":"{TOKEN}","data":{{"sdp":"v=0"}}}}"#),
        format!(
            r#"{{"type":"ice-candidate","data":{{"candidate":"{TOKEN}","sdpMid":"{TOKEN}"}}}}"#
        ),
        format!(r#"{{"type":"debug","offer":{{"authToken":"{TOKEN}","{TOKEN}":["{TOKEN}"]}}}}"#),
        format!(r#"{{"type":"{TOKEN}"}}"#),
    ] {
        let clean = relay.from_gateway(&text).unwrap();
        let back: Value = serde_json::from_str(clean.as_str()).unwrap();
        assert!(!clean.as_str().contains(TOKEN), "{text}");
        assert!(!back.to_string().contains("authToken"), "{text}");
    }
    let echoed = format!(r#"{{"type":"offer","data":{{"sdp":"v=0"}},"authToken":"{TOKEN}"}}"#);
    assert_eq!(relay.from_gateway(&echoed), Err(RelayFault::Frame(FrameFault::NotAllowed)));
}

#[test]
fn faults_and_relays_print_nothing_of_it() {
    let mut relay = relay();
    let fault = relay.from_visitor(&format!(r#"{{"type":"{TOKEN}"}}"#)).unwrap_err();
    for text in [format!("{relay:?}"), format!("{fault:?}"), fault.to_string()] {
        assert!(!text.contains(TOKEN), "{text}");
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        Just(TOKEN.to_owned()),
        ".{0,5}".prop_map(|text| format!("{text}{TOKEN}{TOKEN}{text}")),
        Just("authToken".to_owned()),
        "[a-z]{0,4}",
    ];
    let leaf = prop_oneof![text.clone().prop_map(Value::from), any::<i32>().prop_map(Value::from)];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn no_frame_of_any_shape_brings_the_token_down(
        kind in prop_oneof![
            Just("offer"), Just("answer"), Just("ice-candidate"), Just("close"), Just("error"),
            Just("pong"), Just("new"),
        ],
        data in json_value(), more in json_value(), session in json_value(),
    ) {
        let text = json!({ "type": kind, "data": data, "authToken": more, "sessionId": session });
        if let Ok(clean) = relay().from_gateway(&text.to_string()) {
            prop_assert!(!clean.as_str().contains(TOKEN));
        }
    }
}

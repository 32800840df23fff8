use perch_api::calls::relay::{MAX_CANDIDATES, MAX_OFFERS};
use perch_api::messaging::frame::MAX_FRAME_BYTES;
use perch_api::model::{AccountId, ProjectId, Secret};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::config::Calls;

const TOKEN: &str = "canary-web-calling-0f4b";
const OFFER: &str = r#"{"type":"offer","sessionId":"","data":{"type":"offer","sdp":"v=0"}}"#;
const CANDIDATE: &str = r#"{"type":"ice-candidate","data":{"candidate":"c"}}"#;

fn opened(session: u8) -> String {
    let calls: Calls = serde_json::from_str(
        r#"{"mode":"traditional","variant_id":"site-variant","caller":"site-caller"}"#,
    )
    .unwrap();
    let agent = (&AccountId::parse("ws-site").unwrap(), &ProjectId::parse("PROJECT-site").unwrap());
    Opened::write(&Secret::new(TOKEN.to_owned()), &[[session; 32]], &calls, agent)
}

fn rules() -> Signalling {
    Signalling::new(Opened::read(&opened(1)).unwrap())
}

fn up(rules: &mut Signalling, text: &str) -> Ruling {
    rules.from_visitor(text, 0.0)
}

fn sent(ruling: Ruling) -> Value {
    let Ruling::ToPlatform(text) = ruling else { panic!("{ruling:?}") };
    serde_json::from_str(&text).unwrap()
}

fn told(ruling: Ruling) -> Value {
    let Ruling::ToVisitor(text) = ruling else { panic!("{ruling:?}") };
    serde_json::from_str(&text).unwrap()
}

fn answer(session: &str) -> String {
    json!({"type": "answer", "sessionId": session, "data": {"type": "answer", "sdp": "v=0"}})
        .to_string()
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn t76_an_offer_is_the_sites_whatever_the_visitor_chose() {
    let mut rules = rules();
    let greedy = json!({
        "type": "offer", "sessionId": "someone-elses", "authToken": "mine", "mode": "echo",
        "accountId": "ws-theirs", "projectId": "PROJECT-theirs", "variantId": "theirs",
        "agentVersionOverride": {"artifactVersion": "1", "lambdaDeploymentVersion": "2"},
        "caller": "+1", "callee": "+2", "callSid": "sid-1", "toolOverrides": [1], "AuthToken": "x",
        "data": {"type": "offer", "sdp": "v=0\r\n", "authToken": "mine", "extra": {"deep": true}},
    });
    // The first and every later one.
    for _ in 0..MAX_OFFERS {
        let offer = sent(up(&mut rules, &greedy.to_string()));
        let expected = json!({
            "type": "offer", "sessionId": "", "authToken": TOKEN, "mode": "traditional",
            "accountId": "ws-site", "projectId": "PROJECT-site", "variantId": "site-variant",
            "caller": "site-caller", "callSid": "sid-1", "data": {"type": "offer", "sdp": "v=0\r\n"},
        });
        assert_eq!(offer, expected);
    }
    assert_eq!(up(&mut rules, OFFER), Ruling::Close(CLOSE_RATE));
}

#[test]
fn t75_frames_that_only_the_gateway_sends_and_unknown_ones_are_answered_here() {
    let mut rules = rules();
    for kind in ["answer", "error", "Offer", "offer ", "transfer", "", "ice_candidate"] {
        let frame =
            json!({"type": kind, "data": {"type": "answer", "sdp": "v=0", "candidate": "c"}});
        let answer = told(up(&mut rules, &frame.to_string()));
        assert_eq!(answer["data"]["code"], "INVALID_MESSAGE", "{kind}");
    }
    assert_eq!(told(up(&mut rules, CANDIDATE))["data"]["message"], "No call has been answered.");
}

#[test]
fn t77_json_with_two_meanings_or_none_goes_nowhere() {
    let deep = format!(r#"{{"type":"offer","data":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    for odd in [
        "",
        "{",
        "[]",
        "null",
        r#""offer""#,
        r#"{"type":"offer"}"#,
        r#"{"type":"offer","data":{}}"#,
        r#"{"type":"offer","data":{"sdp":7}}"#,
        r#"{"type":"offer","type":"close","data":{"sdp":"v=0"}}"#,
        r#"{"type":"offer","\u0074ype":"close","data":{"sdp":"v=0"}}"#,
        r#"{"type":"offer","data":{"sdp":"v=0","\u0073dp":"v=1"}}"#,
        r#"{"type":"offer","authToken":"a","\u0061uthToken":"b","data":{"sdp":"v=0"}}"#,
        r#"{"type":"offer","data":{"sdp":"\ud800"}}"#,
        r#"{"type":"offer","data":{"sdp":"v=0"}} {}"#,
        &deep,
        &"[".repeat(100_000),
    ] {
        let answer = told(up(&mut rules(), odd));
        assert_eq!(answer["type"], "error", "{odd:.60}");
    }
    let large = OFFER.replace("v=0", &"x".repeat(MAX_FRAME_BYTES));
    assert_eq!(up(&mut rules(), &large), Ruling::Close(CLOSE_LARGE));
}

#[test]
fn t71_candidates_and_frames_are_counted() {
    let mut all = rules();
    sent(up(&mut all, OFFER));
    told(all.from_gateway(&answer("s-1")));
    for at in 0..MAX_CANDIDATES {
        sent(all.from_visitor(CANDIDATE, f64::from(at) * 1_000.0));
    }
    assert_eq!(all.from_visitor(CANDIDATE, 1e9), Ruling::Close(CLOSE_RATE));
    let mut fast = rules();
    for _ in 0..FRAMES {
        sent(up(&mut fast, r#"{"type":"ping"}"#));
    }
    assert_eq!(up(&mut fast, r#"{"type":"ping"}"#), Ruling::Close(CLOSE_RATE));
}

#[test]
fn a_call_is_taken_up_again_by_the_session_it_was_given_to_and_by_nobody_else() {
    let mut first = rules();
    sent(up(&mut first, OFFER));
    let marked =
        told(first.from_gateway(&answer("gw-1")))["sessionId"].as_str().unwrap().to_owned();
    assert!(marked.starts_with("gw-1."));
    let close = json!({"type": "close", "sessionId": marked}).to_string();
    // The same call on another socket, at another machine.
    assert_eq!(sent(up(&mut rules(), &close))["sessionId"], "gw-1");
    // Somebody else's, and the bare id.
    let mut other = Signalling::new(Opened::read(&opened(2)).unwrap());
    assert_eq!(sent(up(&mut other, &close))["sessionId"], "");
    let bare = json!({"type": "close", "sessionId": "gw-1"}).to_string();
    assert_eq!(sent(up(&mut rules(), &bare))["sessionId"], "");
}

#[test]
fn t76_errors_come_in_our_words_and_unknown_frames_not_at_all() {
    let mut rules = rules();
    let error = json!({"type": "error", "sessionId": TOKEN, "authToken": TOKEN,
        "data": {"code": "UNAUTHORIZED", "message": format!("bad token {TOKEN}")}});
    let seen = told(rules.from_gateway(&error.to_string()));
    assert_eq!(
        seen,
        json!({"type": "error", "data": {"code": "UNAUTHORIZED", "message": "The call is not allowed."}})
    );
    let odd = json!({"type": "error", "data": {"code": TOKEN, "message": TOKEN}});
    assert_eq!(told(rules.from_gateway(&odd.to_string()))["data"]["code"], "HANDLER_ERROR");
    for kind in ["offer", "debug", "session", "Answer", ""] {
        let frame = json!({"type": kind, "data": {"type": "offer", "sdp": "v=0"}, "x": TOKEN});
        assert_eq!(rules.from_gateway(&frame.to_string()), Ruling::Drop, "{kind}");
    }
}

#[test]
fn a_new_instance_goes_on_with_what_the_socket_was_opened_with() {
    let opened = opened(1);
    let Ruling::ToPlatform(before) = signal(70, &opened, Way::Up, OFFER, 0.0) else { panic!() };
    forget(70);
    let Ruling::ToPlatform(after) = signal(70, &opened, Way::Up, OFFER, 0.0) else { panic!() };
    assert_eq!(before, after);
    assert_eq!(signal(71, "{}", Way::Up, OFFER, 0.0), Ruling::Close(CLOSE_FAULT));
    forget(70);
}

/// Names a visitor may try, with the letters of some written as escapes.
fn name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "authToken",
        "mode",
        "accountId",
        "projectId",
        "variantId",
        "agentVersionOverride",
        "caller",
        "callee",
        "callSid",
        "type",
        "data",
        "sdp",
        "sessionId",
        "AUTHTOKEN",
        "auth_token",
        "x",
    ]);
    (known, any::<u32>()).prop_map(|(name, escaped)| {
        let letters = name.chars().enumerate().map(|(at, letter)| {
            if escaped >> (at % 32) & 3 == 3 {
                format!("\\u{:04x}", u32::from(letter))
            } else {
                letter.to_string()
            }
        });
        letters.collect()
    })
}

/// Members of an object, as text: names may come twice.
fn members() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => Just(r#""CLIENT""#.to_owned()), 1 => Just("null".to_owned()), 1 => Just("7".to_owned()),
        2 => Just(r#""offer""#.to_owned()), 1 => Just(r#""\u0043LIENT""#.to_owned()),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec((name(), inner.clone()), 0..4).prop_map(|fields| {
                let fields: Vec<_> = fields.iter().map(|(n, v)| format!(r#""{n}":{v}"#)).collect();
                format!("{{{}}}", fields.join(","))
            }),
            prop::collection::vec(inner, 0..3).prop_map(|list| format!("[{}]", list.join(","))),
        ]
    });
    prop::collection::vec((name(), value), 0..6).prop_map(|all| {
        all.iter().map(|(n, v)| format!(r#","{n}":{v}"#)).collect::<Vec<_>>().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn t76_no_nesting_no_escape_and_no_second_name_gets_a_visitors_word_into_an_offer(
        around in members(), inside in members(), again in 0..3_usize,
    ) {
        let mut rules = rules();
        for _ in 0..again {
            sent(up(&mut rules, OFFER));
        }
        let text = format!(r#"{{"type":"offer","data":{{"type":"offer","sdp":"v=0"{inside}}}{around}}}"#);
        if let Ruling::ToPlatform(passed) = up(&mut rules, &text) {
            let offer: Value = serde_json::from_str(&passed).unwrap();
            prop_assert_eq!(&offer["type"], "offer");
            prop_assert_eq!(&offer["authToken"], TOKEN);
            prop_assert_eq!(&offer["mode"], "traditional");
            prop_assert_eq!(&offer["projectId"], "PROJECT-site");
            prop_assert_eq!(names(&offer["data"]), ["sdp", "type"]);
            let allowed = ["accountId", "authToken", "callSid", "caller", "data", "mode",
                "projectId", "sessionId", "type", "variantId"];
            prop_assert!(names(&offer).iter().all(|name| allowed.contains(name)), "{}", passed);
            prop_assert_eq!(passed.matches(TOKEN).count(), 1);
            // The call's id is all that a visitor may choose.
            let chosen = passed.matches("CLIENT").count();
            prop_assert_eq!(chosen, usize::from(offer["callSid"] == "CLIENT"));
        }
    }

    #[test]
    fn t76_the_token_reaches_no_visitor_wherever_the_gateway_puts_it(
        kind in prop::sample::select(vec!["answer", "ice-candidate", "error", "close", "ping", "pong", "offer", "x"]),
        place in 0..8_usize, spelling in 0..5_usize, padding in "[a-z ]{0,12}",
    ) {
        let token = match spelling {
            0 => TOKEN.to_owned(),
            1 => TOKEN.to_uppercase(),
            2 => TOKEN.bytes().fold(String::new(), |text, byte| format!("{text}\\u{byte:04x}")),
            3 => "Y2FuYXJ5LXdlYi1jYWxsaW5nLTBmNGI".to_owned(),
            _ => TOKEN.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")),
        };
        let put = |at: usize, plain: &str| if at == place { format!("{padding}{token}{padding}") } else { plain.to_owned() };
        let text = format!(
            r#"{{"type":"{kind}","sessionId":"{}","{}":"x","authToken":"{}","data":{{"type":"{kind}","sdp":"{}","candidate":"{}","sdpMid":"{}","code":"{}","message":"{}"}}}}"#,
            put(0, "s-1"), put(1, "note"), put(2, ""), put(3, "v=0"), put(4, "c"), put(5, "0"), put(6, "FORBIDDEN"), put(7, "no"),
        );
        if let Ruling::ToVisitor(seen) = rules().from_gateway(&text) {
            let small = seen.to_lowercase();
            prop_assert!(!small.contains(TOKEN) && !small.contains("authtoken"), "{}", seen);
            prop_assert!(!small.contains("y2fuyxj5lxdlyi1jywxsaw5nltbmngi"), "{}", seen);
            prop_assert!(!small.contains("63616e617279"), "{}", seen);
        }
    }

    #[test]
    fn no_text_panics_either_way(text in ".{0,200}", now in 0.0..1e13_f64) {
        let mut rules = rules();
        rules.from_visitor(&text, now);
        rules.from_gateway(&text);
    }
}

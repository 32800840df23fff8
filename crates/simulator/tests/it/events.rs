//! Every event and every system message of the platform, and what brings it about.

use std::collections::BTreeSet;

use perch_api::messaging::frame::ServerEvent;
use perch_api::messaging::server::texts;
use serde_json::{Value, json};

use crate::harness::{Session, Sim, Socket};

/// Scenes of this file, and the events that each of them shows; everything else of
/// [`ServerEvent::KINDS`] is in [`NEVER`].
const SCENES: [(&str, &[&str]); 6] = [
    (
        "server",
        &[
            "EVENT_BATCH",
            "SESSION_START",
            "REQUEST_POLY_AGENT_JOIN",
            "POLY_AGENT_JOINED",
            "POLY_AGENT_THINKING",
            "POLY_AGENT_MESSAGE_CHUNK",
            "USER_MESSAGE",
            "LANGUAGE_CHANGED",
            "POLY_AGENT_TRIGGERED_HANDOFF",
            "POLY_AGENT_LEFT",
            "HANDOFF_ACCEPTED",
            "HANDOFF_QUEUE_STATUS",
            "LIVE_AGENT_JOINED",
            "LIVE_AGENT_TYPING",
            "LIVE_AGENT_MESSAGE",
            "LIVE_AGENT_LEFT",
            "SESSION_END",
        ],
    ),
    ("client", &["CLIENT_HANDOFF_REQUIRED"]),
    ("timeout", &["HANDOFF_TIMEOUT"]),
    ("refused", &["HANDOFF_FAILED", "SYSTEM_MESSAGE", "POLY_AGENT_MESSAGE", "HEARTBEAT"]),
    (
        "sdk",
        &[
            "USER_RECEIVED_MESSAGE",
            "USER_READ_MESSAGE",
            "POLY_AGENT_RECEIVED_MESSAGE",
            "POLY_AGENT_READ_MESSAGE",
            "LIVE_AGENT_RECEIVED_MESSAGE",
            "LIVE_AGENT_READ_MESSAGE",
            "SHOW_CSAT_REQUEST",
            "CSAT_RESPONSE",
        ],
    ),
    ("silence", &["SESSION_IDLE_WARNING", "USER_END_SESSION"]),
];

/// Typing is not echoed, and links to calls are only known to be sent.
const NEVER: [&str; 2] = ["USER_TYPING", "LINK_TO_WEBRTC_CONVERSATION"];

#[test]
fn no_event_is_forgotten() {
    let shown: Vec<_> = SCENES.iter().flat_map(|(_, kinds)| *kinds).chain(&NEVER).collect();
    let names: BTreeSet<_> = shown.iter().map(|kind| **kind).collect();
    assert_eq!(names.len(), shown.len(), "each stands once");
    assert_eq!(names, BTreeSet::from(ServerEvent::KINDS));
}

async fn rules(sim: &Sim, rules: Value) {
    let answer = sim.control("PUT", "/control/messaging", Some(rules)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn pass(sim: &Sim, ms: u32) {
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": ms }))).await;
}

async fn joined(session: &Session) -> Socket {
    let mut socket = session.connect().await;
    socket.until("SESSION_START").await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    socket.until("POLY_AGENT_JOINED").await;
    socket
}

/// Reads until the system message with this text; gives what came back with it.
async fn told(socket: &mut Socket, text: &str) -> Value {
    loop {
        let message = socket.until("SYSTEM_MESSAGE").await;
        if message["payload"]["message"] == text {
            assert_eq!(message["payload"]["level"], "SYSTEM_MESSAGE_LEVEL_ERROR");
            return message["metadata"]["custom"].clone();
        }
    }
}

async fn say_marked(socket: &mut Socket, text: &str, mark: &str) {
    let frame = json!({ "type": "EVENT_TYPE_USER_MESSAGE", "payload": { "text": text },
        "metadata": { "custom": { "client_event_id": mark } } });
    socket.send_text(&frame.to_string()).await;
}

fn assert_shows(scene: &str, socket: &Socket) {
    let (_, kinds) = SCENES.iter().find(|(name, _)| *name == scene).unwrap();
    let mut seen: BTreeSet<_> = socket.kinds().into_iter().collect();
    // The harness lays batches flat.
    seen.insert("EVENT_BATCH");
    for kind in *kinds {
        assert!(seen.contains(kind), "{scene} shows no {kind}: {:?}", socket.kinds());
    }
}

#[tokio::test]
async fn server_managed_handoff_to_the_scripted_colleague() {
    let sim = Sim::start(0).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    let mut second = session.connect().await;
    socket.answer().await;
    socket.say("auf Deutsch bitte").await;
    socket.answer().await;
    socket.say("einen Menschen bitte").await;
    socket.until("LIVE_AGENT_MESSAGE").await;
    socket.say("das war's, danke").await;
    socket.until("SESSION_END").await;
    assert_shows("server", &socket);
    // Sockets of one session are in step, whichever of them spoke.
    second.until("SESSION_END").await;
    let journaled = |socket: &Socket| -> BTreeSet<String> {
        let own = socket.seen.iter().filter(|event| event["sequence"].is_u64());
        own.map(|event| event["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(journaled(&socket), journaled(&second));
    let order = [
        "POLY_AGENT_TRIGGERED_HANDOFF",
        "POLY_AGENT_LEFT",
        "HANDOFF_ACCEPTED",
        "HANDOFF_QUEUE_STATUS",
        "LIVE_AGENT_JOINED",
        "LIVE_AGENT_LEFT",
        "SESSION_END",
    ];
    let mut kinds = socket.kinds().into_iter();
    for next in order {
        assert!(kinds.any(|kind| kind == next), "{next} in its place");
    }
    // What is transient has no number, and is not replayed.
    for event in &socket.seen {
        let transient = ["POLY_AGENT_THINKING", "LIVE_AGENT_TYPING"]
            .iter()
            .any(|kind| event["type"] == format!("EVENT_TYPE_{kind}"));
        assert_eq!(event["sequence"].is_null(), transient, "{event}");
    }
    let mut late = session.connect().await;
    late.until("SESSION_END").await;
    assert!(!late.kinds().contains(&"POLY_AGENT_THINKING"));
    assert_eq!(late.sequences(), socket.sequences());
}

#[tokio::test]
async fn client_managed_handoff_leaves_the_visitor_to_the_page() {
    let sim = Sim::start(0).await;
    rules(&sim, json!({ "handoff": "client" })).await;
    for (words, reason) in
        [("I want a person", "AGENT_DECISION"), ("this is unacceptable", "POLICY")]
    {
        let mut socket = joined(&sim.session(false).await).await;
        socket.until("POLY_AGENT_MESSAGE").await;
        socket.say(words).await;
        socket.until("POLY_AGENT_TRIGGERED_HANDOFF").await;
        let required = socket.until("CLIENT_HANDOFF_REQUIRED").await;
        assert_eq!(required["payload"]["reason"], reason);
        assert_eq!(required["payload"]["queue_name"], "Customer care");
        socket.until("POLY_AGENT_LEFT").await;
        assert_shows("client", &socket);
        // The session is not over, and the agent may be asked back.
        socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
        socket.until("POLY_AGENT_MESSAGE").await;
    }
}

#[tokio::test]
async fn nobody_comes_in_time() {
    let sim = Sim::start(0).await;
    rules(&sim, json!({ "handoff": "timeout" })).await;
    let session = sim.session(false).await;
    let mut socket = joined(&session).await;
    socket.say("a person please").await;
    socket.until("HANDOFF_QUEUE_STATUS").await;
    pass(&sim, 30_000).await;
    socket.until("HANDOFF_TIMEOUT").await;
    assert_shows("timeout", &socket);
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    socket.until("POLY_AGENT_MESSAGE").await;
    let rows = sim.rows("limit=5").await;
    assert_eq!((rows.len(), &rows[0]["id"]), (1, &json!(session.id)), "still one conversation");
}

#[tokio::test]
async fn every_system_message_is_said_where_it_belongs() {
    let sim = Sim::start(0).await;
    let mut heard = BTreeSet::new();
    let session = sim.session(false).await;
    let mut socket = session.connect().await;
    socket.send("HEARTBEAT", json!({})).await;
    socket.until("HEARTBEAT").await;
    let mut expect = |text: &'static str| {
        heard.insert(text);
        text
    };

    say_marked(&mut socket, "hello?", "c-0").await;
    let custom = told(&mut socket, expect(texts::CONVERSATION_NOT_FOUND)).await;
    assert_eq!(custom["client_event_id"], "c-0");
    socket.send_text("{").await;
    told(&mut socket, expect(texts::INVALID)).await;
    socket.send("NONSENSE", json!({})).await;
    told(&mut socket, texts::INVALID).await;
    socket.send("SESSION_END", json!({})).await;
    expect(texts::NOT_ALLOWED);
    told(&mut socket, "Event type not allowed: EVENT_TYPE_SESSION_END").await;

    rules(&sim, json!({ "troubles": ["join_failed"] })).await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    told(&mut socket, expect(texts::JOIN_FAILED)).await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    socket.until("POLY_AGENT_MESSAGE").await;
    for (trouble, text, answers) in [
        ("no_answer", texts::NO_ANSWER, false),
        ("session_unreadable", texts::SESSION_UNREADABLE, true),
        ("conversation_missing", texts::CONVERSATION_ID_NOT_FOUND, true),
    ] {
        rules(&sim, json!({ "troubles": [trouble] })).await;
        say_marked(&mut socket, "returns", trouble).await;
        let custom = told(&mut socket, expect(text)).await;
        assert_eq!(custom["client_event_id"] == trouble, answers, "{trouble}");
    }
    for (handoff, text) in
        [("impossible", texts::HANDOFF_IMPOSSIBLE), ("refused", texts::HANDOFF_REFUSED)]
    {
        rules(&sim, json!({ "handoff": handoff })).await;
        socket.say("a person please").await;
        told(&mut socket, expect(text)).await;
    }
    socket.until("HANDOFF_FAILED").await;
    assert_shows("refused", &socket);
    socket.say("returns").await;
    let answer = socket.until("POLY_AGENT_MESSAGE").await;
    assert!(answer["payload"]["text"].as_str().unwrap().contains("60 days"), "the agent stayed");
    assert_eq!(sim.rows("limit=1").await[0]["handoff"], false, "and the record says so");

    rules(&sim, json!({})).await;
    socket.say("a person please").await;
    socket.until("LIVE_AGENT_MESSAGE").await;
    rules(&sim, json!({ "troubles": ["not_forwarded"] })).await;
    say_marked(&mut socket, "hello", "c-1").await;
    assert_eq!(told(&mut socket, expect(texts::NOT_FORWARDED)).await["client_event_id"], "c-1");
    for _ in 0..400 {
        socket.say("hello").await;
    }
    told(&mut socket, expect(texts::HIGH_LOAD)).await;
    rules(&sim, json!({ "troubles": ["connector_gone"] })).await;

    let mut other = joined(&sim.session(false).await).await;
    other.until("POLY_AGENT_MESSAGE").await;
    other.say("hello").await;
    told(&mut other, expect(texts::CONNECTOR_NOT_FOUND)).await;
    assert_eq!(other.until("SESSION_END").await["payload"]["reason"], "REASON_NATURAL_END");
    other.say("hello?").await;
    told(&mut other, expect(texts::SESSION_NOT_FOUND)).await;

    rules(&sim, json!({ "troubles": ["stream_broke"] })).await;
    let mut streamed = joined(&sim.session(true).await).await;
    told(&mut streamed, expect(texts::STREAM_BROKE)).await;
    let chunks = streamed.kinds().iter().filter(|kind| kind.ends_with("CHUNK")).count();
    assert_eq!(chunks, 2, "it broke off");
    assert_eq!(heard, BTreeSet::from(texts::ALL));
}

#[tokio::test]
async fn what_only_the_sdks_know_is_sent_when_asked_for() {
    let sim = Sim::start(0).await;
    rules(&sim, json!({ "sdk_events": true })).await;
    let mut socket = joined(&sim.session(true).await).await;
    socket.say("a person please").await;
    socket.until("LIVE_AGENT_MESSAGE").await;
    socket.say("bye").await;
    socket.until("SESSION_END").await;
    assert_shows("sdk", &socket);
}

#[tokio::test]
async fn silence_is_warned_of_when_asked_for_and_ends_by_the_visitor_too() {
    let sim = Sim::start(0).await;
    rules(&sim, json!({ "idle_warning_ms": 60_000 })).await;
    let mut socket = joined(&sim.session(false).await).await;
    socket.until("POLY_AGENT_MESSAGE").await;
    pass(&sim, 541_000).await;
    socket.until("SESSION_IDLE_WARNING").await;
    // A heartbeat is no word.
    socket.send("HEARTBEAT", json!({})).await;
    socket.until("HEARTBEAT").await;
    socket.send("USER_END_SESSION", json!({})).await;
    assert_eq!(socket.until("SESSION_END").await["payload"]["reason"], "REASON_USER_END");
    assert_shows("silence", &socket);
}

#[tokio::test]
async fn doubles_and_streams_are_kept_or_joined_as_told() {
    let sim = Sim::start(0).await;
    rules(&sim, json!({ "deduplicate": true, "replay_whole": true })).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    socket.answer().await;
    for _ in 0..2 {
        say_marked(&mut socket, "returns", "c-1").await;
        socket.until("USER_MESSAGE").await;
    }
    socket.answer().await;
    let mut late = session.connect().await;
    late.until("SESSION_START").await;
    let count = |kind: &str| late.kinds().iter().filter(|own| **own == kind).count();
    assert_eq!((count("USER_MESSAGE"), count("POLY_AGENT_MESSAGE_CHUNK")), (1, 0));
    assert_eq!(count("POLY_AGENT_MESSAGE"), 2);
    let refused = sim.control("PUT", "/control/messaging", Some(json!({ "handoff": "x" }))).await;
    assert_eq!(refused.status, 400);
    let shown = sim.control("GET", "/control/messaging", None).await.body;
    assert_eq!((&shown["handoff"], &shown["deduplicate"]), (&json!("server"), &json!(true)));
}

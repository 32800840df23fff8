//! Fault switches.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Sim, text_of};

#[tokio::test]
async fn a_socket_dropped_mid_answer_loses_nothing() {
    let sim = Sim::start(20).await;
    let session = sim.session(true).await;
    let mut socket = session.connect().await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    socket.answer().await;
    sim.faults(json!({ "drop_mid_chunk": 1 })).await;
    socket.say("what is your return policy?").await;
    assert_eq!(socket.closed().await, None, "no close frame");
    let before = socket.last_sequence();
    let half: Vec<_> = socket.seen.iter().rev().take(3).cloned().collect();
    assert!(half.iter().all(|event| event["payload"]["is_complete"] == false));

    let mut resumed = session.resume(before).await;
    let rest = resumed.answer().await;
    assert_eq!(*resumed.sequences().first().unwrap(), before + 1, "the next chunk is first");
    assert!(text_of(&half).len() + text_of(&rest).len() > 100);
    resumed.say("jacket").await;
    assert!(!text_of(&resumed.answer().await).is_empty(), "only one answer is dropped");
}

#[tokio::test]
async fn events_are_doubled_and_swapped_but_complete() {
    let sim = Sim::start(20).await;
    sim.faults(json!({ "duplicate_events": true, "reorder_events": true })).await;
    let session = sim.session(true).await;
    let mut socket = session.connect().await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    let end = Instant::now() + Duration::from_secs(4);
    while Instant::now() < end && !text_of(&socket.seen).ends_with("for you?") {
        socket.until("POLY_AGENT_MESSAGE_CHUNK").await;
    }
    let order: Vec<_> = socket.seen.iter().filter_map(|event| event["sequence"].as_u64()).collect();
    assert!(!order.is_sorted(), "{order:?}");
    assert!(order.len() > socket.sequences().len(), "doubles");
    assert!(socket.sequences().into_iter().eq(1..=socket.last_sequence()), "nothing is lost");
    let chunks: Vec<_> = socket
        .seen
        .iter()
        .filter(|event| event["payload"]["chunk_index"].is_u64())
        .cloned()
        .collect();
    assert!(text_of(&chunks).starts_with("Hi, I'm Juno"));
}

#[tokio::test]
async fn limits_failures_and_latency_hit_as_told() {
    let sim = Sim::start(20).await;
    sim.faults(json!({ "rate_limit": { "every": 2, "retry_after_seconds": 3 } })).await;
    let (first, second) = (sim.list("limit=1").await, sim.list("limit=1").await);
    assert_eq!((first.status, second.status), (200, 429));
    assert_eq!(second.headers["retry-after"], "3");
    assert_eq!(second.body["success"], false);

    sim.faults(json!({ "error": { "status": 502, "every": 1 } })).await;
    assert_eq!(sim.list("limit=1").await.status, 502);
    let url = format!("{}/api/v1/access-token", sim.running.messaging());
    let answer = sim.send("POST", &url, &[], None).await;
    assert_eq!((answer.status, answer.body["message"].is_string()), (502, true));

    sim.faults(json!({ "latency_ms": [120, 130] })).await;
    let start = Instant::now();
    assert_eq!(sim.list("limit=1").await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(120));

    let off = sim.control("DELETE", "/control/faults", None).await;
    assert!(off.body["latency_ms"].is_null());
    assert_eq!(sim.list("limit=1").await.status, 200);
}

#[tokio::test]
async fn expired_tokens_are_refused_and_new_ones_work() {
    let sim = Sim::start(20).await;
    let (session, token) = (sim.session(true).await, sim.access_token().await);
    sim.faults(json!({ "expire_tokens": true })).await;
    let query = format!("session_id={}&access_token={}", session.id, session.token);
    assert_eq!(session.dial(&query).await.err(), Some(401));
    let url = format!("{}/api/v1/sessions", sim.running.messaging());
    let bearer = format!("Bearer {token}");
    let answer = sim.send("POST", &url, &[("Authorization", &bearer)], None).await;
    assert_eq!((answer.status, answer.body), (401, json!({ "message": "Invalid access token" })));
    let fresh = sim.session(true).await;
    fresh.connect().await.until("SESSION_START").await;
}

#[tokio::test]
async fn all_sockets_can_be_cut() {
    let sim = Sim::start(20).await;
    let sessions = [sim.session(true).await, sim.session(true).await];
    let mut sockets = [sessions[0].connect().await, sessions[1].connect().await];
    for socket in &mut sockets {
        socket.until("SESSION_START").await;
    }
    let answer = sim.control("POST", "/control/sockets/drop", None).await;
    assert_eq!(answer.body["sessions"], 2);
    for socket in &mut sockets {
        assert_eq!(socket.closed().await, None);
    }
    sessions[0].connect().await.until("SESSION_START").await;
}

#[tokio::test]
async fn a_silent_socket_says_nothing_until_the_reset_breaks_it() {
    let sim = Sim::start(20).await;
    let rule = json!({ "on": "messaging.ws", "fault": { "half_open": {} }, "times": 1 });
    let added = sim.control("POST", "/control/faults/rules", Some(rule)).await;
    assert_eq!((added.status, &added.body["id"]), (201, &json!(1)));
    let session = sim.session(true).await;
    let mut silent = session.connect().await;
    silent.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    // Another socket of the same session hears what the silent one does not.
    session.connect().await.until("SESSION_START").await;
    sim.control("DELETE", "/control/faults", None).await;
    assert_eq!((silent.closed().await, silent.seen.len()), (None, 0));
}

#[tokio::test]
async fn rules_are_listed_with_what_is_left_of_them() {
    let sim = Sim::start(20).await;
    sim.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
    let rule =
        json!({ "on": "agents.*", "fault": { "error": { "status": 500 } }, "for_ms": 5_000 });
    let added = sim.control("POST", "/control/faults/rules", Some(rule.clone())).await;
    assert_eq!(added.status, 201);
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 2_000 }))).await;
    let url = format!("{}/v1/agents/PROJECT-4E5B8A10/branches", sim.running.build());
    assert_eq!(sim.send("GET", &url, &[("x-api-key", "sim-workspace")], None).await.status, 500);
    assert_eq!(sim.list("limit=1").await.status, 200);
    let mut expected = rule;
    expected["id"] = json!(1);
    (expected["seen"], expected["hits"], expected["left_ms"]) = (json!(1), json!(1), json!(3_000));
    for path in ["/control/faults", "/control/state"] {
        let shown = sim.control("GET", path, None).await.body;
        let rules = shown.get("rules").unwrap_or(&shown["faults"]["rules"]);
        assert_eq!(*rules, json!([expected]), "{path}");
    }
    for (method, path, status) in [
        ("DELETE", "/control/faults/rules/2", 404),
        ("DELETE", "/control/faults/rules/1", 204),
        ("DELETE", "/control/faults/rules/1", 404),
    ] {
        assert_eq!(sim.control(method, path, None).await.status, status, "{method} {path}");
    }
    let odd = json!({ "on": "nothing.*", "fault": { "drop": {} } });
    assert_eq!(sim.control("POST", "/control/faults/rules", Some(odd.clone())).await.status, 400);
    let all = json!({ "rules": [odd] });
    assert_eq!(sim.control("PUT", "/control/faults", Some(all)).await.status, 400);
}

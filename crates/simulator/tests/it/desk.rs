//! The live agents' desk by its API: the page is tested in a browser.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Session, Sim, Socket};

async fn desk(sim: &Sim) -> Vec<Value> {
    sim.control("GET", "/control/desk", None).await.body["conversations"]
        .as_array()
        .unwrap()
        .clone()
}

async fn act(sim: &Sim, id: &str, verb: &str, body: Value) -> (u16, Value) {
    let path = format!("/control/desk/{id}/{verb}");
    let answer = sim.control("POST", &path, Some(body)).await;
    (answer.status, answer.body)
}

async fn waiting(sim: &Sim) -> (Session, Socket) {
    let session = sim.session(false).await;
    let mut socket = session.connect().await;
    socket.until("SESSION_START").await;
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    socket.until("POLY_AGENT_MESSAGE").await;
    socket.say("a person please").await;
    socket.until("HANDOFF_QUEUE_STATUS").await;
    (session, socket)
}

#[tokio::test]
async fn a_person_at_the_desk_takes_over_types_answers_and_ends() {
    let sim = Sim::start(0).await;
    let duty = sim.control("PUT", "/control/desk", Some(json!({ "on_duty": true }))).await;
    assert_eq!((duty.status, &duty.body["on_duty"]), (200, &json!(true)));
    let (session, mut visitor) = waiting(&sim).await;
    let (_other, mut second) = waiting(&sim).await;
    let place = second.seen.iter().rfind(|e| e["type"] == "EVENT_TYPE_HANDOFF_QUEUE_STATUS");
    assert_eq!(place.unwrap()["payload"]["position_in_queue"], 2);
    visitor.say("my tent pole snapped").await;
    visitor.until("USER_MESSAGE").await;

    let id = session.id.as_str();
    let listed = desk(&sim).await;
    assert_eq!((&listed[0]["id"], &listed[0]["state"]), (&json!(id), &json!("waiting")));
    assert_eq!(listed[0]["excerpt"], "my tent pole snapped");
    assert_eq!(act(&sim, id, "messages", json!({ "text": "Hi" })).await.0, 409, "not yet");
    let (status, view) = act(&sim, id, "join", json!({})).await;
    assert_eq!((status, &view["state"]), (200, &json!("open")));
    let said = view["entries"].as_array().unwrap().iter().map(|e| e["who"].as_str().unwrap());
    assert!(said.clone().any(|who| who == "agent") && said.clone().any(|who| who == "visitor"));
    assert_eq!(visitor.until("LIVE_AGENT_JOINED").await["payload"]["agent"]["id"], "la-8");

    act(&sim, id, "typing", json!({ "typing": true })).await;
    let typing = visitor.until("LIVE_AGENT_TYPING").await;
    assert_eq!(typing["payload"]["state"], "TYPING_STATE_STARTED");
    act(&sim, id, "messages", json!({ "text": "I send you a new one." })).await;
    let message = visitor.until("LIVE_AGENT_MESSAGE").await;
    assert_eq!(message["payload"]["text"], "I send you a new one.");
    visitor.send("USER_TYPING", json!({ "state": "TYPING_STATE_STARTED" })).await;
    let mut typing = false;
    for _ in 0..200 {
        let view = sim.control("GET", &format!("/control/desk/{id}"), None).await.body;
        typing = view["visitor_typing"] == true;
        if typing {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(typing, "the visitor is seen typing");

    let (_, view) = act(&sim, id, "leave", json!({})).await;
    assert_eq!(view["state"], "ended");
    visitor.until("LIVE_AGENT_LEFT").await;
    assert_eq!(visitor.until("SESSION_END").await["payload"]["reason"], "REASON_NATURAL_END");
    assert_eq!(act(&sim, id, "join", json!({})).await.0, 409);
    let detail = sim.detail(id).await.body;
    let words: Vec<_> =
        detail["turns"].as_array().unwrap().iter().map(|turn| &turn["agent_response"]).collect();
    assert!(words.contains(&&json!("I send you a new one.")), "{words:?}");

    // Whoever is not fetched in five minutes is told so.
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 300_000 }))).await;
    second.until("HANDOFF_TIMEOUT").await;
    assert!(desk(&sim).await.iter().all(|one| one["state"] == "ended"));
}

#[tokio::test]
async fn off_duty_the_scripted_colleague_comes_and_the_desk_is_empty() {
    let sim = Sim::start(0).await;
    let (session, mut visitor) = waiting(&sim).await;
    assert!(desk(&sim).await.is_empty());
    let (status, body) = act(&sim, &session.id, "join", json!({})).await;
    assert_eq!((status, body["error"].is_string()), (409, true));
    visitor.until("LIVE_AGENT_MESSAGE").await;
}

#[tokio::test]
async fn odd_requests_to_the_desk_are_refused() {
    let sim = Sim::start(0).await;
    assert_eq!(act(&sim, "nobody", "join", json!({})).await.0, 404);
    let session = sim.session(false).await;
    for (verb, body, status) in [
        ("messages", json!({ "text": "  " }), 400),
        ("messages", json!({ "text": "x".repeat(4_001) }), 400),
        ("messages", json!({}), 400),
        ("typing", json!({ "typing": "yes" }), 400),
        ("typing", json!({ "typing": true }), 409),
        ("leave", json!({}), 409),
    ] {
        assert_eq!(act(&sim, &session.id, verb, body).await.0, status, "{verb}");
    }
    let duty = sim.control("PUT", "/control/desk", Some(json!({ "on_duty": 1 }))).await;
    assert_eq!(duty.status, 400);
    let url = format!("{}/control/desk", sim.running.control());
    let foreign = [("sec-fetch-site", "cross-site")];
    let refused = sim.send("PUT", &url, &foreign, Some(json!({ "on_duty": true }))).await;
    assert_eq!(refused.status, 403);
    let page = sim.send("GET", &format!("{}/desk", sim.running.control()), &[], None).await;
    assert!(
        page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
    );
}

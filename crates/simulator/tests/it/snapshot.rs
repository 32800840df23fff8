//! State taken from one simulator and put into another.

use serde_json::{Value, json};

use crate::harness::{LIST, Sim};

/// What a client sees of this state, byte for byte.
async fn seen(sim: &Sim, chat: &str) -> Vec<String> {
    let (build, platform) = (sim.running.build(), sim.running.platform());
    let agent = format!("{build}/v1/agents/PROJECT-4E5B8A10");
    let mut bodies = Vec::new();
    for (url, key) in [
        (format!("{platform}{LIST}?limit=300&include_latency=true"), "sim-conversations"),
        (format!("{agent}/conversations?limit=300"), "sim-workspace"),
        (format!("{agent}/conversations/{chat}"), "sim-workspace"),
        (format!("{agent}/branches"), "sim-workspace"),
        (format!("{agent}/branches/main/knowledge-base/topics"), "sim-workspace"),
        (format!("{agent}/deployments?environment=live"), "sim-workspace"),
    ] {
        let response = sim.http.get(&url).header("x-api-key", key).send().await.unwrap();
        assert_eq!(response.status(), 200, "{url}");
        bodies.push(response.text().await.unwrap());
    }
    bodies
}

async fn say(sim: &Sim, id: &str, text: &str) -> Value {
    let body = json!({ "conversation_id": id, "message": text });
    sim.chat("POST", "respond", body).await.body
}

#[tokio::test]
async fn a_restored_world_answers_with_the_same_bytes_and_goes_on() {
    let sim = Sim::start(80).await;
    let chat = sim.chat("POST", "create", json!({})).await.body;
    let id = chat["conversation_id"].as_str().unwrap().to_owned();
    say(&sim, &id, "Where is my order?").await;
    sim.control("PUT", "/control/traffic", Some(json!({ "per_minute": 9 }))).await;
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 300_000 }))).await;
    let set = json!({ "freeze": true, "speed": 7 });
    let clock = sim.control("POST", "/control/clock", Some(set)).await.body;
    let build = format!("{}/v1/agents/PROJECT-4E5B8A10", sim.running.build());
    let key = [("x-api-key", "sim-workspace")];
    let branch = json!({ "branchName": "winter" });
    assert_eq!(
        sim.send("POST", &format!("{build}/branches"), &key, Some(branch)).await.status,
        201
    );
    let note = format!("{build}/conversations/{id}/note");
    sim.send("POST", &note, &key, Some(json!({ "note": "Watch this one." }))).await;
    let before = seen(&sim, &id).await;
    assert!(before[2].contains("Watch this one.") && before[3].contains("winter"));

    let taken = sim.control("GET", "/control/snapshot", None).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert!(!taken.body.to_string().contains("sim-"), "no key is written down");
    let other = Sim::start(10).await;
    let put = other.control("PUT", "/control/snapshot", Some(taken.body.clone())).await;
    assert_eq!(put.status, 204, "{}", put.body);
    assert_eq!(other.control("GET", "/control/clock", None).await.body, clock);
    assert_eq!(seen(&other, &id).await, before);
    assert_eq!(other.control("GET", "/control/snapshot", None).await.body, taken.body);

    // The chat goes on where it stood: an order number was asked for.
    other.control("POST", "/control/clock", Some(json!({ "freeze": false }))).await;
    let told = say(&other, &id, "FH-10423").await;
    assert!(told["response"].as_str().unwrap().contains("FH-10423"), "{told}");
    // Traffic goes on as well, and as it would have.
    for one in [&sim, &other] {
        one.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
        one.control("POST", "/control/clock", Some(json!({ "now": "2026-11-23T15:20:00Z" }))).await;
    }
    let ended = "in_progress=false&limit=300&start_time=2026-11-23T14:30:00Z";
    let (one, two) = (sim.rows(ended).await, other.rows(ended).await);
    assert!(one.len() > 100);
    assert_eq!(one, two);
}

#[tokio::test]
async fn an_odd_snapshot_changes_nothing() {
    let sim = Sim::start(30).await;
    let taken = sim.control("GET", "/control/snapshot", None).await.body;
    let mut odd = vec![json!({}), json!([]), json!({ "version": 1 })];
    for (pointer, value) in [
        ("/version", json!(2)),
        ("/world/seed", json!(8)),
        ("/world/conversations", json!(9_000_000)),
        ("/faults", json!({ "explode": true })),
        ("/accounts", json!({ "ws-unknown": {} })),
        ("/accounts/ws-7f3a9c21", json!({ "unheard_of": [] })),
        ("/accounts/ws-7f3a9c21/live", json!({ "conversations": 1 })),
        ("/accounts/ws-7f3a9c21/traffic/flow/rate", json!(7_000)),
    ] {
        let mut other = taken.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        odd.push(other);
    }
    for snapshot in odd {
        let refused = sim.control("PUT", "/control/snapshot", Some(snapshot)).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body["error"].is_string());
    }
    sim.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
    let mut after = sim.control("GET", "/control/snapshot", None).await.body;
    after["clock"] = taken["clock"].clone();
    assert_eq!(after, taken);
}

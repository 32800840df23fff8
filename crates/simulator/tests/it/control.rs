//! The control listener.

use serde_json::json;

use crate::harness::Sim;

#[tokio::test]
async fn requests_are_listed_without_anything_secret() {
    let sim = Sim::start(20).await;
    sim.list("limit=1").await;
    let session = sim.session(true).await;
    session.connect().await.until("SESSION_START").await;
    let log = sim.control("GET", "/control/requests?after=0", None).await;
    let text = log.body.to_string();
    for secret in ["sim-", "limit", session.token.as_str(), session.id.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    let entries = log.body["requests"].as_array().unwrap();
    let brief: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e["host"].as_str().unwrap(),
                e["operation"].as_str().unwrap(),
                e["status"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        brief,
        [
            ("platform", "conversations.v3.list", 200),
            ("messaging", "messaging.access_token", 200),
            ("messaging", "messaging.sessions.create", 200),
            ("messaging", "messaging.ws", 101),
        ]
    );
    let next = log.body["next"].as_u64().unwrap();
    let later = sim.control("GET", &format!("/control/requests?after={next}"), None).await;
    assert_eq!(later.body["requests"], json!([]));
}

#[tokio::test]
async fn the_state_tells_where_things_are_and_no_key() {
    let sim = Sim::start(33).await;
    let state = sim.control("GET", "/control/state", None).await.body;
    assert_eq!(state["conversations"], 33);
    assert_eq!(state["hosts"]["build"], sim.running.build());
    assert!(!state.to_string().contains("sim-"));
}

#[tokio::test]
async fn switches_refuse_nonsense_and_foreign_pages() {
    let sim = Sim::start(20).await;
    for body in [json!({ "latency_ms": [9, 1] }), json!({ "explode": true }), json!([])] {
        let answer = sim.control("PUT", "/control/faults", Some(body)).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    let url = format!("{}/control/sockets/drop", sim.running.control());
    let answer = sim.send("POST", &url, &[("Sec-Fetch-Site", "cross-site")], None).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn the_page_is_self_contained() {
    let sim = Sim::start(20).await;
    for file in ["/", "/page.css", "/page.js"] {
        let url = format!("{}{file}", sim.running.control());
        let part = sim.http.get(url).send().await.unwrap();
        let policy = part.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let text = part.text().await.unwrap();
        for outside in ["@import", "https://", "http://", "=\"//", "url("] {
            assert!(!text.contains(outside), "{outside} in {file}");
        }
    }
}

#[tokio::test]
async fn a_request_is_told_with_its_fate_and_its_name() {
    let sim = Sim::start(20).await;
    sim.control("POST", "/control/clock", Some(json!({ "speed": 1_000 }))).await;
    for rule in [
        json!({ "on": "conversations.*", "fault": { "latency": { "fixed_ms": 40 } } }),
        json!({ "on": "conversations.*", "fault": { "error": { "code": "PROJECT_NOT_FOUND" } } }),
    ] {
        sim.control("POST", "/control/faults/rules", Some(rule)).await;
    }
    let refused = sim.list("limit=1").await;
    let log = sim.control("GET", "/control/requests", None).await.body;
    let entry = &log["requests"][0];
    assert_eq!(entry["faults"], json!(["latency", "error"]));
    assert_eq!((&entry["code"], &entry["status"]), (&json!("PROJECT_NOT_FOUND"), &json!(404)));
    assert_eq!(entry["correlation_id"], refused.body["error_id"]);
    assert!(entry["took_ms"].as_i64().unwrap() >= 40);
    assert!(entry["at"].as_str().unwrap().starts_with("2026-11-23T14:"));
}

#[tokio::test]
async fn switches_turn_one_by_one_and_leave_the_rules_alone() {
    let sim = Sim::start(20).await;
    let rule = json!({ "on": "agents.*", "fault": { "drop": {} } });
    sim.control("POST", "/control/faults/rules", Some(rule)).await;
    sim.control("PATCH", "/control/faults", Some(json!({ "reorder_events": true }))).await;
    let all = sim.control("PATCH", "/control/faults", Some(json!({ "drop_mid_chunk": 2 }))).await;
    assert_eq!(
        (&all.body["reorder_events"], &all.body["drop_mid_chunk"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(all.body["rules"].as_array().unwrap().len(), 1);
    for odd in [
        json!({ "latency_ms": [2, 1] }),
        json!({ "x": 1 }),
        json!({ "rules": [{ "fault": { "drop": {} } }] }),
    ] {
        assert_eq!(sim.control("PATCH", "/control/faults", Some(odd)).await.status, 400);
    }
    let token = sim.access_token().await;
    sim.control("PATCH", "/control/faults", Some(json!({ "expire_tokens": true }))).await;
    let url = format!("{}/api/v1/sessions", sim.running.messaging());
    let bearer = format!("Bearer {token}");
    assert_eq!(sim.send("POST", &url, &[("Authorization", &bearer)], None).await.status, 401);
}

#[tokio::test]
async fn every_operation_is_explained() {
    let sim = Sim::start(20).await;
    let all = sim.control("GET", "/control/operations", None).await.body;
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), perch_api::operation::all().count() + 2, "and two sockets");
    assert!(all.iter().all(|one| one["doc"].as_str().is_some_and(|doc| !doc.is_empty())));
}

#[tokio::test]
async fn a_stopped_simulator_answers_no_more() {
    let sim = Sim::start(20).await;
    let url = sim.running.control().to_owned();
    sim.running.shutdown().await;
    assert!(sim.http.get(url).send().await.is_err());
}

#[tokio::test]
async fn the_clock_jumps_stands_still_and_wakes_who_waits() {
    let sim = Sim::start(20).await;
    let clock = |body| sim.control("POST", "/control/clock", Some(body));
    let session = sim.session(true).await;
    let mut socket = session.connect().await;
    socket.until("SESSION_START").await;
    let frozen = clock(json!({ "freeze": true })).await.body;
    assert_eq!((&frozen["frozen"], &frozen["speed"]), (&json!(true), &json!(1)));
    assert_eq!(sim.control("GET", "/control/clock", None).await.body, frozen);
    // The clock stands, the session waits: only the jump ends it.
    let jumped = clock(json!({ "now": "2026-11-24T00:00:00Z" })).await.body;
    assert_eq!(jumped["now"], "2026-11-24T00:00:00.000Z");
    socket.until("SESSION_END").await;
    assert_eq!(clock(json!({ "speed": 0 })).await.status, 400);
    let fast = clock(json!({ "freeze": false, "speed": 100_000 })).await.body;
    assert_eq!((&fast["frozen"], &fast["speed"]), (&json!(false), &json!(100_000)));
}

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
    let page = sim.http.get(sim.running.control()).send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
    );
    let text = page.text().await.unwrap();
    for outside in ["src=\"", "href=\"", "@import", "https://"] {
        assert!(!text.contains(outside), "{outside}");
    }
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

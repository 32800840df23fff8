//! Deliveries that really go out, to a receiver on this machine.

use perch_api::webhook::VerifyError;
use perch_simulator::Options;
use perch_simulator::clock::Clock;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use crate::harness::{Answer, NOW, PATIENCE, Sim};
use crate::receiver::{Manner, Receiver};
use crate::webhooks::{BOTH, Made, body};

const MINUTE: i64 = 60_000;
/// Between the first attempt and each, as the platform documents them, in seconds.
const OFFSETS: [i64; 6] = [0, 60, 360, 1_260, 4_860, 19_260];

impl Sim {
    async fn sample(&self, event_type: &str) -> Answer {
        let body = json!({ "event_type": event_type });
        self.control("POST", "/control/events", Some(body)).await
    }

    /// The delivery, once it is no longer on its way.
    async fn delivery(&self, number: u64) -> Value {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            let all = self.deliveries("").await;
            let own = all.into_iter().find(|one| one["number"] == number).unwrap();
            if own["state"] != "sending" && !own["attempts"].as_array().unwrap().is_empty() {
                return own;
            }
        }
        panic!("delivery {number} is still on its way");
    }

    async fn deliveries(&self, query: &str) -> Vec<Value> {
        let answer = self.control("GET", &format!("/control/deliveries{query}"), None).await;
        answer.body["deliveries"].as_array().unwrap().clone()
    }
}

fn seconds(text: &Value) -> i64 {
    perch_api::model::Timestamp::new(text.as_str().unwrap()).unix_ms().unwrap() / 1_000
}

#[tokio::test]
async fn a_broken_rule_is_told_and_so_is_its_mending() {
    let sim = Sim::start(0).await;
    sim.freeze().await;
    let (mut both, mut resolved) = (Receiver::start().await, Receiver::start().await);
    let made = sim.endpoint(&both.url, &BOTH).await;
    let other = sim.endpoint(&resolved.url, &["alerts.resolved"]).await;
    let off = sim.endpoint(&resolved.url, &BOTH).await;
    let path = format!("/v1/webhook-endpoints/{}", off.id);
    sim.build("PATCH", &path, Some(json!({ "enabled": false }))).await;
    let neighbour = Receiver::start().await;
    let url = format!("{}/v1/webhook-endpoints", sim.running.build());
    let key = [("X-API-KEY", "sim-second-workspace")];
    sim.send("POST", &url, &key, Some(body(&neighbour.url, &BOTH))).await;

    let id = sim.rule(json!({})).await;
    sim.chats(3).await;
    let now_ms = sim.pass(MINUTE).await;
    let told = both.next().await;
    assert_eq!((told.path.as_str(), told.header("content-type")), ("/hooks", "application/json"));
    let event = told.event(&made.secret, now_ms).unwrap();
    let rule = sim.looked_at(&id, now_ms).await;
    let alert = event.alert().unwrap();
    assert_eq!((event.event_type(), alert.id.as_str()), ("alerts.triggered", id.as_str()));
    assert_eq!(alert.current_value, Some(json!(3)));
    assert_eq!(alert.previous_state.as_deref(), Some("ok"));
    assert_eq!(alert.triggered_at.as_ref().unwrap().as_str(), rule["since"]);

    let later_ms = sim.pass(6 * MINUTE).await;
    for (receiver, made) in [(&mut both, &made), (&mut resolved, &other)] {
        let told = receiver.next().await;
        let event = told.event(&made.secret, later_ms).unwrap();
        let alert = event.alert().unwrap();
        assert_eq!((event.event_type(), alert.id.as_str()), ("alerts.resolved", id.as_str()));
        assert_eq!(alert.previous_state.as_deref(), Some("alert"));
        assert_eq!(alert.triggered_at.as_ref().unwrap().as_str(), rule["since"]);
        assert!(alert.resolved_at.is_some());
        assert_eq!(told.event(&off.secret, later_ms), Err(VerifyError::Mismatch));
    }
    assert_eq!(sim.deliveries("").await.len(), 3);
    assert_eq!(sim.deliveries("?account=ws-20b6d4e8").await.len(), 0);
    for mut idle in [both, resolved, neighbour] {
        assert!(idle.is_idle());
    }
}

#[tokio::test]
async fn a_failing_receiver_is_tried_at_the_documented_moments() {
    let sim = Sim::start(0).await;
    sim.freeze().await;
    let mut receiver = Receiver::start().await;
    receiver.behave(Manner::Status(500));
    let Made { id, mut secret } = sim.endpoint(&receiver.url, &BOTH).await;
    let number = sim.sample("alerts.triggered").await.body["deliveries"][0].as_u64().unwrap();
    let mut now_ms = sim.pass(0).await;
    let start_s = now_ms / 1_000;
    let mut first = None;
    for (at, offset) in OFFSETS.into_iter().enumerate() {
        let told = receiver.next().await;
        assert_eq!(told.header("x-polyai-timestamp"), (start_s + offset).to_string());
        assert_eq!(told.event(&secret, now_ms).unwrap().event_type(), "alerts.triggered");
        let own = (told.header("x-polyai-event-id").to_owned(), told.body.clone());
        assert_eq!(*first.get_or_insert(own.clone()), own, "the event stays the same");
        let delivery = sim.delivery(number).await;
        let attempts = delivery["attempts"].as_array().unwrap();
        assert_eq!((attempts.len(), &attempts[at]["status"]), (at + 1, &json!(500)));
        let Some(next) = OFFSETS.get(at + 1) else { break };
        assert_eq!(seconds(&delivery["next_attempt_at"]), start_s + next);
        // A second before its time nothing goes out.
        sim.pass((next - offset - 1) * 1_000).await;
        assert!(receiver.is_idle());
        if at == 2 {
            let path = format!("/v1/webhook-endpoints/{id}/rotate-secret");
            let rotated = sim.build("POST", &path, None).await;
            let old = std::mem::replace(
                &mut secret,
                rotated.body["signing_secret"].as_str().unwrap().to_owned(),
            );
            assert_eq!(told.event(&secret, now_ms), Err(VerifyError::Mismatch));
            assert_ne!(old, secret);
        }
        now_ms = sim.pass(1_000).await;
    }
    let delivery = sim.delivery(number).await;
    assert_eq!(
        (&delivery["state"], &delivery["next_attempt_at"]),
        (&json!("failed"), &Value::Null)
    );
    sim.pass(86_400_000).await;
    sim.sample("alerts.resolved").await;
    assert_eq!(
        receiver.next().await.event(&secret, now_ms + 86_400_000).unwrap().event_type(),
        "alerts.resolved"
    );
}

#[tokio::test]
async fn whatever_a_receiver_does_is_noted() {
    let sim = Sim::start(0).await;
    sim.freeze().await;
    let mut receiver = Receiver::start().await;
    let Made { id, .. } = sim.endpoint(&receiver.url, &BOTH).await;
    let path = format!("/v1/webhook-endpoints/{id}");
    sim.build("PATCH", &path, Some(json!({ "timeout_ms": 1_000 }))).await;
    for (manner, state, status, error) in [
        (Manner::Status(200), "delivered", json!(200), Value::Null),
        (Manner::Endless, "delivered", json!(200), Value::Null),
        (Manner::Status(410), "failed", json!(410), Value::Null),
        (Manner::Redirect, "failed", json!(302), Value::Null),
        (Manner::Status(429), "waiting", json!(429), Value::Null),
        (Manner::Silent, "waiting", Value::Null, json!("timed_out")),
    ] {
        receiver.behave(manner);
        let number = sim.sample("alerts.triggered").await.body["deliveries"][0].as_u64().unwrap();
        let delivery = sim.delivery(number).await;
        let attempt = &delivery["attempts"][0];
        assert_eq!(
            (&delivery["state"], &attempt["status"], &attempt["error"]),
            (&json!(state), &status, &error)
        );
        assert_eq!(receiver.next().await.path, "/hooks");
        assert!(receiver.is_idle(), "redirects are not followed");
    }
    let nobody = Receiver::start().await.url.replace("/hooks", "");
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    sim.build("PATCH", &path, Some(json!({ "url": format!("http://{free}/") }))).await;
    assert_ne!(nobody, format!("http://{free}"));
    let number = sim.sample("alerts.resolved").await.body["deliveries"][0].as_u64().unwrap();
    let delivery = sim.delivery(number).await;
    assert_eq!(delivery["attempts"][0]["error"], "unreachable");

    assert_eq!(sim.build("DELETE", &path, None).await.status, 204);
    let gone = sim.delivery(number).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("dropped"), &json!("endpoint_deleted")));
}

/// A certificate that nobody vouches for is refused, so this sees no more than the greeting.
#[tokio::test]
async fn https_is_spoken() {
    let sim = Sim::start(0).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/hooks", listener.local_addr().unwrap());
    sim.endpoint(&url, &BOTH).await;
    sim.sample("alerts.triggered").await;
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut greeting = [0; 3];
    stream.read_exact(&mut greeting).await.unwrap();
    assert_eq!(greeting, [0x16, 3, 1], "a handshake of TLS");
    drop(stream);
    let delivery = sim.delivery(1).await;
    assert_eq!(delivery["attempts"][0]["error"], "unreachable");
}

#[tokio::test]
async fn stamps_can_be_the_machines_for_receivers_with_a_clock_of_their_own() {
    let sim = Sim::with(Options { machine_stamps: true, ..Options::default() }).await;
    let mut receiver = Receiver::start().await;
    let Made { secret, .. } = sim.endpoint(&receiver.url, &BOTH).await;
    let simulated_ms = sim.pass(20 * 86_400_000).await;
    sim.sample("alerts.triggered").await;
    let told = receiver.next().await;
    assert!(told.event(&secret, Clock::machine_ms()).is_ok());
    let late = told.event(&secret, simulated_ms);
    assert!(matches!(late, Err(VerifyError::TooOld { .. } | VerifyError::TooNew { .. })));
}

#[tokio::test]
async fn deliveries_can_be_found_and_sent_again() {
    let sim = Sim::start(0).await;
    let mut receiver = Receiver::start().await;
    let made = sim.endpoint(&receiver.url, &["alerts.triggered"]).await;
    let other = sim.endpoint(&receiver.url, &BOTH).await;
    let named = json!({ "event_type": "alerts.resolved", "endpoint_id": made.id });
    let sent = sim.control("POST", "/control/events", Some(named)).await;
    let number = sent.body["deliveries"][0].as_u64().unwrap();
    assert_eq!(sent.body["deliveries"].as_array().unwrap().len(), 1, "to this one alone");
    let first = receiver.next().await;
    let before = sim.delivery(number).await;
    let path = format!("/control/deliveries/{number}/redeliver");
    let again = sim.control("POST", &path, None).await;
    assert_eq!((again.status, &again.body["event_id"]), (200, &before["event_id"]));
    assert_ne!(again.body["number"], number);
    let second = receiver.next().await;
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("x-polyai-event-id"), second.header("x-polyai-event-id"));
    assert!(second.event(&made.secret, NOW).is_ok());

    sim.sample("alerts.triggered").await;
    let event = before["event_id"].as_str().unwrap();
    for (query, count) in [
        (String::new(), 4),
        (format!("?endpoint={}", made.id), 3),
        (format!("?endpoint={}", other.id), 1),
        ("?event=alerts.triggered".into(), 2),
        (format!("?event={event}"), 2),
        (format!("?event={event}&endpoint={}", other.id), 0),
    ] {
        assert_eq!(sim.deliveries(&query).await.len(), count, "{query}");
    }
    for (method, path, body, status) in [
        ("POST", "/control/deliveries/99/redeliver", None, 404),
        ("POST", "/control/deliveries/first/redeliver", None, 400),
        ("POST", "/control/events", Some(json!({})), 400),
        ("POST", "/control/events", Some(json!({ "event_type": "calls.ended" })), 400),
        (
            "POST",
            "/control/events",
            Some(json!({ "event_type": "alerts.resolved", "endpoint_id": "whe_0" })),
            404,
        ),
        ("GET", "/control/deliveries?account=ws-0", None, 404),
    ] {
        assert_eq!(sim.control(method, path, body).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_restored_simulator_keeps_its_promises() {
    let sim = Sim::start(0).await;
    let mut receiver = Receiver::start().await;
    receiver.behave(Manner::Status(503));
    let Made { id, secret } = sim.endpoint(&receiver.url, &BOTH).await;
    let rule = sim.rule(json!({})).await;
    sim.chats(3).await;
    sim.pass(MINUTE).await;
    assert_eq!(receiver.next().await.header("content-type"), "application/json");
    sim.delivery(1).await;
    let taken = sim.control("GET", "/control/snapshot", None).await.body;
    let before = sim.deliveries("").await;
    sim.running.shutdown().await;

    receiver.behave(Manner::Status(204));
    let other = Sim::start(0).await;
    let put = other.control("PUT", "/control/snapshot", Some(taken.clone())).await;
    assert_eq!(put.status, 204, "{}", put.body);
    assert_eq!(other.deliveries("").await, before);
    assert!(receiver.is_idle(), "its time has not come");
    let now_ms = other.pass(MINUTE).await;
    let told = receiver.next().await;
    assert_eq!(told.event(&secret, now_ms).unwrap().event_type(), "alerts.triggered");
    // The rule is still broken, and nobody is told twice.
    let looked = other.looked_at(&rule, now_ms).await;
    assert_eq!(looked["current_state"], "alert");
    let later_ms = other.pass(6 * MINUTE).await;
    assert_eq!(
        receiver.next().await.event(&secret, later_ms).unwrap().event_type(),
        "alerts.resolved"
    );

    for (pointer, value) in [
        ("webhooks/endpoints/0/secret", json!("")),
        ("webhooks/endpoints/0/timeout_ms", json!(-1)),
        ("webhooks/deliveries/0/standing", json!("lost")),
        ("alerts/rules/0/id", json!("a b")),
        ("alerts/rules/0/standing/state", json!(7)),
    ] {
        let mut odd = taken.clone();
        *odd.pointer_mut(&format!("/accounts/ws-7f3a9c21/{pointer}")).unwrap() = value;
        assert_eq!(
            other.control("PUT", "/control/snapshot", Some(odd)).await.status,
            400,
            "{pointer}"
        );
    }
    let path = format!("/v1/webhook-endpoints/{id}");
    assert_eq!(other.build("GET", &path, None).await.status, 200);
}

/// What the platform does by itself: traffic with its faults, at any pace.
#[tokio::test]
async fn simulated_traffic_breaks_rules_while_time_flies() {
    let sim = Sim::start(0).await;
    let mut receiver = Receiver::start().await;
    let Made { secret, .. } = sim.endpoint(&receiver.url, &BOTH).await;
    for metric in ["function_errors", "api_errors", "call_crashes", "call_volume"] {
        sim.rule(json!({ "name": metric, "metric": metric, "threshold_value": 1 })).await;
    }
    let slow = json!({ "name": "slow", "metric": "turn_latency_p95", "operator": ">" });
    sim.rule(slow).await;
    sim.control("PUT", "/control/traffic", Some(json!({ "per_minute": 120 }))).await;
    sim.control("POST", "/control/clock", Some(json!({ "speed": 1_000 }))).await;
    // By rule: when it last changed, and whether it is broken. Neighbours may overtake each other.
    let mut rules = std::collections::BTreeMap::<String, (i64, bool)>::new();
    while rules.len() < 5 || rules.iter().any(|(name, (_, broken))| *broken && name != "slow") {
        let delivery = receiver.next().await;
        let stamp: i64 = delivery.header("x-polyai-timestamp").parse().unwrap();
        let event = delivery.event(&secret, stamp * 1_000).unwrap();
        let alert = event.alert().unwrap();
        let changed = alert.resolved_at.as_ref().or(alert.triggered_at.as_ref()).unwrap();
        let now = (changed.unix_ms().unwrap(), event.event_type() == "alerts.triggered");
        let last = rules.entry(alert.name.clone().unwrap()).or_insert(now);
        *last = now.max(*last);
        if rules.len() == 5 {
            sim.control("PUT", "/control/traffic", Some(json!({ "per_minute": 0 }))).await;
        }
    }
    let active = sim.build("GET", "/v1/alerts", None).await.body;
    let only_slow = active["data"].as_array().unwrap().iter().all(|one| one["name"] == "slow");
    assert!(only_slow && rules["slow"].1, "turns go on for a while, and then there is no latency");
}

//! What other systems send, and the numbers lent to visitors.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";
const OWN: &str = "account_id=ws-7f3a9c21&project_id=PROJECT-4E5B8A10";
const KEY: (&str, &str) = ("X-Api-Key", "sim-external_events");
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// An id that a conversation waits with.
async fn wait(sim: &Sim, body: Value) -> String {
    let answer = sim.control("POST", "/control/external-events", Some(body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn post(sim: &Sim, query: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let url = format!("{}/v1/external-events/webhook?{query}", sim.running.platform());
    sim.send_bytes("POST", &url, headers, body.as_bytes().to_vec()).await
}

async fn received(sim: &Sim) -> Vec<Value> {
    let events = sim.control("GET", "/control/external-events", None).await.body;
    events["received"].as_array().unwrap().clone()
}

fn assert_refused(answer: &Answer, status: u16, message: &str, what: &str) {
    assert_eq!(
        (answer.status, &answer.body),
        (status, &json!({ "error_message": message })),
        "{what}"
    );
}

#[tokio::test]
async fn a_result_of_any_type_reaches_the_conversation_that_waits() {
    let sim = Sim::start(20).await;
    let id = wait(&sim, json!({ "conversation_id": "CONV-7" })).await;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let xml = ("Content-Type", "application/xml; charset=utf-8");
    let text = ("Content-Type", "text/plain");
    let header = ("X-Cid", id.as_str());
    let at =
        |place: &str, path: &str| format!("event_id_location={place}&event_id_path={path}&{OWN}");
    let nested = json!({ "order": { "cid": id }, "amount": 1999 }).to_string();
    let sent = [
        ("json", at("payload", "order.cid"), vec![JSON], nested),
        ("form", at("payload", "cid"), vec![form], format!("cid={id}&status=succeeded")),
        ("xml", at("payload", "cid"), vec![xml], format!("<root><cid>{id}</cid></root>")),
        ("text", at("payload", "cid"), vec![text], format!("cid={id}&status=succeeded")),
        ("xml", at("headers", "x-cid"), vec![xml, header], "<root/>".to_owned()),
        ("form", format!("{}&cid={id}", at("querystring", "cid")), vec![form], "a=b".to_owned()),
    ];
    for (kind, query, headers, body) in &sent {
        let headers = [&[KEY][..], headers].concat();
        let answer = post(&sim, query, &headers, body).await;
        assert_eq!((answer.status, answer.body), (201, Value::Null), "{kind} {query}");
    }
    let received = received(&sim).await;
    assert_eq!(received.len(), sent.len());
    for (event, (kind, _, _, body)) in received.iter().zip(&sent) {
        assert_eq!((&event["kind"], &event["conversation_id"]), (&json!(kind), &json!("CONV-7")));
        assert!(*kind == "json" || event["payload"] == *body, "{event}");
    }
    // Slugs name the same account and agent.
    let slugs = "event_id_location=headers&event_id_path=cid&account_id=fernhill-outfitters&project_id=fernhill-juno";
    assert_eq!(post(&sim, slugs, &[KEY, JSON, ("cid", &id)], r#"{"a":1}"#).await.status, 201);
}

#[tokio::test]
async fn a_running_conversation_keeps_the_result_in_its_state() {
    let sim = Sim::start(20).await;
    let chat = sim.chat("POST", "create", json!({})).await.body;
    let conversation = chat["conversation_id"].as_str().unwrap();
    let id = wait(&sim, json!({ "conversation_id": conversation })).await;
    let query = format!("event_id_location=payload&event_id_path=cid&{OWN}");
    let body = json!({ "cid": id, "paid": true }).to_string();
    assert_eq!(post(&sim, &query, &[KEY, JSON], &body).await.status, 201);
    let state = async || {
        let rows = sim.rows("in_progress=true").await;
        rows.iter().find(|row| row["id"] == conversation).map(|row| row["state"].clone())
    };
    let kept = state().await.unwrap()["external_event"].clone();
    assert_eq!(serde_json::from_str::<Value>(kept.as_str().unwrap()).unwrap()["paid"], true);

    let closed = sim.chat("PUT", "close", json!({ "conversation_id": conversation })).await;
    assert_eq!(closed.status, 200);
    let later = json!({ "cid": id, "paid": false }).to_string();
    assert_eq!(post(&sim, &query, &[KEY, JSON], &later).await.status, 201, "taken, for nobody");
    let rows = sim.rows("").await;
    let row = rows.iter().find(|row| row["id"] == conversation).unwrap();
    assert_eq!(row["state"]["external_event"], kept);
}

#[tokio::test]
async fn what_cannot_be_handed_on_is_told_in_the_familys_words() {
    let sim = Sim::start(20).await;
    let id = wait(&sim, json!({ "conversation_id": "CONV-7" })).await;
    let fine = format!("event_id_location=payload&event_id_path=cid&{OWN}");
    let body = json!({ "cid": id }).to_string();
    let missing = "External event id not found in request";
    let unknown = "External event id not valid";
    let headers = [KEY, JSON];
    for (query, body, message) in [
        (fine.clone(), r#"{"other":1}"#, missing),
        (fine.clone(), r#"{"cid":{}}"#, missing),
        (fine.replace("payload", "headers"), &body, missing),
        (fine.replace("payload", "querystring"), &body, missing),
        (fine.replace("=cid", "=order.cid"), &body, missing),
        (fine.clone(), r#"{"cid":"evt_0"}"#, unknown),
        (fine.clone(), r#"{"cid":7}"#, unknown),
        (fine.replace("PROJECT-4E5B8A10", "PROJECT-0"), &body, unknown),
        (fine.replace("ws-7f3a9c21", "ws-20b6d4e8"), &body, unknown),
        (
            fine.replace("payload", "body"),
            &body,
            "event_id_location must be headers, querystring or payload.",
        ),
        (
            fine.replace("event_id_location=payload&", ""),
            &body,
            "event_id_location must be headers, querystring or payload.",
        ),
        (fine.replace("event_id_path=cid", "event_id_path="), &body, "event_id_path is required."),
        (fine.replace("&account_id=ws-7f3a9c21", ""), &body, "account_id is required."),
        (fine.replace("&project_id=PROJECT-4E5B8A10", ""), &body, "project_id is required."),
        (fine.clone(), "[1]", "The body must be a JSON object."),
    ] {
        let answer = post(&sim, &query, &headers, body).await;
        assert_refused(&answer, 400, message, &format!("{query} {body}"));
    }
    for (kind, body) in [
        ("application/json", "{"),
        ("application/json", ""),
        ("text/plain", " "),
        ("application/x-www-form-urlencoded", "cid=%zz"),
        ("application/json", &r#"{"cid":"#.repeat(50_000)),
        ("application/json", &format!("{{\"cid\":{}", "[".repeat(500_000))),
        ("application/xml", &"<cid>".repeat(100_000)),
    ] {
        let answer = post(&sim, &fine, &[KEY, ("Content-Type", kind)], body).await;
        assert_eq!(answer.status, 400, "{kind} {body}");
        assert!(answer.body["error_message"].is_string(), "{}", answer.body);
    }
    for key in ["nonsense", ""] {
        let answer = post(&sim, &fine, &[("x-api-key", key), JSON], &body).await;
        assert_eq!(answer.status, 401, "{key}");
        assert_eq!(answer.body.as_object().unwrap().keys().collect::<Vec<_>>(), ["error_message"]);
    }
    assert_eq!(post(&sim, &fine, &[("x-api-key", "sim-workspace"), JSON], &body).await.status, 403);
    assert_eq!(received(&sim).await, Vec::<Value>::new(), "nothing came through");
}

#[tokio::test]
async fn an_id_lasts_an_hour_and_belongs_to_one_agent() {
    let sim = Sim::start(20).await;
    let agent = format!("{}/v1/agents/{AGENT}/duplicate", sim.running.build());
    let copy = json!({ "newAgentName": "Two", "newAgentId": "two" });
    sim.send("POST", &agent, &[("X-API-KEY", "sim-workspace")], Some(copy)).await;
    let own = wait(&sim, json!({ "conversation_id": "CONV-1" })).await;
    let twos = wait(&sim, json!({ "conversation_id": "CONV-2", "project_id": "two" })).await;
    let neighbour = json!({ "conversation_id": "CONV-3", "account_id": "quayside-books" });
    let neighbours = wait(&sim, neighbour).await;
    let deliver = async |id: &str, owner: &str, key: &str| {
        let query = format!("event_id_location=payload&event_id_path=cid&{owner}");
        let headers = [("X-Api-Key", key), JSON];
        post(&sim, &query, &headers, &json!({ "cid": id }).to_string()).await.status
    };
    let (first, second) = ("sim-external_events", "sim-second-external_events");
    let two = "account_id=ws-7f3a9c21&project_id=two";
    let other = "account_id=ws-20b6d4e8&project_id=PROJECT-9C07F3D2";
    for (id, owner, key, status) in [
        (&own, OWN, first, 201),
        (&own, two, first, 400),
        (&own, OWN, second, 400),
        (&own, other, second, 400),
        (&twos, two, first, 201),
        (&twos, OWN, first, 400),
        (&neighbours, other, second, 201),
        (&neighbours, other, first, 400),
    ] {
        assert_eq!(deliver(id, owner, key).await, status, "{owner} {key}");
    }
    let advance = async |ms: u32| {
        let body = Some(json!({ "advance_ms": ms }));
        assert_eq!(sim.control("POST", "/control/clock", body).await.status, 200);
    };
    advance(3_500_000).await;
    assert_eq!(deliver(&own, OWN, first).await, 201, "as often as it is sent");
    advance(100_000).await;
    assert_eq!(deliver(&own, OWN, first).await, 400, "forgotten");

    for odd in [json!({}), json!({ "conversation_id": "" }), json!({ "conversation_id": 1 })] {
        let answer = sim.control("POST", "/control/external-events", Some(odd)).await;
        assert_eq!(answer.status, 400);
    }
    for (name, value) in [("project_id", "none"), ("account_id", "none")] {
        let odd = json!({ "conversation_id": "CONV-1", (name): value });
        assert_eq!(sim.control("POST", "/control/external-events", Some(odd)).await.status, 404);
    }
}

#[tokio::test]
async fn the_end_of_a_bridged_call_is_noted() {
    let sim = Sim::start(20).await;
    let url = format!("{}/internal/v1/agentic-dial/bridge-ended", sim.running.platform());
    let end = json!({
        "conversation_id": "CONV-7", "bridge_duration_seconds": 180, "call_duration_seconds": 300.5,
    });
    let answer = sim.send("POST", &url, &[], Some(end)).await;
    assert_eq!((answer.status, answer.body), (200, Value::Null), "without a key");
    let events = sim.control("GET", "/control/external-events", None).await.body;
    let noted = &events["bridges_ended"][0];
    assert_eq!(noted["conversation_id"], "CONV-7");
    assert_eq!(noted["bridge_duration_seconds"], 180.0);
    assert_eq!(noted["call_duration_seconds"], 300.5);
    for odd in [
        json!({}),
        json!([]),
        json!({ "conversation_id": "CONV-7", "bridge_duration_seconds": 1 }),
        json!({ "conversation_id": "CONV-7", "bridge_duration_seconds": "1", "call_duration_seconds": 2 }),
    ] {
        let answer = sim.send("POST", &url, &[], Some(odd.clone())).await;
        assert_eq!(answer.status, 400, "{odd}");
        assert!(answer.body["error_message"].is_string(), "{}", answer.body);
    }
}

async fn reserve(sim: &Sim, key: &str, body: Value) -> Answer {
    let url = format!("{}/v1/conversations/dni-reservation", sim.running.platform());
    sim.send("POST", &url, &[("x-api-key", key)], Some(body)).await
}

#[tokio::test]
async fn numbers_are_lent_until_none_is_left_and_come_back() {
    let sim = Sim::start(20).await;
    let mut numbers = Vec::new();
    for visitor in 0..8 {
        let attributes = json!({ "visitor": visitor, "basket": { "items": [1] } });
        let body = json!({ "attributes": attributes, "colour": "ignored" });
        let answer = reserve(&sim, "sim-dni", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        numbers.push(answer.body["dni"].as_str().unwrap().to_owned());
    }
    let distinct: std::collections::BTreeSet<_> = numbers.iter().collect();
    assert!(distinct.len() == 8 && numbers.iter().all(|number| number.starts_with("+44")));
    let lent = sim.control("GET", "/control/dni", None).await.body["lent"].clone();
    assert_eq!(
        (&lent[3]["number"], &lent[3]["attributes"]["visitor"]),
        (&json!(numbers[3]), &json!(3))
    );
    let none = reserve(&sim, "sim-dni", json!({ "attributes": {} })).await;
    let words =
        json!({ "success": false, "error": "Not Found", "message": "no available route found" });
    assert_eq!((none.status, none.body), (404, words.clone()));
    let theirs = reserve(&sim, "sim-second-dni", json!({ "attributes": {} })).await;
    assert_eq!((theirs.status, theirs.body), (404, words), "an account without a pool");

    let later = json!({ "advance_ms": 600_000 });
    assert_eq!(sim.control("POST", "/control/clock", Some(later)).await.status, 200);
    let back = reserve(&sim, "sim-dni", json!({ "attributes": { "visitor": 9 } })).await;
    assert_eq!(back.body, json!({ "dni": numbers[0] }), "the one that was free the longest");
    let lent = sim.control("GET", "/control/dni", None).await.body["lent"].clone();
    assert_eq!(lent.as_array().unwrap().len(), 1, "what was known of others is gone");

    for odd in [json!({}), json!([]), json!({ "attributes": 7 }), json!({ "attributes": null })] {
        let answer = reserve(&sim, "sim-dni", odd.clone()).await;
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("Bad Request")), "{odd}");
        assert!(answer.body["success"] == false && answer.body["message"].is_string());
    }
    let unknown = reserve(&sim, "nonsense", json!({ "attributes": {} })).await;
    assert_eq!((unknown.status, &unknown.body["error"]), (401, &json!("Unauthorized")));

    // The key leads to one agent; without it there is no route.
    let agent = format!("{}/v1/agents/{AGENT}", sim.running.build());
    let key = [("X-API-KEY", "sim-workspace")];
    assert_eq!(sim.send("DELETE", &agent, &key, None).await.status, 204);
    assert_eq!(reserve(&sim, "sim-dni", json!({ "attributes": {} })).await.status, 404);
}

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

#[tokio::test]
async fn files_configuration_voices_and_promises_are_taken_along() {
    let sim = Sim::start(20).await;
    let (build, platform) = (sim.running.build().to_owned(), sim.running.platform().to_owned());
    let agent = "/v1/agents/PROJECT-4E5B8A10";
    let key = [("x-api-key", "sim-workspace")];
    let cache = sim.send("GET", &format!("{build}{agent}/audio-cache?limit=1"), &key, None).await;
    let entry = cache.body["entries"][0]["id"].as_str().unwrap().to_owned();
    // Four megabytes of sound: written down, more than other requests may have.
    let mut wav =
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data"
            .to_vec();
    wav.extend(4_000_000_u32.to_le_bytes());
    wav.extend((0..4_000_000_u32).map(|at| at.to_le_bytes()[1]));
    let file = format!("{build}{agent}/audio-cache/{entry}/file");
    let typed = [key[0], ("Content-Type", "audio/wav")];
    assert_eq!(sim.send_bytes("PATCH", &file, &typed, wav.clone()).await.status, 204);
    let variables = json!({ "variables": { "notice": "Snow." } });
    let page = format!("{agent}/real-time-configs/live");
    sim.send("PATCH", &format!("{build}{page}/variables"), &key, Some(variables)).await;
    let voice = json!({ "name": "Q", "provider": "HUME", "config": {}, "providerVoiceId": "q" });
    let voices = "/v1/accounts/ws-7f3a9c21/voice-library";
    sim.send("POST", &format!("{build}{voices}"), &key, Some(voice)).await;
    let event = json!({ "conversation_id": "CONV-7" });
    let event =
        sim.control("POST", "/control/external-events", Some(event)).await.body["id"].clone();
    let dni = "/v1/conversations/dni-reservation";
    let body = json!({ "attributes": { "visitor": 1 } });
    let owner = [("x-api-key", "sim-dni")];
    let lent = sim.send("POST", &format!("{platform}{dni}"), &owner, Some(body.clone())).await.body;

    let taken = sim.control("GET", "/control/snapshot", None).await.body;
    let other = Sim::start(10).await;
    let put = other.control("PUT", "/control/snapshot", Some(taken)).await;
    assert_eq!(put.status, 204, "{}", put.body);
    let (own, theirs) = (other.running.build(), other.running.platform());
    let response = other.http.get(format!("{own}{agent}/audio-cache/{entry}/file"));
    let response = response.header("x-api-key", "sim-workspace").send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap().to_vec(), wav, "byte for byte");
    for path in [&page, voices] {
        let before = sim.send("GET", &format!("{build}{path}"), &key, None).await.body;
        assert_eq!(other.send("GET", &format!("{own}{path}"), &key, None).await.body, before);
    }
    let query = "event_id_location=payload&event_id_path=cid&account_id=ws-7f3a9c21&project_id=PROJECT-4E5B8A10";
    let webhook = format!("{theirs}/v1/external-events/webhook?{query}");
    let sender = [("x-api-key", "sim-external_events")];
    let result = Some(json!({ "cid": event }));
    assert_eq!(other.send("POST", &webhook, &sender, result).await.status, 201, "still waited for");
    let next = other.send("POST", &format!("{theirs}{dni}"), &owner, Some(body)).await.body;
    assert!(next["dni"].is_string() && next["dni"] != lent["dni"], "that one is still lent");
}

#[tokio::test]
async fn calls_texts_trials_and_rules_go_on_where_they_were() {
    let sim = Sim::start(0).await;
    let workspace = [("X-API-KEY", "sim-workspace")];
    let agent = |sim: &Sim| format!("{}/v1/agents/PROJECT-4E5B8A10", sim.running.build());
    let call = json!({ "toNumber": "+447700900001", "environment": "live" });
    let calls = format!("{}/telephony/outbound-calls", agent(&sim));
    let placed = sim.send("POST", &calls, &workspace, Some(call)).await.body;
    let sid = placed["callSid"].as_str().unwrap().to_owned();
    let trial = json!({ "clientEnv": "sandbox", "conversationId": "t-1" });
    let url = format!("{}/debug-chat", agent(&sim));
    assert_eq!(sim.send("POST", &url, &workspace, Some(trial)).await.status, 201);
    let stop = json!({ "user_number": "+447700900002", "agent_number": "+442079460142",
        "text": "STOP" });
    sim.control("POST", "/control/sms", Some(stop)).await;
    sim.control("PUT", "/control/messaging", Some(json!({ "handoff": "client" }))).await;

    // Answers take simulated time, so the clock stands still only from here on.
    let set = json!({ "freeze": true });
    sim.control("POST", "/control/clock", Some(set)).await;
    let taken = sim.control("GET", "/control/snapshot", None).await.body;
    let other = Sim::start(5).await;
    let put = other.control("PUT", "/control/snapshot", Some(taken)).await;
    assert_eq!(put.status, 204, "{}", put.body);
    let status =
        format!("{}/telephony/outbound-calls/{sid}/status?environment=live", agent(&other));
    assert_eq!(other.send("GET", &status, &workspace, None).await.status, 200);
    let set = json!({ "freeze": false, "advance_ms": 120_000 });
    other.control("POST", "/control/clock", Some(set)).await;
    let decided = other.send("GET", &status, &workspace, None).await.body;
    assert!(["SUCCESS", "FAILURE"].contains(&decided["status"].as_str().unwrap()), "{decided}");
    let turn = json!({ "clientEnv": "sandbox", "message": "returns" });
    let url = format!("{}/debug-chat/t-1", agent(&other));
    assert_eq!(other.send("POST", &url, &workspace, Some(turn)).await.status, 200);
    let texts = other.control("GET", "/control/sms", None).await.body;
    assert_eq!(texts["stopped"], json!(["+447700900002"]));
    let rules = other.control("GET", "/control/messaging", None).await.body;
    assert_eq!(rules["handoff"], "client");
}

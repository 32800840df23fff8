//! Records beside the list: older lists, the build host's list, reviews, concurrency.

use serde_json::{Value, json};

use crate::harness::{Answer, LIST, NOW, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";

async fn build(sim: &Sim, method: &str, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/agents/{AGENT}/conversations{path}", sim.running.build());
    sim.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
}

async fn concurrency(sim: &Sim, query: &str) -> Answer {
    let path = format!("/v1/ws-7f3a9c21/{AGENT}/conversations/concurrency?{query}");
    let url = format!("{}{path}", sim.running.platform());
    sim.send("GET", &url, &[("x-api-key", "sim-conversations")], None).await
}

#[tokio::test]
async fn the_second_list_pages_by_offset_with_a_key_of_its_own() {
    let sim = Sim::start(50).await;
    let url = format!("{}{}?limit=7&offset=7", sim.running.platform(), LIST.replace("v3", "v2"));
    let refused = sim.send("GET", &url, &[("x-api-key", "sim-conversations")], None).await;
    assert_eq!(refused.status, 403);
    let answer = sim.send("GET", &url, &[("x-api-key", "sim-conversations_legacy")], None).await;
    assert_eq!((answer.status, &answer.body["cursor"]), (200, &Value::Null));
    assert_eq!(answer.body["next_offset"], 14);
    let rows = sim.rows("limit=14").await;
    assert_eq!(answer.body["conversations"].as_array().unwrap()[..], rows[7..]);
}

#[tokio::test]
async fn the_build_hosts_list_is_the_newest_first_and_holds_little() {
    let sim = Sim::start(120).await;
    let first = build(&sim, "GET", "", None).await.body;
    assert_eq!((&first["limit"], &first["offset"]), (&json!(50), &json!(0)));
    assert_eq!(
        (first["count"].as_u64(), first["conversations"].as_array().unwrap().len()),
        (Some(120), 50)
    );
    let last = build(&sim, "GET", "?limit=100&offset=50", None).await.body;
    let (first, last) =
        (first["conversations"].as_array().unwrap(), last["conversations"].as_array().unwrap());
    let started: Vec<_> =
        first.iter().chain(last).map(|row| row["startedAt"].as_str().unwrap()).collect();
    assert!(started.len() == 120 && started.is_sorted_by(|left, right| left >= right));
    for name in ["shortSummary", "polyScore", "language", "deploymentId"] {
        assert_eq!(first[0][name], Value::Null, "{name}");
    }
    assert!(first[0].get("turns").is_none());
    assert_eq!(build(&sim, "GET", "?limit=0", None).await.status, 400);
    assert_eq!(build(&sim, "GET", "?offset=999999", None).await.body["conversations"], json!([]));
}

#[tokio::test]
async fn notes_come_back_and_marks_are_checked() {
    let sim = Sim::start(20).await;
    let row = sim.rows("limit=1").await[0].clone();
    let id = row["id"].as_str().unwrap();
    for note in ["Look at this one.", "Done."] {
        let body = Some(json!({ "note": note }));
        let answer = build(&sim, "POST", &format!("/{id}/note"), body).await;
        assert_eq!((answer.status, answer.body), (201, json!({ "success": true })));
        assert_eq!(sim.detail(id).await.body["note"], note);
    }
    let path = format!("/{id}/annotation");
    let mark = |turn: u64, role: &str, kind: &str| {
        Some(json!({ "annotations": [{ "turnId": turn, "role": role, "annotationType": kind }] }))
    };
    let good = mark(0, "agent", "wrong_info");
    assert_eq!(build(&sim, "POST", &path, good).await.body, json!({ "success": true }));
    for odd in [
        mark(row["num_turns"].as_u64().unwrap(), "agent", "wrong_info"),
        mark(0, "nobody", "wrong_info"),
        mark(0, "agent", "boring"),
        Some(json!({ "annotations": [] })),
    ] {
        assert_eq!(build(&sim, "POST", &path, odd).await.status, 400);
    }
    let nowhere = build(&sim, "POST", "/CA-none/note", Some(json!({ "note": "x" }))).await;
    assert_eq!(nowhere.body["error_code"], "CONVERSATIONS_NOT_FOUND");
}

#[tokio::test]
async fn concurrency_counts_what_overlapped() {
    let sim = Sim::start(3_000).await;
    let moment = |ms: i64| perch_api::model::Timestamp::from_unix_ms(ms).as_str().to_owned();
    let day = 86_400_000;
    let (start, end) = (moment(NOW - 2 * day + 61_000), moment(NOW - day));
    let span = format!("start_time={start}&end_time={end}");
    let answer = concurrency(&sim, &span).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let intervals = answer.body["intervals"].as_array().unwrap().clone();
    assert_eq!(intervals.len(), 288);
    assert_eq!(intervals[0]["time"], moment((NOW - 2 * day + 61_000) / 300_000 * 300_000));

    // The same, counted the slow way for the fullest interval.
    let peak =
        intervals.iter().max_by_key(|one| one["max_concurrent_conversations"].as_u64()).unwrap();
    let rows =
        sim.rows(&format!("limit=1000&start_time={}&end_time={end}", moment(NOW - 3 * day))).await;
    let millis =
        |text: &Value| perch_api::model::Timestamp::new(text.as_str().unwrap()).unix_ms().unwrap();
    let from = millis(&peak["time"]);
    let mut spans = Vec::new();
    for row in rows {
        let detail = sim.detail(row["id"].as_str().unwrap()).await.body;
        spans.push((millis(&detail["startedAt"]), millis(&detail["finishedAt"])));
    }
    let at = |when: i64| spans.iter().filter(|(start, end)| *start <= when && when < *end).count();
    let slow = (0..300).map(|second| at(from + second * 1_000)).max().unwrap();
    let fast = usize::try_from(peak["max_concurrent_conversations"].as_u64().unwrap()).unwrap();
    // Whole seconds can miss the moment of the peak, and never see more than it.
    assert!(slow <= fast && fast <= slow + 1 && fast > 0, "{slow} {fast}");

    let sliced = concurrency(&sim, &format!("{span}&slice_by=variant")).await.body;
    assert_eq!(sliced["intervals"].as_array().unwrap().len(), 288 * 3);
    assert!(sliced["intervals"][0]["variant_name"].is_string());
    let none = concurrency(&sim, &format!("{span}&client_env=sandbox&language=de-DE")).await;
    assert_eq!(none.status, 200);
    for (query, status) in [
        ("start_time=2026-11-01T00:00:00Z", 400),
        ("start_time=2026-11-02T00:00:00Z&end_time=2026-11-01T00:00:00Z", 400),
        ("start_time=2026-11-01T00:00:00Z&end_time=2026-11-08T00:00:01Z", 400),
        (&format!("{span}&client_env=moon"), 400),
        (&format!("{span}&variant_id=a&variant_name=b"), 400),
        (&format!("{span}&slice_by=mood"), 400),
        (&format!("{span}&slice_by=language"), 501),
    ] {
        let answer = concurrency(&sim, query).await;
        assert_eq!(answer.status, status, "{query}");
        let fields: Vec<_> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["error_message"], "the family's own shape");
    }
}

#[tokio::test]
async fn calls_have_recordings_and_chats_have_none() {
    let sim = Sim::start(100).await;
    let id = |rows: Vec<Value>| rows[0]["id"].as_str().unwrap().to_owned();
    let (call, chat) = (
        id(sim.rows("channel=VOICE-SIP&limit=1").await),
        id(sim.rows("channel=WEBCHAT&limit=1").await),
    );
    let url = |id: &str, query: &str| {
        format!("{}/v1/agents/{AGENT}/conversations/{id}/audio?{query}", sim.running.build())
    };
    let hear = async |query: &str, key: &str| {
        let request = sim.http.get(url(&call, query)).header("X-API-KEY", key);
        let response = request.send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"audio/wav".parse().unwrap())
        );
        response.bytes().await.unwrap()
    };
    let whole = hear("", "sim-workspace").await;
    assert!(
        whole.starts_with(b"RIFF")
            && whole == hear("direction=combined&redacted=false", "sim-workspace").await
    );
    assert_ne!(whole, hear("direction=agent", "sim-workspace").await);
    let muted = hear("redacted=true", "sim-workspace").await;
    assert_eq!(
        muted,
        hear("redacted=false", "sim-conversations").await,
        "never more than it may hear"
    );

    let key = [("X-API-KEY", "sim-workspace")];
    let none = sim.send("GET", &url(&chat, ""), &key, None).await;
    assert_eq!(
        (none.status, &none.body["error_code"]),
        (404, &json!("CONVERSATIONS_RECORDING_NOT_FOUND"))
    );
    assert_eq!(sim.send("GET", &url(&call, "direction=up"), &key, None).await.status, 400);
}

#[tokio::test]
async fn a_handover_leaves_a_snapshot() {
    let sim = Sim::start(400).await;
    let url = |query: &str| {
        format!("{}/v1/ws-7f3a9c21/{AGENT}/handoff_state?{query}", sim.running.platform())
    };
    let ask = async |query: &str| {
        sim.send("GET", &url(query), &[("x-api-key", "sim-handoff")], None).await
    };
    let rows = sim.rows("limit=400").await;
    let of = |channel: &str, handed: bool| {
        let fits = |row: &&Value| row["channel"] == channel && row["handoff"] == handed;
        rows.iter().find(fits).unwrap().clone()
    };
    let call = of("VOICE-SIP", true);
    let by_id = ask(&format!("id={}", call["id"].as_str().unwrap())).await.body;
    assert_eq!(by_id["data"]["handoff_reason"], call["handoff_reason"]);
    let shared = by_id["shared_id"].as_str().unwrap();
    assert_eq!(
        ask(&format!("shared_id={shared}&id=other")).await.body,
        by_id,
        "the shared id wins"
    );
    let chat = ask(&format!("id={}", of("WEBCHAT", true)["id"].as_str().unwrap())).await.body;
    assert!(chat.get("shared_id").is_none() && chat["data"].is_object());
    for (query, status) in [
        (String::new(), 400),
        (format!("id={}", of("WEBCHAT", false)["id"].as_str().unwrap()), 404),
        (format!("shared_id=shared-{}", of("WEBCHAT", true)["id"].as_str().unwrap()), 404),
        ("id=none".to_owned(), 404),
    ] {
        let answer = ask(&query).await;
        let fields: Vec<_> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(fields, ["error_message"], "{query}");
    }
    let other = sim.send("GET", &url("id=x"), &[("x-api-key", "sim-conversations")], None).await;
    assert_eq!(other.status, 403);
}

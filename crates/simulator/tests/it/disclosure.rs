//! What lists give out: the oldest list, settings of the project, bodies in pieces, traffic.

use serde_json::{Value, json};

use crate::harness::{Answer, LIST, Sim};

const LEGACY: &[(&str, &str)] = &[("x-api-key", "sim-conversations_legacy")];

async fn old(sim: &Sim, version: u8, query: &str) -> Answer {
    let path = LIST.replace("v3", &format!("v{version}"));
    sim.send("GET", &format!("{}{path}?{query}", sim.running.platform()), LEGACY, None).await
}

fn rows(answer: &Answer) -> &[Value] {
    answer.body["conversations"].as_array().unwrap()
}

#[tokio::test]
async fn the_oldest_list_goes_by_time_and_has_nulls_and_descriptions() {
    let sim = Sim::start(300).await;
    let first = old(&sim, 1, "").await;
    assert_eq!((first.status, rows(&first).len()), (200, 5), "{}", first.body);
    assert_eq!(first.body["next_offset"], 5);
    assert!(first.body["descriptions"]["conversations"].is_object());
    assert!(first.body.get("cursor").is_none());
    let whole = old(&sim, 1, "limit=5000").await;
    let starts: Vec<_> =
        rows(&whole).iter().map(|row| row["started_at"].as_str().unwrap()).collect();
    assert!(starts.len() > 200 && starts.is_sorted());
    assert!(whole.body.get("next_offset").is_none());
    let mut newest = sim.rows("limit=1000").await;
    newest.reverse();
    for (old, new) in rows(&whole).iter().zip(&newest) {
        assert_eq!(old["id"], new["id"]);
        assert_eq!(old["from_number"].is_null(), new["from_number"] == "");
    }
    let page = old(&sim, 1, "limit=5&offset=7").await;
    assert_eq!(rows(&page), &rows(&whole)[7..12]);
    for query in ["limit=0", "limit=5001", "variant_id=a&variant_name=b", "client_env=moon"] {
        let refused = old(&sim, 1, query).await;
        assert_eq!(refused.status, 400, "{query}");
        assert!(refused.body["error_message"].is_string() && refused.body.get("success").is_none());
    }
}

#[tokio::test]
async fn parameters_nobody_knows_are_ignored() {
    let sim = Sim::start(60).await;
    let plain = sim.rows("limit=7").await;
    assert_eq!(sim.rows("limit=7&colour=blue&include_context_state=true").await, plain);
    let first = old(&sim, 1, "").await;
    assert_eq!(old(&sim, 1, "colour=blue&cursor=none").await.body, first.body);
}

#[tokio::test]
async fn settings_decide_what_rows_show() {
    let sim = Sim::start(200).await;
    let before = sim.rows("limit=20&in_progress=false").await;
    let set = |body| sim.control("PUT", "/control/settings", Some(body));
    let hidden = set(
        json!({ "show_transcripts": false, "metrics": ["CONTAINED"], "enable_whitelist": true }),
    )
    .await;
    assert_eq!(hidden.body["show_transcripts"], false);
    for (row, shown) in sim.rows("limit=20&in_progress=false").await.iter().zip(&before) {
        assert_eq!(row["turns"], json!([]));
        assert_eq!(
            row["num_turns"].as_u64().unwrap(),
            shown["turns"].as_array().unwrap().len() as u64
        );
        let names: Vec<_> = row["metrics"].as_object().unwrap().keys().collect();
        assert_eq!(names, ["CONTAINED"]);
    }
    let listed = old(&sim, 1, "").await;
    let mut fields: Vec<_> = rows(&listed)[0].as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(fields, ["account_id", "id", "project_id", "started_at"]);
    for odd in [json!({ "show": true }), json!({ "metrics": 3 }), json!([])] {
        assert_eq!(set(odd).await.status, 400);
    }
    set(json!({})).await;
    assert_eq!(sim.rows("limit=20&in_progress=false").await, before);
}

#[tokio::test]
async fn a_body_in_pieces_is_the_same_body_and_brings_cursors_to_the_second_list() {
    let sim = Sim::start(300).await;
    // Conversations that still run grow with the clock.
    sim.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
    let url = format!("{}{LIST}?limit=100", sim.running.platform());
    let fetch = async || {
        let request = sim.http.get(&url).header("x-api-key", "sim-conversations");
        let response = request.send().await.unwrap();
        (response.content_length(), response.text().await.unwrap())
    };
    let (length, whole) = fetch().await;
    assert_eq!(length, Some(whole.len() as u64));
    assert!(old(&sim, 2, "limit=10").await.body["cursor"].is_null());
    sim.control("PUT", "/control/settings", Some(json!({ "chunked_responses": true }))).await;
    assert_eq!(fetch().await, (None, whole));
    let first = old(&sim, 2, "limit=10").await;
    let cursor = first.body["cursor"].as_str().unwrap();
    let second = old(&sim, 2, &format!("limit=10&cursor={cursor}")).await;
    assert_eq!(rows(&second), &sim.rows("limit=20").await[10..]);
}

#[tokio::test]
async fn traffic_arrives_ends_and_is_analysed_while_time_passes() {
    let sim = Sim::start(50).await;
    let clock = |body| sim.control("POST", "/control/clock", Some(body));
    clock(json!({ "freeze": true })).await;
    let before = sim.rows("limit=1000").await.len();
    let set = sim.control("PUT", "/control/traffic", Some(json!({ "per_minute": 20 }))).await;
    assert_eq!((set.status, &set.body["per_minute"]), (200, &json!(20)));
    clock(json!({ "advance_ms": 1_800_000 })).await;
    let running = sim.rows("limit=1000&in_progress=true").await;
    assert!(running.len() > 5, "{} are running", running.len());
    let now = sim.rows("limit=1000").await;
    assert!(now.len() > before + 400, "{} of 600 arrived", now.len() - before);
    assert_eq!(sim.rows("limit=1000").await, now, "time stands");

    // One that has just ended has neither score nor summary yet, and gets both.
    let mut waiting = Vec::new();
    for row in &now[..150] {
        let detail = sim.detail(row["id"].as_str().unwrap()).await.body;
        assert_eq!(detail["conversationId"], row["id"]);
        if detail["inProgress"] == false && detail["polyScore"].is_null() {
            waiting.push(detail);
        }
    }
    assert!(!waiting.is_empty());
    clock(json!({ "advance_ms": 200_000 })).await;
    let mut grown = 0;
    for early in waiting {
        let late = sim.detail(early["conversationId"].as_str().unwrap()).await.body;
        assert!(late["polyScore"].is_u64() && late["shortSummary"].is_object());
        let metrics = |detail: &Value| detail["metrics"].as_object().unwrap().len();
        grown += usize::from(metrics(&late) > metrics(&early));
    }
    assert!(grown > 0, "what is measured at the end is late as well");
    let measured = sim.control("GET", "/control/traffic", None).await.body;
    assert!(measured["last_hour"]["call_volume"].as_u64().unwrap() > 400, "{measured}");
    let refused =
        sim.control("PUT", "/control/traffic", Some(json!({ "per_minute": 6_001 }))).await;
    assert_eq!(refused.status, 400);
}

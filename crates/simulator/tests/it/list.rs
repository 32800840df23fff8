//! The list: pages, filters, search; and the detail that belongs to a row.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::Sim;

const RANGE: &str = "start_time=2026-09-01T00:00:00Z&end_time=2026-12-01T00:00:00Z";

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

async fn pages(sim: &Sim, query: &str, limit: usize) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let cursor_part = cursor.as_ref().map_or(String::new(), |c| format!("&cursor={c}"));
        let answer = sim.list(&format!("{query}&limit={limit}{cursor_part}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        rows.extend(answer.body["conversations"].as_array().unwrap().iter().cloned());
        match answer.body["cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return rows,
        }
    }
}

#[tokio::test]
async fn pages_are_the_whole_without_doubles_and_newest_first() {
    let sim = Sim::start(600).await;
    let whole = sim.rows("limit=1000").await;
    assert!(whole.len() > 450, "{} live ones", whole.len());
    for limit in [1_000, 97, 13] {
        let paged = pages(&sim, "client_env=live", limit).await;
        assert_eq!(ids(&paged), ids(&whole), "{limit} a page");
    }
    assert_eq!(ids(&whole).into_iter().collect::<BTreeSet<_>>().len(), whole.len());
    let starts: Vec<_> = whole.iter().map(|row| row["started_at"].as_str().unwrap()).collect();
    assert!(starts.is_sorted_by(|a, b| a >= b));

    let second = sim.list("limit=50&offset=50").await;
    assert_eq!(ids(second.body["conversations"].as_array().unwrap()), ids(&whole[50..100]));
    assert_eq!(second.body["next_offset"], 100);
}

#[tokio::test]
async fn the_same_seed_and_moment_give_the_same_list() {
    let (one, two) = (Sim::seeded(11, 300).await, Sim::seeded(11, 300).await);
    let query = "limit=1000&include_latency=true&in_progress=false";
    assert_eq!(one.rows(query).await, two.rows(query).await);
    let other = Sim::seeded(12, 300).await;
    assert_ne!(ids(&one.rows(query).await), ids(&other.rows(query).await));
}

#[tokio::test]
async fn every_filter_filters() {
    let sim = Sim::start(900).await;
    let all = sim.rows("limit=1000").await;
    let count = |test: &dyn Fn(&Value) -> bool| all.iter().filter(|row| test(row)).count();
    for (query, test) in [
        (
            "channel=voice",
            &(|row: &Value| row["channel"] == "VOICE-SIP") as &dyn Fn(&Value) -> bool,
        ),
        ("channel=voice-sip&channel=Sms", &|row| {
            row["channel"] == "VOICE-SIP" || row["channel"] == "SMS"
        }),
        ("channel=webchat.polyai", &|row| row["channel"] == "WEBCHAT"),
        ("variant_name=Warmer%20tone", &|row| row["variant_name"] == "Warmer tone"),
        ("variant_id=VARIANT-2BE4417A", &|row| row["variant_id"] == "VARIANT-2BE4417A"),
        ("in_progress=true", &|row| row["in_progress"] == true),
        ("start_time=2026-11-01&end_time=2026-11-08", &|row| {
            ("2026-11-01".."2026-11-08").contains(&row["started_at"].as_str().unwrap())
        }),
    ] {
        let rows = sim.rows(&format!("limit=1000&{query}")).await;
        assert!(!rows.is_empty(), "{query}");
        assert!(rows.iter().all(test), "{query}");
        assert_eq!(rows.len(), count(test), "{query}");
    }
    for environment in ["sandbox", "pre-release"] {
        let rows = sim.rows(&format!("client_env={environment}")).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["environment"] == environment));
    }
}

#[tokio::test]
async fn searches_find_what_was_said_and_what_was_meant() {
    let sim = Sim::start(900).await;
    let said = |row: &Value, side: &str, phrase: &str| {
        row["turns"]
            .as_array()
            .unwrap()
            .iter()
            .any(|turn| turn[side].as_str().unwrap().to_lowercase().contains(phrase))
    };
    let rows =
        sim.rows(&format!("query_type=transcript&query=60%20DAYS&turn_type=agent&{RANGE}")).await;
    assert!(rows.len() > 5);
    assert!(rows.iter().all(|row| {
        said(row, "agent_response", "60 days") || said(row, "english_agent_response", "60 days")
    }));
    let none =
        sim.rows(&format!("query_type=transcript&query=60%20days&turn_type=user&{RANGE}")).await;
    assert!(none.is_empty(), "customers do not say that");
    let accents = sim.rows(&format!("query_type=transcript&query=bestatigungsmail&{RANGE}")).await;
    assert!(!accents.is_empty(), "accents do not matter");

    // No word of the question occurs in the answers it should find.
    let meant = sim
        .rows(&format!("query_type=semantic&query=my%20rucksack%20is%20faulty&limit=20&{RANGE}"))
        .await;
    assert!(!meant.is_empty());
    for row in &meant {
        assert!(row["metrics"]["TOPIC"].to_string().contains("warranty"), "{}", row["metrics"]);
    }
    let paged = pages(&sim, &format!("query_type=semantic&query=broken&{RANGE}"), 7).await;
    assert_eq!(ids(&paged).into_iter().collect::<BTreeSet<_>>().len(), paged.len());

    let sample = sim.list(&format!("sample=random&limit=30&{RANGE}")).await;
    assert_eq!(sample.body["conversations"].as_array().unwrap().len(), 30);
    assert!(sample.body["cursor"].is_null());
}

#[tokio::test]
async fn a_cursor_serves_the_filters_it_was_made_for() {
    let sim = Sim::start(300).await;
    let first = sim.list("limit=10&channel=voice").await;
    let cursor = first.body["cursor"].as_str().unwrap();
    assert_eq!(sim.list(&format!("limit=99&channel=voice&cursor={cursor}")).await.status, 200);
    for query in
        ["channel=sms", "client_env=sandbox&channel=voice", "channel=voice&in_progress=false"]
    {
        let answer = sim.list(&format!("limit=10&{query}&cursor={cursor}")).await;
        assert_eq!((answer.status, &answer.body["success"]), (400, &json!(false)), "{query}");
    }
    let cut = &cursor[..cursor.len() / 3];
    assert_eq!(sim.list(&format!("channel=voice&cursor={cut}")).await.status, 400);
}

#[tokio::test]
async fn the_detail_agrees_with_its_row() {
    let sim = Sim::start(300).await;
    for row in sim.rows("limit=40&include_latency=true&in_progress=false").await {
        let answer = sim.detail(row["id"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200);
        let detail = answer.body;
        for (of_row, of_detail) in [
            ("id", "conversationId"),
            ("account_id", "accountId"),
            ("project_id", "projectId"),
            ("started_at", "startedAt"),
            ("channel", "channel"),
            ("total_duration", "totalDuration"),
            ("polyai_duration", "polyaiDuration"),
            ("handoff", "handoff"),
            ("variant_id", "variantId"),
            ("environment", "clientEnv"),
            ("in_progress", "inProgress"),
        ] {
            assert_eq!(row[of_row], detail[of_detail], "{of_row}");
        }
        assert!(detail["shortSummary"]["heading"].is_string(), "an object, as observed");
        assert!((1..=5).contains(&detail["polyScore"].as_u64().unwrap()));
        let (turns, detailed) =
            (row["turns"].as_array().unwrap(), detail["turns"].as_array().unwrap());
        assert_eq!(turns.len(), detailed.len());
        for (number, (turn, detailed)) in turns.iter().zip(detailed).enumerate() {
            assert_eq!(turn["user_input"], detailed["user_input"]);
            assert_eq!(turn["agent_response"], detailed["agent_response"]);
            assert_eq!(turn["latency"], detailed["latency"]["perceived_latency"]);
            let called = detailed["metadata"]["function_events"].as_array().unwrap();
            let events = &detail["functionEvents"][(number + 1).to_string()];
            assert_eq!(called.len(), events.as_array().map_or(0, Vec::len));
        }
        for (name, values) in detail["metrics"].as_object().unwrap() {
            let of_row = &row["metrics"][name];
            match values.as_array().unwrap().as_slice() {
                [one] => assert_eq!(of_row, &one["value"]),
                many => assert_eq!(of_row.as_array().unwrap().len(), many.len()),
            }
        }
    }
    let without = sim.rows("limit=1&in_progress=false").await;
    assert!(without[0]["turns"][0].get("latency").is_none(), "latency is asked for");
}

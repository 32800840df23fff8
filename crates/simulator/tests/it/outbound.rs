//! Calls the agent places, both ways.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";
const KEY: [(&str, &str); 1] = [("X-API-KEY", "sim-workspace")];
const TOKEN: [(&str, &str); 1] = [("X-PolyAi-Auth-Token", "sim-outbound")];
const HOURS_MS: u32 = 3_600_000;

async fn frozen(conversations: usize) -> Sim {
    let sim = Sim::start(conversations).await;
    sim.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
    sim
}

async fn pass(sim: &Sim, ms: u32) {
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": ms }))).await;
}

async fn place(sim: &Sim, body: Value) -> Answer {
    let url = format!("{}/v1/agents/{AGENT}/telephony/outbound-calls", sim.running.build());
    sim.send("POST", &url, &KEY, Some(body)).await
}

async fn status(sim: &Sim, sid: &str, query: &str) -> Answer {
    let calls = format!("{}/v1/agents/{AGENT}/telephony/outbound-calls", sim.running.build());
    sim.send("GET", &format!("{calls}/{sid}/status{query}"), &KEY, None).await
}

async fn place_older(sim: &Sim, body: Value) -> Answer {
    let url = format!("{}/v1/outbound-calling", sim.running.platform());
    sim.send("POST", &url, &TOKEN, Some(body)).await
}

async fn status_older(sim: &Sim, sid: &str) -> Answer {
    let url = format!("{}/v1/outbound-calling/{sid}/status", sim.running.platform());
    sim.send("GET", &url, &TOKEN, None).await
}

/// Calls one number after another until both outcomes were seen; gives a call of each.
async fn both_outcomes(sim: &Sim) -> (String, String) {
    let (mut answered, mut failed) = (None, None);
    for number in 0..60 {
        let to = format!("+447700900{number:03}");
        let placed = place(sim, json!({ "toNumber": to, "environment": "live" })).await;
        assert_eq!((placed.status, &placed.body["status"]), (200, &json!("QUEUED")));
        let sid = placed.body["callSid"].as_str().unwrap().to_owned();
        assert!(sid.starts_with("OUT-") && sid.len() == 40, "{sid}");
        let queued = status(sim, &sid, "?environment=live").await;
        assert_eq!(queued.body, json!({ "callSid": sid, "status": "QUEUED", "reason": "" }));
        pass(sim, 4_500).await;
        let mut seen = status(sim, &sid, "?environment=live").await.body;
        if seen["status"] == "CALLING" {
            pass(sim, 40_000).await;
            seen = status(sim, &sid, "?environment=live").await.body;
        }
        match seen["status"].as_str() {
            Some("SUCCESS") => answered = Some(sid),
            Some("FAILURE") => {
                assert!(!seen["reason"].as_str().unwrap().is_empty());
                failed = Some(sid);
            }
            other => panic!("{other:?}"),
        }
        // Lines are free again.
        pass(sim, HOURS_MS / 4).await;
        if let (Some(answered), Some(failed)) = (&answered, &failed) {
            return (answered.clone(), failed.clone());
        }
    }
    panic!("only one outcome");
}

#[tokio::test]
async fn a_call_is_answered_or_not_told_and_forgotten() {
    let sim = frozen(20).await;
    let (answered, failed) = both_outcomes(&sim).await;
    let detail = sim.detail(&answered).await;
    assert_eq!(detail.status, 200, "an answered call is on record");
    assert_eq!(
        (&detail.body["channel"], &detail.body["direction"], &detail.body["fromNumber"]),
        (&json!("VOICE-SIP"), &json!("outbound"), &json!("+442079460142"))
    );
    assert!(!detail.body["turns"].as_array().unwrap().is_empty());
    assert_eq!(sim.detail(&failed).await.status, 404, "nobody talked");
    assert_eq!(status_older(&sim, &failed).await.body["status"], "failure", "one store for both");

    pass(&sim, 2 * HOURS_MS).await;
    pass(&sim, HOURS_MS).await;
    let gone = status(&sim, &failed, "?environment=live").await;
    assert_eq!((gone.status, gone.body["success"].as_bool()), (400, Some(false)));
    let gone = status_older(&sim, &failed).await;
    assert_eq!((gone.status, &gone.body["code"]), (404, &json!("NOT_FOUND")));
    assert_eq!(sim.detail(&answered).await.status, 200, "the record stays");
}

#[tokio::test]
async fn the_older_way_speaks_its_own_words() {
    let sim = frozen(20).await;
    let body = json!({ "to_number": "07700 900001", "country_code": "GB",
        "metadata": { "customer_name": "Ada" }, "encryption": "TLS/SRTP" });
    let placed = place_older(&sim, body).await;
    assert_eq!(placed.status, 200, "{}", placed.body);
    let sid = placed.body["call_sid"].as_str().unwrap().to_owned();
    let queued = status_older(&sim, &sid).await;
    assert_eq!(queued.body, json!({ "status": "queued", "reason": "" }));
    let same = status(&sim, &sid, "?environment=live").await;
    assert_eq!(same.body["status"], "QUEUED");
    for (body, code) in [
        (json!({}), 400),
        (json!({ "to_number": "07700900001" }), 400),
        (json!({ "to_number": "+447700900001", "encryption": "none" }), 400),
        (json!({ "to_number": "+447700900001", "metadata": { "a": 1 } }), 400),
        (json!({ "to_number": "+447700900001", "metadata": { "a": "x".repeat(20_000) } }), 400),
    ] {
        let refused = place_older(&sim, body.clone()).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (code, &json!("BAD_REQUEST")),
            "{body}"
        );
        assert!(refused.body["error"].is_string());
    }
    let url = format!("{}/v1/outbound-calling", sim.running.platform());
    for headers in [&[][..], &[("X-PolyAi-Auth-Token", "sim-sms")], &[("X-PolyAi-Auth-Token", "x")]]
    {
        let refused =
            sim.send("POST", &url, headers, Some(json!({ "to_number": "+44770090" }))).await;
        assert_eq!((refused.status, &refused.body["code"]), (401, &json!("UNAUTHORIZED")));
    }
    let odd = status_older(&sim, "CA-1").await;
    assert_eq!((odd.status, &odd.body["code"]), (400, &json!("BAD_REQUEST")));
    let unknown = status_older(&sim, "OUT-550e8400-e29b-41d4-a716-446655440000").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn what_cannot_be_called_is_refused() {
    let sim = frozen(20).await;
    let to = "+447700900001";
    let number = "PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT";
    let schema = "SCHEMA_VALIDATION_FAILED";
    for (body, status, code) in [
        (json!({ "environment": "live" }), 400, schema),
        (json!({ "toNumber": to }), 400, schema),
        (json!({ "toNumber": to, "environment": "moon" }), 400, "DEPLOYMENTS_INVALID_ENVIRONMENT"),
        (json!({ "toNumber": to, "environment": "pre-release" }), 404, "CONNECTORS_NOT_FOUND"),
        (json!({ "toNumber": "call me", "environment": "live" }), 400, number),
        (json!({ "toNumber": "07700900001", "environment": "live" }), 400, number),
        (json!({ "toNumber": to, "environment": "live", "variantId": "VARIANT-0" }), 400, schema),
        (json!({ "toNumber": to, "environment": "live", "encryption": "rot13" }), 400, schema),
        (json!({ "toNumber": to, "environment": "live", "metadata": { "a": 1 } }), 400, schema),
        (
            // 19 KB of JSON is over 26 KB as base64.
            json!({ "toNumber": to, "environment": "live", "metadata": { "a": "x".repeat(20_000) } }),
            400,
            schema,
        ),
    ] {
        let refused = place(&sim, body).await;
        assert_eq!((refused.status, &refused.body["error_code"]), (status, &json!(code)));
    }
    let placed = place(
        &sim,
        json!({ "toNumber": to, "environment": "sandbox",
        "variantId": "VARIANT-93D7F508", "metadata": { "a": "b" } }),
    )
    .await;
    let sid = placed.body["callSid"].as_str().unwrap();
    assert_eq!(status(&sim, sid, "?environment=sandbox").await.status, 200);
    for query in ["", "?environment=live", "?environment=moon"] {
        assert_eq!(status(&sim, sid, query).await.status, 400, "{query}");
    }
    let url = format!("{}/v1/agents/PROJECT-0/telephony/outbound-calls", sim.running.build());
    let body = json!({ "toNumber": to, "environment": "live" });
    assert_eq!(sim.send("POST", &url, &KEY, Some(body)).await.status, 404);
}

#[tokio::test]
async fn ringing_telephones_count_as_concurrent_calls() {
    let sim = frozen(0).await;
    for number in 0..8 {
        place(
            &sim,
            json!({ "toNumber": format!("+4477009004{number:02}"), "environment": "live" }),
        )
        .await;
    }
    pass(&sim, 600_000).await;
    let peak = |query: &'static str| {
        let url = format!(
            "{}/v1/ws-7f3a9c21/{AGENT}/conversations/concurrency?start_time=2026-11-23T14:20:00Z\
             &end_time=2026-11-23T14:25:00Z{query}",
            sim.running.platform()
        );
        let sim = &sim;
        async move {
            let key = [("x-api-key", "sim-conversations")];
            let answer = sim.send("GET", &url, &key, None).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            answer.body["intervals"][0]["max_concurrent_conversations"].as_u64().unwrap()
        }
    };
    assert_eq!(peak("").await, 8, "all were ringing or talking at some moment");
    assert_eq!(peak("&client_env=sandbox").await, 0);
    assert_eq!(peak("&variant_id=VARIANT-93D7F508").await, 0);
}

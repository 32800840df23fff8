//! Text messages: what is sent, what is answered, and what is not.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const KEYS: [(&str, &str); 2] =
    [("X-PolyAi-Auth-Token", "sim-sms"), ("X-TOKEN-ID", "sim-sms_connector")];
const ADA: &str = "+447700900001";
const SHOP: &str = "+442079460142";

async fn send_as(sim: &Sim, headers: &[(&str, &str)], body: Value) -> Answer {
    let url = format!("{}/v1/outbound-sms", sim.running.platform());
    sim.send("POST", &url, headers, Some(body)).await
}

async fn send(sim: &Sim, body: Value) -> Answer {
    send_as(sim, &KEYS, body).await
}

async fn write(sim: &Sim, text: &str) -> Value {
    let body = json!({ "user_number": ADA, "agent_number": SHOP, "text": text });
    sim.control("POST", "/control/sms", Some(body)).await.body
}

async fn sent(sim: &Sim) -> Vec<Value> {
    let path = format!("/control/sms?number={}", ADA.replace('+', "%2B"));
    let body = sim.control("GET", &path, None).await.body;
    body["texts"].as_array().unwrap().clone()
}

async fn pass(sim: &Sim, ms: u32) {
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": ms }))).await;
}

#[tokio::test]
async fn a_message_opens_a_conversation_that_replies_continue() {
    let sim = Sim::start(20).await;
    let body =
        json!({ "user_number": ADA, "message": "Your parcel is late.", "agent_number": SHOP });
    let answer = send(&sim, body).await;
    assert_eq!((answer.status, answer.body), (202, Value::Null));
    let first = &sent(&sim).await[0];
    assert_eq!((&first["text"], &first["segments"]), (&json!("Your parcel is late."), &json!(1)));
    let row = sim.rows("limit=1&in_progress=true").await.remove(0);
    assert!(row["id"].as_str().unwrap().starts_with("TW_SMS_"));
    assert_eq!((&row["channel"], &row["from_number"]), (&json!("SMS"), &json!(ADA)));
    assert_eq!(row["turns"][0]["agent_response"], "Your parcel is late.");

    let replied = write(&sim, "where is my order FH-10423").await;
    assert!(replied["texts"][0]["text"].as_str().unwrap().contains("FH-10423"));
    pass(&sim, 30 * 60_000).await;
    assert_eq!(sim.rows("limit=1").await[0]["in_progress"], true, "half an hour is no silence");
    pass(&sim, 24 * 60 * 60_000).await;
    let warning = sent(&sim).await.pop().unwrap();
    assert!(warning["text"].as_str().unwrap().contains("10 minutes"), "{warning}");
    pass(&sim, 10 * 60_000).await;
    assert_eq!(sim.rows("limit=1").await[0]["in_progress"], false);
    let id = &row["id"];
    write(&sim, "hello again").await;
    assert_ne!(&sim.rows("limit=1").await[0]["id"], id, "a new conversation");
}

#[tokio::test]
async fn stop_start_and_help_never_reach_the_agent() {
    let sim = Sim::start(0).await;
    assert!(write(&sim, "HELP").await["texts"][0]["text"].as_str().unwrap().contains("STOP"));
    write(&sim, " stop ").await;
    let count = sent(&sim).await.len();
    assert_eq!(send(&sim, json!({ "user_number": ADA, "message": "Hi" })).await.status, 202);
    assert_eq!(sent(&sim).await.len(), count, "accepted, and not sent");
    assert_eq!(write(&sim, "hello?").await["dropped"], "stopped");
    assert!(sim.rows("limit=5").await.is_empty(), "no conversation began");
    write(&sim, "START").await;
    assert_eq!(send(&sim, json!({ "user_number": ADA, "message": "Hi" })).await.status, 202);
    assert_eq!(sent(&sim).await.pop().unwrap()["text"], "Hi");
}

#[tokio::test]
async fn rich_messages_need_their_service() {
    let sim = Sim::start(0).await;
    let rich = format!("rcs:{ADA}");
    let refused = send(&sim, json!({ "user_number": rich, "message": "Hi" })).await;
    assert_eq!(refused.status, 400);
    let body =
        json!({ "user_number": rich, "messaging_service_sid": "MG1", "agent_number": "+1999" });
    assert_eq!(send(&sim, body).await.status, 202, "the sender's number is ignored");
}

#[tokio::test]
async fn refusals_have_a_detail() {
    let sim = Sim::start(0).await;
    let detail = |answer: &Answer| answer.body["detail"].as_str().map(str::to_owned);
    for (body, text) in [
        (json!({}), None),
        (json!({ "user_number": "0770" }), Some("user_number is not in valid E.164 format")),
        (
            json!({ "user_number": ADA, "agent_number": "x" }),
            Some("agent_number is not in valid E.164 format"),
        ),
        (
            json!({ "user_number": ADA, "agent_number": "+14155550100" }),
            Some("agent_number is not provisioned for this project"),
        ),
    ] {
        let refused = send(&sim, body).await;
        assert_eq!(refused.status, 400);
        let told = detail(&refused).unwrap();
        assert!(text.is_none_or(|text| text == told), "{told}");
    }
    let body = json!({ "user_number": ADA });
    let key = ("X-PolyAi-Auth-Token", "sim-sms");
    for (headers, status) in [
        (&[][..], 401),
        (&[key][..], 401),
        (&[("X-PolyAi-Auth-Token", "x"), KEYS[1]], 401),
        (&[("X-PolyAi-Auth-Token", "sim-outbound"), KEYS[1]], 401),
        (&[key, ("X-TOKEN-ID", "nobody's")], 404),
        (&[key, ("X-TOKEN-ID", "sim-second-sms_connector")], 403),
    ] {
        let refused = send_as(&sim, headers, body.clone()).await;
        assert_eq!(refused.status, status, "{headers:?}");
        assert!(detail(&refused).is_some());
    }
    let second =
        [("X-PolyAi-Auth-Token", "sim-second-sms"), ("X-TOKEN-ID", "sim-second-sms_connector")];
    let refused = send_as(&sim, &second, body).await;
    assert_eq!(
        (refused.status, detail(&refused).as_deref()),
        (404, Some("The project has no numbers"))
    );
}

#[tokio::test]
async fn ten_messages_a_minute_and_no_more() {
    let sim = Sim::start(0).await;
    sim.control("POST", "/control/clock", Some(json!({ "freeze": true }))).await;
    for number in 0..10 {
        let body =
            json!({ "user_number": ADA, "agent_number": SHOP, "message": number.to_string() });
        assert_eq!(send(&sim, body).await.status, 202);
    }
    let refused = send(&sim, json!({ "user_number": ADA, "agent_number": SHOP })).await;
    assert_eq!((refused.status, &refused.headers["retry-after"]), (429, &"60".parse().unwrap()));
    pass(&sim, 60_000).await;
    assert_eq!(send(&sim, json!({ "user_number": ADA, "agent_number": SHOP })).await.status, 202);
}

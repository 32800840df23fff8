//! Chat over plain requests.

use serde_json::{Value, json};

use crate::harness::Sim;

async fn open(sim: &Sim) -> String {
    let answer = sim.chat("POST", "create", json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body["response"].as_str().unwrap().contains("Juno"));
    let id = answer.body["conversation_id"].as_str().unwrap().to_owned();
    assert!(id.strip_prefix("CONV-").unwrap().bytes().all(|byte| byte.is_ascii_digit()));
    id
}

async fn say(sim: &Sim, id: &str, message: &str) -> Value {
    let body = json!({ "conversation_id": id, "message": message });
    let answer = sim.chat("POST", "respond", body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["conversation_id"], id);
    answer.body
}

#[tokio::test]
async fn a_chat_is_answered_ended_and_found_in_the_list() {
    let sim = Sim::start(50).await;
    let id = open(&sim).await;
    assert_eq!(sim.rows("limit=1&in_progress=true").await[0]["id"], id.as_str());
    assert!(
        say(&sim, &id, "What is your return policy?").await["response"]
            .as_str()
            .unwrap()
            .contains("60 days")
    );
    let asked = say(&sim, &id, "Where is my order?").await;
    assert_eq!(asked["end_conversation"], false);
    let told = say(&sim, &id, "FH-10423").await;
    assert!(told["response"].as_str().unwrap().contains("FH-10423"));
    let over = say(&sim, &id, "that's all, bye").await;
    assert_eq!((&over["end_conversation"], over.get("handoff")), (&json!(true), None));

    let late = sim.chat("POST", "respond", json!({ "conversation_id": id, "message": "hm" })).await;
    assert_eq!((late.status, &late.body["error_code"]), (410, &json!("ChatConversationEnded")));

    let row = &sim.rows("limit=1").await[0];
    assert_eq!(row["id"], id.as_str());
    assert_eq!((&row["environment"], &row["channel"]), (&json!("live"), &json!("WEBCHAT")));
    assert_eq!((&row["in_progress"], &row["num_turns"]), (&json!(false), &json!(5)));
    let detail = sim.detail(&id).await.body;
    assert_eq!(detail["turns"][3]["user_input"], "FH-10423");
    assert_eq!(detail["functionEvents"]["4"][0]["name"], "lookup_order");
    assert!(detail["turns"][3]["latency"]["perceived_latency"].as_f64().unwrap() > 0.0);
    assert!(detail["shortSummary"]["content"].as_str().unwrap().contains("FH-10423"));
}

#[tokio::test]
async fn a_hand_over_ends_the_chat_and_names_its_goal() {
    let sim = Sim::start(20).await;
    let id = open(&sim).await;
    let body = say(&sim, &id, "I want to talk to a person").await;
    assert_eq!(body["end_conversation"], true);
    assert_eq!(
        body["handoff"],
        json!({ "destination": "customer-care-desk", "reason": "customer_request" })
    );
    let row = &sim.rows("limit=1").await[0];
    assert_eq!(
        (&row["handoff"], &row["handoff_reason"]),
        (&json!(true), &json!("customer_request"))
    );
}

#[tokio::test]
async fn languages_variants_and_closing() {
    let sim = Sim::start(20).await;
    let body =
        json!({ "asr_lang_code": "de-DE", "variant_id": "VARIANT-93D7F508", "channel": "sms" });
    let created = sim.chat("POST", "create", body).await.body;
    assert!(created["response"].as_str().unwrap().starts_with("Hallo"));
    let id = created["conversation_id"].as_str().unwrap();
    let reply = say(&sim, id, "Wie ist Ihre Rückgaberegelung?").await;
    assert!(reply["response"].as_str().unwrap().contains("60 Tage"));
    for _ in 0..2 {
        let closed = sim.chat("PUT", "close", json!({ "conversation_id": id })).await;
        assert_eq!((closed.status, closed.body), (200, json!({ "success": true })));
    }
    let row = &sim.rows("limit=1").await[0];
    assert_eq!((&row["variant_name"], &row["channel"]), (&json!("Warmer tone"), &json!("SMS")));
    let detail = sim.detail(id).await.body;
    assert_eq!(detail["language"], "de-DE");
    assert!(detail["turns"][1]["english_agent_response"].as_str().unwrap().contains("60 days"));
    assert_eq!(detail["turns"][1]["translated_user_input"], "What is your return policy?");

    for (body, status) in
        [(json!({ "variant_id": "VARIANT-0" }), 400), (json!({ "channel": "fax" }), 400)]
    {
        assert_eq!(sim.chat("POST", "create", body).await.status, status);
    }
    let unknown = sim.chat("POST", "respond", json!({ "conversation_id": "CONV-1" })).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_silent_chat_ends_by_itself() {
    let sim = Sim::start(20).await;
    let id = open(&sim).await;
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 601_000 }))).await;
    let answer =
        sim.chat("POST", "respond", json!({ "conversation_id": id, "message": "hello" })).await;
    assert_eq!(answer.status, 410);
    assert_eq!(sim.detail(&id).await.body["inProgress"], false);
}

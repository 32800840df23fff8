//! Trial conversations.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const KEY: [(&str, &str); 1] = [("X-API-KEY", "sim-workspace")];
const JUNO: &str = "PROJECT-4E5B8A10";

async fn ask(sim: &Sim, method: &str, path: &str, body: Value) -> Answer {
    sim.send(method, &format!("{}{path}", sim.running.build()), &KEY, Some(body)).await
}

async fn trial(sim: &Sim, agent: &str, body: Value) -> Answer {
    ask(sim, "POST", &format!("/v1/agents/{agent}/debug-chat"), body).await
}

async fn say(sim: &Sim, agent: &str, id: &str, body: Value) -> Answer {
    ask(sim, "POST", &format!("/v1/agents/{agent}/debug-chat/{id}"), body).await
}

#[tokio::test]
async fn the_agent_is_tried_out_with_a_look_behind_its_words() {
    let sim = Sim::start(20).await;
    let body = json!({ "clientEnv": "sandbox", "channel": "chat.polyai",
        "variantId": "VARIANT-93D7F508", "integrationAttributes": { "tier": "gold" } });
    let opened = trial(&sim, JUNO, body).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let id = opened.body["conversationId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("AS_CHAT_"));
    assert!(opened.body["response"].as_str().unwrap().contains("Juno"));
    assert_eq!(opened.body["metadata"]["state"]["integration_attributes"]["tier"], "gold");

    let live = json!({ "clientEnv": "live", "message": "hello" });
    assert_eq!(say(&sim, JUNO, &id, live).await.status, 404, "it is in the sandbox");
    let body = json!({ "clientEnv": "sandbox", "message": "what is your return policy" });
    let told = say(&sim, JUNO, &id, body).await;
    assert_eq!((told.status, &told.body["userInput"]), (200, &json!("what is your return policy")));
    let metadata = &told.body["metadata"];
    assert_eq!(metadata["retrievedTopics"].as_array().unwrap().len(), 1);
    assert_eq!(metadata["currentNode"], "returns");
    assert_eq!(metadata["nodeTrace"], json!(["open", "returns"]));
    assert_eq!((&metadata["asrLangCode"], &metadata["inFlow"]), (&json!("en-GB"), &json!("")));
    assert_eq!(told.body["delayedResponse"], false);

    say(&sim, JUNO, &id, json!({ "clientEnv": "sandbox", "message": "where is my order" })).await;
    let order = json!({ "clientEnv": "sandbox", "message": "FH-10423" });
    let order = say(&sim, JUNO, &id, order).await.body;
    assert_eq!(order["metadata"]["functionEvents"][0]["name"], "lookup_order");
    assert_eq!(order["metadata"]["state"]["order_number"], "FH-10423");
    let silence = say(&sim, JUNO, &id, json!({ "clientEnv": "sandbox" })).await.body;
    assert_eq!((&silence["userInput"], &silence["conversationEnded"]), (&json!(""), &json!(false)));
    let person = json!({ "clientEnv": "sandbox", "message": "a person please" });
    let person = say(&sim, JUNO, &id, person).await.body;
    assert_eq!(person["conversationEnded"], true);
    assert_ne!(person["metadata"]["handoffDestination"], "");
    let late = say(&sim, JUNO, &id, json!({ "clientEnv": "sandbox", "message": "hm" })).await;
    assert_eq!((late.status, &late.body["error_code"]), (410, &json!("ChatConversationEnded")));

    let detail = sim.detail(&id).await.body;
    assert_eq!((&detail["clientEnv"], &detail["inProgress"]), (&json!("sandbox"), &json!(false)));
    assert_eq!(detail["variantId"], "VARIANT-93D7F508");
    assert!(!sim.rows("limit=5").await.iter().any(|row| row["id"] == id.as_str()), "not live");
}

#[tokio::test]
async fn what_cannot_be_tried_is_refused() {
    let sim = Sim::start(20).await;
    let id = sim.rows("limit=1").await[0]["id"].clone();
    let schema = "SCHEMA_VALIDATION_FAILED";
    for (body, status, code) in [
        (json!({}), 400, schema),
        (json!({ "clientEnv": "moon" }), 400, "DEPLOYMENTS_INVALID_ENVIRONMENT"),
        (json!({ "clientEnv": "live", "variantId": "VARIANT-0" }), 400, schema),
        (json!({ "clientEnv": "live", "conversationId": id }), 400, schema),
        (
            json!({ "clientEnv": "live", "integrationAttributes": { "a": "x".repeat(70_000) } }),
            400,
            schema,
        ),
    ] {
        let refused = trial(&sim, JUNO, body).await;
        assert_eq!((refused.status, &refused.body["error_code"]), (status, &json!(code)));
    }
    let unknown = say(&sim, JUNO, "AS_CHAT_1", json!({ "clientEnv": "live" })).await;
    assert_eq!(
        (unknown.status, &unknown.body["error_code"]),
        (404, &json!("CONVERSATIONS_NOT_FOUND"))
    );
    let own = json!({ "clientEnv": "live", "conversationId": "my-own-1", "ttsLangCode": "de-DE" });
    let own = trial(&sim, JUNO, own).await.body;
    assert_eq!(
        (&own["conversationId"], &own["metadata"]["ttsLangCode"]),
        (&json!("my-own-1"), &json!("de-DE"))
    );
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 601_000 }))).await;
    let late = say(&sim, JUNO, "my-own-1", json!({ "clientEnv": "live", "message": "hm" })).await;
    assert_eq!(late.status, 410, "ten silent minutes end it");
}

#[tokio::test]
async fn an_agent_made_here_answers_once_it_is_merged_and_where_it_runs() {
    let sim = Sim::start(0).await;
    let agent = json!({ "name": "Quill", "responseSettings": { "greeting": "Quill here." } });
    let made = ask(&sim, "POST", "/v1/accounts/ws-7f3a9c21/agents", agent).await;
    let id = made.body["agentId"].as_str().unwrap().to_owned();
    let nothing = trial(&sim, &id, json!({ "clientEnv": "sandbox" })).await;
    assert_eq!(
        (nothing.status, &nothing.body["error_code"]),
        (400, &json!("CHAT_DRAFT_NOT_EXIST"))
    );

    let base = format!("/v1/agents/{id}/branches");
    let branch = ask(&sim, "POST", &base, json!({ "branchName": "b" })).await.body;
    let branch = branch["branchId"].as_str().unwrap().to_owned();
    let topic = json!({ "name": "Parking", "content": "Park behind the shop.", "actions": "",
        "exampleQueries": { "queries": ["where can I park"] } });
    let topics = format!("{base}/{branch}/knowledge-base/topics");
    let added = ask(&sim, "POST", &topics, topic).await;
    assert!(added.status < 300, "{} {}", added.status, added.body);
    let merged = ask(&sim, "POST", &format!("{base}/{branch}/merge"), json!({})).await;
    assert_eq!(merged.status, 200, "{}", merged.body);

    let opened = trial(&sim, &id, json!({ "clientEnv": "sandbox" })).await;
    assert_eq!((opened.status, &opened.body["response"]), (201, &json!("Quill here.")));
    let chat = opened.body["conversationId"].as_str().unwrap().to_owned();
    let body = json!({ "clientEnv": "sandbox", "message": "is there parking?" });
    let told = say(&sim, &id, &chat, body).await.body;
    assert_eq!(told["response"], "Park behind the shop.");
    assert_eq!(told["metadata"]["retrievedTopics"], json!(["Parking"]));
    let live = trial(&sim, &id, json!({ "clientEnv": "live" })).await;
    assert_eq!(live.status, 400, "nothing was promoted");
    let stranger = say(&sim, JUNO, &chat, json!({ "clientEnv": "sandbox" })).await;
    assert_eq!(stranger.status, 404, "it is another agent's");
}

//! Numbers and connectors.

use perch_simulator::{Keys, Options};
use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";

async fn send(sim: &Sim, agent: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/agents/{agent}/telephony{path}", sim.running.build());
    sim.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
}

async fn done(sim: &Sim, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
    let answer = send(sim, AGENT, method, path, body).await;
    assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    answer.body
}

async fn refused(sim: &Sim, method: &str, path: &str, body: Option<Value>, expected: (u16, &str)) {
    let answer = send(sim, AGENT, method, path, body).await;
    let code = answer.body["error_code"].as_str().unwrap_or_default();
    assert_eq!((answer.status, code), expected, "{method} {path}: {}", answer.body);
}

#[tokio::test]
async fn the_numbers_that_were_called_belong_to_the_agent() {
    let sim = Sim::start(200).await;
    let own = done(&sim, "GET", "/phone-numbers", None, 200).await;
    let own: Vec<_> =
        own["phoneNumbers"].as_array().unwrap().iter().map(|one| one["number"].clone()).collect();
    let called = sim.rows("channel=VOICE-SIP").await;
    assert!(called.len() > 10 && called.iter().all(|row| own.contains(&row["to_number"])));
}

#[tokio::test]
async fn numbers_come_move_and_go() {
    let sim = Sim::start(20).await;
    let one = json!({ "phoneNumbers": ["+441632960001", "+441632960002"], "clientEnv": "sandbox" });
    let imported = done(&sim, "POST", "/phone-numbers", Some(one.clone()), 201).await;
    assert_eq!(imported["imported"], one["phoneNumbers"]);
    let taken = (409, "PHONE_NUMBERS_ALREADY_EXISTS");
    refused(&sim, "POST", "/phone-numbers", Some(one), taken).await;
    let path = "/phone-numbers/%2B441632960003";
    assert_eq!(done(&sim, "POST", path, None, 201).await, json!({ "imported": "+441632960003" }));
    let number = done(&sim, "GET", path, None, 200).await;
    assert_eq!((&number["clientEnv"], &number["projectId"]), (&json!("live"), &json!(AGENT)));

    let connectors = done(&sim, "GET", "/connectors", None, 200).await;
    let sandbox = connectors["connectors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["clientEnv"] == "sandbox");
    let sandbox = sandbox.unwrap()["connectorId"].clone();
    let moved = Some(json!({ "connectorId": sandbox }));
    assert_eq!(done(&sim, "PATCH", path, moved, 200).await["clientEnv"], "sandbox");
    let nowhere = Some(json!({ "connectorId": "CONNECTOR-0" }));
    refused(&sim, "PATCH", path, nowhere, (404, "PHONE_NUMBERS_CONNECTOR_DOES_NOT_EXIST")).await;
    let found = Some(json!({ "phoneNumber": "+441632960003" }));
    assert_eq!(done(&sim, "POST", "/connectors/lookup", found, 200).await["connectorId"], sandbox);
    let filter = format!("/phone-numbers?connectorId={}", sandbox.as_str().unwrap());
    assert_eq!(
        done(&sim, "GET", &filter, None, 200).await["phoneNumbers"].as_array().unwrap().len(),
        4
    );

    let batch = Some(json!({ "phoneNumbers": ["+441632960001", "+449999999999"] }));
    let read = done(&sim, "POST", "/phone-numbers/batch", batch.clone(), 200).await;
    assert_eq!(
        (read["found"].as_array().unwrap().len(), &read["notFound"]),
        (1, &json!(["+449999999999"]))
    );
    let gone = done(&sim, "DELETE", "/phone-numbers", batch, 200).await;
    assert_eq!(gone["deleted"], json!(["+441632960001"]));
    assert_eq!(gone["errors"][0]["phoneNumber"], "+449999999999");
    let last = Some(json!({ "phoneNumbers": ["+441632960002"] }));
    let gone = done(&sim, "DELETE", "/phone-numbers", last, 200).await;
    assert_eq!(gone, json!({ "deleted": ["+441632960002"] }), "no errors, no field");
    assert_eq!(done(&sim, "DELETE", path, None, 200).await, json!({ "deleted": "+441632960003" }));
    refused(&sim, "GET", path, None, (404, "PHONE_NUMBERS_NOT_FOUND")).await;

    let format = (400, "PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT");
    for odd in ["0163", "+44 1632", "", "+12"] {
        let body = Some(json!({ "phoneNumbers": [odd] }));
        refused(&sim, "POST", "/phone-numbers", body, format).await;
    }
    refused(&sim, "GET", "/phone-numbers/0163", None, format).await;
    let none = Some(json!({ "phoneNumbers": [] }));
    refused(&sim, "POST", "/phone-numbers", none, (400, "SCHEMA_VALIDATION_FAILED")).await;
}

#[tokio::test]
async fn connectors_are_changed_one_by_one_or_together() {
    let sim = Sim::start(20).await;
    let path = "/connectors/CONNECTOR-1F60A2C8";
    let before = done(&sim, "GET", path, None, 200).await;
    assert_eq!((&before["variantId"], &before["ttsLangCode"]), (&json!(""), &json!("en-GB")));
    let change = json!({ "variantId": "VARIANT-93D7F508", "voiceName": "es-ES-Neural2-B" });
    let after = done(&sim, "PATCH", path, Some(change), 200).await;
    assert_eq!(
        (&after["variantId"], &after["ttsLangCode"], &after["asrLangCode"]),
        (&json!("VARIANT-93D7F508"), &json!("es-ES"), &json!("en-GB")),
        "absent stays, the voice fixes the language"
    );
    let cleared = done(&sim, "PATCH", path, Some(json!({ "variantId": null })), 200).await;
    assert_eq!(
        (&cleared["variantId"], &cleared["voiceName"]),
        (&json!(""), &json!("es-ES-Neural2-B"))
    );
    let validation = (400, "CONNECTORS_VALIDATION_FAILED");
    for odd in [
        json!({ "variantId": "VARIANT-0" }),
        json!({ "voiceName": "Juno" }),
        json!({ "projectId": "PROJECT-0" }),
        json!({ "projectId": null }),
    ] {
        refused(&sim, "PATCH", path, Some(odd), validation).await;
    }

    let updates = json!({ "updates": [
        { "connectorId": "CONNECTOR-2D9B47E1", "asrLangCode": "fr-CA" },
        { "connectorId": "CONNECTOR-3A85C0F6", "voiceName": "?" },
        { "connectorId": "CONNECTOR-0" },
    ] });
    let results =
        done(&sim, "PATCH", "/connectors/batch", Some(updates), 200).await["results"].clone();
    let flags: Vec<_> =
        results.as_array().unwrap().iter().map(|one| one["success"].clone()).collect();
    assert_eq!(flags, [json!(true), json!(false), json!(false)]);
    assert_eq!(results[0]["data"]["asrLangCode"], "fr-CA");
    assert!(results[1]["error"].is_string() && results[1]["data"].is_null());
    let batch = json!({ "connectorIds": ["CONNECTOR-2D9B47E1", "CONNECTOR-0"] });
    let read = done(&sim, "POST", "/connectors/batch", Some(batch), 200).await;
    assert_eq!(
        (read["found"].as_array().unwrap().len(), &read["notFound"]),
        (1, &json!(["CONNECTOR-0"]))
    );

    let gone = done(&sim, "DELETE", path, None, 200).await;
    let numbers = json!(["+442079460142"]);
    assert_eq!(
        gone,
        json!({ "deletedConnector": "CONNECTOR-1F60A2C8", "deletedPhoneNumbers": numbers })
    );
    refused(&sim, "GET", path, None, (404, "CONNECTORS_NOT_FOUND")).await;
    let lost = Some(json!({ "phoneNumber": "+442079460142" }));
    refused(&sim, "POST", "/connectors/lookup", lost, (404, "PHONE_NUMBERS_NOT_FOUND")).await;
}

#[tokio::test]
async fn an_agents_lines_are_its_own() {
    let sim = Sim::start(20).await;
    let url = format!("{}/v1/agents/{AGENT}/duplicate", sim.running.build());
    let body = Some(json!({ "newAgentName": "Two", "newAgentId": "two" }));
    sim.send("POST", &url, &[("X-API-KEY", "sim-workspace")], body).await;
    let listed = send(&sim, "two", "GET", "/connectors", None).await;
    assert_eq!(listed.body, json!({ "connectors": [] }));
    let foreign = send(&sim, "two", "GET", "/connectors/CONNECTOR-1F60A2C8", None).await;
    assert_eq!(foreign.status, 404);
    let moved = Some(json!({ "projectId": "two" }));
    done(&sim, "PATCH", "/connectors/CONNECTOR-1F60A2C8", moved, 200).await;
    let number = send(&sim, "two", "GET", "/phone-numbers/%2B442079460142", None).await;
    assert_eq!((number.status, &number.body["projectId"]), (200, &json!("two")));
}

#[tokio::test]
async fn a_connector_moves_only_where_its_key_reaches() {
    let further = serde_json::from_value(json!([
        { "value": "one", "permissions": ["workspace"], "agents": [AGENT] },
        { "value": "both", "permissions": ["workspace"], "agents": [AGENT, "two"] },
        { "value": "all", "permissions": ["workspace"] },
    ]));
    let keys = Keys { further: further.unwrap(), ..Keys::default() };
    let sim = Sim::with(Options { keys, conversations: 20, ..Options::default() }).await;
    let agents = format!("{}/v1/agents", sim.running.build());
    let copy = Some(json!({ "newAgentName": "Two", "newAgentId": "two" }));
    let key = [("X-API-KEY", "sim-workspace")];
    sim.send("POST", &format!("{agents}/{AGENT}/duplicate"), &key, copy).await;
    for (key, connector, status) in [
        ("one", "CONNECTOR-1F60A2C8", 400),
        ("both", "CONNECTOR-1F60A2C8", 200),
        ("all", "CONNECTOR-2D9B47E1", 200),
    ] {
        let url = format!("{agents}/{AGENT}/telephony/connectors/{connector}");
        let moved = Some(json!({ "projectId": "two" }));
        let answer = sim.send("PATCH", &url, &[("x-api-key", key)], moved).await;
        assert_eq!(answer.status, status, "{key}: {}", answer.body);
        assert!(status == 200 || answer.body["error_code"] == "CONNECTORS_VALIDATION_FAILED");
    }
}

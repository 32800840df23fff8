//! Real-time configuration.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";

async fn send(sim: &Sim, agent: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/agents/{agent}/real-time-configs{path}", sim.running.build());
    sim.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
}

async fn done(sim: &Sim, method: &str, path: &str, body: Option<Value>) -> Value {
    let answer = send(sim, AGENT, method, path, body).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    answer.body
}

async fn refused(sim: &Sim, method: &str, path: &str, body: Value, expected: (u16, &str)) {
    let answer = send(sim, AGENT, method, path, Some(body.clone())).await;
    let code = answer.body["error_code"].as_str().unwrap_or_default();
    assert_eq!((answer.status, code), expected, "{method} {path} {body}: {}", answer.body);
    assert_eq!(answer.body["error"], answer.body["error_message"]);
}

#[tokio::test]
async fn a_page_is_changed_within_its_schema_and_alone() {
    let sim = Sim::start(20).await;
    let pages = done(&sim, "GET", "", None).await["configPages"].clone();
    let stages: Vec<_> = pages.as_array().unwrap().iter().map(|page| &page["clientEnv"]).collect();
    assert_eq!(stages, ["sandbox", "pre-release", "live"]);
    let hours = json!({ "opening_hours": { "from": "10:00", "to": "16:00" }, "extra": [1] });
    let changed = done(&sim, "PATCH", "/live/variables", Some(json!({ "variables": hours }))).await;
    assert_eq!(changed["clientEnv"], "live");
    assert_eq!(changed["variables"]["opening_hours"]["from"], "10:00");
    assert_eq!(changed["variables"]["extra"], json!([1]), "the schema does not forbid it");
    assert_eq!(changed["variables"]["shops_open"], true, "the rest stays");
    assert!(changed["lastUpdated"].as_str() > pages[2]["lastUpdated"].as_str());
    assert_eq!(done(&sim, "GET", "/live", None).await, changed, "at once");
    assert_eq!(done(&sim, "GET", "/sandbox", None).await, pages[0], "one environment alone");

    let invalid = (400, "REAL_TIME_CONFIG_INVALID_FOR_SCHEMA");
    for odd in [
        json!({ "shops_open": "yes" }),
        json!({ "opening_hours": { "from": "10:00" } }),
        json!({ "opening_hours": { "from": "25", "to": "16:00" } }),
        json!({ "notice": "x".repeat(201) }),
        json!({ "shops_open": null }),
    ] {
        refused(&sim, "PATCH", "/live/variables", json!({ "variables": odd }), invalid).await;
    }
    assert_eq!(done(&sim, "GET", "/live", None).await, changed, "what is refused changes nothing");
}

#[tokio::test]
async fn a_schema_is_valid_and_fits_what_is_there() {
    let sim = Sim::start(20).await;
    let schema = json!({
        "type": "object",
        "properties": { "shops_open": { "type": "boolean" }, "limit": { "type": "integer", "maximum": 9 } },
        "required": ["shops_open"],
    });
    let body = Some(json!({ "schema": schema, "colour": "ignored" }));
    let page = done(&sim, "PUT", "/sandbox/schema", body).await;
    assert_eq!(page["schema"], schema);
    let limit = |value: u32| json!({ "variables": { "limit": value } });
    let patched = done(&sim, "PATCH", "/sandbox/variables", Some(limit(9))).await;
    assert_eq!(patched["variables"]["limit"], 9);
    let misfit = (400, "REAL_TIME_CONFIG_INVALID_FOR_SCHEMA");
    refused(&sim, "PATCH", "/sandbox/variables", limit(10), misfit).await;
    let stricter = json!({ "schema": { "properties": { "limit": { "maximum": 3 } } } });
    refused(&sim, "PUT", "/sandbox/schema", stricter, misfit).await;
    let invalid = (400, "REAL_TIME_CONFIG_INVALID_SCHEMA");
    for odd in [
        json!({ "type": "objekt" }),
        json!({ "required": "shops_open" }),
        json!({ "$ref": "#/nowhere" }),
        json!({ "$ref": "http://127.0.0.1:1/x.json" }),
    ] {
        refused(&sim, "PUT", "/sandbox/schema", json!({ "schema": odd }), invalid).await;
    }
    assert_eq!(done(&sim, "GET", "/sandbox", None).await["schema"], schema, "it stays");
    assert_ne!(done(&sim, "GET", "/live", None).await["schema"], schema, "and is no other's");

    // One that would take years, and one that would take more stack than there is, are refused.
    let ask = |times: usize, next: usize| json!({ "allOf": vec![json!({ "$ref": format!("#/definitions/{next}") }); times] });
    for (times, deep) in [(2, json!({})), (1, json!({ "properties": { "a": ask(1, 0) } }))] {
        let mut definitions: serde_json::Map<_, _> =
            (0..500).map(|at| (at.to_string(), ask(times, at + 1))).collect();
        definitions.insert("500".to_owned(), deep);
        let endless = json!({ "schema": { "definitions": definitions, "allOf": [ask(1, 0)] } });
        let nested = (0..100).fold(json!({}), |inner, _| json!({ "a": inner }));
        let set = json!({ "schema": {} });
        done(&sim, "PUT", "/pre-release/schema", Some(set)).await;
        let variables = Some(json!({ "variables": nested }));
        done(&sim, "PATCH", "/pre-release/variables", variables).await;
        refused(&sim, "PUT", "/pre-release/schema", endless, invalid).await;
    }

    // A schema that refers to itself ends all the same.
    let endless = json!({ "schema": { "allOf": [{ "$ref": "#" }] } });
    assert_eq!(done(&sim, "PUT", "/sandbox/schema", Some(endless)).await["clientEnv"], "sandbox");
}

#[tokio::test]
async fn promotion_does_not_carry_configuration_along() {
    let sim = Sim::start(20).await;
    let notice = Some(json!({ "variables": { "notice": "Snow." } }));
    done(&sim, "PATCH", "/sandbox/variables", notice).await;
    let agent = format!("{}/v1/agents/{AGENT}", sim.running.build());
    let key = [("X-API-KEY", "sim-workspace")];
    let post = async |path: &str, body: Value| {
        sim.send("POST", &format!("{agent}{path}"), &key, Some(body)).await.body
    };
    let branch = post("/branches", json!({ "branchName": "x" })).await["branchId"].clone();
    let branch = format!("/branches/{}", branch.as_str().unwrap());
    let topic = json!({ "name": "Snow", "content": "There is snow." });
    post(&format!("{branch}/knowledge-base/topics"), topic).await;
    post(&format!("{branch}/merge"), json!({})).await;
    let active = sim.send("GET", &format!("{agent}/deployments/active"), &key, None).await.body;
    let id = active["activeDeployments"]["sandbox"]["id"].as_str().unwrap().to_owned();
    let live = json!({ "targetEnvironment": "live" });
    let promoted = post(&format!("/deployments/{id}/promote"), live).await;
    assert_eq!(promoted["deployment"]["environment"], "live");
    assert_eq!(done(&sim, "GET", "/live", None).await["variables"]["notice"], "");
    assert_eq!(done(&sim, "GET", "/sandbox", None).await["variables"]["notice"], "Snow.");
}

#[tokio::test]
async fn pages_belong_to_their_agent_and_environments_are_three() {
    let sim = Sim::start(20).await;
    let unknown = (400, "REAL_TIME_CONFIG_UNKNOWN_CLIENT_ENVIRONMENT");
    for (method, path, body) in [
        ("GET", "/draft", json!({})),
        ("PUT", "/draft/schema", json!({ "schema": {} })),
        ("PATCH", "/staging/variables", json!({ "variables": {} })),
    ] {
        refused(&sim, method, path, body, unknown).await;
    }
    let schema = (400, "SCHEMA_VALIDATION_FAILED");
    for body in [json!({}), json!({ "variables": [] }), json!({ "variables": null })] {
        refused(&sim, "PATCH", "/live/variables", body, schema).await;
    }
    refused(&sim, "PUT", "/live/schema", json!({ "schema": true }), schema).await;

    let duplicate = format!("{}/v1/agents/{AGENT}/duplicate", sim.running.build());
    let key = [("X-API-KEY", "sim-workspace")];
    let copy = Some(json!({ "newAgentName": "Two", "newAgentId": "two" }));
    assert_eq!(sim.send("POST", &duplicate, &key, copy).await.status, 200);
    let page = send(&sim, "two", "GET", "/live", None).await.body;
    assert_eq!((&page["variables"], &page["schema"]), (&json!({}), &json!({})));
    let own = Some(json!({ "variables": { "shops_open": "whenever" } }));
    assert_eq!(send(&sim, "two", "PATCH", "/live/variables", own).await.status, 200, "no schema");
    assert_eq!(done(&sim, "GET", "/live", None).await["variables"]["shops_open"], true);
    let gone = send(&sim, "none", "GET", "/live", None).await;
    assert_eq!((gone.status, &gone.body["error_code"]), (404, &json!("PROJECT_NOT_FOUND")));
    let url = format!("{}/v1/agents/{AGENT}/real-time-configs", sim.running.build());
    for (key, status, code) in [
        ("sim-conversations", 403, "REAL_TIME_CONFIG_FORBIDDEN_ACCESS"),
        ("nonsense", 401, "AUTH_USER_NOT_FOUND"),
        // A neighbour's key finds the neighbour's agents alone.
        ("sim-second-workspace", 404, "PROJECT_NOT_FOUND"),
    ] {
        let answer = sim.send("GET", &url, &[("X-API-KEY", key)], None).await;
        assert_eq!((answer.status, &answer.body["error_code"]), (status, &json!(code)));
    }
}

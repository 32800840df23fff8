//! Agents as builders change and release them.

use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";

/// The workspace key's view of an agent.
struct Studio<'a>(&'a Sim, String);

impl Studio<'_> {
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}/v1/agents/{}{path}", self.0.running.build(), self.1);
        self.0.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.done("GET", path, None, 200).await
    }

    async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.done("POST", path, Some(body), status).await
    }

    async fn done(&self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let answer = self.send(method, path, body).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        answer.body
    }

    /// Expects a refusal with this status and code.
    async fn refused(&self, method: &str, path: &str, body: Option<Value>, expected: (u16, &str)) {
        let answer = self.send(method, path, body).await;
        let code = answer.body["error_code"].as_str().unwrap_or_default();
        assert_eq!((answer.status, code), expected, "{method} {path}: {}", answer.body);
        assert_eq!(answer.body["success"], false);
    }

    async fn branch(&self, name: &str) -> String {
        let made = self.post("/branches", json!({ "branchName": name }), 201).await;
        assert!(made["sequenceId"].is_string());
        format!("/branches/{}", made["branchId"].as_str().unwrap())
    }

    async fn active(&self) -> Value {
        self.get("/deployments/active").await["activeDeployments"].clone()
    }
}

fn studio(sim: &Sim) -> Studio<'_> {
    Studio(sim, AGENT.to_owned())
}

async fn accounts(sim: &Sim, method: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/accounts/fernhill-outfitters/agents", sim.running.build());
    sim.send(method, &url, &[("x-api-key", "sim-workspace")], body).await
}

#[tokio::test]
async fn a_change_goes_from_a_branch_to_live() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let before = studio.active().await;
    assert_eq!(before["sandbox"]["version"], before["live"]["version"]);

    let branch = studio.branch("winter").await;
    let topics = format!("{branch}/knowledge-base/topics");
    let old = studio.get(&topics).await.as_array().unwrap().len();
    let body = json!({ "name": "Winter sale", "content": "Everything is cheaper in January." });
    let made = studio.post(&topics, body, 201).await;
    assert_eq!(
        (&made["actions"], &made["exampleQueries"], &made["isActive"]),
        (&json!(""), &json!({ "queries": [] }), &json!(true))
    );
    let topic = format!("{topics}/{}", made["id"].as_str().unwrap());
    let change =
        json!({ "exampleQueries": { "queries": ["Is there a sale?"] }, "isActive": false });
    let answer = studio.send("PATCH", &topic, Some(change)).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null), "an empty answer");
    assert_eq!(studio.get(&topic).await["isActive"], false);
    let main = "/branches/main/knowledge-base/topics";
    assert_eq!(studio.get(main).await.as_array().unwrap().len(), old, "main knows nothing of it");
    let rules = json!({ "behavior": "Mention the sale." });
    studio.done("PATCH", &format!("{branch}/behavior"), Some(rules), 200).await;

    let merge = json!({ "deploymentMessage": "Winter" });
    let merged = studio.post(&format!("{branch}/merge"), merge, 200).await;
    assert!(merged["sequence"].is_string() && merged["testRunIds"] == json!([]));
    assert_eq!(merged.as_object().unwrap().len(), 3, "what was deployed is read elsewhere");
    assert_eq!(studio.get(main).await.as_array().unwrap().len(), old + 1);
    let sandbox = studio.active().await["sandbox"].clone();
    assert_ne!(sandbox["version"], before["sandbox"]["version"]);
    assert_eq!(sandbox["metadata"]["deployment_message"], "Winter");
    studio
        .refused(
            "POST",
            "/deployments/publish",
            Some(json!({})),
            (409, "DEPLOYMENTS_ALREADY_PUBLISHED"),
        )
        .await;

    let promote = |id: &Value| format!("/deployments/{}/promote", id.as_str().unwrap());
    let first = studio.post(&promote(&sandbox["id"]), json!({}), 200).await["deployment"].clone();
    assert_eq!(first["environment"], "pre-release");
    assert_ne!(first["id"], sandbox["id"]);
    let live = json!({ "targetEnvironment": "live" });
    let spent = (404, "DEPLOYMENT_NOT_FOUND");
    studio.refused("POST", &promote(&sandbox["id"]), Some(live.clone()), spent).await;
    let second = studio.post(&promote(&first["id"]), live, 200).await["deployment"].clone();
    assert_eq!((&second["environment"], &second["version"]), (&json!("live"), &sandbox["version"]));
    let end = (400, "DEPLOYMENTS_INVALID_ENVIRONMENT");
    studio.refused("POST", &promote(&second["id"]), Some(json!({})), end).await;

    // Whoever calls now talks to the new version, and the record says so.
    let chat = sim.chat("POST", "create", json!({})).await.body;
    let held = sim.detail(chat["conversation_id"].as_str().unwrap()).await.body;
    assert_eq!(held["deploymentId"], second["id"]);

    let back = format!("/deployments/{}/rollback", before["live"]["id"].as_str().unwrap());
    assert_eq!(studio.post(&back, json!({}), 200).await["deployment"]["id"], before["live"]["id"]);
    assert_eq!(studio.active().await["live"]["id"], before["live"]["id"]);
    let again = studio.post(&back, json!({}), 200).await;
    assert_eq!(again["error_code"], "DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED");
    let listed = studio.get("/deployments?environment=live&limit=1").await;
    assert_eq!(listed["deployments"], json!([second]));
}

#[tokio::test]
async fn main_is_written_by_merging_only() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let (topic, variant) = ("/knowledge-base/topics", "/variants");
    for (method, path, body) in [
        ("PATCH", "/behavior".to_owned(), Some(json!({ "behavior": "x" }))),
        ("POST", topic.to_owned(), Some(json!({ "name": "x", "content": "x" }))),
        ("PATCH", format!("{topic}/TOPIC-1"), Some(json!({}))),
        ("DELETE", format!("{topic}/TOPIC-1"), None),
        ("POST", variant.to_owned(), Some(json!({ "name": "x" }))),
        ("PATCH", format!("{variant}/VARIANT-6A1C0E42"), Some(json!({ "name": "x" }))),
        ("DELETE", format!("{variant}/VARIANT-6A1C0E42"), None),
        ("POST", "/attributes".to_owned(), Some(json!({ "name": "x" }))),
        ("PATCH", "/attributes/ATTRIBUTE-5C20B7D1".to_owned(), Some(json!({ "name": "x" }))),
        ("DELETE", "/attributes/ATTRIBUTE-5C20B7D1".to_owned(), None),
        ("POST", "/merge".to_owned(), None),
        ("DELETE", String::new(), None),
    ] {
        let answer = studio.send(method, &format!("/branches/main{path}"), body).await;
        assert_eq!(answer.status, 422, "{method} {path}");
        assert_eq!(answer.body["error_message"], "Cannot directly update main branch");
        assert_eq!(answer.body["error_code"], "UNPROCESSABLE_ENTITY");
    }
    assert!(studio.get("/branches/main/behavior").await["behavior"].is_string());
}

#[tokio::test]
async fn conflicts_are_shown_and_resolved() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let (one, other) = (studio.branch("one").await, studio.branch("other").await);
    let base = studio.get("/branches/main/behavior").await["behavior"].clone();
    for (branch, text) in [(&one, "One."), (&other, "Other.")] {
        let rules = json!({ "behavior": text });
        studio.done("PATCH", &format!("{branch}/behavior"), Some(rules), 200).await;
    }
    studio.post(&format!("{one}/merge"), json!({}), 200).await;
    let merge = format!("{other}/merge");
    let before = studio.active().await;
    let refused = studio.post(&merge, json!({}), 400).await;
    assert_eq!((&refused["hasConflicts"], &refused["errors"]), (&json!(true), &json!([])));
    assert_eq!(
        refused["conflicts"],
        json!([{ "path": ["behavior"], "baseValue": base, "oursValue": "One.", "theirsValue": "Other.", "type": "modify" }])
    );
    let resolve = |strategy: &str| json!({ "conflictResolutions": [{ "path": ["behavior"], "strategy": strategy }] });
    studio.refused("POST", &merge, Some(resolve("mine")), (400, "SCHEMA_VALIDATION_FAILED")).await;
    assert_eq!(studio.active().await, before, "nothing was published");
    studio.post(&merge, resolve("theirs"), 200).await;
    assert_eq!(studio.get("/branches/main/behavior").await["behavior"], "Other.");

    let gone = studio.done("DELETE", &other, None, 200).await;
    assert!(gone["sequence"].is_string() && gone["message"].is_string());
    studio.refused("GET", &format!("{other}/behavior"), None, (404, "NOT_FOUND")).await;
    let left = studio.get("/branches").await["branches"].clone();
    assert_eq!(left[0]["branchName"], "one");
}

#[tokio::test]
async fn variants_have_a_value_for_every_attribute_and_one_default() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let branch = studio.branch("variants").await;
    let (variants, attributes) = (format!("{branch}/variants"), format!("{branch}/attributes"));
    let phone = studio.post(&attributes, json!({ "name": "phone" }), 201).await["id"].clone();
    let phone = phone.as_str().unwrap();
    let values = |key: &str| json!({ "values": { (key): "+441539000000" } });
    let body = json!({ "name": "Kendal", "attributeValues": values("phone"), "isDefault": true });
    let made = studio.post(&variants, body, 201).await;
    assert_eq!(made["attributeValues"]["values"][phone], "+441539000000");
    assert_eq!(made["attributeValues"]["values"].as_object().unwrap().len(), 2, "every attribute");
    let all = studio.get(&variants).await["variants"].clone();
    let defaults = all.as_array().unwrap().iter().filter(|one| one["isDefault"] == true).count();
    assert_eq!((all.as_array().unwrap().len(), defaults), (4, 1));

    let own = format!("{variants}/{}", made["id"].as_str().unwrap());
    studio.refused("DELETE", &own, None, (400, "VARIANTS_REMOVE_DEFAULT_ERROR")).await;
    let taken = (409, "VARIANTS_DUPLICATE_NAME_ERROR");
    studio.refused("PATCH", &own, Some(json!({ "name": "Main" })), taken).await;
    let odd = Some(json!({ "attributeValues": values("fax") }));
    studio.refused("PATCH", &own, odd, (400, "VARIANTS_BAD_ATTRIBUTES_ERROR")).await;
    let main = format!("{variants}/VARIANT-6A1C0E42");
    studio.done("PATCH", &main, Some(json!({ "isDefault": true })), 200).await;
    assert_eq!(studio.done("DELETE", &own, None, 200).await["id"], made["id"]);

    let renamed = json!({ "name": "telephone" });
    let attribute = format!("{attributes}/{phone}");
    assert_eq!(studio.done("PATCH", &attribute, Some(renamed), 200).await["name"], "telephone");
    studio.done("DELETE", &attribute, None, 200).await;
    assert_eq!(studio.get(&attributes).await["attributes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn agents_are_made_copied_and_deleted() {
    let sim = Sim::start(20).await;
    let settings = json!({ "greeting": "Hello." });
    let made =
        accounts(&sim, "POST", Some(json!({ "name": "Desk", "responseSettings": settings }))).await;
    assert_eq!((made.status, &made.body["branchCount"]), (200, &json!(0)));
    let id = made.body["agentId"].as_str().unwrap().to_owned();
    let fresh = Studio(&sim, id.clone());
    fresh.refused("GET", "/branches/main/behavior", None, (404, "NOT_FOUND")).await;
    let slots = fresh.active().await;
    assert_eq!(slots, json!({ "sandbox": null, "pre-release": null, "live": null }));
    let list = format!("{}/v3/ws-7f3a9c21/{id}/conversations", sim.running.platform());
    let page = sim.send("GET", &list, &[("x-api-key", "sim-conversations")], None).await;
    assert_eq!(
        page.body,
        json!({ "conversations": [], "cursor": null }),
        "no other agent's records"
    );

    let copy = json!({ "newAgentName": "Juno two", "newAgentId": "juno-two" });
    assert_eq!(studio(&sim).post("/duplicate", copy.clone(), 200).await["agentId"], "juno-two");
    let topics =
        Studio(&sim, "juno-two".to_owned()).get("/branches/main/knowledge-base/topics").await;
    assert!(!topics.as_array().unwrap().is_empty());
    studio(&sim)
        .refused("POST", "/duplicate", Some(copy), (409, "PROJECT_ID_ALREADY_EXISTS"))
        .await;
    let odd = json!({ "newAgentName": "x", "newAgentId": "a.b" });
    studio(&sim).refused("POST", "/duplicate", Some(odd), (400, "PROJECT_ID_INVALID")).await;
    assert_eq!(accounts(&sim, "GET", None).await.body.as_array().unwrap().len(), 3);

    assert_eq!(fresh.send("DELETE", "", None).await.status, 204);
    fresh.refused("GET", "/branches", None, (404, "PROJECT_NOT_FOUND")).await;
    assert_eq!(accounts(&sim, "GET", None).await.body.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn bodies_and_keys_are_held_to_what_is_documented() {
    let sim = Sim::start(20).await;
    let schema = (400, "SCHEMA_VALIDATION_FAILED");
    for body in [
        json!({ "name": "Desk" }),
        json!({ "name": "", "responseSettings": { "greeting": "Hi" } }),
        json!({ "name": "x".repeat(101), "responseSettings": { "greeting": "Hi" } }),
        json!({ "name": "Desk", "responseSettings": { "greeting": "" } }),
        json!({ "name": "Desk", "responseSettings": { "greeting": "Hi", "languageCode": "" } }),
        json!({ "name": "Desk", "responseSettings": { "greeting": "Hi" }, "voiceSettings": { "voiceId": "" } }),
        // As the vendor's quick start has it.
        json!({ "name": "Desk", "description": "x", "responseSettings": { "greeting": "Hi" } }),
        json!({ "name": "Desk", "responseSettings": { "greeting": "Hi", "colour": "red" } }),
    ] {
        let answer = accounts(&sim, "POST", Some(body.clone())).await;
        assert_eq!(
            (answer.status, answer.body["error_code"].as_str()),
            (400, Some(schema.1)),
            "{body}"
        );
    }
    let studio = studio(&sim);
    let branch = studio.branch("x").await;
    let topics = format!("{branch}/knowledge-base/topics");
    let many =
        json!({ "name": "a", "content": "b", "exampleQueries": { "queries": vec!["q"; 101] } });
    studio.refused("POST", &topics, Some(many), schema).await;
    studio.refused("POST", &topics, Some(json!({ "name": "a" })), schema).await;
    for name in [String::new(), "x".repeat(101)] {
        let body = Some(json!({ "branchName": name }));
        studio.refused("POST", "/branches", body, schema).await;
    }
    studio
        .refused("PATCH", &format!("{branch}/behavior"), Some(json!({ "behavior": "" })), schema)
        .await;
    let environment = (400, "DEPLOYMENTS_INVALID_ENVIRONMENT");
    studio.refused("GET", "/deployments", None, environment).await;
    studio.refused("GET", "/deployments?environment=moon", None, environment).await;
    let moon = Some(json!({ "environment": "moon" }));
    studio.refused("POST", "/deployments/publish", moon, environment).await;

    let url = format!("{}/v1/agents/{AGENT}/branches", sim.running.build());
    for (key, status) in [("sim-conversations", 403), ("sim-chat", 403), ("x", 401)] {
        let body = Some(json!({ "branchName": "x" }));
        let answer = sim.send("POST", &url, &[("X-API-KEY", key)], body).await;
        assert_eq!(answer.status, status, "{key}");
    }
    let other = format!("{}/v1/accounts/ws-other/agents", sim.running.build());
    assert_eq!(sim.send("GET", &other, &[("X-API-KEY", "sim-workspace")], None).await.status, 403);
}

#[tokio::test]
async fn every_kind_of_conflict_is_shown_and_every_strategy_resolves() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let main = "/branches/main/knowledge-base/topics";
    let topics = studio.get(main).await.as_array().unwrap().clone();
    let id = |at: usize| topics[at]["id"].as_str().unwrap().to_owned();
    let (one, other) = (studio.branch("one").await, studio.branch("other").await);
    let edit = async |branch: &str, topic: String, content: &str| {
        let path = format!("{branch}/knowledge-base/topics/{topic}");
        let body = Some(json!({ "content": content }));
        assert_eq!(studio.send("PATCH", &path, body).await.status, 204);
    };
    for at in 0..4 {
        edit(&other, id(at), "Theirs.").await;
    }
    for at in 0..3 {
        edit(&one, id(at), "Ours.").await;
    }
    let gone = format!("{one}/knowledge-base/topics/{}", id(3));
    let answer = studio.send("DELETE", &gone, None).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null), "an empty answer");
    studio.post(&format!("{one}/merge"), json!({}), 200).await;

    let merge = format!("{other}/merge");
    let refused = studio.post(&merge, json!({}), 400).await;
    assert!(refused["sequence"].is_string());
    let conflicts = refused["conflicts"].as_array().unwrap();
    let kind = |topic: &str| {
        let found = conflicts.iter().find(|one| one["path"][1] == topic).unwrap();
        (found["type"].clone(), found["path"].as_array().unwrap().len())
    };
    assert_eq!(conflicts.len(), 4);
    assert_eq!(kind(&id(0)), (json!("modify"), 3));
    assert_eq!(kind(&id(3)), (json!("delete"), 2));
    let resolution = |at: usize, strategy: &str, value: Option<&str>| {
        let mut resolution = json!({ "path": ["topics", id(at), "content"], "strategy": strategy });
        if let Some(value) = value {
            resolution["value"] = json!(value);
        }
        resolution
    };
    let deleted = json!({ "path": ["topics", id(3)], "strategy": "ours" });
    let mut resolutions = vec![
        resolution(0, "ours", None),
        resolution(1, "base", None),
        resolution(2, "theirs", Some("Both.")),
    ];
    let incomplete = json!({ "conflictResolutions": resolutions });
    let left = studio.post(&merge, incomplete, 400).await["conflicts"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1, "only what is left");
    resolutions.push(deleted);
    studio.post(&merge, json!({ "conflictResolutions": resolutions }), 200).await;
    let content =
        async |at: usize| studio.get(&format!("{main}/{}", id(at))).await["content"].clone();
    assert_eq!(content(0).await, "Ours.");
    assert_eq!(content(1).await, topics[1]["content"]);
    assert_eq!(content(2).await, "Both.");
    studio.refused("GET", &format!("{main}/{}", id(3)), None, (404, "NOT_FOUND")).await;
}

#[tokio::test]
async fn names_are_taken_once() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let branch = studio.branch("names").await;
    let topics = format!("{branch}/knowledge-base/topics");
    let taken = (409, "KNOWLEDGE_BASE_TOPIC_ALREADY_EXISTS");
    let body = json!({ "name": "Parking", "content": "Behind the shop." });
    let first = studio.post(&topics, body.clone(), 201).await;
    studio.refused("POST", &topics, Some(body), taken).await;
    let other = json!({ "name": "Bicycles", "content": "In front of it." });
    let other = studio.post(&topics, other, 201).await["id"].clone();
    let other = format!("{topics}/{}", other.as_str().unwrap());
    studio.refused("PATCH", &other, Some(json!({ "name": "Parking" })), taken).await;
    let own = format!("{topics}/{}", first["id"].as_str().unwrap());
    let same = Some(json!({ "name": "Parking", "content": "" }));
    assert_eq!(studio.send("PATCH", &own, same).await.status, 204, "its own name");
    assert_eq!(studio.get(&own).await["content"], "", "only names must not be empty then");
    studio.refused("GET", &format!("{topics}/TOPIC-0"), None, (404, "NOT_FOUND")).await;
    studio.refused("DELETE", &format!("{topics}/TOPIC-0"), None, (404, "NOT_FOUND")).await;

    // Two branches may take the same name, but not both bring it to main.
    let second = studio.branch("second").await;
    let body = json!({ "name": "Parking", "content": "Elsewhere." });
    studio.post(&format!("{second}/knowledge-base/topics"), body, 201).await;
    studio.post(&format!("{branch}/merge"), json!({}), 200).await;
    let refused = studio.post(&format!("{second}/merge"), json!({}), 400).await;
    assert_eq!((&refused["hasConflicts"], &refused["conflicts"]), (&json!(false), &json!([])));
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn deployments_say_what_runs_where_since_when() {
    let sim = Sim::start(20).await;
    let studio = studio(&sim);
    let branch = studio.branch("one").await;
    let rules = json!({ "behavior": "Be brief." });
    studio.done("PATCH", &format!("{branch}/behavior"), Some(rules), 200).await;
    studio.post(&format!("{branch}/merge"), json!({}), 200).await;
    let sandbox = studio.active().await["sandbox"].clone();
    let published = json!({ "environment": "live", "deploymentMessage": "At once" });
    let live =
        studio.post("/deployments/publish", published.clone(), 201).await["deployment"].clone();
    assert_eq!(
        (&live["environment"], &live["metadata"]["deployment_message"]),
        (&json!("live"), &json!("At once"))
    );
    assert_eq!(live["version"], sandbox["version"], "the same wherever it runs");
    assert_ne!(live["id"], sandbox["id"]);
    let again = (409, "DEPLOYMENTS_ALREADY_PUBLISHED");
    studio.refused("POST", "/deployments/publish", Some(published), again).await;
    let promote = format!("/deployments/{}/promote", sandbox["id"].as_str().unwrap());
    let there = studio.post(&promote, json!({ "targetEnvironment": "live" }), 200).await;
    assert_eq!(there["error_code"], "DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED");
    let invalid = (400, "DEPLOYMENTS_INVALID_ENVIRONMENT");
    let back = Some(json!({ "targetEnvironment": "sandbox" }));
    studio.refused("POST", &promote, back, invalid).await;
    let unknown = (404, "DEPLOYMENT_NOT_FOUND");
    studio.refused("POST", "/deployments/0193/promote", Some(json!({})), unknown).await;
    studio.refused("POST", "/deployments/0193/rollback", Some(json!({})), unknown).await;
    let closed = Some(json!({ "environment": "live" }));
    studio.refused("POST", &promote, closed, (400, "SCHEMA_VALIDATION_FAILED")).await;

    for stage in ["sandbox", "pre-release", "live"] {
        let listed = studio.get(&format!("/deployments?environment={stage}")).await;
        let listed = listed["deployments"].as_array().unwrap().clone();
        assert!(listed.len() > 1);
        for one in &listed {
            assert_eq!((&one["environment"], &one["agentId"]), (&json!(stage), &json!(AGENT)));
            assert_eq!(one["accountId"], "ws-7f3a9c21");
            assert!(one["createdBy"].as_str().unwrap().contains('@'));
            assert!(one["artifactVersion"].is_string() && one["version"].is_string());
        }
        let times: Vec<_> = listed.iter().map(|one| one["createdAt"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|one, other| one >= other), "the newest first");
    }
    let id = live["id"].as_str().unwrap();
    assert_eq!((id.len(), &id[14..15]), (36, "7"), "ids sort by time");
}

#[tokio::test]
async fn whoever_deletes_an_agent_deletes_what_is_on_it() {
    let sim = Sim::start(20).await;
    let copy = json!({ "newAgentName": "Two", "newAgentId": "two" });
    studio(&sim).post("/duplicate", copy.clone(), 200).await;
    let two = Studio(&sim, "two".to_owned());
    let branch = two.branch("x").await;
    two.post(&format!("{branch}/merge"), json!({}), 200).await;
    let variables = Some(json!({ "variables": { "a": 1 } }));
    two.done("PATCH", "/real-time-configs/live/variables", variables, 200).await;
    // What is one agent's is no other's, whoever knows its id.
    studio(&sim).refused("GET", &format!("{branch}/behavior"), None, (404, "NOT_FOUND")).await;
    let id = two.active().await["sandbox"]["id"].as_str().unwrap().to_owned();
    let promote = format!("/deployments/{id}/promote");
    let unknown = (404, "DEPLOYMENT_NOT_FOUND");
    studio(&sim).refused("POST", &promote, Some(json!({})), unknown).await;

    assert_eq!(two.send("DELETE", "", None).await.status, 204);
    two.refused("DELETE", "", None, (404, "PROJECT_NOT_FOUND")).await;
    studio(&sim).post("/duplicate", copy, 200).await;
    assert_eq!(two.get("/branches").await["branches"], json!([]));
    assert_eq!(two.active().await["sandbox"], Value::Null);
    assert_eq!(two.get("/real-time-configs/live").await["variables"], json!({}));
}

//! Alert rules over the traffic that is really there.

use serde_json::{Value, json};

use crate::harness::{Answer, NOW, PATIENCE, Sim};

const KEY: [(&str, &str); 1] = [("X-API-KEY", "sim-workspace")];
const MINUTE: i64 = 60_000;

impl Sim {
    pub(crate) async fn build(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send(method, &format!("{}{path}", self.running.build()), &KEY, body).await
    }

    /// A rule, by what differs from one that watches the volume of calls.
    pub(crate) async fn rule(&self, differing: Value) -> String {
        let answer = self.build("POST", "/v1/alert-rules", Some(rule(differing))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn freeze(&self) {
        self.clock(json!({ "freeze": true })).await;
    }

    async fn clock(&self, change: Value) -> Value {
        let answer = self.control("POST", "/control/clock", Some(change)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    /// Lets simulated time jump; gives the moment it stands at then.
    pub(crate) async fn pass(&self, ms: i64) -> i64 {
        let answer =
            self.control("POST", "/control/clock", Some(json!({ "advance_ms": ms }))).await;
        moment(&answer.body["now"])
    }

    /// The rule, once it was looked at no longer than a minute before `now_ms`.
    pub(crate) async fn looked_at(&self, id: &str, now_ms: i64) -> Value {
        let end = tokio::time::Instant::now() + PATIENCE;
        while tokio::time::Instant::now() < end {
            let rule = self.build("GET", &format!("/v1/alert-rules/{id}"), None).await.body;
            let looked = &rule["last_evaluated_at"];
            if !looked.is_null() && moment(looked) > now_ms - MINUTE {
                return rule;
            }
        }
        panic!("nobody looked at {id}");
    }

    /// Opens chats, which takes a few seconds of simulated time, and stops the clock.
    pub(crate) async fn chats(&self, count: usize) {
        self.clock(json!({ "freeze": false, "speed": 50 })).await;
        for _ in 0..count {
            assert_eq!(self.chat("POST", "create", json!({})).await.status, 200);
        }
        self.freeze().await;
    }
}

fn rule(differing: Value) -> Value {
    let mut rule = json!({
        "name": "Busy",
        "metric": "call_volume",
        "operator": ">=",
        "threshold_value": 3,
        "window_duration": "5m",
    });
    let Value::Object(differing) = differing else { panic!("an object") };
    rule.as_object_mut().unwrap().extend(differing);
    rule
}

fn moment(text: &Value) -> i64 {
    perch_api::model::Timestamp::new(text.as_str().unwrap()).unix_ms().unwrap()
}

#[tokio::test]
async fn a_rule_is_made_listed_changed_and_deleted() {
    let sim = Sim::start(20).await;
    sim.freeze().await;
    let made = sim.build("POST", "/v1/alert-rules", Some(rule(json!({})))).await;
    let id = made.body["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("ar_") && id[3..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let at = made.body["created_at"].clone();
    let expected = json!({
        "id": id, "name": "Busy", "project_id": null, "metric": "call_volume", "operator": ">=",
        "threshold_value": 3, "window_duration": "5m", "enabled": true, "current_state": "ok",
        "since": at, "last_evaluated_at": null, "current_value": null,
        "created_at": at, "updated_at": at,
    });
    assert_eq!((made.status, &made.body), (201, &expected));
    let path = format!("/v1/alert-rules/{id}");
    assert_eq!(sim.build("GET", &path, None).await.body, expected);

    sim.rule(json!({ "metric": "api_errors", "project_id": "PROJECT-4E5B8A10", "enabled": false }))
        .await;
    for (query, names) in [
        ("", 2),
        ("?enabled=true", 1),
        ("?enabled=false", 1),
        ("?metric=api_errors", 1),
        ("?metric=call_crashes", 0),
        ("?project_id=PROJECT-4E5B8A10", 1),
        ("?project_id=PROJECT-0", 0),
        ("?state=ok", 1),
        ("?state=unknown", 1),
        ("?state=alert", 0),
        ("?page=7", 2),
    ] {
        let list = sim.build("GET", &format!("/v1/alert-rules{query}"), None).await;
        assert_eq!(list.body["data"].as_array().unwrap().len(), names, "{query}");
    }

    let later = sim.pass(1_000).await;
    let change = json!({ "threshold_value": 9, "project_id": "fernhill-juno" });
    let changed = sim.build("PATCH", &path, Some(change)).await;
    assert_eq!((changed.status, &changed.body["threshold_value"]), (200, &json!(9)));
    assert_eq!(changed.body["name"], "Busy");
    assert_eq!(moment(&changed.body["updated_at"]), later);
    assert_eq!(sim.build("PATCH", &path, Some(json!({}))).await.status, 200);

    let gone = sim.build("DELETE", &path, None).await;
    assert_eq!((gone.status, gone.body), (204, Value::Null));
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = sim.build(method, &path, Some(json!({}))).await;
        assert_eq!((answer.status, &answer.body["error_code"]), (404, &json!("NOT_FOUND")));
        assert_eq!(answer.body["error_message"], "No alert rule has this ID.");
    }
}

#[tokio::test]
async fn an_account_has_ten_rules() {
    let sim = Sim::start(20).await;
    for _ in 0..10 {
        sim.rule(json!({})).await;
    }
    let answer = sim.build("POST", "/v1/alert-rules", Some(rule(json!({})))).await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.body["error_code"], "RESOURCE_LIMIT_EXCEEDED");
    assert_eq!(answer.body["error"], "An account has at most 10 alert rules.");
    let neighbour = [("X-API-KEY", "sim-second-workspace")];
    let url = format!("{}/v1/alert-rules", sim.running.build());
    let answer = sim.send("POST", &url, &neighbour, Some(rule(json!({})))).await;
    assert_eq!(answer.status, 201, "another account has ten of its own");
}

#[tokio::test]
async fn every_fault_of_a_rule_is_listed_where_it_stands() {
    let sim = Sim::start(20).await;
    let metrics = "Input should be 'turn_latency_p50', 'turn_latency_p95', 'api_errors', \
                   'function_errors', 'call_crashes' or 'call_volume'";
    let id = sim.rule(json!({})).await;
    for (differing, at, message, kind) in [
        (json!({ "name": 7 }), "name", "Input should be a valid string", "string_type"),
        (json!({ "metric": "calls" }), "metric", metrics, "enum"),
        (json!({ "operator": "=" }), "operator", "Input should be '>', '<', '>=' or '<='", "enum"),
        (
            json!({ "threshold_value": -1 }),
            "threshold_value",
            "Input should be greater than or equal to 0",
            "greater_than_equal",
        ),
        (
            json!({ "threshold_value": 1.5 }),
            "threshold_value",
            "Input should be a valid integer",
            "int_type",
        ),
        (
            json!({ "window_duration": "15m" }),
            "window_duration",
            "Input should be '5m', '10m' or '60m'",
            "enum",
        ),
        (json!({ "enabled": "yes" }), "enabled", "Input should be a valid boolean", "bool_type"),
        (json!({ "project_id": "PROJECT-0" }), "project_id", "Project not found", "value_error"),
        (json!({ "project_id": "a/b" }), "project_id", "Project not found", "value_error"),
        (
            json!({ "window_duration_seconds": 300 }),
            "window_duration_seconds",
            "Extra inputs are not permitted",
            "extra_forbidden",
        ),
    ] {
        let expected = json!({ "detail": [{ "loc": ["body", at], "msg": message, "type": kind }] });
        let path = format!("/v1/alert-rules/{id}");
        let changed = sim.build("PATCH", &path, Some(differing.clone())).await;
        assert_eq!((changed.status, changed.body), (422, expected.clone()));
        let made = sim.build("POST", "/v1/alert-rules", Some(rule(differing))).await;
        assert_eq!((made.status, made.body), (422, expected));
    }
    let none = sim.build("POST", "/v1/alert-rules", Some(json!({}))).await;
    let missing = ["name", "metric", "operator", "threshold_value", "window_duration"];
    let missing = missing
        .map(|name| json!({ "loc": ["body", name], "msg": "Field required", "type": "missing" }));
    assert_eq!((none.status, none.body), (422, json!({ "detail": missing })));
    for id in ["ar_", "ar_a-b", "whe_1", "1"] {
        let answer = sim.build("GET", &format!("/v1/alert-rules/{id}"), None).await;
        let message = "rule_id should match '^ar_[A-Za-z0-9]+$'";
        let kind = "string_pattern_mismatch";
        let expected =
            json!({ "detail": [{ "loc": ["path", "rule_id"], "msg": message, "type": kind }] });
        assert_eq!((answer.status, answer.body), (422, expected));
    }
}

#[tokio::test]
async fn what_is_no_rule_at_all_is_refused_with_the_envelope() {
    let sim = Sim::start(20).await;
    for (path, body) in [
        ("/v1/alert-rules", Some(json!([]))),
        ("/v1/alert-rules", Some(json!("rule"))),
        ("/v1/alert-rules?enabled=maybe", None),
        ("/v1/alert-rules?metric=calls", None),
        ("/v1/alert-rules?state=fine", None),
    ] {
        let method = if body.is_some() { "POST" } else { "GET" };
        let answer = sim.build(method, path, body).await;
        let code = &answer.body["error_code"];
        assert_eq!((answer.status, code), (400, &json!("SCHEMA_VALIDATION_FAILED")), "{path}");
    }
    for query in ["?metric=calls", "?project_id=PROJECT-0"] {
        let answer = sim.build("GET", &format!("/v1/alerts{query}"), None).await;
        assert_eq!((answer.status, answer.body), (200, json!({ "data": [] })));
    }
}

#[tokio::test]
async fn live_traffic_breaks_a_rule_and_its_end_mends_it() {
    let sim = Sim::start(0).await;
    sim.freeze().await;
    let id = sim.rule(json!({ "project_id": "PROJECT-4E5B8A10" })).await;
    let agent = json!({
        "name": "Nobody's", "responseSettings": { "greeting": "Hello" },
    });
    let other = sim.build("POST", "/v1/accounts/ws-7f3a9c21/agents", Some(agent)).await;
    let other = other.body["agentId"].as_str().unwrap().to_owned();
    let others = sim.rule(json!({ "project_id": other, "threshold_value": 1 })).await;
    sim.chats(2).await;
    let now_ms = sim.pass(MINUTE).await;
    let rule = sim.looked_at(&id, now_ms).await;
    assert_eq!((&rule["current_state"], &rule["current_value"]), (&json!("ok"), &json!(2)));

    sim.chats(1).await;
    let now_ms = sim.pass(MINUTE).await;
    let rule = sim.looked_at(&id, now_ms).await;
    assert_eq!((&rule["current_state"], &rule["current_value"]), (&json!("alert"), &json!(3)));
    assert_eq!(rule["since"], rule["last_evaluated_at"], "it broke at the last look");
    assert_eq!(moment(&rule["since"]) % MINUTE, 0, "looks are made on the minute");
    let active = sim.build("GET", "/v1/alerts", None).await;
    let expected = json!({ "data": [{
        "alert_rule_id": id, "name": "Busy", "project_id": "PROJECT-4E5B8A10",
        "metric": "call_volume", "operator": ">=", "threshold_value": 3, "window_duration": "5m",
        "since": rule["since"], "last_evaluated_at": rule["since"], "current_value": 3,
    }] });
    assert_eq!((active.status, active.body), (200, expected));
    let rule = sim.looked_at(&others, now_ms).await;
    assert_eq!((&rule["current_state"], &rule["current_value"]), (&json!("ok"), &json!(0)));
    for (query, count) in
        [("?project_id=PROJECT-4E5B8A10", 1), ("?metric=call_volume", 1), ("?metric=api_errors", 0)]
    {
        let active = sim.build("GET", &format!("/v1/alerts{query}"), None).await.body;
        assert_eq!(active["data"].as_array().unwrap().len(), count, "{query}");
    }
    let neighbour = [("X-API-KEY", "sim-second-workspace")];
    for (path, status) in [("/v1/alerts", 200), (&format!("/v1/alert-rules/{id}"), 404)] {
        let url = format!("{}{path}", sim.running.build());
        let answer = sim.send("GET", &url, &neighbour, None).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.body.to_string().contains("Busy"));
    }

    let now_ms = sim.pass(6 * MINUTE).await;
    let rule = sim.looked_at(&id, now_ms).await;
    assert_eq!((&rule["current_state"], &rule["current_value"]), (&json!("ok"), &json!(0)));
    assert_eq!(sim.build("GET", "/v1/alerts", None).await.body, json!({ "data": [] }));
}

/// Rules and lists tell the same of the seeded past.
#[tokio::test]
async fn rules_see_what_the_lists_show() {
    let sim = Sim::start(4_000).await;
    sim.freeze().await;
    let latency = sim.rule(json!({ "metric": "turn_latency_p95", "window_duration": "60m" })).await;
    let volume = sim.rule(json!({ "window_duration": "60m", "operator": "<" })).await;
    let silent =
        sim.rule(json!({ "metric": "turn_latency_p50", "project_id": "PROJECT-4E5B8A10" })).await;
    let now_ms = sim.pass(MINUTE).await;
    let looked = sim.looked_at(&latency, now_ms).await;
    let until = moment(&looked["last_evaluated_at"]);
    let within = |at: i64| (until - 60 * MINUTE..until).contains(&at);

    let query = "client_env=live&include_latency=true&limit=100&start_time=2026-11-23T00:00:00Z\
                 &end_time=2026-11-24T00:00:00Z";
    let rows = sim.rows(query).await;
    let started = rows.iter().filter(|row| within(moment(&row["started_at"]))).count();
    assert!(started > 0, "the seeded past reaches to now");
    assert_eq!(sim.looked_at(&volume, now_ms).await["current_value"], started);
    let mut latencies: Vec<f64> = rows
        .iter()
        .flat_map(|row| row["turns"].as_array().unwrap())
        .filter(|turn| turn["latency"].is_number())
        .filter(|turn| within(moment(&turn["agent_response_datetime"])))
        .map(|turn| (turn["latency"].as_f64().unwrap() * 1_000.0).round())
        .collect();
    latencies.sort_unstable_by(f64::total_cmp);
    let high = latencies[(latencies.len() * 95).div_ceil(100) - 1];
    assert_eq!(looked["current_value"].as_f64(), Some(high));

    // Nobody called since: the past ends where the simulator began.
    let now_ms = sim.pass(120 * MINUTE).await;
    let rule = sim.looked_at(&silent, now_ms).await;
    assert_eq!((&rule["current_state"], &rule["current_value"]), (&json!("no_data"), &Value::Null));
    assert!(now_ms > NOW);
}

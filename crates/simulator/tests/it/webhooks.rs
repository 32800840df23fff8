//! Webhook endpoints: what is taken, shown and refused.

use perch_simulator::{Options, Simulator};
use serde_json::{Value, json};

use crate::harness::Sim;

pub(crate) const BOTH: [&str; 2] = ["alerts.triggered", "alerts.resolved"];

/// An endpoint that was just made.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Sim {
    pub(crate) async fn endpoint(&self, url: &str, event_types: &[&str]) -> Made {
        let answer =
            self.build("POST", "/v1/webhook-endpoints", Some(body(url, event_types))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
        Made { id: text("id"), secret: text("signing_secret") }
    }
}

pub(crate) fn body(url: &str, event_types: &[&str]) -> Value {
    json!({ "name": "Pager", "url": url, "event_types": event_types })
}

#[tokio::test]
async fn an_endpoint_shows_its_secret_once() {
    let sim = Sim::start(0).await;
    sim.freeze().await;
    let mut body = body("https://shop.example/hooks", &BOTH);
    body["headers"] = json!({ "X-Team": "night" });
    let made = sim.build("POST", "/v1/webhook-endpoints", Some(body)).await;
    let (id, at) = (made.body["id"].as_str().unwrap().to_owned(), made.body["created_at"].clone());
    let secret = made.body["signing_secret"].as_str().unwrap().to_owned();
    assert!(id.starts_with("whe_") && secret.starts_with("whsec_"), "{}", made.body);
    let shown = json!({
        "id": id, "name": "Pager", "url": "https://shop.example/hooks", "enabled": true,
        "event_types": BOTH, "headers": { "X-Team": "night" }, "timeout_ms": 5_000,
        "created_at": at, "updated_at": at,
    });
    let mut with_secret = shown.clone();
    with_secret["signing_secret"] = json!(secret);
    assert_eq!((made.status, made.body), (201, with_secret));

    let path = format!("/v1/webhook-endpoints/{id}");
    assert_eq!(sim.build("GET", &path, None).await.body, shown);
    sim.endpoint("https://shop.example/resolved", &["alerts.resolved"]).await;
    for (query, count) in [
        ("", 2),
        ("?enabled=true", 2),
        ("?enabled=false", 0),
        ("?event_type=alerts.triggered", 1),
        ("?event_type=alerts.resolved", 2),
    ] {
        let list = sim.build("GET", &format!("/v1/webhook-endpoints{query}"), None).await;
        assert_eq!(list.body["data"].as_array().unwrap().len(), count, "{query}");
        assert!(!list.body.to_string().contains("whsec_"));
    }
    let change = json!({ "enabled": false, "timeout_ms": 1_000, "headers": {} });
    let changed = sim.build("PATCH", &path, Some(change)).await;
    let (enabled, timeout) = (&changed.body["enabled"], &changed.body["timeout_ms"]);
    assert_eq!((changed.status, enabled, timeout), (200, &json!(false), &json!(1_000)));
    assert_eq!((&changed.body["name"], &changed.body["headers"]), (&json!("Pager"), &json!({})));
    let rotated = sim.build("POST", &format!("{path}/rotate-secret"), None).await;
    let again = rotated.body["signing_secret"].as_str().unwrap();
    assert!(rotated.status == 200 && again.starts_with("whsec_") && again != secret);
    assert_eq!(rotated.body.as_object().unwrap().len(), 1);

    assert_eq!(sim.build("DELETE", &path, None).await.status, 204);
    for (method, path) in [
        ("GET", &path),
        ("PATCH", &path),
        ("DELETE", &path),
        ("POST", &format!("{path}/rotate-secret")),
    ] {
        let answer = sim.build(method, path, Some(json!({}))).await;
        assert_eq!((answer.status, &answer.body["error_code"]), (404, &json!("NOT_FOUND")));
        assert_eq!(answer.body["error"], "No webhook endpoint has this ID.");
    }
}

#[tokio::test]
async fn an_account_has_ten_endpoints() {
    let sim = Sim::start(0).await;
    for _ in 0..10 {
        sim.endpoint("https://shop.example/hooks", &BOTH).await;
    }
    let body = body("https://shop.example/hooks", &BOTH);
    let answer = sim.build("POST", "/v1/webhook-endpoints", Some(body.clone())).await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.body["error_code"], "RESOURCE_LIMIT_EXCEEDED");
    assert_eq!(answer.body["error"], "An account has at most 10 webhook endpoints.");
    let url = format!("{}/v1/webhook-endpoints", sim.running.build());
    let neighbour = [("X-API-KEY", "sim-second-workspace")];
    assert_eq!(sim.send("POST", &url, &neighbour, Some(body)).await.status, 201);
}

#[tokio::test]
async fn odd_endpoints_are_refused_with_their_faults() {
    let sim = Sim::start(0).await;
    let path =
        format!("/v1/webhook-endpoints/{}", sim.endpoint("https://a.example", &BOTH).await.id);
    let words = "Input should be 'alerts.triggered' or 'alerts.resolved'.";
    for (differing, message) in [
        (json!({ "name": "" }), "name: String should have at least 1 character."),
        (json!({ "name": "x".repeat(256) }), "name: String should have at most 255 characters."),
        (json!({ "url": "shop.example" }), "url: Input should be a valid URL."),
        (json!({ "url": "http://shop.example" }), "url: URL scheme should be 'https'."),
        (json!({ "url": "HTTPS://shop.example" }), "url: URL scheme should be 'https'."),
        (
            json!({ "event_types": [] }),
            "event_types: List should have at least 1 item after validation, not 0.",
        ),
        (json!({ "event_types": ["calls.ended"] }), &format!("event_types.0: {words}")),
        (json!({ "headers": { "a": 1 } }), "headers.a: Input should be a valid string."),
        (
            json!({ "timeout_ms": 999 }),
            "timeout_ms: Input should be greater than or equal to 1000.",
        ),
        (
            json!({ "timeout_ms": 30_001 }),
            "timeout_ms: Input should be less than or equal to 30000.",
        ),
        (json!({ "enabled": null }), "enabled: Input should be a valid boolean."),
        (json!({ "secret": "mine" }), "secret: Extra inputs are not permitted."),
    ] {
        let mut whole = body("https://shop.example/hooks", &BOTH);
        for (name, value) in differing.as_object().unwrap() {
            whole[name] = value.clone();
        }
        for (method, path, body) in
            [("POST", "/v1/webhook-endpoints", whole), ("PATCH", &path, differing)]
        {
            let answer = sim.build(method, path, Some(body)).await;
            assert_eq!((answer.status, &answer.body["error"]), (400, &json!(message)));
            assert_eq!(answer.body["error_message"], message);
            assert_eq!(answer.body["error_code"], "SCHEMA_VALIDATION_FAILED");
            assert_eq!(
                (&answer.body["success"], &answer.body["data"]),
                (&json!(false), &Value::Null)
            );
        }
    }
    let none = sim.build("POST", "/v1/webhook-endpoints", Some(json!({}))).await;
    let missing = "name: Field required. url: Field required. event_types: Field required.";
    assert_eq!((none.status, &none.body["error"]), (400, &json!(missing)));
    for (path, status) in [
        ("/v1/webhook-endpoints/whe_", 422),
        ("/v1/webhook-endpoints/ar_1/rotate-secret", 422),
        ("/v1/webhook-endpoints?event_type=calls.ended", 400),
        ("/v1/webhook-endpoints?enabled=perhaps", 400),
    ] {
        let method = if path.ends_with("secret") { "POST" } else { "GET" };
        let answer = sim.build(method, path, None).await;
        let code = &answer.body["error_code"];
        assert_eq!((answer.status, code), (status, &json!("SCHEMA_VALIDATION_FAILED")), "{path}");
    }
}

#[tokio::test]
async fn receivers_on_this_machine_can_be_switched_off() {
    let options =
        Options { port: 0, conversations: 0, local_webhooks: false, ..Options::default() };
    let running = Simulator::start(options).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let sim = Sim { running, http };
    for url in ["http://127.0.0.1:9/", "http://localhost/hooks", "http://[::1]/"] {
        let answer = sim.build("POST", "/v1/webhook-endpoints", Some(body(url, &BOTH))).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["error"], "url: URL scheme should be 'https'.");
    }
    let made = sim.endpoint("https://127.0.0.1/", &BOTH).await;
    let local = Some(json!({ "url": "http://127.0.0.1:9/" }));
    let path = format!("/v1/webhook-endpoints/{}", made.id);
    assert_eq!(sim.build("PATCH", &path, local).await.status, 400);
}

#[tokio::test]
async fn the_control_listener_shows_no_secret() {
    let sim = Sim::start(0).await;
    let mut body = body("https://shop.example/hooks", &BOTH);
    body["headers"] = json!({ "Authorization": "Bearer canary", "Content-Type": "canary" });
    sim.build("POST", "/v1/webhook-endpoints", Some(body)).await;
    sim.rule(json!({})).await;
    let shown = sim.control("GET", "/control/webhooks", None).await.body;
    assert_eq!(shown["rules"][0]["name"], "Busy");
    assert_eq!(shown["endpoints"][0]["headers_left_out"], json!(["Content-Type"]));
    assert!(!shown.to_string().contains("canary") && !shown.to_string().contains("whsec_"));
    let page = sim.http.get(format!("{}/webhooks", sim.running.control())).send().await.unwrap();
    assert!(
        page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'")
    );
    assert!(page.text().await.unwrap().contains("Alerts and webhooks"));
}

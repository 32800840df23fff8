//! Credentials, addresses and error bodies.

use perch_api::operation::{CredentialKind, Family, Host, OperationSpec, all};
use perch_api::region::Region;
use perch_simulator::Options;
use serde_json::{Value, json};

use crate::harness::{Answer, CHAT, LIST, Sim};

fn envelope(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.body["error_code"].as_str()), (status, Some(code)));
    let id = answer.headers["x-polyai-correlation-id"].to_str().unwrap();
    assert_eq!(answer.body["error_id"], id, "the id is repeated");
    assert_eq!(answer.body["success"], false);
    assert_eq!(answer.body["error"], answer.body["error_message"]);
    assert!(answer.body.as_object().unwrap().contains_key("data"));
}

#[tokio::test]
async fn each_family_accepts_its_own_credential_only() {
    let sim = Sim::start(20).await;
    let list = format!("{}{LIST}", sim.running.platform());
    let id = sim.rows("limit=1").await[0]["id"].as_str().unwrap().to_owned();
    let detail = format!("{}/v1/agents/PROJECT-4E5B8A10/conversations/{id}", sim.running.build());
    let chat = format!("{}{CHAT}/create", sim.running.platform());
    let no_credential = "AUTH_USER_UNAUTHORISED";
    let unknown = "AUTH_USER_NOT_FOUND";
    let foreign = "ACCOUNT_INSUFFICIENT_PERMISSIONS";
    for (method, url, headers, status, code) in [
        ("GET", &list, &[][..], 401, no_credential),
        ("GET", &list, &[("x-api-key", "")][..], 401, no_credential),
        ("GET", &list, &[("x-api-key", "nonsense")][..], 401, unknown),
        ("GET", &list, &[("x-api-key", "sim-workspace")][..], 403, foreign),
        ("GET", &list, &[("X-Api-KEY", "sim-conversations")][..], 200, ""),
        ("GET", &detail, &[("x-api-key", "sim-workspace")][..], 200, ""),
        ("GET", &detail, &[("x-api-key", "sim-conversations")][..], 200, ""),
        ("GET", &detail, &[("x-api-key", "sim-chat")][..], 403, foreign),
        ("POST", &chat, &[("X-API-KEY", "sim-chat")][..], 401, no_credential),
        ("POST", &chat, &[("X-TOKEN", "sim-chat_connector")][..], 401, no_credential),
        ("POST", &chat, &[("X-API-KEY", "sim-chat"), ("X-TOKEN", "x")][..], 401, unknown),
        (
            "POST",
            &chat,
            &[("x-api-key", "sim-chat"), ("x-token", "sim-chat_connector")][..],
            200,
            "",
        ),
    ] {
        let answer = sim.send(method, url, headers, None).await;
        if status == 200 {
            assert_eq!(answer.status, 200, "{url} {headers:?}: {}", answer.body);
            assert!(answer.headers.contains_key("x-polyai-correlation-id"));
        } else {
            envelope(&answer, status, code);
        }
    }
}

#[tokio::test]
async fn messaging_has_its_own_bodies() {
    let sim = Sim::start(20).await;
    let mint = format!("{}/api/v1/access-token", sim.running.messaging());
    let connector = ("X-Token", "sim-messaging_connector");
    for (headers, message) in [
        (&[][..], "Missing authentication headers"),
        (&[connector][..], "Missing authentication headers"),
        (
            &[("X-Token", "x"), ("X-Host", "shop.fernhill.example")],
            "Connector token does not exist",
        ),
        (&[connector, ("X-Host", "evil.example")], "Failed to validate connector"),
    ] {
        let answer = sim.send("POST", &mint, headers, Some(json!({}))).await;
        assert_eq!((answer.status, answer.body), (401, json!({ "message": message })));
        assert!(answer.headers.contains_key("x-polyai-correlation-id"));
    }
    for host in ["https://SHOP.fernhill.example", "www.shop.fernhill.example", "localhost:8788"] {
        let answer = sim.send("POST", &mint, &[connector, ("x-host", host)], None).await;
        assert_eq!(answer.status, 200, "{host}");
        assert_eq!(answer.body["token_type"], "Bearer");
    }

    let sessions = format!("{}/api/v1/sessions", sim.running.messaging());
    let bearer = format!("Bearer {}", sim.access_token().await);
    for (headers, body, status, message) in [
        (&[][..], json!({}), 400, "Missing access token"),
        (&[("Authorization", "Basic x")], json!({}), 401, "Missing authentication headers"),
        (&[("Authorization", "Bearer x.y.z")], json!({}), 401, "Invalid access token"),
        (&[("Authorization", &bearer)], json!([1]), 400, "Error parsing request"),
    ] {
        let answer = sim.send("POST", &sessions, headers, Some(body)).await;
        assert_eq!((answer.status, answer.body), (status, json!({ "message": message })));
    }
    let answer = sim.send("POST", &sessions, &[("authorization", &bearer)], None).await;
    assert_eq!(answer.status, 200, "the body is optional");
}

#[tokio::test]
async fn wrong_addresses_are_told_apart() {
    let sim = Sim::start(20).await;
    let key = [("x-api-key", "sim-conversations")];
    let (build, platform) = (sim.running.build(), sim.running.platform());
    let (messaging, webrtc) = (sim.running.messaging(), sim.running.webrtc());
    for (method, url, status, code) in [
        ("GET", format!("{build}{LIST}"), 404, "NOT_FOUND"),
        ("GET", format!("{messaging}{LIST}"), 404, "NOT_FOUND"),
        ("GET", format!("{webrtc}{LIST}"), 404, "NOT_FOUND"),
        ("GET", format!("{platform}{LIST}/CA1"), 404, "NOT_FOUND"),
        ("GET", format!("{platform}/v3/ws-7f3a9c21/a%2Fb/conversations"), 404, "NOT_FOUND"),
        ("DELETE", format!("{platform}{LIST}"), 405, "METHOD_NOT_ALLOWED"),
        ("BREW", format!("{platform}{LIST}"), 405, "METHOD_NOT_ALLOWED"),
        (
            "GET",
            format!("{platform}/v3/ws-other/PROJECT-4E5B8A10/conversations"),
            403,
            "ACCOUNT_INSUFFICIENT_PERMISSIONS",
        ),
        (
            "GET",
            format!("{platform}/v3/ws-7f3a9c21/PROJECT-0/conversations"),
            404,
            "PROJECT_NOT_FOUND",
        ),
        (
            "GET",
            format!("{build}/v1/agents/PROJECT-4E5B8A10/conversations/CA0"),
            404,
            "CONVERSATIONS_NOT_FOUND",
        ),
    ] {
        let answer = sim.send(method, &url, &key, None).await;
        envelope(&answer, status, code);
    }
    let slugs = format!("{platform}/v3/fernhill-outfitters/fernhill-juno/conversations?limit=1");
    assert_eq!(sim.send("GET", &slugs, &key, None).await.status, 200);
    let health = sim.send("GET", &format!("{webrtc}/health"), &[], None).await;
    assert_eq!(health.body, json!({ "status": "healthy", "activeSessions": 0 }));
}

#[tokio::test]
async fn a_sane_correlation_id_is_taken_over() {
    let sim = Sim::start(20).await;
    let url = format!("{}{LIST}", sim.running.platform());
    for (sent, kept) in [("adk-1234", true), ("bad id;", false), (&"x".repeat(65), false)] {
        let answer = sim.send("GET", &url, &[("X-PolyAI-Correlation-Id", sent)], None).await;
        assert_eq!(answer.headers["x-polyai-correlation-id"] == sent, kept, "{sent}");
    }
}

#[tokio::test]
async fn odd_requests_do_no_harm() {
    let sim = Sim::start(20).await;
    for query in [
        "limit=0",
        "limit=1001",
        "limit=-1",
        "limit=x",
        "limit=99999999999",
        "cursor=%00",
        "cursor=%",
        "query_type=transcript",
        "query_type=magic&query=a",
        "sample=some",
        "turn_type=user",
        "query_type=semantic&query=a",
        "variant_id=a&variant_name=b",
        "client_env=moon",
        "start_time=yesterday",
        "start_time=2026-12-01&end_time=2026-01-01",
        "in_progress=maybe",
        "query_type=transcript&query=a&sample=random&start_time=2026-01-01&end_time=2027-01-01",
    ] {
        let answer = sim.list(query).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.body);
        assert!(answer.body["error_code"].is_string());
    }
    for query in ["unknown=1", "offset=999999", "channel=PIGEON", "cursor="] {
        assert_eq!(sim.list(query).await.status, 200, "{query}");
    }
    let url = format!("{}{CHAT}/respond", sim.running.platform());
    let headers = [("X-API-KEY", "sim-chat"), ("X-TOKEN", "sim-chat_connector")];
    for body in [json!([]), json!({}), json!({ "conversation_id": 7 }), Value::Null] {
        let answer = sim.send("POST", &url, &headers, Some(body)).await;
        envelope(&answer, 400, "SCHEMA_VALIDATION_FAILED");
    }
    let large = json!({ "conversation_id": "CONV-1", "message": "x".repeat(2 << 20) });
    assert_eq!(sim.send("POST", &url, &headers, Some(large)).await.status, 413);
}

/// The fields of a family's refusals, in order of the alphabet.
fn fields(spec: &OperationSpec) -> &'static [&'static str] {
    match spec.family {
        Family::Messaging => &["message"],
        Family::Concurrency | Family::Handoff | Family::ExternalEvents => &["error_message"],
        Family::Conversations if spec.id == "conversations.v1.list" => &["error_message"],
        Family::Sms => &["detail"],
        Family::Webrtc => &["error"],
        Family::Outbound => &["code", "error"],
        Family::Dni => &["error", "message", "success"],
        _ => &["data", "error", "error_code", "error_id", "error_message", "success"],
    }
}

#[tokio::test]
async fn every_operation_refuses_strangers_in_its_familys_shape() {
    let sim = Sim::start(20).await;
    for spec in all().filter(|spec| spec.credential != CredentialKind::Anonymous) {
        let host = match spec.host {
            Host::Build => sim.running.build(),
            Host::Platform => sim.running.platform(),
            Host::Messaging => sim.running.messaging(),
            Host::Webrtc => sim.running.webrtc(),
        };
        let path =
            spec.path.replace("{accountId}", "ws-7f3a9c21").replace("{agentId}", "fernhill-juno");
        let path =
            path.replace("{account_id}", "ws-7f3a9c21").replace("{project_id}", "fernhill-juno");
        let path = path.replace("{version}", "v1").replace(['{', '}'], "");
        let names = spec.credential.headers();
        let header =
            |value: &'static str| names.iter().map(|name| (*name, value)).collect::<Vec<_>>();
        let own = spec.credential == CredentialKind::Handoff;
        let foreign = if own { "sim-dni" } else { "sim-handoff" };
        for (given, expected) in
            [(Vec::new(), &[401][..]), (header("nobody's"), &[401]), (header(foreign), &[401, 403])]
        {
            // Messaging tells a missing header (400) from a wrong one.
            let missing = given.is_empty() && spec.credential == CredentialKind::MessagingAccess;
            let expected = if missing { &[400][..] } else { expected };
            let url = format!("{host}{path}");
            let answer = sim.send(spec.method.as_str(), &url, &given, None).await;
            let what = format!("{} {given:?}: {} {}", spec.id, answer.status, answer.body);
            assert!(expected.contains(&answer.status), "{what}");
            let body = answer.body.as_object().unwrap_or_else(|| panic!("{what}"));
            let mut names: Vec<_> = body.keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, fields(spec), "{what}");
            assert!(answer.headers.contains_key("x-polyai-correlation-id"), "{what}");
        }
    }
}

#[tokio::test]
async fn a_key_works_in_its_region_and_for_its_agents() {
    let keys = r#"{"further":[
        {"value":"of-uk","permissions":["conversations"],"region":"uk-1"},
        {"value":"of-us","permissions":["conversations"],"region":"us-1"},
        {"value":"of-another-agent","permissions":["conversations"],"agents":["PROJECT-0"]},
        {"value":"expired","permissions":["conversations"],"expires_at":"2026-11-23T14:19:59Z"}
    ]}"#;
    for (region, status) in [(Region::Us, [401, 200, 403, 401]), (Region::Uk, [200, 401, 403, 401])]
    {
        let options = Options {
            region,
            conversations: 20,
            keys: serde_json::from_str(keys).unwrap(),
            ..Options::default()
        };
        let sim = Sim::with(options).await;
        let url = format!("{}{LIST}?limit=1", sim.running.platform());
        for (key, status) in ["of-uk", "of-us", "of-another-agent", "expired"].iter().zip(status) {
            let answer = sim.send("GET", &url, &[("X-API-Key", key)], None).await;
            assert_eq!(answer.status, status, "{key} in {region:?}: {}", answer.body);
        }
    }
    let sim =
        Sim::with(Options { region: Region::Studio, conversations: 20, ..Options::default() })
            .await;
    let key = [("x-api-key", "sim-workspace")];
    for path in ["/v1/alert-rules", "/v1/webhook-endpoints"] {
        let url = format!("{}{path}", sim.running.build());
        assert_eq!(
            sim.send("GET", &url, &key, None).await.status,
            404,
            "not on the self-serve cluster"
        );
    }
    let url = format!("{}/v1/accounts/ws-7f3a9c21/agents", sim.running.build());
    assert_eq!(sim.send("GET", &url, &key, None).await.status, 200);
}

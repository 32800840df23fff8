//! Two accounts on one platform: whatever the second one's keys ask for, of every operation there is,
//! nothing of the first comes back, and nothing of it changes.

use perch_api::operation::{CredentialKind, Host, OperationSpec, all};
use serde_json::{Value, json};

use crate::harness::{Answer, CHAT, Sim};

/// Said and written in the first account only.
const MARK: &str = "zephyrine";
const AGENT: &str = "/v1/agents/PROJECT-4E5B8A10";

/// What is to be had in the first account.
struct Loot {
    conversation: String,
    branch: String,
    topic: String,
    deployment: String,
    session_token: String,
}

/// Writes the mark wherever the first account can be written to, and notes what it is called there.
async fn plant(sim: &Sim) -> Loot {
    let build = |path: &str| format!("{}{path}", sim.running.build());
    let key = [("x-api-key", "sim-workspace")];
    let post = async |path: &str, body: Value| {
        let answer = sim.send("POST", &build(path), &key, Some(body)).await;
        assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
        answer.body
    };
    let branch = post(&format!("{AGENT}/branches"), json!({ "branchName": MARK })).await;
    let branch = text(&branch, "branchId");
    let topic = json!({ "name": MARK, "content": MARK, "actions": "", "isActive": true,
                        "exampleQueries": { "queries": [MARK] } });
    let topics = format!("{AGENT}/branches/{branch}/knowledge-base/topics");
    let topic = text(&post(&topics, topic).await, "id");
    let created = sim.chat("POST", "create", json!({})).await.body;
    let conversation = text(&created, "conversation_id");
    let said = json!({ "conversation_id": conversation, "message": format!("a {MARK} hat") });
    assert_eq!(sim.chat("POST", "respond", said).await.status, 200);
    let note = format!("{AGENT}/conversations/{conversation}/note");
    post(&note, json!({ "note": MARK })).await;
    let active = sim.send("GET", &build(&format!("{AGENT}/deployments/active")), &key, None).await;
    let deployment = text(&active.body["activeDeployments"]["live"], "id");
    let session_token = sim.session(true).await.token;
    Loot { conversation, branch, topic, deployment, session_token }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
}

/// The second account's own credential for an operation.
fn headers(kind: CredentialKind, token: &str) -> Vec<(&'static str, String)> {
    let values: &[&str] = match kind {
        CredentialKind::Anonymous => &[],
        CredentialKind::Workspace => &["workspace"],
        CredentialKind::Conversations => &["conversations"],
        CredentialKind::ConversationsLegacy => &["conversations_legacy"],
        CredentialKind::Handoff => &["handoff"],
        CredentialKind::Dni => &["dni"],
        CredentialKind::ExternalEvents => &["external_events"],
        CredentialKind::Chat => &["chat", "chat_connector"],
        CredentialKind::Outbound => &["outbound"],
        CredentialKind::Sms => &["sms", "sms_connector"],
        CredentialKind::MessagingConnector => &["messaging_connector"],
        CredentialKind::MessagingAccess => {
            return vec![("authorization", format!("Bearer {token}"))];
        }
        CredentialKind::WebCalling => {
            return vec![("authorization", "Bearer sim-second-web_calling".to_owned())];
        }
    };
    let key = |name: &&str| format!("sim-second-{name}");
    let mut headers: Vec<_> = kind.headers().iter().copied().zip(values.iter().map(key)).collect();
    if kind == CredentialKind::MessagingConnector {
        headers.push(("x-host", "shop.fernhill.example".to_owned()));
    }
    headers
}

/// Ids for the placeholders of a path: of the first account, or at its doors the second's own.
fn path(spec: &OperationSpec, loot: &Loot, own: bool) -> String {
    let mut path = spec.path.to_owned();
    while let Some((before, rest)) = path.split_once('{') {
        let (name, after) = rest.split_once('}').unwrap();
        let value = match name {
            "accountId" | "account_id" if own => "ws-20b6d4e8",
            "accountId" | "account_id" => "ws-7f3a9c21",
            "agentId" | "project_id" if own => "PROJECT-9C07F3D2",
            "agentId" | "project_id" => "PROJECT-4E5B8A10",
            "branchId" => &loot.branch,
            "topicId" => &loot.topic,
            "conversationId" => &loot.conversation,
            "deploymentId" => &loot.deployment,
            "connectorId" => "CONNECTOR-1F60A2C8",
            "variantId" => "VARIANT-6A1C0E42",
            "attributeId" => "ATTRIBUTE-5C20B7D1",
            "phoneNumber" => "%2B442079460142",
            "clientEnv" => "live",
            "version" => "v1",
            _ => "X-1",
        };
        path = format!("{before}{value}{after}");
    }
    path
}

fn body(spec: &OperationSpec, loot: &Loot) -> Option<Value> {
    spec.sends?;
    let conversation = &loot.conversation;
    Some(match spec.id {
        "chat.respond" => json!({ "conversation_id": conversation, "message": "what did I say?" }),
        "chat.close" => json!({ "conversation_id": conversation }),
        "debug_chat.respond" => json!({ "message": "what did I say?" }),
        "agents.connectors.batch_get" => json!({ "connectorIds": ["CONNECTOR-1F60A2C8"] }),
        "agents.connectors.lookup" => json!({ "phoneNumber": "+442079460142" }),
        "agents.connectors.update" => json!({ "projectId": "PROJECT-4E5B8A10" }),
        "agents.numbers.batch_get" | "agents.numbers.batch_delete" => {
            json!({ "phoneNumbers": ["+442079460142"] })
        }
        "data.note.upsert" => json!({ "note": "mine now" }),
        "agents.deployments.publish" => json!({ "environment": "live" }),
        _ => json!({}),
    })
}

/// What the first account shows of itself.
async fn shown(sim: &Sim, loot: &Loot) -> Vec<(String, Value)> {
    let (build, key) = (sim.running.build(), [("x-api-key", "sim-workspace")]);
    let mut shown = Vec::new();
    for path in [
        "/v1/accounts/ws-7f3a9c21/agents".to_owned(),
        format!("{AGENT}/branches"),
        format!("{AGENT}/branches/{}/knowledge-base/topics", loot.branch),
        format!("{AGENT}/deployments/active"),
        format!("{AGENT}/telephony/connectors"),
        format!("{AGENT}/telephony/phone-numbers"),
        format!("{AGENT}/conversations?limit=5"),
        format!("{AGENT}/conversations/{}", loot.conversation),
        "/v1/alert-rules".to_owned(),
        "/v1/webhook-endpoints".to_owned(),
    ] {
        let answer = sim.send("GET", &format!("{build}{path}"), &key, None).await;
        if answer.status != 501 {
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            shown.push((path, answer.body));
        }
    }
    shown
}

#[tokio::test]
async fn no_operation_leaks_from_one_account_into_another() {
    let sim = Sim::start(60).await;
    let loot = plant(&sim).await;
    // Three hours later nothing is in progress any more that would change by itself.
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 10_800_000 }))).await;
    let mint = format!("{}/api/v1/access-token", sim.running.messaging());
    let connector =
        [("x-token", "sim-second-messaging_connector"), ("x-host", "shop.fernhill.example")];
    let minted = sim.send("POST", &mint, &connector, Some(json!({}))).await;
    let token = text(&minted.body, "access_token");
    let before = shown(&sim, &loot).await;
    assert!(before.iter().any(|(_, value)| value.to_string().contains(MARK)), "something to steal");

    let (conversation, branch) = (loot.conversation.as_str(), loot.branch.as_str());
    let marks = [MARK, "ws-7f3a9c21", "PROJECT-4E5B8A10", "fernhill-", "DEPLOYMENT", conversation];
    for spec in all() {
        let query = match spec.id {
            "handoff.get" => format!("?id={conversation}"),
            "external_events.webhook" => "?account_id=ws-7f3a9c21&project_id=PROJECT-4E5B8A10\
                                          &event_id_location=body&event_id_path=id"
                .to_owned(),
            "alerts.rules.list" | "alerts.active" => "?project_id=PROJECT-4E5B8A10".to_owned(),
            "agents.deployments.list" | "agents.outbound.status" => "?environment=live".to_owned(),
            "concurrency.get" => {
                "?start_time=2026-11-23T00:00:00Z&end_time=2026-11-23T01:00:00Z".to_owned()
            }
            _ => String::new(),
        };
        let host = match spec.host {
            Host::Build => sim.running.build(),
            Host::Platform => sim.running.platform(),
            Host::Messaging => sim.running.messaging(),
            Host::Webrtc => sim.running.webrtc(),
        };
        for own in [false, true] {
            let url = format!("{host}{}{query}", path(spec, &loot, own));
            let headers = headers(spec.credential, &token);
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, &**value)).collect();
            let method = spec.method.as_str();
            let Answer { status, body, .. } =
                sim.send(method, &url, &headers, body(spec, &loot)).await;
            let what = format!("{} {url}: {status} {body}", spec.id);
            let names_account = spec.path.contains("ccount") || spec.path.contains("agentId");
            if names_account && !own {
                assert!(matches!(status, 401 | 403 | 404), "{what}");
            }
            assert!(status < 500 || status == 501, "{what}");
            let told = body.to_string();
            for mark in marks {
                // What the question said itself, the answer may repeat.
                assert!(
                    !told.contains(mark) || url.contains(mark) && status >= 400,
                    "{mark} in {what}"
                );
            }
            assert!(!told.contains(branch) || status >= 400, "{what}");
        }
    }
    for ((path, after), (_, before)) in shown(&sim, &loot).await.into_iter().zip(before) {
        assert_eq!(after, before, "{path} is as it was");
    }
}

#[tokio::test]
async fn a_session_is_its_accounts_own() {
    let sim = Sim::start(20).await;
    let loot = plant(&sim).await;
    let session = sim.session(true).await;
    let mint = format!("{}/api/v1/access-token", sim.running.messaging());
    let connector =
        [("x-token", "sim-second-messaging_connector"), ("x-host", "shop.fernhill.example")];
    let token =
        text(&sim.send("POST", &mint, &connector, Some(json!({}))).await.body, "access_token");
    let query = format!("session_id={}&access_token={token}", session.id);
    assert_eq!(session.dial(&query).await.err(), Some(404), "it does not exist there");
    let query = format!("session_id={}&access_token={}", session.id, loot.session_token);
    assert_eq!(session.dial(&query).await.err(), Some(401), "nor does another token open it");

    // The second account's chats are on its own record only.
    let chat = CHAT.replace("ws-7f3a9c21/PROJECT-4E5B8A10", "ws-20b6d4e8/PROJECT-9C07F3D2");
    let url = format!("{}{chat}/create", sim.running.platform());
    let keys = [("x-api-key", "sim-second-chat"), ("x-token", "sim-second-chat_connector")];
    let made = sim.send("POST", &url, &keys, Some(json!({}))).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let id = text(&made.body, "conversation_id");
    assert_eq!(sim.detail(&id).await.status, 404);
    let url = format!("{}/v1/agents/quayside-marlow/conversations/{id}", sim.running.build());
    let own = sim.send("GET", &url, &[("x-api-key", "sim-second-workspace")], None).await;
    assert_eq!((own.status, &own.body["accountId"]), (200, &json!("ws-20b6d4e8")));
}

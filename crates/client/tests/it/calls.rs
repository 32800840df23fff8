//! Sending single operations.

use perch_api::families::conversations::{self, DetailPath, ListPath, ListQuery};
use perch_api::model::{AccountId, Channel, ConversationId, ProjectId, Secret};
use perch_api::operation::{Empty, Nothing};
use perch_client::{Client, Credentials, Failure, Hosts, MissingCredential, TransportError};

use crate::scripted::Scripted;

fn path() -> DetailPath {
    DetailPath {
        agent_id: ProjectId::parse("PROJECT-1").unwrap(),
        conversation_id: ConversationId::parse("CA7").unwrap(),
    }
}

fn hosts() -> Hosts {
    Hosts::custom("http://b", "http://p", "http://m", "http://w")
}

#[tokio::test]
async fn the_edge_gets_no_credential_and_the_platform_gets_the_right_one() {
    let platform = Scripted::new();
    platform.answer(200, r#"{"conversationId":"CA7"}"#).answer(200, r#"{"conversationId":"CA7"}"#);
    let edge = Client::edge(platform.clone(), "");
    edge.send(conversations::Get, &path(), &Nothing {}, &Empty).await.unwrap();

    let credentials =
        Credentials { workspace: Some(Secret::new("key".to_owned())), ..Credentials::default() };
    let direct = Client::direct(platform.clone(), hosts(), credentials);
    direct.send(conversations::Get, &path(), &Nothing {}, &Empty).await.unwrap();

    let requests = platform.requests.lock().unwrap();
    assert_eq!(requests[0].url, "/api/build/v1/agents/PROJECT-1/conversations/CA7");
    assert_eq!(requests[0].headers, [("x-perch", "1".to_owned())]);
    assert!(requests[0].cookies);
    assert_eq!(requests[1].url, "http://b/v1/agents/PROJECT-1/conversations/CA7");
    let name = format!("perch-{:016x}{:016x}", 100, 100);
    assert_eq!(
        requests[1].headers,
        [("X-API-KEY", "key".to_owned()), ("x-polyai-correlation-id", name)]
    );
    assert!(!requests[1].cookies);
}

#[tokio::test]
async fn a_missing_credential_is_found_before_anything_is_sent() {
    let platform = Scripted::new();
    let client = Client::direct(platform.clone(), hosts(), Credentials::default());
    let error = client.send(conversations::Get, &path(), &Nothing {}, &Empty).await.unwrap_err();
    assert_eq!(
        error.failure,
        Failure::Credential(MissingCredential(perch_api::operation::CredentialKind::Workspace))
    );
    assert!(platform.urls().is_empty());
}

#[tokio::test]
async fn repeated_and_odd_query_values_are_encoded() {
    let platform = Scripted::new();
    platform.answer(200, r#"{"conversations":[],"cursor":null}"#);
    let path = ListPath {
        account_id: AccountId::parse("ws-1").unwrap(),
        project_id: ProjectId::parse("PROJECT-1").unwrap(),
    };
    let query = ListQuery {
        query: Some("a&b=c".to_owned()),
        channel: vec![Channel::Voice, Channel::Webchat],
        ..ListQuery::default()
    };
    Client::edge(platform.clone(), "")
        .send(conversations::List, &path, &query, &Empty)
        .await
        .unwrap();
    assert_eq!(
        platform.urls(),
        [
            "/api/platform/v3/ws-1/PROJECT-1/conversations?query=a%26b%3Dc&channel=VOICE-SIP&channel=WEBCHAT"
        ]
    );
}

#[tokio::test]
async fn lost_answers_are_asked_for_again_with_pauses() {
    let platform = Scripted::new();
    platform
        .fail(TransportError::Connect)
        .answer_with(429, &[("retry-after", "2")], "")
        .answer(500, "")
        .answer(200, r#"{"conversationId":"CA7"}"#);
    let client = Client::edge(platform.clone(), "");
    client.send(conversations::Get, &path(), &Nothing {}, &Empty).await.unwrap();
    assert_eq!(*platform.pauses.lock().unwrap(), [100, 2_000, 100]);
}

#[tokio::test]
async fn an_unlawful_answer_keeps_status_code_and_id_but_no_body() {
    let platform = Scripted::new();
    platform.answer_with(
        404,
        &[("x-polyai-correlation-id", "c-9")],
        r#"{"success":false,"error":"x","error_id":"c-9","error_code":"CONVERSATIONS_NOT_FOUND","error_message":"No such conversation","data":null}"#,
    );
    let client = Client::edge(platform.clone(), "");
    let error = client.send(conversations::Get, &path(), &Nothing {}, &Empty).await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.correlation_id.as_deref(), Some("c-9"));
    assert_eq!(error.to_string(), "conversations.get failed");
    assert_eq!(error.failure.to_string(), "the answer was 404 CONVERSATIONS_NOT_FOUND");
}

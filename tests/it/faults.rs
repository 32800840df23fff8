//! The client while the platform misbehaves: it gets through where it may ask again, and otherwise
//! says what happened. What takes time takes the simulated clock's.

use std::time::Duration;

use perch_api::error::ErrorKind;
use perch_api::families::agents::List as Agents;
use perch_api::families::chat::{
    ChatPath, Close, CloseBody, Create, CreateBody, Respond, RespondBody,
};
use perch_api::families::conversations::{Get, List, ListQuery};
use perch_api::model::{AccountId, ProjectId};
use perch_api::operation::{Empty, Json, Nothing};
use perch_client::{CallOptions, Client, ClientError, Failure, RetryPolicy, TransportError};

use crate::world::{ACCOUNT, PROJECT, World, detail_path, list_path};

/// A world in which one rule is in force.
async fn under(rule: &str) -> World {
    let world = World::start(200).await;
    world.control("POST", "/control/faults/rules", rule).await;
    world
}

/// How many rows the list answers with.
async fn listed(client: &Client) -> Result<usize, ClientError> {
    let query = ListQuery { limit: Some(50), ..ListQuery::default() };
    let page = client.send(List, &list_path(), &query, &Empty).await?;
    Ok(page.0.conversations.len())
}

async fn agents(client: &Client) -> Result<usize, ClientError> {
    let path =
        perch_api::families::agents::AccountPath { account_id: AccountId::parse(ACCOUNT).unwrap() };
    client.send(Agents, &path, &Nothing {}, &Empty).await.map(|agents| agents.0.0.len())
}

fn status(failed: Result<usize, ClientError>) -> Option<u16> {
    failed.unwrap_err().status()
}

#[tokio::test]
async fn latency_waits_for_the_simulated_clock_and_on_its_operations_only() {
    let world = under(r#"{"on":"conversations.*","fault":{"latency":{"fixed_ms":60000}}}"#).await;
    world.control("POST", "/control/clock", r#"{"freeze":true}"#).await;
    let client = world.client().with_retry(RetryPolicy::NONE);
    let slow = {
        let client = client.clone();
        tokio::spawn(async move { listed(&client).await })
    };
    assert_eq!(agents(&client).await, Ok(1));
    assert!(!slow.is_finished());
    world.control("POST", "/control/clock", r#"{"advance_ms":60000}"#).await;
    // Whether the request came before or after the jump: two of them cover both.
    world
        .control("POST", "/control/clock", r#"{"advance_ms":60000,"freeze":false,"speed":1000}"#)
        .await;
    assert_eq!(slow.await.unwrap(), Ok(50));
}

#[tokio::test]
async fn errors_carry_their_code_and_end_with_their_time() {
    let rule = r#"{"on":"conversations.v3.*","fault":{"error":{"code":"PROJECT_NOT_FOUND"}},"for_ms":60000}"#;
    let world = under(rule).await;
    let client = world.client();
    let error = listed(&client).await.unwrap_err();
    let Failure::Refused(body) = &error.failure else { panic!("{error:?}") };
    assert_eq!(body.code.as_deref(), Some("PROJECT_NOT_FOUND"));
    assert_eq!(
        (body.kind(), body.correlation_id.clone()),
        (ErrorKind::Missing, error.correlation_id)
    );
    assert_eq!(agents(&client).await, Ok(1));
    world.control("POST", "/control/clock", r#"{"advance_ms":60000}"#).await;
    assert_eq!(listed(&client).await, Ok(50));
}

#[tokio::test]
async fn a_storm_of_429_is_sat_out() {
    let rule = r#"{"fault":{"rate_limit":{"retry_after_seconds":1}},"for_ms":20000}"#;
    let world = under(rule).await;
    let impatient = world.client().with_retry(RetryPolicy::NONE);
    let error = listed(&impatient).await.unwrap_err();
    assert_eq!((error.status(), error.retry_after), (Some(429), Some(Duration::from_secs(1))));
    assert_eq!(status(agents(&impatient).await), Some(429));
    // A second of the client's is a minute here.
    world.control("POST", "/control/clock", r#"{"speed":60}"#).await;
    assert_eq!(listed(&world.client()).await, Ok(50));
}

#[tokio::test]
async fn errors_by_chance_are_asked_away() {
    let world = under(r#"{"fault":{"error":{"status":503}},"rate":0.4}"#).await;
    for _ in 0..5 {
        assert_eq!(listed(&world.client()).await, Ok(50));
    }
}

#[tokio::test]
async fn a_dropped_connection_is_dialled_anew() {
    let world = under(r#"{"fault":{"drop":{}},"times":2}"#).await;
    let impatient = world.client().with_retry(RetryPolicy::NONE);
    let error = listed(&impatient).await.unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Connect));
    assert_eq!(listed(&world.client()).await, Ok(50), "one more was dropped");
}

#[tokio::test]
async fn a_half_open_connection_is_given_up() {
    let world = under(r#"{"on":"conversations.*","fault":{"half_open":{}},"times":1}"#).await;
    let patience = Duration::from_millis(300);
    let options = CallOptions { timeout: Some(patience), ..CallOptions::default() };
    let impatient = world.client().with_retry(RetryPolicy::NONE).with(options);
    let error = listed(&impatient).await.unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Timeout(patience)));

    world.control("POST", "/control/faults/rules", r#"{"fault":{"half_open":{}}}"#).await;
    let client = world.client().with_retry(RetryPolicy::NONE);
    let hanging = tokio::spawn(async move { listed(&client).await });
    // Until the request hangs, a reset would come too early for it.
    let mut looks = 0;
    while world.hits(2).await == 0 {
        looks += 1;
        assert!(looks < 10_000, "the request never came");
    }
    world.control("DELETE", "/control/faults", "").await;
    let error = hanging.await.unwrap().unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Connect), "let go by the reset");
    assert_eq!(listed(&world.client()).await, Ok(50));
}

#[tokio::test]
async fn what_is_no_answer_is_told_and_nothing_breaks() {
    let world = under(r#"{"fault":{"malformed":{}},"times":2}"#).await;
    let client = world.client();
    for _ in 0..2 {
        let error = listed(&client).await.unwrap_err();
        assert!(matches!(error.failure, Failure::Decode(_)), "{error:?}");
    }
    assert_eq!(listed(&client).await, Ok(50));

    let rule = r#"{"fault":{"content_type":{"value":"text/html; charset=utf-8"}}}"#;
    world.control("POST", "/control/faults/rules", rule).await;
    assert_eq!(listed(&client).await, Ok(50), "what it is counts, not what it is called");
}

#[tokio::test]
async fn an_answer_that_trickles_arrives_and_one_that_breaks_off_does_not() {
    let world = under(r#"{"fault":{"slow_body":{"bytes_per_second":2000}}}"#).await;
    world.control("POST", "/control/clock", r#"{"speed":10000}"#).await;
    let before = world.now_ms().await;
    assert_eq!(listed(&world.client()).await, Ok(50));
    let took = world.now_ms().await - before;
    assert!(took > 20_000, "{took} ms for 50 rows at 2 KB a second");

    let rule = r#"{"on":"conversations.*","fault":{"cut_body":{"after_bytes":1000}},"times":1}"#;
    let world = under(rule).await;
    let impatient = world.client().with_retry(RetryPolicy::NONE);
    let error = listed(&impatient).await.unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Connect));
    world.control("POST", "/control/faults/rules", rule).await;
    assert_eq!(listed(&world.client()).await, Ok(50), "reading twice is lawful");
}

#[tokio::test]
async fn rows_without_values_are_rows() {
    let world = under(r#"{"on":"conversations.*","fault":{"nulls":{"share":1}}}"#).await;
    let query = ListQuery { limit: Some(50), ..ListQuery::default() };
    let page = world.client().send(List, &list_path(), &query, &Empty).await.unwrap().0;
    assert_eq!(page.conversations.len(), 50);
    assert!(page.conversations.iter().all(|row| !row.id.is_empty() && row.channel.0.is_none()));
}

#[tokio::test]
async fn a_summary_may_come_minutes_after_the_end() {
    let world = under(r#"{"fault":{"late_summary":{"after_ms":180000}}}"#).await;
    let client = world.client();
    let path = ChatPath {
        version: "v1".to_owned(),
        account_id: AccountId::parse(ACCOUNT).unwrap(),
        project_id: ProjectId::parse(PROJECT).unwrap(),
    };
    let created = client.send(Create, &path, &Nothing {}, &Json(CreateBody::default())).await;
    let conversation_id = created.unwrap().0.conversation_id.0.unwrap();
    let body = RespondBody {
        conversation_id: conversation_id.clone(),
        message: "What is your return policy?".to_owned(),
        metadata: serde_json::Map::new(),
        extra: serde_json::Map::new(),
    };
    client.send(Respond, &path, &Nothing {}, &Json(body)).await.unwrap();
    let close = Json(CloseBody { conversation_id: conversation_id.clone() });
    client.send(Close, &path, &Nothing {}, &close).await.unwrap();
    let path = detail_path(conversation_id.as_str());
    let record = async || client.send(Get, &path, &Nothing {}, &Empty).await.unwrap().0;
    let early = record().await;
    assert_eq!((early.in_progress.0, early.short_summary.0.is_some()), (Some(false), false));
    world.control("POST", "/control/clock", r#"{"advance_ms":180001}"#).await;
    assert!(record().await.short_summary.0.is_some());
}

//! Reading records.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use perch_api::error::ErrorKind;
use perch_api::families::conversations::{Get, List, ListQuery};
use perch_api::model::Timestamp;
use perch_api::operation::{Empty, Nothing};
use perch_client::{Failure, PageError, RetryPolicy};

use crate::world::{World, detail_path, list_path};

#[tokio::test]
async fn all_pages_together_hold_every_conversation_once() {
    let world = World::start(700).await;
    let query = ListQuery { limit: Some(100), ..ListQuery::default() };
    let pages: Vec<_> =
        world.client().pages(List, list_path(), query, Empty).try_collect().await.unwrap();
    assert!(pages.len() > 3, "{} pages", pages.len());
    let ids: Vec<_> =
        pages.iter().flat_map(|page| &page.0.conversations).map(|row| &row.id).collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    let whole = world
        .client()
        .send(List, &list_path(), &ListQuery { limit: Some(1_000), ..ListQuery::default() }, &Empty)
        .await
        .unwrap();
    let whole: Vec<_> = whole.0.conversations.iter().map(|row| &row.id).collect();
    assert_eq!(ids, whole);
}

#[tokio::test]
async fn a_word_of_a_transcript_finds_its_conversation() {
    let world = World::start(700).await;
    let client = world.client();
    let all = ListQuery { limit: Some(1_000), ..ListQuery::default() };
    let rows = client.send(List, &list_path(), &all, &Empty).await.unwrap().0.conversations;
    let row =
        rows.iter().find(|row| row.turns.as_ref().is_some_and(|turns| turns.len() > 2)).unwrap();
    let turns = row.turns.as_ref().unwrap();
    let phrase = turns
        .iter()
        .find_map(|turn| turn.user_input.as_ref().filter(|text| text.len() > 8))
        .unwrap();
    let query = ListQuery {
        query_type: Some("transcript".to_owned()),
        query: Some(phrase.clone()),
        start_time: Some(Timestamp::new("2000-01-01T00:00:00Z")),
        end_time: Some(Timestamp::new("2100-01-01T00:00:00Z")),
        limit: Some(1_000),
        ..ListQuery::default()
    };
    let found = client.send(List, &list_path(), &query, &Empty).await.unwrap().0.conversations;
    assert!(found.iter().any(|hit| hit.id == row.id));
    assert!(found.len() < rows.len());

    let detail = client.send(Get, &detail_path(&row.id), &Nothing {}, &Empty).await.unwrap().0;
    assert_eq!(detail.conversation_id, row.id);
    assert_eq!(detail.turns.as_ref().map(Vec::len), Some(turns.len()));
}

#[tokio::test]
async fn refusals_carry_the_platforms_code_and_id() {
    let world = World::start(20).await;
    let client = world.client();
    let error = client.send(Get, &detail_path("CA-none"), &Nothing {}, &Empty).await.unwrap_err();
    let Failure::Refused(body) = &error.failure else { panic!("{error:?}") };
    assert_eq!(
        (body.kind(), body.code.as_deref()),
        (ErrorKind::Missing, Some("CONVERSATIONS_NOT_FOUND"))
    );
    assert_eq!(body.correlation_id, error.correlation_id);
    assert!(error.correlation_id.is_some());
}

#[tokio::test]
async fn a_rate_limited_list_succeeds_by_waiting_as_told() {
    let world = World::start(20).await;
    world
        .control("PUT", "/control/faults", r#"{"rate_limit":{"every":2,"retry_after_seconds":1}}"#)
        .await;
    for _ in 0..3 {
        world.client().send(List, &list_path(), &ListQuery::default(), &Empty).await.unwrap();
    }
    let impatient = world.client().with_retry(RetryPolicy::NONE);
    let mut refused = None;
    for _ in 0..2 {
        let pages: Result<Vec<_>, _> =
            impatient.pages(List, list_path(), ListQuery::default(), Empty).try_collect().await;
        refused = refused.or(pages.err());
    }
    let Some(PageError::Call(error)) = refused else { panic!("one of two is refused") };
    assert_eq!(
        (error.status(), error.retry_after.map(|pause| pause.as_secs())),
        (Some(429), Some(1))
    );
}

//! Pages read row by row.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use perch_api::families::conversations::{List, ListPath, ListQuery};
use perch_api::model::{AccountId, ProjectId};
use perch_api::operation::Empty;
use perch_api::stream::{PageFault, PageLimits};
use perch_client::{
    CallOptions, CancelToken, Client, Failure, RetryPolicy, RowError, Streaming, TransportError,
};

use crate::scripted::Scripted;
use crate::virtual_time::{Virtual, response};

fn path() -> ListPath {
    ListPath {
        account_id: AccountId::parse("ws-1").unwrap(),
        project_id: ProjectId::parse("PROJECT-1").unwrap(),
    }
}

fn query() -> ListQuery {
    ListQuery { limit: Some(2), ..ListQuery::default() }
}

fn streaming(platform: &Arc<Scripted>) -> Streaming {
    Client::edge(platform.clone(), "").with_retry(RetryPolicy::NONE).streaming(platform.clone())
}

fn page(ids: &[&str], cursor: &str) -> String {
    let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    format!(r#"{{"conversations":[{}],"cursor":{cursor}}}"#, rows.join(","))
}

/// The ids of a walk through all pages, and the error it ends with.
async fn walk(streaming: &Streaming) -> (Vec<String>, Vec<RowError>) {
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    let mut rows = std::pin::pin!(streaming.rows(List, path(), query(), Empty));
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => ids.push(row.id),
            Err(error) => errors.push(error),
        }
    }
    (ids, errors)
}

#[tokio::test]
async fn rows_of_all_pages_follow_each_other() {
    let platform = Scripted::new();
    platform
        .answer(200, &page(&["a", "b"], "\"c1\""))
        .answer(200, &page(&[], "\"c2\""))
        .answer(200, &page(&["c"], "null"));
    let (ids, errors) = walk(&streaming(&platform)).await;
    assert_eq!((ids.join(","), errors.len()), ("a,b,c".to_owned(), 0));
    let base = "/api/platform/v3/ws-1/PROJECT-1/conversations?limit=2";
    let pages = [base.to_owned(), format!("{base}&cursor=c1"), format!("{base}&cursor=c2")];
    assert_eq!(platform.urls(), pages);
}

#[tokio::test]
async fn a_page_gives_its_rows_and_then_what_stands_beside_them() {
    let platform = Scripted::new();
    platform.answer(200, &page(&["a", "b"], "\"c1\""));
    let mut rows = streaming(&platform).page(List, &path(), &query(), &Empty).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().id, "a");
    assert!(rows.page().is_none());
    assert_eq!(rows.next().await.unwrap().unwrap().id, "b");
    assert!(rows.next().await.is_none() && rows.next().await.is_none());
    assert_eq!(rows.page().unwrap().0.cursor.as_deref(), Some("c1"));
}

#[tokio::test]
async fn a_bad_row_is_told_and_the_walk_goes_on() {
    let platform = Scripted::new();
    let bad = r#"{"conversations":[{"id":"a"},{"id":tru},{"id":"b"}],"cursor":"c1"}"#;
    platform.answer(200, bad).answer(200, &page(&["c"], "null"));
    let (ids, errors) = walk(&streaming(&platform)).await;
    assert_eq!(ids, ["a", "b", "c"]);
    let [RowError::Row(fault)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(fault.index, 1);
}

#[tokio::test]
async fn an_early_end_is_told_and_keeps_the_rows() {
    let headers = [("x-polyai-correlation-id", "c-9")];
    let body = page(&["a", "b"], "\"c1\"");
    let cut = |at: usize| &body[..at];
    // The connection breaks, or it ends as if all were well.
    let platform = Scripted::new();
    platform.answer_with(200, &headers, &body).broken_after(35).answer_with(200, &headers, cut(35));
    for expected in [
        Failure::Transport(TransportError::Connect),
        Failure::Page(PageFault::Truncated { bytes: 35, rows: 1 }),
    ] {
        let (ids, errors) = walk(&streaming(&platform)).await;
        assert_eq!(ids, ["a"]);
        let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!((&error.failure, error.correlation_id.as_deref()), (&expected, Some("c-9")));
    }
}

#[tokio::test]
async fn what_is_no_page_ends_the_walk_without_its_words() {
    let platform = Scripted::new();
    platform.answer(200, "<html>canary7").answer(404, r#"{"error_code":"PROJECT_NOT_FOUND"}"#);
    let (_, errors) = walk(&streaming(&platform)).await;
    let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.failure, Failure::Page(PageFault::Syntax { at: 0, rows: 0 }));
    assert!(!format!("{error:?} {}", error.failure).contains("canary"));

    let (_, errors) = walk(&streaming(&platform)).await;
    let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.failure.to_string(), "the answer was 404 PROJECT_NOT_FOUND");
}

#[tokio::test]
async fn a_repeated_cursor_ends_the_walk() {
    let platform = Scripted::new();
    for cursor in ["\"c1\"", "\"c2\"", "\"c1\""] {
        platform.answer(200, &page(&["a"], cursor));
    }
    let (ids, errors) = walk(&streaming(&platform)).await;
    assert_eq!((ids.len(), errors), (3, vec![RowError::RepeatedCursor]));
}

#[tokio::test]
async fn limits_are_the_callers() {
    let platform = Scripted::new();
    platform.answer(200, &page(&["a-rather-long-id", "b"], "null"));
    let limits = PageLimits { row_bytes: 12, ..PageLimits::default() };
    let (ids, errors) = walk(&streaming(&platform).with_limits(limits)).await;
    assert_eq!((ids, errors.len()), (vec!["b".to_owned()], 1));
}

#[tokio::test]
async fn only_what_has_not_begun_is_asked_for_again() {
    let platform = Scripted::new();
    platform.answer(503, "").fail(TransportError::Connect).answer(200, &page(&["a"], "null"));
    let streaming = Client::edge(platform.clone(), "").streaming(platform.clone());
    assert_eq!(walk(&streaming).await.0, ["a"]);
    assert_eq!(platform.urls().len(), 3);
}

#[test]
fn a_body_that_falls_silent_ends_and_a_slow_one_does_not() {
    let body = page(&["a", "b", "c"], "null");
    for (pause, whole) in [(4_000, true), (6_000, false)] {
        let body = body.clone();
        // The head comes at once or not at all: its time-out is the same.
        let platform = Virtual::new(move |_| (pause, Ok(response(200, &[], &body))));
        let options =
            CallOptions { timeout: Some(Duration::from_secs(5)), ..CallOptions::default() };
        let client = Client::edge(platform.clone(), "").with_retry(RetryPolicy::NONE).with(options);
        let (ids, errors) = platform.run(walk(&client.streaming(platform.clone())));
        assert_eq!((ids.len() == 3, errors.is_empty()), (whole, whole), "{errors:?}");
        assert!(!whole || platform.time() > 5_000);
    }
}

#[test]
fn a_token_ends_a_body_that_has_begun() {
    let body = page(&["a", "b", "c"], "null");
    let platform = Virtual::new(move |_| (1_000, Ok(response(200, &[], &body))));
    let token = CancelToken::new();
    let options = CallOptions { cancel: Some(token.clone()), ..CallOptions::default() };
    let streaming = Client::edge(platform.clone(), "").with(options).streaming(platform.clone());
    platform.run(async {
        let mut rows = streaming.page(List, &path(), &query(), &Empty).await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap().id, "a");
        token.cancel();
        let Some(Err(RowError::Call(error))) = rows.next().await else { panic!("cancelled") };
        assert_eq!(error.failure, Failure::Cancelled);
        assert!(rows.next().await.is_none());
    });
}

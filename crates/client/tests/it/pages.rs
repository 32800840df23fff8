//! Lists page by page.

use futures_util::{StreamExt as _, TryStreamExt as _};
use perch_api::families::conversations::{List, ListPath, ListQuery};
use perch_api::model::{AccountId, ProjectId};
use perch_api::operation::Empty;
use perch_client::{Client, PageError, RetryPolicy};

use crate::scripted::Scripted;

fn path() -> ListPath {
    ListPath {
        account_id: AccountId::parse("ws-1").unwrap(),
        project_id: ProjectId::parse("PROJECT-1").unwrap(),
    }
}

fn page(id: &str, cursor: &str) -> String {
    format!(r#"{{"conversations":[{{"id":"{id}"}}],"cursor":{cursor}}}"#)
}

#[tokio::test]
async fn pages_follow_the_cursor_and_keep_the_filters() {
    let platform = Scripted::new();
    platform.answer(200, &page("a", "\"c1\"")).answer(200, &page("b", "null"));
    let query = ListQuery { limit: Some(50), ..ListQuery::default() };
    let pages: Vec<_> = Client::edge(platform.clone(), "")
        .pages(List, path(), query, Empty)
        .try_collect()
        .await
        .unwrap();
    let ids: Vec<_> =
        pages.iter().flat_map(|page| &page.0.conversations).map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(
        platform.urls(),
        [
            "/api/platform/v3/ws-1/PROJECT-1/conversations?limit=50",
            "/api/platform/v3/ws-1/PROJECT-1/conversations?limit=50&cursor=c1",
        ]
    );
}

#[tokio::test]
async fn a_repeated_cursor_ends_the_list_with_an_error() {
    let platform = Scripted::new();
    platform.answer(200, &page("a", "\"c1\"")).answer(200, &page("b", "\"c1\""));
    let results: Vec<_> = Client::edge(platform.clone(), "")
        .pages(List, path(), ListQuery::default(), Empty)
        .collect()
        .await;
    assert!(matches!(results.as_slice(), [Ok(_), Err(PageError::RepeatedCursor)]));
}

#[tokio::test]
async fn a_failed_page_ends_the_list() {
    let platform = Scripted::new();
    platform.answer(200, &page("a", "\"c1\"")).answer(500, "");
    let results: Vec<_> = Client::edge(platform.clone(), "")
        .with_retry(RetryPolicy::NONE)
        .pages(List, path(), ListQuery::default(), Empty)
        .collect()
        .await;
    assert!(matches!(results.as_slice(), [Ok(_), Err(PageError::Call(_))]));
}

#[tokio::test]
async fn a_circle_of_cursors_is_walked_once() {
    let platform = Scripted::new();
    for cursor in ["\"c1\"", "\"c2\"", "\"c3\"", "\"c1\""] {
        platform.answer(200, &page("a", cursor));
    }
    let results: Vec<_> = Client::edge(platform.clone(), "")
        .pages(List, path(), ListQuery::default(), Empty)
        .collect()
        .await;
    assert_eq!(results.len(), 4);
    assert!(results[..3].iter().all(Result::is_ok));
    assert!(matches!(results[3], Err(PageError::RepeatedCursor)));
    assert_eq!(platform.urls().len(), 4);
}

#[tokio::test]
async fn every_spelling_of_no_cursor_ends_the_list() {
    for end in [r#""cursor":null"#, r#""cursor":"""#, r#""next_offset":7"#, r#""cursor":{}"#] {
        let platform = Scripted::new();
        platform.answer(200, &format!(r#"{{"conversations":[],{end}}}"#));
        let pages: Vec<_> = Client::edge(platform.clone(), "")
            .pages(List, path(), ListQuery::default(), Empty)
            .try_collect()
            .await
            .unwrap();
        assert_eq!((pages.len(), platform.urls().len()), (1, 1), "{end}");
    }
}

#[tokio::test]
async fn a_cursor_in_the_query_is_where_the_list_begins_and_drops_the_offset() {
    let platform = Scripted::new();
    platform.answer(200, &page("a", "\"c2\"")).answer(200, &page("b", "null"));
    let query =
        ListQuery { cursor: Some("c1".to_owned()), offset: Some(7), ..ListQuery::default() };
    let pages: Vec<_> = Client::edge(platform.clone(), "")
        .pages(List, path(), query, Empty)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages.len(), 2);
    let base = "/api/platform/v3/ws-1/PROJECT-1/conversations";
    assert_eq!(
        platform.urls(),
        [format!("{base}?offset=7&cursor=c1"), format!("{base}?cursor=c2")]
    );
}

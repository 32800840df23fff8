//! Lists and recordings of operations that are known by their ids only.

use std::sync::Arc;

use perch_api::range::ByteRange;
use perch_api::stream::{PageFault, PageLimits, RowFaultKind};
use perch_client::{
    Client, ClientError, DownloadOptions, Failure, InputFault, RetryPolicy, RowError, RowTexts,
    Streaming,
};

use crate::scripted::Scripted;

const LIST: &str = "conversations.v3.list";
const PATH: [(&str, &str); 2] = [("account_id", "ws-1"), ("project_id", "PROJECT-1")];
const RECORDED: [(&str, &str); 2] = [("agentId", "PROJECT-1"), ("conversationId", "CA7")];

fn streaming(platform: &Arc<Scripted>) -> Streaming {
    Client::edge(platform.clone(), "").with_retry(RetryPolicy::NONE).streaming(platform.clone())
}

fn page(rows: &str, cursor: &str) -> String {
    format!(r#"{{"conversations":[{rows}],"cursor":{cursor}}}"#)
}

/// The rows as they came, and what went wrong.
async fn walk(streaming: &Streaming, query: &[(&str, &str)]) -> (Vec<String>, Vec<RowError>) {
    all(streaming.rows_by_id(LIST, &PATH, query).unwrap()).await
}

async fn all(mut rows: RowTexts) -> (Vec<String>, Vec<RowError>) {
    let (mut texts, mut errors) = (Vec::new(), Vec::new());
    while let Some(batch) = rows.next().await {
        match batch {
            Ok(batch) => {
                let row = |place: &(usize, usize)| batch.json[place.0..place.1].to_vec();
                let rows = batch.places.iter().map(row);
                texts.extend(rows.map(|row| String::from_utf8(row).unwrap()));
            }
            Err(error) => errors.push(error),
        }
    }
    assert!(rows.next().await.is_none());
    (texts, errors)
}

fn fault(error: ClientError) -> (String, InputFault) {
    match error.failure {
        Failure::Input(error) => (error.field, error.fault),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rows_of_all_pages_follow_each_other_as_they_came() {
    let platform = Scripted::new();
    platform
        .answer(200, &page(r#"{"id": "a"} , 7"#, "\"c 1\""))
        .answer(200, &page("", "\"c2\""))
        .answer(200, &page(r#"{"id":"b","odd":[1e400]}"#, "\"\""));
    let (rows, errors) = walk(&streaming(&platform), &[("limit", "2"), ("offset", "4")]).await;
    assert_eq!(rows, [r#"{"id": "a"}"#, "7", r#"{"id":"b","odd":[1e400]}"#]);
    assert!(errors.is_empty(), "{errors:?}");
    let base = "/api/platform/v3/ws-1/PROJECT-1/conversations?limit=2";
    let pages = ["&offset=4", "&cursor=c%201", "&cursor=c2"].map(|more| [base, more].concat());
    assert_eq!(platform.urls(), pages, "an offset does not stand beside a cursor");
}

#[tokio::test]
async fn a_row_that_is_not_kept_is_told_and_the_walk_goes_on() {
    let platform = Scripted::new();
    platform.answer(200, &page(r#"1,"long enough to be too long",2"#, "\"c1\""));
    platform.answer(200, &page("3", "null"));
    let limits = PageLimits { row_bytes: 10, ..PageLimits::default() };
    let (rows, errors) = walk(&streaming(&platform).with_limits(limits), &[]).await;
    assert_eq!(rows, ["1", "2", "3"]);
    let [RowError::Row(fault)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((fault.index, &fault.kind), (1, &RowFaultKind::TooLarge(10)));
}

#[tokio::test]
async fn a_walk_ends_with_the_page_that_cannot_be_had() {
    for (status, body) in [(200, r#"{"conversations":[1,2"#), (403, "{}")] {
        let platform = Scripted::new();
        platform.answer(200, &page("0", "\"c1\"")).answer(status, body);
        let (rows, errors) = walk(&streaming(&platform), &[]).await;
        let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!(error.operation, LIST);
        if status == 403 {
            assert_eq!((rows.len(), error.status()), (1, Some(403)));
        } else {
            assert_eq!(rows, ["0", "1"], "rows that were whole are given all the same");
            assert!(matches!(&error.failure, Failure::Page(PageFault::Truncated { .. })));
        }
    }
}

#[tokio::test]
async fn a_cursor_is_followed_once() {
    let platform = Scripted::new();
    for rows in ["1", "2", "3"] {
        platform.answer(200, &page(rows, "\"again\""));
    }
    let (rows, errors) = walk(&streaming(&platform), &[]).await;
    assert_eq!((rows.join(","), errors), ("1,2".to_owned(), vec![RowError::RepeatedCursor]));
    assert_eq!(platform.urls().len(), 2);
}

#[tokio::test]
async fn a_list_without_a_cursor_is_one_page() {
    let platform = Scripted::new();
    platform.answer(200, r#"{"conversations":[1,2],"cursor":"not its own","next_offset":2}"#);
    let streaming = streaming(&platform);
    let rows = streaming.rows_by_id("conversations.v1.list", &PATH, &[]).unwrap();
    assert_eq!(all(rows).await.0, ["1", "2"]);
    let topics = [("agentId", "PROJECT-1"), ("branchId", "main")];
    platform.answer(200, "[3]");
    let rows = streaming.rows_by_id("agents.kb.topics.list", &topics, &[]).unwrap();
    assert_eq!(all(rows).await.0, ["3"]);
    assert_eq!(platform.urls().len(), 2);
}

#[tokio::test]
async fn what_is_no_list_and_no_recording_is_refused_and_not_sent() {
    let platform = Scripted::new();
    let streaming = streaming(&platform);
    let rows = |id: &str, query: &[(&str, &str)]| {
        fault(streaming.rows_by_id(id, &PATH, query).err().expect(id))
    };
    assert!(
        matches!(rows("conversations.get", &[]), (_, InputFault::Type(ids)) if ids.contains(&LIST))
    );
    assert!(matches!(rows("no.such", &[]), (_, InputFault::Unknown(_))));
    assert!(
        matches!(rows(LIST, &[("size", "1")]), (name, InputFault::Unknown(_)) if name == "size")
    );
    let options = DownloadOptions::default();
    let recording = async |id: &str, range| {
        let options = DownloadOptions { range, ..options };
        fault(streaming.recording_by_id(id, &RECORDED, &[], options).await.err().expect(id))
    };
    let (field, kind) = recording("agents.audio_cache.synthesize", ByteRange::All).await;
    assert_eq!(field, "agents.audio_cache.synthesize");
    assert!(matches!(kind, InputFault::Type(ids) if ids.contains(&"conversations.audio")));
    let (field, _) = recording("conversations.audio", ByteRange::Last(0)).await;
    assert_eq!(field, "range");
    assert!(platform.urls().is_empty());
}

#[tokio::test]
async fn a_recording_by_its_id_goes_on_where_it_broke_off() {
    let platform = Scripted::new();
    let head = [("content-type", "audio/wav"), ("content-length", "6"), ("etag", "\"r1\"")];
    platform.answer_with(200, &head, "abcdef").broken_after(2);
    platform.answer_with(
        206,
        &[("content-type", "audio/wav"), ("content-range", "bytes 2-5/6"), ("etag", "\"r1\"")],
        "cdef",
    );
    let query = [("direction", "user")];
    let streaming = streaming(&platform);
    let options = DownloadOptions::default();
    let recording =
        streaming.recording_by_id("conversations.audio", &RECORDED, &query, options).await.unwrap();
    assert_eq!((recording.content_type(), recording.total()), (Some("audio/wav"), Some(6)));
    assert_eq!(recording.collect().await.unwrap().0, b"abcdef");
    let requests = platform.requests.lock().unwrap();
    let range = |at: usize| requests[at].headers.iter().find(|(name, _)| *name == "range");
    assert_eq!((range(0), range(1).unwrap().1.as_str()), (None, "bytes=2-5"));
    assert!(requests[1].url.ends_with("/audio?direction=user"), "{}", requests[1].url);
}

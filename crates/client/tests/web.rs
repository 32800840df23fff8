//! The web's own platform, with Node's `fetch` replaced where an answer has to come in parts.
//!
//! `cargo xtask test edge` runs it, as does `cargo test -p perch-client --target wasm32-unknown-unknown
//! --test web` with `wasm-bindgen-test-runner` as the target's runner.

#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use perch_api::families::conversations::{
    Audio, AudioQuery, DetailPath, List, ListPath, ListQuery,
};
use perch_api::model::{AccountId, ConversationId, ProjectId};
use perch_api::operation::Empty;
use perch_api::range::ByteRange;
use perch_client::{
    CallOptions, CancelToken, Client, DownloadOptions, Failure, Platform as _, RetryPolicy,
    RowError, Streaming, TransportError, WebPlatform,
};
use wasm_bindgen_test::wasm_bindgen_test;

/// Node's `fetch` from now on: answers in chunks with a pause after each, and counts ends that the
/// reader made.
fn answers(script: &str) {
    let code = format!(
        r"globalThis.ends = 0;
        globalThis.fetch = async request => {{
            const {{ status = 200, headers = {{}}, chunks, pause = 0, breaks = false }} =
                ({script})(request);
            const wait = ms => new Promise(done => setTimeout(done, ms));
            const body = new ReadableStream({{
                async start(controller) {{
                    request.signal.addEventListener('abort', () => {{
                        globalThis.ends += 1;
                        try {{ controller.error(request.signal.reason); }} catch {{ }}
                    }});
                    for (const chunk of chunks) {{
                        await wait(pause);
                        if (request.signal.aborted) return;
                        controller.enqueue(new TextEncoder().encode(chunk));
                    }}
                    await wait(0);
                    breaks ? controller.error(new TypeError('broken')) : controller.close();
                }},
            }});
            return new Response(body, {{ status, headers }});
        }};"
    );
    js_sys::eval(&code).unwrap();
}

fn ends() -> f64 {
    js_sys::eval("globalThis.ends").unwrap().as_f64().unwrap()
}

fn streaming(options: CallOptions) -> Streaming {
    let platform = Arc::new(WebPlatform);
    let client =
        Client::edge(platform.clone(), "https://edge.example").with_retry(RetryPolicy::NONE);
    client.with(options).streaming(platform)
}

async fn walk(streaming: &Streaming) -> (Vec<String>, Vec<RowError>) {
    let path = ListPath {
        account_id: AccountId::parse("ws-1").unwrap(),
        project_id: ProjectId::parse("PROJECT-1").unwrap(),
    };
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    let mut rows = std::pin::pin!(streaming.rows(List, path, ListQuery::default(), Empty));
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => ids.push(row.id),
            Err(error) => errors.push(error),
        }
    }
    (ids, errors)
}

#[wasm_bindgen_test]
async fn rows_come_in_whatever_chunks_the_network_makes() {
    answers(
        r#"() => ({ chunks: ['{"conversations":[{"id":"a"},{"i', 'd":"\u00e9"},', '7,{"id":"c"}],"cur', 'sor":null}'] })"#,
    );
    let (ids, errors) = walk(&streaming(CallOptions::default())).await;
    assert_eq!(ids, ["a", "é", "c"]);
    assert!(matches!(errors.as_slice(), [RowError::Row(fault)] if fault.index == 2));
}

#[wasm_bindgen_test]
async fn a_broken_and_a_silent_body_end_the_walk() {
    answers(r#"() => ({ chunks: ['{"conversations":[{"id":"a"},'], breaks: true })"#);
    let (ids, errors) = walk(&streaming(CallOptions::default())).await;
    assert_eq!(ids, ["a"]);
    let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.failure, Failure::Transport(TransportError::Connect));

    answers(r#"() => ({ chunks: ['{"conversations":['], pause: 60000 })"#);
    let timeout = Duration::from_millis(50);
    let options = CallOptions { timeout: Some(timeout), ..CallOptions::default() };
    let (_, errors) = walk(&streaming(options)).await;
    let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.failure, Failure::Transport(TransportError::Timeout(timeout)));
    assert!(ends() >= 1.0, "the request was aborted");
}

#[wasm_bindgen_test]
async fn a_token_aborts_the_request() {
    answers(r#"() => ({ chunks: ['{"conversations":[{"id":"a"},', ' '], pause: 20 })"#);
    let token = CancelToken::new();
    let options = CallOptions { cancel: Some(token.clone()), ..CallOptions::default() };
    let cancelled = async {
        WebPlatform.sleep(Duration::from_millis(5)).await;
        token.cancel();
    };
    let streaming = streaming(options);
    let ((_, errors), ()) = futures_util::future::join(walk(&streaming), cancelled).await;
    let [RowError::Call(error)] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!(error.failure, Failure::Cancelled);
    assert!(ends() >= 1.0, "the request was aborted");
}

#[wasm_bindgen_test]
async fn a_part_of_a_recording_is_asked_for_and_read() {
    answers(
        r"request => request.headers.get('range') === 'bytes=2-' && request.headers.get('accept') === 'audio/wav'
            ? { status: 206, headers: { 'content-range': 'bytes 2-5/6' }, chunks: ['cd', 'ef'] }
            : { status: 400, chunks: [] }",
    );
    let path = DetailPath {
        agent_id: ProjectId::parse("PROJECT-1").unwrap(),
        conversation_id: ConversationId::parse("CA7").unwrap(),
    };
    let options = DownloadOptions { range: ByteRange::From(2), ..DownloadOptions::default() };
    let query = AudioQuery::default();
    let streaming = streaming(CallOptions::default());
    let recording = streaming.recording(Audio, &path, &query, options).await.unwrap();
    assert_eq!(recording.total(), Some(6));
    assert_eq!(recording.collect().await.unwrap().0, b"cdef");
}

//! Time-outs, deadlines, cancellation, budgets and names, in virtual time.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future;
use perch_api::model::Secret;
use perch_client::{
    Body, CallOptions, CancelToken, Client, ClientError, Credentials, Failure, Hosts, InputFault,
    Platform as _, TransportError,
};

use crate::virtual_time::{Reply, Virtual, response};

const SAFE: &str = "conversations.get";
const PATH: [(&str, &str); 2] = [("agentId", "PROJECT-1"), ("conversationId", "CA7")];

async fn safe(client: &Client) -> Result<(), ClientError> {
    client.call(SAFE, &PATH, &[], Body::Empty).await.map(|_| ())
}

fn direct(platform: &Arc<Virtual>) -> Client {
    let credentials =
        Credentials { workspace: Some(Secret::new("k".to_owned())), ..Credentials::default() };
    let hosts = Hosts::custom("http://b", "http://p", "http://m", "http://w");
    Client::direct(platform.clone(), hosts, credentials)
}

fn always(status: u16) -> impl Fn(&perch_client::HttpRequest) -> Reply {
    move |_| (10, Ok(response(status, &[], "{}")))
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_try_has_a_time_and_a_call_has_a_deadline() {
    let platform = Virtual::new(|_| (1_000_000, Err(TransportError::Connect)));
    let client = Client::edge(platform.clone(), "");
    let options = CallOptions { timeout: Some(seconds(2)), ..CallOptions::default() };
    let error = platform.run(safe(&client.with(options))).unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Timeout(seconds(2))));
    assert_eq!(platform.count(), 4);

    let begun = platform.time();
    let options = CallOptions {
        timeout: Some(seconds(2)),
        deadline: Some(seconds(3)),
        ..CallOptions::default()
    };
    platform.run(safe(&client.with(options))).unwrap_err();
    assert!(platform.time() - begun <= 3_000, "{}", platform.time() - begun);
    let (_, last, _) = platform.sent.lock().unwrap().last().cloned().unwrap();
    assert!(last < 2_000, "the second try has only what is left: {last}");
}

#[test]
fn a_deadline_leaves_no_pause_that_would_outlast_it() {
    let platform = Virtual::new(|_| (0, Ok(response(429, &[("retry-after", "5")], ""))));
    let options = CallOptions { deadline: Some(seconds(4)), ..CallOptions::default() };
    let error = platform.run(safe(&Client::edge(platform.clone(), "").with(options))).unwrap_err();
    assert_eq!((error.status(), error.retry_after), (Some(429), Some(seconds(5))));
    assert_eq!((platform.count(), platform.time()), (1, 0));
}

#[test]
fn retry_after_is_waited_for_whatever_the_class() {
    let asked = AtomicUsize::new(0);
    let platform = Virtual::new(move |_| {
        let first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        (
            0,
            Ok(if first {
                response(503, &[("retry-after", "7")], "")
            } else {
                response(200, &[], "{}")
            }),
        )
    });
    let client = Client::edge(platform.clone(), "");
    let create = client.call(
        "agents.duplicate",
        &PATH[..1],
        &[],
        Body::Json(serde_json::json!({"newAgentName": "b"})),
    );
    assert!(platform.run(create).is_ok());
    assert_eq!((platform.count(), platform.time()), (2, 7_000));
}

#[test]
fn a_broken_platform_is_asked_little_more_than_one_that_works() {
    let platform = Virtual::new(always(500));
    let client = Client::edge(platform.clone(), "");
    for _ in 0..1_000 {
        // Clones share the budget.
        platform.run(safe(&client.clone())).unwrap_err();
    }
    let (calls, tries) = (1_000, platform.count());
    let idle = usize::try_from(platform.time() / 10_000).unwrap();
    let most = calls + calls / 10 + idle + 10;
    assert!(tries > calls + 100 && tries <= most, "{tries} tries, at most {most}");
}

#[test]
fn many_clients_do_not_come_back_at_once() {
    let platform = Virtual::new(always(500));
    let clients: Vec<_> = (0..50).map(|_| Client::edge(platform.clone(), "")).collect();
    platform.run(future::join_all(clients.iter().map(safe)));
    let sent = platform.sent.lock().unwrap();
    let firsts = sent.iter().filter(|(at, ..)| *at == 0).count();
    let moments: BTreeSet<_> = sent.iter().map(|(at, ..)| at).collect();
    assert_eq!((firsts, sent.len()), (50, 200));
    assert!(moments.len() > 100, "{} moments", moments.len());
    assert!(sent.iter().all(|(at, ..)| *at <= 250 + 500 + 1_000 + 40));
}

#[test]
fn a_token_ends_the_request_and_the_pause() {
    let platform = Virtual::new(|_| (60_000, Ok(response(200, &[], "{}"))));
    let token = CancelToken::new();
    let options = CallOptions {
        cancel: Some(token.clone()),
        timeout: Some(seconds(90)),
        ..CallOptions::default()
    };
    let client = Client::edge(platform.clone(), "").with(options.clone());
    let cancelled = async {
        platform.sleep(seconds(1)).await;
        token.cancel();
    };
    let (answer, ()) = platform.run(future::join(safe(&client), cancelled));
    assert_eq!(answer.unwrap_err().failure, Failure::Cancelled);
    assert_eq!((platform.time(), platform.dropped.load(Ordering::SeqCst)), (1_000, 1));
    // What is begun later is not sent at all.
    assert_eq!(platform.run(safe(&client)).unwrap_err().failure, Failure::Cancelled);

    let platform = Virtual::new(|_| (0, Ok(response(429, &[("retry-after", "9")], ""))));
    let token = CancelToken::new();
    let options = CallOptions { cancel: Some(token.clone()), ..CallOptions::default() };
    let client = Client::edge(platform.clone(), "").with(options);
    let cancelled = async {
        platform.sleep(seconds(1)).await;
        token.cancel();
    };
    let (answer, ()) = platform.run(future::join(safe(&client), cancelled));
    assert_eq!(answer.unwrap_err().failure, Failure::Cancelled);
    assert_eq!((platform.time(), platform.count()), (1_000, 1));
}

#[test]
fn dropping_the_call_drops_the_request() {
    let platform = Virtual::new(|_| (60_000, Ok(response(200, &[], "{}"))));
    let client = Client::edge(platform.clone(), "");
    let call = Box::pin(safe(&client));
    let pause = platform.sleep(seconds(1));
    platform.run(future::select(call, pause));
    assert_eq!(platform.dropped.load(Ordering::SeqCst), 1);
}

#[test]
fn every_call_has_a_name_and_an_error_tells_it() {
    let platform = Virtual::new(|_| (0, Err(TransportError::Request)));
    let client = direct(&platform);
    let first = platform.run(safe(&client)).unwrap_err().correlation_id.unwrap();
    let second = platform.run(safe(&client)).unwrap_err().correlation_id.unwrap();
    assert!(first.starts_with("perch-") && first.len() == 38 && first != second);
    let own = CallOptions { correlation_id: Some("mine-7".to_owned()), ..CallOptions::default() };
    let error = platform.run(safe(&client.with(own.clone()))).unwrap_err();
    assert_eq!(error.correlation_id.as_deref(), Some("mine-7"));
    let names: Vec<_> =
        platform.sent.lock().unwrap().iter().map(|(.., id)| id.clone().unwrap()).collect();
    assert_eq!(names, [first, second, "mine-7".to_owned()]);

    // Without one of the caller's, the edge worker makes it.
    let edge = Client::edge(platform.clone(), "");
    assert_eq!(platform.run(safe(&edge)).unwrap_err().correlation_id, None);
    let error = platform.run(safe(&edge.with(own))).unwrap_err();
    assert_eq!(error.correlation_id.as_deref(), Some("mine-7"));
    let sent = platform.sent.lock().unwrap();
    assert_eq!([sent[3].2.as_deref(), sent[4].2.as_deref()], [None, Some("mine-7")]);
    drop(sent);

    // The platform's own name wins over the one that was sent.
    let platform = Virtual::new(|_| {
        (0, Ok(response(404, &[], r#"{"error_id":"theirs","error_code":"AGENT_NOT_FOUND"}"#)))
    });
    let error = platform.run(safe(&direct(&platform))).unwrap_err();
    assert_eq!(error.correlation_id.as_deref(), Some("theirs"));
}

#[test]
fn a_name_that_would_break_a_header_is_refused() {
    let platform = Virtual::new(always(200));
    let long = "x".repeat(65);
    for (id, fault) in [
        ("", InputFault::Missing),
        ("a\r\nx-api-key: k", InputFault::Unlawful("A-Z a-z 0-9 - _ . :")),
        (long.as_str(), InputFault::TooLong(64)),
    ] {
        let options = CallOptions { correlation_id: Some(id.to_owned()), ..CallOptions::default() };
        let error = platform.run(safe(&direct(&platform).with(options))).unwrap_err();
        assert!(matches!(error.failure, Failure::Input(input) if input.fault == fault), "{id:?}");
    }
    assert_eq!(platform.count(), 0);
}

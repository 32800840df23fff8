//! The visitor plane of an edge worker.

use std::time::Duration;

use perch_api::messaging::client::DialFailure;
use perch_client::driver::Dialler as _;
use perch_client::visitor::{Entry, Solved, Visitor, VisitorError};

use crate::scripted::Scripted;

fn session(token: &str, session: &str) -> String {
    format!(
        r#"{{"token":"{token}","expires_in":600,"resume":"pr1.{token}","session":"{session}","resumed":false,"site":{{"id":"shop","title":"Fernhill"}}}}"#
    )
}

#[tokio::test]
async fn a_dial_takes_a_ticket_and_then_a_socket() {
    let platform = Scripted::new();
    platform
        .answer(201, &session("t1", "s1"))
        .answer(200, r#"{"ticket":"one-use","expires_in":30}"#);
    platform.socket(Vec::new());
    let visitor = Visitor::open(platform.clone(), "https://edge", "shop", None).await.unwrap();
    assert_eq!(visitor.site().title, "Fernhill");
    visitor.dial(Some(12)).await.ok().unwrap();
    assert_eq!(
        *platform.dialled.lock().unwrap(),
        ["wss://edge/visitor/socket?ticket=one-use&cursor=12"]
    );
    let requests = platform.requests.lock().unwrap();
    assert_eq!(requests[1].headers[1], ("authorization", "Bearer t1".to_owned()));
    assert!(requests.iter().all(|request| !request.cookies));
}

#[tokio::test]
async fn a_token_about_to_die_is_renewed_first() {
    let platform = Scripted::new();
    platform
        .answer(201, &session("t1", "s1"))
        .answer(200, &session("t2", "s1"))
        .answer(200, r#"{"ticket":"k","expires_in":30}"#);
    platform.socket(Vec::new());
    let visitor = Visitor::open(platform.clone(), "https://edge", "shop", None).await.unwrap();
    platform.advance(Duration::from_secs(541));
    visitor.dial(None).await.ok().unwrap();
    let requests = platform.requests.lock().unwrap();
    assert_eq!(
        requests[1].body.as_deref(),
        Some(br#"{"renew":true,"resume":"pr1.t1","site":"shop"}"#.as_slice())
    );
    assert_eq!(requests[2].headers[1].1, "Bearer t2");
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_is_lost() {
    let platform = Scripted::new();
    platform.answer(201, &session("t1", "s1")).answer(200, &session("t2", "s2"));
    let visitor = Visitor::open(platform.clone(), "https://edge", "shop", None).await.unwrap();
    platform.advance(Duration::from_hours(1));
    assert_eq!(visitor.dial(None).await.err(), Some(DialFailure::SessionLost));
}

#[tokio::test]
async fn a_renewal_of_a_session_that_is_over_is_lost_and_opens_no_other() {
    let platform = Scripted::new();
    platform.answer(201, &session("t1", "s1")).answer(409, r#"{"error":{"code":"session_ended"}}"#);
    let visitor = Visitor::open(platform.clone(), "https://edge", "shop", None).await.unwrap();
    platform.advance(Duration::from_hours(1));
    assert_eq!(visitor.dial(None).await.err(), Some(DialFailure::SessionLost));
    assert_eq!(platform.requests.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_visitor_comes_with_all_it_has() {
    let platform = Scripted::new();
    let granted =
        session("t1", "s1").replace(r#""resumed":false"#, r#""resumed":false,"verified":true"#);
    platform.answer(201, &granted);
    let entry = Entry {
        site: "shop".to_owned(),
        agent: Some("es".to_owned()),
        language: Some("es-MX".to_owned()),
        context: Some("h".to_owned()),
        check: Some(Solved { challenge: "c".to_owned(), answer: "a".to_owned() }),
        resume: None,
    };
    let visitor = Visitor::enter(platform.clone(), "https://edge", &entry).await.unwrap();
    assert_eq!(visitor.verified(), Some(true));
    assert_eq!(
        platform.requests.lock().unwrap()[0].body.as_deref(),
        Some(br#"{"agent":"es","check":{"answer":"a","challenge":"c"},"context":"h","language":"es-MX","site":"shop"}"#.as_slice())
    );
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let platform = Scripted::new();
    platform
        .answer(201, &session("t1", "s1"))
        .answer(401, "{}")
        .answer(200, &session("t2", "s1"))
        .answer(200, r#"{"response":"Hello","ended":false,"handoff":null}"#);
    let visitor = Visitor::open(platform.clone(), "https://edge", "shop", None).await.unwrap();
    assert_eq!(visitor.chat_respond("hi").await.unwrap().response, "Hello");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_workers_words() {
    let platform = Scripted::new();
    platform.answer(
        403,
        r#"{"error":{"code":"origin_not_allowed","message":"m","remedy":"r"},"request_id":"q"}"#,
    );
    let error = Visitor::open(platform.clone(), "https://edge", "shop", None).await.err().unwrap();
    assert!(
        matches!(error, VisitorError::Refused { status: 403, code, .. } if code == "origin_not_allowed")
    );
}

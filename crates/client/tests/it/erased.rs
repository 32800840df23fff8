//! Operations by their ids.

use perch_api::operation::limit::Rule;
use perch_api::operation::{self, OperationSpec, Part};
use perch_client::{
    AnswerBody, Body, Client, ClientError, Failure, InputError, InputFault, InputPart,
};
use serde_json::{Value, json};

use crate::scripted::Scripted;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn input(error: &ClientError) -> &InputError {
    let Failure::Input(input) = &error.failure else { panic!("{error:?}") };
    input
}

/// A value within the bounds of a name; the bounds are told with what is left of their names.
fn value(limits: &[(&str, Rule)]) -> Value {
    let below = |mark: &str| -> Vec<(&str, Rule)> {
        limits.iter().filter_map(|(name, rule)| Some((name.strip_prefix(mark)?, *rule))).collect()
    };
    let (members, elements) = (below("."), below("[]"));
    let own = |(name, rule): &(&str, Rule)| name.is_empty().then_some(*rule);
    if !members.is_empty() {
        let names = members.iter().map(|(name, _)| name.split(['.', '[']).next().unwrap());
        return names.map(|name| (name.to_owned(), value(&of(&members, name)))).collect();
    }
    if !elements.is_empty() || limits.iter().any(|own| matches!(own.1, Rule::Items(..))) {
        return json!([value(&elements)]);
    }
    let rule = limits.iter().filter_map(own).find(|rule| *rule != Rule::Needed);
    match rule {
        Some(Rule::Words(words)) => words[0].into(),
        Some(Rule::Range(least, _)) => least.into(),
        Some(Rule::Phone | Rule::PhoneOr(_) | Rule::PhoneOrRcs(_)) => "+447700900123".into(),
        Some(Rule::Base64(_)) => json!({}),
        Some(Rule::Https) => "https://pager.example".into(),
        Some(Rule::Moment | Rule::Span(..)) => "2026-09-01T10:00:00Z".into(),
        _ => "x".into(),
    }
}

/// The bounds of a name and of what is in it.
fn of<'a>(limits: &[(&'a str, Rule)], name: &str) -> Vec<(&'a str, Rule)> {
    let rest = |(own, rule): &(&'a str, Rule)| {
        let rest = own.strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some((rest, *rule))
    };
    limits.iter().filter_map(rest).collect()
}

fn limits(spec: &OperationSpec, part: InputPart) -> Vec<(&'static str, Rule)> {
    let own = spec.limits.iter().filter(|limit| limit.part == part);
    own.map(|limit| (limit.field, limit.rule)).collect()
}

/// A value for every parameter that may stand beside all others.
fn lawful_query(spec: &OperationSpec) -> Vec<(&'static str, String)> {
    let limits = limits(spec, InputPart::Query);
    let excludes =
        |name: &str| of(&limits, name).iter().any(|(_, rule)| matches!(rule, Rule::Excludes(_)));
    let alone = |name: &str| {
        excludes(name)
            || of(&limits, name)
                .iter()
                .any(|(_, rule)| matches!(rule, Rule::With(other) if excludes(other)))
    };
    let names = spec.query.iter().filter(|name| !alone(name));
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    names.map(|name| (*name, text(value(&of(&limits, name))))).collect()
}

fn lawful_path(spec: &OperationSpec) -> Vec<(&'static str, &'static str)> {
    let value = |name| match name {
        "phoneNumber" => "+447700900123",
        "clientEnv" => "live",
        "rule_id" => "ar_7",
        "endpoint_id" => "whe_7",
        _ => "x",
    };
    spec.placeholders().map(|name| (name, value(name))).collect()
}

/// A body that fits the row, with nothing but what it needs.
fn fitting(spec: &OperationSpec) -> Body {
    let limits = limits(spec, InputPart::Body);
    match spec.sends {
        Some("audio/wav") => Body::Wav { bytes: b"RIFF".to_vec(), filename: None },
        Some("multipart/form-data") => Body::Multipart(
            spec.needs()
                .iter()
                .map(|name| Part { name: (*name).to_owned(), ..Part::default() })
                .collect(),
        ),
        Some(_) if !spec.sends_also.is_empty() => Body::Text("cid=1".to_owned()),
        Some(_) => Body::Json(
            spec.needs()
                .iter()
                .map(|name| ((*name).to_owned(), value(&of(&limits, name))))
                .collect(),
        ),
        None => Body::Empty,
    }
}

#[tokio::test]
async fn every_operation_goes_out_by_its_id() {
    let platform = Scripted::new();
    let client = Client::edge(platform.clone(), "");
    for spec in operation::all() {
        let path = lawful_path(spec);
        let query = lawful_query(spec);
        let query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        platform.answer(spec.success, "");
        let answer = client.call(spec.id, &path, &query, fitting(spec)).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {:?}", spec.id, error.failure));
        assert!(answer.status == spec.success && answer.body == AnswerBody::Empty, "{}", spec.id);
        let request = platform.requests.lock().unwrap().pop().unwrap();
        assert_eq!(request.method, spec.method.as_str());
        let kind = request.headers.iter().find(|(name, _)| *name == "content-type");
        assert_eq!(kind.is_some(), spec.sends.is_some(), "{}", spec.id);
        assert_eq!(request.body.is_some(), spec.sends.is_some(), "{}", spec.id);
        let raw =
            request.url.strip_prefix("/api/").unwrap().strip_prefix(spec.host.as_str()).unwrap();
        let raw = raw.split('?').next().unwrap();
        assert_eq!(operation::find(spec.host, spec.method, raw).unwrap().spec.id, spec.id);
    }
}

#[tokio::test]
async fn every_kind_of_body_is_written_as_its_type_says() {
    let platform = Scripted::new();
    let client = Client::edge(platform.clone(), "");
    let event = lawful_query(operation::by_id("external_events.webhook").unwrap());
    let event: Vec<_> = event.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let cases = [
        (Body::Json(json!([1])), "application/json", "[1]"),
        (
            Body::Form(vec![("a b".to_owned(), "c&d".to_owned())]),
            "application/x-www-form-urlencoded",
            "a%20b=c%26d",
        ),
        (Body::Xml("<a/>".to_owned()), "application/xml", "<a/>"),
        (Body::Text("cid".to_owned()), "text/plain", "cid"),
    ];
    for (body, kind, bytes) in cases {
        platform.answer(201, "");
        client.call("external_events.webhook", &[], &event, body).await.unwrap();
        let request = platform.requests.lock().unwrap().pop().unwrap();
        assert!(request.headers.contains(&("content-type", kind.to_owned())), "{kind}");
        assert_eq!(request.body.as_deref(), Some(bytes.as_bytes()));
    }
    let entry = [("agentId", "a"), ("entryId", "7")];
    platform.answer(200, "").answer(200, "");
    let wav = Body::Wav { bytes: b"RIFF".to_vec(), filename: Some("a.wav".to_owned()) };
    client.call("agents.audio_cache.replace_file", &entry, &[], wav).await.unwrap();
    let part =
        |name: &str| Part { name: name.to_owned(), bytes: b"{}".to_vec(), ..Part::default() };
    let form = Body::Multipart(vec![part("file"), part("settings")]);
    client.call("agents.audio_cache.update_details", &entry, &[], form).await.unwrap();
    let requests = platform.requests.lock().unwrap();
    assert!(requests[0].headers.contains(&("X-Filename", "a.wav".to_owned())));
    let boundary = "multipart/form-data; boundary=perch-0000000000000064";
    assert!(requests[1].headers.contains(&("content-type", boundary.to_owned())));
}

#[tokio::test]
async fn answers_come_as_their_type_says() {
    let platform = Scripted::new();
    let client = Client::edge(platform.clone(), "");
    let path = [("agentId", "PROJECT-1"), ("conversationId", "CA7")];
    let kind = |kind: &'static str| [("content-type", kind), ("x-polyai-correlation-id", "c-1")];
    platform.answer_with(200, &kind("application/json"), r#"{"conversationId":"CA7","odd":1}"#);
    let answer = client.call("data.conversations.get", &path, &[], Body::Empty).await.unwrap();
    assert_eq!(answer.correlation_id.as_deref(), Some("c-1"));
    assert!(answer.body == AnswerBody::Json(json!({"conversationId": "CA7", "odd": 1})));

    platform.answer_with(200, &kind("audio/wav"), "RIFF");
    let answer = client.call("conversations.audio", &path, &[], Body::Empty).await.unwrap();
    assert!(answer.body == AnswerBody::Bytes(b"RIFF".to_vec()));

    let cases = [
        ("text/plain; charset=utf-8", "ok", AnswerBody::Text("ok".to_owned())),
        ("application/xml", "<ok/>", AnswerBody::Text("<ok/>".to_owned())),
        ("application/json", r#"{"ok":true}"#, AnswerBody::Json(json!({"ok": true}))),
        ("application/octet-stream", "\u{1}", AnswerBody::Bytes(vec![1])),
    ];
    for (content_type, text, expected) in cases {
        platform.answer_with(200, &kind(content_type), text);
        let rule = [("rule_id", "ar_1")];
        let answer = client.call("alerts.rules.delete", &rule, &[], Body::Empty).await.unwrap();
        assert!(answer.body == expected, "{content_type}");
    }

    platform.answer(200, "<html>canary-7");
    let error = client.call("conversations.get", &path, &[], Body::Empty).await.err().unwrap();
    assert!(
        matches!(error.failure, Failure::Decode(_)) && !format!("{error:?}").contains("canary")
    );
}

#[tokio::test]
async fn what_a_row_does_not_take_is_refused_before_anything_is_sent() {
    let platform = Scripted::new();
    let client = Client::edge(platform.clone(), "");
    let id = [("agentId", "PROJECT-1")];
    let long = "x".repeat(129);
    let big = Body::Wav { bytes: vec![0; 6 * 1024 * 1024 + 1], filename: None };
    let entry = [("agentId", "a"), ("entryId", "7")];
    let half = Body::Multipart(vec![Part { name: "file".to_owned(), ..Part::default() }]);
    let list = "agents.deployments.list";
    let cases: [(_, Pairs<'_>, Pairs<'_>, Body, &str); 16] = [
        ("agents.lits", &[], &[], Body::Empty, "operation agents.lits is unknown"),
        (list, &[], &[], Body::Empty, "path parameter agentId is missing"),
        (list, &[("agentId", "")], &[], Body::Empty, "path parameter agentId is missing"),
        (list, &[("agent", "a")], &[], Body::Empty, "path parameter agent is unknown (agentId)"),
        (
            list,
            &[("agentId", "a"), ("agentId", "b")],
            &[],
            Body::Empty,
            "path parameter agentId is given twice",
        ),
        (
            list,
            &[("agentId", "a/b")],
            &[],
            Body::Empty,
            r"path parameter agentId is not lawful (ASCII without spaces and / \ # ? @ ; %)",
        ),
        (
            list,
            &[("agentId", &long)],
            &[],
            Body::Empty,
            "path parameter agentId is too long (at most 128)",
        ),
        (list, &id, &[], Body::Empty, "query parameter environment is missing"),
        (
            list,
            &id,
            &[("env", "live")],
            Body::Empty,
            "query parameter env is unknown (environment, limit)",
        ),
        ("agents.delete", &id, &[], Body::Json(json!({})), "body is of another type"),
        ("agents.branches.create", &id, &[], Body::Empty, "body branchName is missing"),
        (
            "agents.branches.create",
            &id,
            &[],
            Body::Json(json!({"branchName": null})),
            "body branchName is missing",
        ),
        (
            "agents.deployments.publish",
            &id,
            &[],
            Body::Json(json!([])),
            "body is not lawful (a JSON object)",
        ),
        (
            "agents.deployments.publish",
            &id,
            &[],
            Body::Text("a".to_owned()),
            "body is of another type (application/json)",
        ),
        ("agents.audio_cache.replace_file", &entry, &[], big, "body is too long (at most 6291456)"),
        ("agents.audio_cache.update_details", &entry, &[], half, "body settings is missing"),
    ];
    for (id, path, query, body, expected) in cases {
        let error = client.call(id, path, query, body).await.err().unwrap();
        assert_eq!(input(&error).to_string(), expected);
        assert!(error.remedy().ends_with('.'));
    }
    assert!(platform.urls().is_empty());
}

#[tokio::test]
async fn a_missing_required_parameter_is_named() {
    let platform = Scripted::new();
    let client = Client::edge(platform.clone(), "");
    let spec = operation::by_id("external_events.webhook").unwrap();
    let query = lawful_query(spec);
    let mut query: Vec<_> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!((spec.required.len(), query.len()), (4, 4));
    query[2].1 = "";
    let error = client.call(spec.id, &[], &query, Body::Text("t".to_owned())).await.err().unwrap();
    assert_eq!(
        *input(&error),
        InputError {
            part: InputPart::Query,
            field: "account_id".to_owned(),
            fault: InputFault::Missing
        }
    );
    assert!(platform.urls().is_empty());
}

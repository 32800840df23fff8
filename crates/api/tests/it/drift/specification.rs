//! Against the vendor's own specifications.

use std::collections::BTreeSet;

use perch_api::operation;
use serde_json::Value;

use super::enums::{SHORTER, known};
use super::sample::{Schemas, assert_kept};
use super::{facts, list, text};
use crate::erased::{self, Erased};

/// The specifications; the two of the call gateway are not JSON and cover nothing else.
const FILES: &[&str] = &[
    "agents",
    "alerts",
    "chat",
    "concurrent-calls",
    "conversations-v1",
    "conversations-v3",
    "data",
    "debug-chat",
    "dni",
    "external-events",
    "handoff",
    "outbound",
    "webhooks",
];
/// Rows that no specification describes.
const UNSPECIFIED: &[&str] = &[
    "conversations.v2.list",  // prose: as version 3
    "messaging.access_token", // prose
    "messaging.sessions.create",
    "sms.send",           // prose
    "webrtc.health",      // the call gateway's own file
    "webrtc.ice_servers", // nowhere, used by the vendor's clients
];

/// Calls `check` for every operation of every specification that has a row.
pub(super) fn each(mut check: impl FnMut(&Erased, &Schemas<'_>, &Value, &[Value])) {
    let rows = erased::all();
    for file in FILES {
        let Some(document) = facts(&format!("openapi/{file}.json")) else { return };
        let schemas = Schemas(&document);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if !operation["responses"].is_object() {
                    continue;
                }
                let row = rows.iter().find(|row| {
                    row.spec.path == path && row.spec.method.as_str().eq_ignore_ascii_case(method)
                });
                let row = row.unwrap_or_else(|| panic!("{file}: {method} {path} has no row"));
                let shared = list(item, "parameters").iter().chain(list(operation, "parameters"));
                let parameters: Vec<_> =
                    shared.map(|parameter| schemas.resolve(parameter).clone()).collect();
                check(row, &schemas, operation, &parameters);
            }
        }
    }
}

#[test]
fn every_row_is_specified_or_known_not_to_be() {
    let mut seen = BTreeSet::new();
    each(|row, _, _, _| {
        seen.insert(row.spec.id);
    });
    if seen.is_empty() {
        return;
    }
    let missing: BTreeSet<_> =
        operation::all().map(|spec| spec.id).filter(|id| !seen.contains(id)).collect();
    assert_eq!(missing, UNSPECIFIED.iter().copied().collect());
}

#[test]
fn parameters_and_statuses_agree() {
    each(|row, schemas, operation, parameters| {
        let id = row.spec.id;
        let of =
            |place: &'static str| parameters.iter().filter(move |own| text(own, "in") == place);
        let path: BTreeSet<_> = of("path").map(|own| text(own, "name")).collect();
        let ours =
            row.spec.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(ours.collect::<BTreeSet<_>>(), path, "{id}");

        let query: BTreeSet<_> = of("query").map(|own| text(own, "name")).collect();
        let required =
            of("query").filter(|own| own["required"] == true).map(|own| text(own, "name"));
        assert_eq!(row.spec.query.iter().copied().collect::<BTreeSet<_>>(), query, "{id}");
        assert_eq!(
            row.spec.required.iter().copied().collect::<BTreeSet<_>>(),
            required.collect::<BTreeSet<_>>(),
            "{id}"
        );
        let credential = row.spec.credential.headers();
        for header in of("header").map(|own| text(own, "name")) {
            let is_ours = credential.iter().any(|own| own.eq_ignore_ascii_case(header))
                || (id == "agents.audio_cache.replace_file" && header == "X-Filename");
            assert!(is_ours, "{id}: {header}");
        }
        for own in of("query") {
            let schema = schemas.resolve(&own["schema"]);
            words_agree(id, text(own, "name"), schemas.resolve(schema));
        }

        let replies = operation["responses"].as_object().unwrap();
        let success: Vec<_> =
            replies.iter().filter(|(status, _)| status.starts_with('2')).collect();
        let [(status, reply)] = success.as_slice() else { panic!("{id}: one success") };
        assert_eq!(status.as_str(), row.spec.success.to_string(), "{id}");
        let kinds = schemas.resolve(reply)["content"].as_object();
        let kind = kinds.and_then(|kinds| kinds.keys().next());
        assert_eq!(row.spec.answers, kind.map(String::as_str), "{id}");
        let kinds = schemas.resolve(&operation["requestBody"])["content"].as_object();
        let sends = kinds
            .is_some_and(|kinds| kinds.keys().any(|kind| Some(kind.as_str()) == row.spec.sends));
        assert_eq!(sends, row.spec.sends.is_some(), "{id}");
    });
}

fn words_agree(id: &str, member: &str, schema: &Value) {
    let Some(words) = schema["enum"].as_array() else { return };
    let Some(ours) = known(id, member) else { return };
    let ours: BTreeSet<_> = ours.iter().copied().collect();
    let theirs: BTreeSet<_> = words.iter().filter_map(Value::as_str).collect();
    if SHORTER.contains(&(id, member)) {
        assert!(theirs.is_subset(&ours), "{id}: {member}");
    } else {
        assert_eq!(ours, theirs, "{id}: {member}");
    }
}

/// The word lists of a body, wherever they stand in it.
fn all_words_agree(id: &str, schemas: &Schemas<'_>, name: &str, schema: &Value) {
    let schema = schemas.resolve(schema);
    words_agree(id, name, schema);
    for (name, member, _) in schemas.members(schema) {
        all_words_agree(id, schemas, name, member);
    }
    if schema["items"].is_object() {
        all_words_agree(id, schemas, name, &schema["items"]);
    }
}

/// The JSON schema of a body, and its examples.
fn json_body<'a>(schemas: &Schemas<'a>, holder: &'a Value) -> Option<(&'a Value, Vec<&'a Value>)> {
    let content = &schemas.resolve(holder)["content"]["application/json"];
    let schema = content.get("schema")?;
    let mut examples: Vec<_> = content.get("example").into_iter().collect();
    let named = content["examples"].as_object().into_iter().flatten();
    examples.extend(named.map(|(_, example)| &schemas.resolve(example)["value"]));
    examples.extend(schemas.resolve(schema).get("example").filter(|own| own.is_object()));
    Some((schema, examples))
}

fn request(row: &Erased, body: &Value) -> Option<Value> {
    let written = (row.request)("application/json", body.to_string().as_bytes()).ok()?;
    Some(serde_json::from_slice(&written).unwrap())
}

#[test]
fn requests_keep_all_and_need_what_the_platform_needs() {
    each(|row, schemas, operation, _| {
        let id = row.spec.id;
        let Some((schema, examples)) = json_body(schemas, &operation["requestBody"]) else {
            return;
        };
        all_words_agree(id, schemas, "", schema);
        for whole in [true, false] {
            let body = schemas.body("", schema, whole);
            let read = request(row, &body).unwrap_or_else(|| panic!("{id} refuses {body}"));
            assert_kept(&body, &read, id);
        }
        for example in examples {
            let read = request(row, example).unwrap_or_else(|| panic!("{id} refuses {example}"));
            assert_kept(example, &read, id);
        }
        let whole = schemas.body("", schema, true);
        for (name, _, required) in schemas.members(schema) {
            let mut body = whole.clone();
            body.as_object_mut().unwrap().remove(name);
            assert_eq!(request(row, &body).is_none(), required, "{id} without {name}");
        }
    });
}

#[test]
fn answers_keep_all() {
    each(|row, schemas, operation, _| {
        let id = row.spec.id;
        let status = row.spec.success.to_string();
        let Some((schema, examples)) = json_body(schemas, &operation["responses"][status]) else {
            return;
        };
        all_words_agree(id, schemas, "", schema);
        let bodies = [true, false].map(|whole| schemas.body("", schema, whole));
        for body in bodies.iter().chain(examples) {
            let written = (row.response)(body.to_string().as_bytes())
                .unwrap_or_else(|fault| panic!("{id} refuses {body}: {fault}"));
            assert_kept(body, &serde_json::from_slice(&written).unwrap(), id);
        }
    });
}

#[test]
fn every_type_of_event_body_is_taken() {
    let Some(document) = facts("openapi/external-events.json") else { return };
    let row =
        erased::all().into_iter().find(|row| row.spec.id == "external_events.webhook").unwrap();
    let content = &document["paths"][row.spec.path]["post"]["requestBody"]["content"];
    let content = content.as_object().unwrap();
    assert_eq!(content.len(), 4);
    for (kind, body) in content {
        for (_, example) in body["examples"].as_object().into_iter().flatten() {
            let value = &example["value"];
            let bytes = match value {
                Value::String(text) => text.clone(),
                Value::Object(pairs) if kind.contains("form") => {
                    let pairs =
                        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
                    operation::query::write(pairs)
                }
                other => other.to_string(),
            };
            let written = (row.request)(kind, bytes.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), bytes, "{kind}");
        }
    }
}

//! Every shape of error body, as one type.

use perch_api::error::{CATALOGUE, ErrorBody, Repeat};
use serde_json::{Value, json};

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[test]
fn every_shape_gives_all_it_has() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/errors.json")).unwrap();
    for vector in vectors.as_array().unwrap() {
        let name = vector["name"].as_str().unwrap();
        let status = vector["status"].as_u64().unwrap() as u16;
        let body = text(&vector["body"]).unwrap_or_else(|| vector["body"].to_string());
        let read = ErrorBody::parse(status, body.as_bytes());
        assert_eq!(read.status, status, "{name}");
        assert_eq!(read.code, text(&vector["code"]), "{name}");
        assert_eq!(read.number().map(u64::from), vector["number"].as_u64(), "{name}");
        assert_eq!(read.message, text(&vector["message"]), "{name}");
        assert_eq!(read.correlation_id, text(&vector["correlation_id"]), "{name}");
        let fields: Vec<_> =
            read.fields.iter().map(|(field, fault)| json!([field, fault])).collect();
        assert_eq!(&fields, vector["fields"].as_array().unwrap_or(&Vec::new()), "{name}");
        let conflicts = vector["conflicts"].as_u64().unwrap_or(0);
        assert_eq!(read.conflicts.len() as u64, conflicts, "{name}");
        assert_eq!(format!("{:?}", read.kind()), vector["kind"], "{name}");
        assert_eq!(format!("{:?}", read.repeat()), vector["repeat"], "{name}");
        assert_eq!(read.remedy(), vector["remedy"], "{name}");
        for private in ["private words", "sk-live"] {
            assert!(!format!("{read:?}").contains(private), "{name}");
        }
    }
}

#[test]
fn every_code_of_the_catalogue_is_found_with_its_advice() {
    for entry in CATALOGUE {
        let body = json!({"success": false, "error_code": entry.code, "error_id": "c-1"});
        let read = ErrorBody::parse(entry.status, body.to_string().as_bytes());
        assert_eq!(read.catalogue_entry(), Some(entry));
        assert_eq!((read.number(), read.remedy()), (entry.number, entry.remedy), "{}", entry.code);
        assert_eq!(read.repeat(), entry.repeat, "{}", entry.code);
    }
    let again: Vec<_> =
        CATALOGUE.iter().filter(|entry| entry.repeat != Repeat::Never).map(|e| e.code).collect();
    assert_eq!(again, ["CHAT_TIMEOUT", "CHAT_DRAFT_DEPLOYMENT_FAILED"]);
}

#[test]
fn lists_and_texts_have_bounds() {
    let many = |item: Value, count: usize| Value::from(vec![item; count]);
    let detail = json!({"loc": ["body"], "msg": "no"});
    let fault = json!({"field": "a", "message": "no"});
    let body = json!({"detail": many(detail, 500), "errors": many(fault, 500)});
    assert_eq!(ErrorBody::parse(422, body.to_string().as_bytes()).fields.len(), 40);
    let conflict = json!({"path": ["a"], "type": "add"});
    let body = json!({"hasConflicts": true, "conflicts": many(conflict, 500)});
    assert_eq!(ErrorBody::parse(400, body.to_string().as_bytes()).conflicts.len(), 200);
    let long = "\u{7}x".repeat(1_000);
    let body = json!({"error_code": long, "error_id": long, "message": long,
        "errors": [{"field": long, "message": long}]});
    let read = ErrorBody::parse(400, body.to_string().as_bytes());
    let (field, fault) = &read.fields[0];
    for text in [read.code.as_ref().unwrap(), read.correlation_id.as_ref().unwrap(), field, fault] {
        assert_eq!(*text, "x".repeat(300));
    }
}

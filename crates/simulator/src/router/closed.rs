//! Bodies whose schema allows no fields besides its own.

use perch_api::operation::OperationSpec;
use serde_json::Value;

/// Those operations: `additionalProperties` is false in the vendor's files. (Alerts and webhooks are
/// checked member by member.)
const CLOSED: [&str; 13] = [
    "agents.create",
    "agents.duplicate",
    "agents.branches.create",
    "agents.branches.merge",
    "agents.attributes.create",
    "agents.attributes.update",
    "agents.behavior.update",
    "agents.kb.topics.create",
    "agents.kb.topics.update",
    "agents.variants.create",
    "agents.variants.update",
    "agents.deployments.promote",
    "agents.deployments.rollback",
];

/// The first field of `given` that is not in `known`, which is the same body written back.
pub(super) fn unknown_field(spec: &OperationSpec, given: &[u8], known: &[u8]) -> Option<String> {
    if !CLOSED.contains(&spec.id) {
        return None;
    }
    let read = |bytes| serde_json::from_slice(bytes).ok();
    let nullable = if spec.id == "agents.branches.merge" { RESOLUTION } else { "" };
    unknown(&read(given)?, &read(known)?, nullable)
}

/// A conflict may be resolved to nothing: the one null that is a value, and not written back.
const RESOLUTION: &str = "value";

fn unknown(given: &Value, known: &Value, nullable: &str) -> Option<String> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => {
            let mut written =
                given.iter().filter(|(name, value)| *name != nullable || !value.is_null());
            written.find_map(|(name, value)| match known.get(name) {
                Some(known) => unknown(value, known, nullable),
                None => Some(name.clone()),
            })
        }
        (Value::Array(given), Value::Array(known)) => {
            given.iter().zip(known).find_map(|(given, known)| unknown(given, known, nullable))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use perch_api::operation::by_id;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_closed_operation_exists() {
        for id in CLOSED {
            assert!(by_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn fields_are_found_at_any_depth() {
        let known = json!({"a": {"b": 1}, "list": [{"c": 1}]});
        assert_eq!(unknown(&known, &known, ""), None);
        assert_eq!(unknown(&json!({"a": {"value": null}}), &known, RESOLUTION), None);
        for (given, name) in [
            (json!({"x": 1}), "x"),
            (json!({"a": {"b": 1, "y": null}}), "y"),
            (json!({"list": [{"c": 1, "z": 1}]}), "z"),
        ] {
            assert_eq!(unknown(&given, &known, ""), Some(name.to_owned()));
        }
    }
}

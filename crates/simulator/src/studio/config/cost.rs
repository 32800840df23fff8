//! What a validation would take, before it is done: references let a small schema ask for more steps
//! than anybody can wait for, or for more nesting than a thread's stack holds.
//!
//! The walk goes wherever a validator of draft 7 may go, and further, since it stops at no failure.

use std::collections::HashSet;
use std::ptr;

use serde_json::{Map, Value};

/// Most schemas applied to values.
const STEPS: u32 = 500_000;
/// Deepest nesting of schemas applied to values; a validator's stack holds several times as much.
const DEPTH: usize = 500;

/// Rules whose schemas apply to the same value.
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SINGLES: [&str; 4] = ["not", "if", "then", "else"];

/// Whether `value` can be checked against `schema` with reason.
pub(super) fn is_reasonable(schema: &Value, value: &Value) -> bool {
    let mut walk = Walk { root: schema, steps: 0, open: HashSet::new() };
    walk.apply(schema, value).is_some()
}

struct Walk<'a> {
    root: &'a Value,
    steps: u32,
    /// What is being applied to what: a schema that comes back to itself ends there.
    open: HashSet<(*const Value, *const Value)>,
}

impl<'a> Walk<'a> {
    fn apply(&mut self, schema: &'a Value, value: &'a Value) -> Option<()> {
        let Value::Object(rules) = schema else { return Some(()) };
        self.steps += 1;
        if self.steps > STEPS || self.open.len() >= DEPTH {
            return None;
        }
        // A nested name of its own would make references mean other places.
        if rules.get("$id").is_some_and(Value::is_string) && !ptr::eq(schema, self.root) {
            return None;
        }
        let place = (ptr::from_ref(schema), ptr::from_ref(value));
        if !self.open.insert(place) {
            return Some(());
        }
        self.here(rules, value)?;
        self.members(rules, value)?;
        self.items(rules, value)?;
        self.open.remove(&place);
        Some(())
    }

    fn here(&mut self, rules: &'a Map<String, Value>, value: &'a Value) -> Option<()> {
        if let Some(reference) = rules.get("$ref").and_then(Value::as_str) {
            // Pointers into the schema itself, in their plain form, and nothing else.
            let pointer = reference.strip_prefix('#').filter(|pointer| !pointer.contains('%'))?;
            self.apply(self.root.pointer(pointer)?, value)?;
        }
        let listed = LISTS.iter().filter_map(|name| rules.get(*name)?.as_array()).flatten();
        let depending = rules.get("dependencies").and_then(Value::as_object);
        let same = listed
            .chain(SINGLES.iter().filter_map(|name| rules.get(*name)))
            .chain(depending.into_iter().flat_map(Map::values));
        for schema in same {
            self.apply(schema, value)?;
        }
        Some(())
    }

    fn members(&mut self, rules: &'a Map<String, Value>, value: &'a Value) -> Option<()> {
        let Value::Object(members) = value else { return Some(()) };
        let named = |rule: &str| rules.get(rule).and_then(Value::as_object);
        let own = named("properties");
        for (name, member) in members {
            let property = own.and_then(|own| own.get(name));
            let patterns = named("patternProperties").into_iter().flatten();
            let patterns = patterns.filter(|(pattern, _)| may_match(pattern, name));
            let patterns = patterns.map(|(_, schema)| schema);
            let rest = rules.get("additionalProperties").filter(|_| property.is_none());
            let spelling = rules.get("propertyNames");
            for schema in property.into_iter().chain(patterns).chain(rest).chain(spelling) {
                self.apply(schema, member)?;
            }
        }
        Some(())
    }

    fn items(&mut self, rules: &'a Map<String, Value>, value: &'a Value) -> Option<()> {
        let Value::Array(items) = value else { return Some(()) };
        if let Some(Value::Array(schemas)) = rules.get("items") {
            for (schema, item) in schemas.iter().zip(items) {
                self.apply(schema, item)?;
            }
        }
        let rest = ["items", "additionalItems", "contains"];
        for schema in rest.iter().filter_map(|name| rules.get(*name)) {
            for item in items {
                self.apply(schema, item)?;
            }
        }
        Some(())
    }
}

/// Whether a pattern may match: only plain beginnings are told apart.
fn may_match(pattern: &str, name: &str) -> bool {
    let plain = |text: &&str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    pattern.strip_prefix('^').filter(plain).is_none_or(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Definitions of which each asks for the next one so many times.
    fn doubling(levels: usize, times: usize, last: &Value) -> Value {
        let ask = |next: usize| json!({ "$ref": format!("#/definitions/d{next}") });
        let all =
            |level: usize| (format!("d{level}"), json!({ "allOf": vec![ask(level + 1); times] }));
        let mut definitions: Map<_, _> = (0..levels).map(all).collect();
        definitions.insert(format!("d{levels}"), last.clone());
        json!({ "definitions": definitions, "allOf": [ask(0)] })
    }

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!({}), |inner, _| json!({ "a": inner }))
    }

    #[test]
    fn what_people_write_is_reasonable() {
        let tree = json!({
            "$id": "http://fernhill.example/tree",
            "properties": { "a": { "$ref": "#" }, "list": { "items": [{ "$ref": "#/definitions/word" }] } },
            "patternProperties": { "^x": { "anyOf": [{ "type": "string" }, { "$ref": "#" }] } },
            "additionalProperties": true,
            "dependencies": { "a": ["list"], "list": { "required": ["a"] } },
            "definitions": { "word": { "type": "string", "not": { "const": "" } } },
        });
        assert!(is_reasonable(&tree, &json!({ "a": nested(90), "list": ["x"], "x1": nested(20) })));
        assert!(is_reasonable(&json!({ "allOf": [{ "$ref": "#" }] }), &nested(5)), "a circle ends");
        assert!(is_reasonable(&json!({ "items": { "type": "number" } }), &json!(vec![1; 10_000])));
    }

    #[test]
    fn what_never_ends_is_not() {
        assert!(is_reasonable(&doubling(10, 2, &json!({})), &json!({})));
        assert!(!is_reasonable(&doubling(40, 2, &json!({})), &json!({})), "too many steps");
        let again = json!({ "properties": { "a": { "$ref": "#/definitions/d0" } } });
        assert!(!is_reasonable(&doubling(1, 2, &again), &nested(100)), "twice for each level");
        assert!(is_reasonable(&doubling(9, 1, &again), &nested(20)));
        assert!(!is_reasonable(&doubling(9, 1, &again), &nested(100)), "too deep for a stack");
        for odd in [
            json!({ "$ref": "http://json-schema.org/draft-07/schema#" }),
            json!({ "$ref": "#word" }),
            json!({ "$ref": "#/a%62" }),
            json!({ "allOf": [{ "$id": "http://x.example/" }] }),
        ] {
            assert!(!is_reasonable(&odd, &json!({})), "{odd}");
        }
    }
}

//! Bodies made from a schema, and what becomes of them.

use serde_json::{Map, Value, json};

/// A document and the place of its shared schemas.
pub(super) struct Schemas<'a>(pub(super) &'a Value);

impl<'a> Schemas<'a> {
    /// Follows a reference to its end.
    pub(super) fn resolve(&self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(place) => self.resolve(self.0.pointer(place.trim_start_matches('#')).unwrap()),
            None => value,
        }
    }

    /// Members of an object schema with whether each is required, shared parts included.
    pub(super) fn members(&self, schema: &'a Value) -> Vec<(&'a str, &'a Value, bool)> {
        let schema = self.resolve(schema);
        let mut members = Vec::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            members.extend(self.members(part));
        }
        let required = |name: &str| {
            schema["required"].as_array().is_some_and(|names| names.iter().any(|own| own == name))
        };
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            members.push((name.as_str(), self.resolve(member), required(name)));
        }
        members
    }

    /// A body that fits the schema; with `whole`, every optional member is there.
    pub(super) fn body(&self, name: &str, schema: &'a Value, whole: bool) -> Value {
        let schema = self.resolve(schema);
        let members = self.members(schema);
        if !members.is_empty() {
            let members = members.into_iter().filter(|(_, _, required)| whole || *required);
            return members
                .map(|(name, member, _)| (name.to_owned(), self.body(name, member, whole)))
                .collect::<Map<_, _>>()
                .into();
        }
        if let Some(first) = schema["enum"].get(0) {
            return first.clone();
        }
        let example = &schema["example"];
        match kind(schema) {
            "array" => json!([self.body(name, &schema["items"], whole)]),
            "object" => match schema.get("additionalProperties").filter(|own| own.is_object()) {
                Some(values) => json!({ "key": self.body(name, values, whole) }),
                None => json!({}),
            },
            "integer" if example.is_i64() => example.clone(),
            "integer" => json!(7),
            // A count, whatever its type says.
            "number" if name.ends_with("Count") => json!(7),
            "number" => json!(1.5),
            "boolean" => json!(true),
            _ if example.is_string() => example.clone(),
            _ => json!(text(name, schema)),
        }
    }
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds[0].as_str().unwrap_or_default(),
        _ => schema["oneOf"].get(0).map_or("", kind),
    }
}

fn text(name: &str, schema: &Value) -> &'static str {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    match schema["format"].as_str().unwrap_or_default() {
        "date-time" => "2026-09-01T10:00:00Z",
        "uri" => "https://pager.example/hook",
        _ if pattern.contains("ar_") => "ar_1",
        _ if pattern.contains("whe_") => "whe_1",
        _ if ["phoneNumber", "phoneNumbers", "number"].contains(&name) => "+447700900123",
        // Typed as plain text, and still one of three words.
        _ if ["environment", "clientEnv"].contains(&name) => "sandbox",
        _ => "text-1",
    }
}

/// Fails unless everything in `sent` is in `read`: a null may be absent, and numbers compare by value.
pub(super) fn assert_kept(sent: &Value, read: &Value, place: &str) {
    match (sent, read) {
        (Value::Object(sent), _) => {
            for (name, value) in sent {
                assert_kept(value, &read[name.as_str()], &format!("{place}/{name}"));
            }
        }
        (Value::Array(sent), Value::Array(read)) => {
            assert_eq!(sent.len(), read.len(), "{place}");
            for (at, (sent, read)) in sent.iter().zip(read).enumerate() {
                assert_kept(sent, read, &format!("{place}/{at}"));
            }
        }
        (Value::Number(sent), Value::Number(read)) => {
            assert_eq!(sent.as_f64(), read.as_f64(), "{place}");
        }
        _ => assert_eq!(sent, read, "{place}"),
    }
}

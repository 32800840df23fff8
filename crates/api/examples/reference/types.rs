//! Types in words and tables.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Every type by its key.
pub(crate) struct Types(Map<String, Value>);

/// A text that fits into a table.
pub(crate) fn cell(text: &str) -> String {
    let text = text.replace("[`", "`").replace("`]", "`").replace('|', "\\|");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Types {
    pub(crate) fn new(types: Map<String, Value>) -> Self {
        Self(types)
    }

    /// Rows of a table: name, `place` of the name, type, meaning.
    pub(crate) fn fields(&self, schema: &Value, place: impl Fn(&str) -> String) -> String {
        let schema = reference(schema).and_then(|key| self.0.get(key)).unwrap_or(schema);
        let Some(fields) = schema.get("properties").and_then(Value::as_object) else {
            return String::new();
        };
        let row = |(name, field): (&String, &Value)| {
            let (kind, doc) = (self.name(field), cell(description(field)));
            format!("| `{name}` | {} | {kind} | {doc} |\n", place(name))
        };
        fields.iter().map(row).collect()
    }

    /// A type in words, with links to those that have a heading of their own.
    pub(crate) fn name(&self, schema: &Value) -> String {
        if let Some(key) = reference(schema) {
            return match self.0.get(key) {
                Some(named) if has_heading(named) => {
                    let name = self.title(key);
                    format!("[{name}](#{})", name.to_lowercase())
                }
                Some(named) => self.name(named),
                None => "any".to_owned(),
            };
        }
        if let Some(kind) = schema.get("x-binary").and_then(Value::as_str) {
            return format!("bytes of `{kind}`");
        }
        if let Some(parts) = schema.get("x-form").and_then(Value::as_object) {
            let parts = parts.iter().map(|(name, part)| format!("`{name}`: {}", self.name(part)));
            let parts = parts.collect::<Vec<_>>().join(", ");
            return if parts.is_empty() { "form".to_owned() } else { format!("form of {parts}") };
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(parts) = schema.get(keyword).and_then(Value::as_array) {
                let mut parts: Vec<_> = parts.iter().map(|part| self.name(part)).collect();
                parts.dedup();
                parts.retain(|part| !part.is_empty());
                return parts.join(if keyword == "allOf" { " and " } else { " or " });
            }
        }
        if let Some(words) = schema.get("x-known").and_then(Value::as_array) {
            return format!("{}, or another word", ticked(words));
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            return ticked(words);
        }
        if let Some(word) = schema.get("const") {
            return ticked(std::slice::from_ref(word));
        }
        let kinds = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind.as_str()],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => return "any".to_owned(),
        };
        let kinds =
            kinds.into_iter().filter(|kind| *kind != "null" || schema.get("x-nullable").is_some());
        kinds.map(|kind| self.kind(kind, schema)).collect::<Vec<_>>().join(" or ")
    }

    /// The types that `roots` use, directly or not, each with a heading.
    pub(crate) fn section<'a>(&'a self, roots: impl Iterator<Item = &'a Value>) -> String {
        let headings: BTreeSet<_> =
            self.reached(roots).into_iter().map(|key| (self.title(key), key)).collect();
        let mut text = String::new();
        for (title, key) in headings {
            let Some(schema) = self.0.get(key).filter(|schema| has_heading(schema)) else {
                continue;
            };
            if text.is_empty() {
                text += "\n## Types\n";
            }
            let required = schema.get("required").and_then(Value::as_array);
            let is_answer = schema.get("x-lenient").is_some();
            let need = |name: &str| {
                let is_required = required.is_some_and(|all| all.iter().any(|own| own == name));
                if is_required && !is_answer { "yes".to_owned() } else { String::new() }
            };
            text += &format!("\n### {title}\n\n");
            let doc = description(schema).replace("[`", "`").replace("`]", "`");
            if !doc.is_empty() {
                text += &format!("{doc}\n\n");
            }
            let fields = self.fields(schema, need);
            if fields.is_empty() {
                text += &format!("{}\n", self.name(schema));
            } else {
                text += &format!(
                    "| Field | Required | Type | Meaning |\n| --- | --- | --- | --- |\n{fields}"
                );
            }
        }
        text
    }

    fn kind(&self, kind: &str, schema: &Value) -> String {
        match kind {
            "array" => {
                let item = schema.get("items").map_or("any".to_owned(), |item| self.name(item));
                format!("list of {item}")
            }
            "object" if schema.get("properties").is_some() => {
                let fields = schema.get("properties").and_then(Value::as_object);
                let fields = fields.into_iter().flatten();
                let fields = fields.map(|(name, field)| format!("`{name}`: {}", self.name(field)));
                format!("object of {}", fields.collect::<Vec<_>>().join(", "))
            }
            "object" => match schema.get("additionalProperties") {
                Some(value @ Value::Object(_)) => format!("map to {}", self.name(value)),
                _ => "object".to_owned(),
            },
            "integer" => "whole number".to_owned(),
            other => other.to_owned(),
        }
    }

    /// The generator tells types of one name apart by a number; a page needs it where both are on it.
    fn title<'a>(&self, key: &'a str) -> &'a str {
        let bare = key.trim_end_matches(|c: char| c.is_ascii_digit());
        if self.0.contains_key(bare) && bare != key { key } else { bare }
    }

    fn reached<'a>(&'a self, roots: impl Iterator<Item = &'a Value>) -> BTreeSet<&'a str> {
        let (mut found, mut open) = (BTreeSet::new(), roots.collect::<Vec<_>>());
        while let Some(value) = open.pop() {
            if let Some(key) = reference(value)
                && found.insert(key)
            {
                open.extend(self.0.get(key));
            }
            match value {
                Value::Array(list) => open.extend(list),
                Value::Object(fields) => open.extend(fields.values()),
                _ => {}
            }
        }
        found
    }
}

/// Objects have one; words and texts are told where they are used.
fn has_heading(schema: &Value) -> bool {
    schema.get("properties").is_some()
        || schema.get("anyOf").is_some()
        || schema.get("oneOf").is_some()
}

fn description(schema: &Value) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

fn ticked(words: &[Value]) -> String {
    let words =
        words.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned));
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

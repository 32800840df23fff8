//! JSON schemas as TypeScript.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::reference;

/// Writes types in terms of named ones.
pub(crate) struct Renderer<'a> {
    /// Names by key.
    pub(crate) names: &'a BTreeMap<String, String>,
    /// Whether a null must be asked for: true for what callers hand over.
    pub(crate) strict: bool,
}

/// A comment for readers of the types.
pub(crate) fn comment(text: &str, indent: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String = lines
                .iter()
                .map(|line| format!("{indent} * {line}\n").replace(" \n", "\n"))
                .collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

impl Renderer<'_> {
    /// A declaration of its own.
    pub(crate) fn declaration(&self, name: &str, schema: &Value) -> String {
        let doc = comment(schema.get("description").and_then(Value::as_str).unwrap_or(""), "");
        let text = self.inline(schema, "");
        if text.starts_with('{') && text.ends_with('}') && schema.get("anyOf").is_none() {
            format!("\n{doc}export interface {name} {text}\n")
        } else {
            format!("\n{doc}export type {name} = {text};\n")
        }
    }

    /// A type, as it stands behind a colon.
    pub(crate) fn inline(&self, schema: &Value, indent: &str) -> String {
        if let Some(name) = reference(schema).and_then(|key| self.names.get(key)) {
            return name.clone();
        }
        let Value::Object(schema) = schema else { return "unknown".to_owned() };
        if schema.contains_key("x-binary") {
            return if self.strict { "Binary" } else { "Uint8Array" }.to_owned();
        }
        if schema.contains_key("x-form") {
            return "Form".to_owned();
        }
        for (keyword, glue) in [("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")] {
            if let Some(parts) = schema.get(keyword).and_then(Value::as_array) {
                let mut parts: Vec<_> =
                    parts.iter().map(|part| self.inline(part, indent)).collect();
                if parts.iter().any(|part| part == "unknown") && glue == " | " {
                    // It would swallow the others, which are worth knowing.
                    parts.retain(|part| part != "unknown");
                    parts.push("Json".to_owned());
                }
                parts.dedup();
                return parts.join(glue);
            }
        }
        if let Some(known) = schema.get("x-known").and_then(Value::as_array) {
            let words: Vec<_> = known.iter().map(Value::to_string).collect();
            // The last member lets other words through and keeps the known ones in completions.
            return format!("{} | (string & {{}})", words.join(" | "));
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            return words.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
        }
        if let Some(word) = schema.get("const") {
            return word.to_string();
        }
        match schema.get("type") {
            Some(Value::String(kind)) => self.kind(kind, schema, indent),
            Some(Value::Array(kinds)) => {
                let kinds = kinds.iter().filter_map(Value::as_str);
                kinds.map(|kind| self.kind(kind, schema, indent)).collect::<Vec<_>>().join(" | ")
            }
            _ => "unknown".to_owned(),
        }
    }

    fn kind(&self, kind: &str, schema: &Map<String, Value>, indent: &str) -> String {
        match kind {
            "integer" => "number".to_owned(),
            "array" => {
                let item = schema
                    .get("items")
                    .map_or("unknown".to_owned(), |item| self.inline(item, indent));
                if item.contains(' ') { format!("({item})[]") } else { format!("{item}[]") }
            }
            "object" => self.object(schema, indent),
            other => other.to_owned(),
        }
    }

    fn object(&self, schema: &Map<String, Value>, indent: &str) -> String {
        let fields = schema.get("properties").and_then(Value::as_object);
        let others =
            schema.get("additionalProperties").filter(|others| **others != Value::Bool(false));
        let Some(fields) = fields.filter(|fields| !fields.is_empty()) else {
            let value = others.map_or("never".to_owned(), |others| self.inline(others, indent));
            return format!("Record<string, {value}>");
        };
        let lenient = schema.contains_key("x-lenient");
        let required = schema.get("required").and_then(Value::as_array);
        let deeper = format!("{indent}  ");
        let mut text = String::from("{\n");
        for (name, field) in fields {
            let is_required = required.is_some_and(|names| names.iter().any(|own| own == name));
            text +=
                &comment(field.get("description").and_then(Value::as_str).unwrap_or(""), &deeper);
            let mut value = self.inline(field, &deeper);
            if self.strict && field.get("x-nullable").is_none() {
                value = value.trim_end_matches(" | null").to_owned();
            } else if lenient && !value.ends_with("null") && value != "unknown" {
                value += " | null";
            }
            let mark = if is_required { "" } else { "?" };
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let name = if plain { name.clone() } else { Value::from(name.as_str()).to_string() };
            text += &format!("{deeper}{name}{mark}: {value};\n");
        }
        if others.is_some() {
            text += &format!("{deeper}[name: string]: unknown;\n");
        }
        text + indent + "}"
    }
}

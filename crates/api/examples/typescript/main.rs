//! Prints the TypeScript types of all operations, from the declarations that send and read them.
//!
//! `cargo xtask types --accept` writes them to `crates/js/npm/operations.d.ts`.

#![allow(clippy::format_push_string, reason = "a generator that runs once: shorter to read")]

mod render;

use std::collections::{BTreeMap, BTreeSet};

use perch_api::operation::{self, Operation, OperationSpec, QueryParams as _, Visitor};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

use render::{Renderer, comment};

fn main() {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut table = Table { generator, rows: Vec::new(), homes: BTreeMap::new() };
    operation::visit(&mut table);
    print!("{}", table.write());
}

/// One operation with the schemas of its four types.
struct Row {
    spec: &'static OperationSpec,
    path: Value,
    query: Value,
    body: Option<Value>,
    answer: Option<Value>,
}

struct Table {
    generator: SchemaGenerator,
    rows: Vec<Row>,
    /// The operation in which a type was first met, by the type's key.
    homes: BTreeMap<String, &'static str>,
}

impl Visitor for Table {
    fn visit<O: Operation>(&mut self) {
        let spec = O::SPEC;
        let row = Row {
            spec,
            path: self.generator.subschema_for::<O::Path>().to_value(),
            query: self.generator.subschema_for::<O::Query>().to_value(),
            body: spec.sends.map(|_| self.generator.subschema_for::<O::Request>().to_value()),
            answer: spec.answers.map(|_| self.generator.subschema_for::<O::Response>().to_value()),
        };
        if let Some(name) = reference(&row.query) {
            // Their fields are optional in Rust; a call without them is refused before it is sent.
            self.require(name, O::Query::REQUIRED);
        }
        self.rows.push(row);
        for key in self.generator.definitions().keys() {
            self.homes.entry(key.clone()).or_insert(spec.id);
        }
    }
}

impl Table {
    fn require(&mut self, name: &str, required: &[&str]) {
        let query = self.generator.definitions_mut().get_mut(name).and_then(Value::as_object_mut);
        if let (Some(query), false) = (query, required.is_empty()) {
            query.insert("required".to_owned(), required.iter().copied().collect());
        }
    }

    fn write(mut self) -> String {
        let types = self.generator.take_definitions(true);
        let given = reached(&types, self.rows.iter().flat_map(Row::given));
        let answered = reached(&types, self.rows.iter().filter_map(|row| row.answer.as_ref()));
        let names = names(&types, &self.homes);
        let of = |strict| Renderer { names: &names, strict };

        let mut text = String::from(
            "// Written by `cargo xtask types --accept` from the table of operations. Do not edit.\n\n\
             import type { Binary, Form, Json } from \"./values.js\";\n",
        );
        text += "\n/** Every operation by its id: what it takes and what it answers. */\n";
        text += "export interface Operations {\n";
        for Row { spec, path, query, body, answer } in &self.rows {
            text += &comment(&format!("{}\n\nSource: {}", spec.doc.trim(), spec.page()), "  ");
            text += &format!("  \"{}\": {{\n", spec.id);
            for (name, word) in [
                ("method", spec.method.as_str()),
                ("host", spec.host.as_str()),
                ("credential", spec.credential.as_str()),
                ("retry", spec.retry.as_str()),
                ("safety", spec.safety.as_str()),
                ("audience", spec.audience.as_str()),
            ] {
                text += &format!("    {name}: \"{word}\";\n");
            }
            let some = |schema: &Option<Value>, strict| {
                schema.as_ref().map_or("undefined".to_owned(), |own| of(strict).inline(own, "    "))
            };
            text += &format!("    path: {};\n", of(true).inline(path, "    "));
            text += &format!("    query: {};\n", of(true).inline(query, "    "));
            text += &format!("    body: {};\n", some(body, true));
            text += &format!("    answer: {};\n", some(answer, false));
            if let Some(row) = spec
                .list()
                .zip(answer.as_ref())
                .map(|(list, answer)| row_of(&types, answer, list.member))
            {
                text += &format!("    row: {};\n", of(false).inline(row, "    "));
            }
            text += "  };\n";
        }
        for (alias, id) in operation::ALIASES {
            text += &comment(&format!("Another name of `{id}`."), "  ");
            text += &format!("  \"{alias}\": Operations[\"{id}\"];\n");
        }
        text += "}\n";
        for (key, schema) in &types {
            let strict = given.contains(key) && !answered.contains(key);
            if let Some(name) = names.get(key) {
                text += &of(strict).declaration(name, schema);
            }
        }
        text
    }
}

impl Row {
    /// What a caller hands over.
    fn given(&self) -> impl Iterator<Item = &Value> {
        [&self.path, &self.query].into_iter().chain(&self.body)
    }
}

/// The schema of one row of an answer that is a list, or has one under `member`.
fn row_of<'a>(types: &'a Map<String, Value>, answer: &'a Value, member: Option<&str>) -> &'a Value {
    let resolved =
        |schema: &'a Value| reference(schema).and_then(|key| types.get(key)).unwrap_or(schema);
    let list = match member {
        Some(member) => &resolved(answer)["properties"][member],
        None => answer,
    };
    let row = &resolved(list)["items"];
    assert!(!row.is_null(), "a list has items: {list}");
    row
}

/// The keys of all types that are mentioned by `roots`, directly or not.
fn reached<'a>(
    types: &'a Map<String, Value>,
    roots: impl Iterator<Item = &'a Value>,
) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), roots.collect::<Vec<_>>());
    while let Some(value) = open.pop() {
        if let Some(key) = reference(value)
            && found.insert(key.to_owned())
        {
            open.extend(types.get(key));
        }
        match value {
            Value::Array(list) => open.extend(list),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    found
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

/// A name for every type: its own, or with its home before it where several types share one.
fn names(
    types: &Map<String, Value>,
    homes: &BTreeMap<String, &'static str>,
) -> BTreeMap<String, String> {
    // The generator tells types of one name apart by a number.
    let base = |key: &str| {
        let bare = key.trim_end_matches(|c: char| c.is_ascii_digit());
        if types.contains_key(bare) { bare.to_owned() } else { key.to_owned() }
    };
    let mut shared = BTreeMap::<String, usize>::new();
    for key in types.keys() {
        *shared.entry(base(key)).or_default() += 1;
    }
    let name = |key: &String| {
        let base = base(key);
        if shared.get(&base) == Some(&1) {
            return base;
        }
        let home = homes.get(key).and_then(|id| id.rsplit_once('.')).map_or("", |(home, _)| home);
        let pascal = home.split(['.', '_']).map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            first.to_uppercase() + rest
        });
        pascal.collect::<String>() + &base
    };
    types.keys().map(|key| (key.clone(), name(key))).collect()
}

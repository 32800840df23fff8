//! Prints what request bodies cannot do without, from the declarations that write them.
//!
//! `cargo xtask needs --accept` writes it to `crates/api/needs.txt`, to which the rows are held.

use perch_api::operation::{self, Operation, Visitor};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

fn main() {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut table = Table { generator, rows: Vec::new() };
    operation::visit(&mut table);
    let types = table.generator.take_definitions(true);
    println!(
        "# What request bodies cannot do without: operation, and members from the outside in."
    );
    println!("# Written by `cargo xtask needs --accept` from the declarations. Do not edit.");
    for (id, body) in &table.rows {
        let mut names = Vec::new();
        walk(&types, body, "", &mut Vec::new(), &mut names);
        if !names.is_empty() {
            println!("{id} {}", names.join(" "));
        }
    }
}

/// The bodies by operation.
struct Table {
    generator: SchemaGenerator,
    rows: Vec<(&'static str, Value)>,
}

impl Visitor for Table {
    fn visit<O: Operation>(&mut self) {
        let own = O::SPEC.sends.map(|_| self.generator.subschema_for::<O::Request>().to_value());
        self.rows.extend(own.map(|body| (O::SPEC.id, body)));
    }
}

/// Adds the names below `schema`, which stands at `place`, from the outside in.
fn walk<'a>(
    types: &'a Map<String, Value>,
    schema: &'a Value,
    place: &str,
    within: &mut Vec<&'a str>,
    names: &mut Vec<String>,
) {
    if let Some(key) = schema.get("$ref").and_then(Value::as_str) {
        let key = key.trim_start_matches("#/$defs/");
        if let (Some(own), false) = (types.get(key), within.contains(&key)) {
            within.push(key);
            walk(types, own, place, within, names);
            within.pop();
        }
        return;
    }
    if let Some(ways) = schema.get("anyOf").and_then(Value::as_array) {
        // Of several ways each has needs of its own; of one that may be null there is one.
        let mut ways = ways.iter().filter(|way| way.get("type") != Some(&"null".into()));
        if let (Some(only), None) = (ways.next(), ways.next()) {
            walk(types, only, place, within, names);
        }
        return;
    }
    if let Some(items) = schema.get("items") {
        return walk(types, items, &format!("{place}[]"), within, names);
    }
    let form = schema.get("x-form").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    let fields = form.or_else(|| schema.get("properties").and_then(Value::as_object));
    for (name, field) in fields.into_iter().flatten() {
        let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        let is_needed = |names: &Vec<Value>| names.iter().any(|own| own == name);
        if form.is_some() || required.is_some_and(is_needed) {
            names.push(place.clone());
        }
        // The parts of a form are documents of their own.
        if form.is_none() {
            walk(types, field, &place, within, names);
        }
    }
}

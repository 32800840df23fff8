//! The tables against the facts they were made from, both ways.
//!
//! The facts are no part of this repository. They are looked for in `shared/polyai` beside the checkout,
//! or where `PERCH_ORACLE` points; without them these tests say so in a line and pass.

mod enums;
mod events;
mod facts;
mod limits;
mod listing;
mod sample;
mod specification;

use std::fs;
use std::path::PathBuf;

use perch_api::operation::{self, ALIASES, OperationSpec};
use serde_json::Value;

/// A file of facts, or nothing where there are none.
fn facts(name: &str) -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/polyai");
    let folder =
        std::env::var_os("PERCH_ORACLE").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no facts in {}", folder.display());
        return None;
    }
    let text =
        fs::read_to_string(folder.join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    Some(serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}")))
}

/// The row for an id or one of its aliases.
fn row(id: &str) -> Option<&'static OperationSpec> {
    operation::by_id(id)
}

/// The id under which a row stands.
fn canonical(id: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id, |(_, id)| id)
}

/// A member as text; empty when it is none.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// A member as a list; empty when it is none.
fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

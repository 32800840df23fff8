//! The list of the worker's own routes, made by asking the router itself.
//!
//! Addresses are taken from the router's source, so that none is forgotten; which of them is a route, and
//! for which methods, the router says. After a deliberate change:
//! `PERCH_UPDATE=1 cargo test -p perch-edge-worker --test routes`
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use perch_edge_worker::router::{Method, Route, Target, route};

const METHODS: [Method; 7] = [
    Method::Get,
    Method::Head,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
    Method::Options,
];
/// Stands for an id that every route takes.
const ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

const HEAD: &str =
    "# Written by a test (see edge-worker/tests/routes.rs). plane | path | methods\n";

fn source() -> &'static str {
    let whole = include_str!("../src/router.rs");
    whole.split("#[cfg(test)]").next().unwrap()
}

/// Every text in the source that may be a path, or a part of one before or after an id.
fn literals() -> BTreeSet<&'static str> {
    source().split('"').skip(1).step_by(2).filter(|text| text.starts_with('/')).collect()
}

fn candidates() -> BTreeSet<String> {
    let (open, whole): (BTreeSet<_>, BTreeSet<_>) =
        literals().into_iter().partition(|text| text.len() > 1 && text.ends_with('/'));
    let mut found: BTreeSet<String> = whole.iter().map(|path| (*path).to_owned()).collect();
    for start in &open {
        found.insert((*start).to_owned());
        found.insert(format!("{start}{ID}"));
        found.extend(whole.iter().map(|end| format!("{start}{ID}{end}")));
    }
    found
}

/// Paths with what they are and the methods they take.
fn routes() -> BTreeMap<String, (String, Vec<&'static str>)> {
    let mut routes = BTreeMap::new();
    for path in candidates() {
        let url = format!("https://edge.test{path}");
        let target = Target::parse(&url).unwrap();
        for method in METHODS {
            let Ok(found) = route(method, &target) else { continue };
            // Operations of the platform have a list of their own.
            if matches!(found, Route::Asset | Route::Api { .. }) {
                continue;
            }
            let kind = format!("{found:?}");
            let row = routes.entry(path.clone()).or_insert_with(|| (kind.clone(), vec![]));
            if row.0 == "Preflight" {
                row.0 = kind;
            }
            row.1.push(method.as_str());
        }
    }
    routes
}

fn plane(path: &str) -> &str {
    match path.split('/').nth(1) {
        Some(first @ ("visitor" | "operator" | "site")) => first,
        _ => "open",
    }
}

#[test]
fn t21_the_list_of_routes_is_current() {
    let lines = routes().into_iter().map(|(path, (_, methods))| {
        format!("{} {} {}\n", plane(&path), path.replace(ID, "{id}"), methods.join(" "))
    });
    let now: String = [HEAD.to_owned()].into_iter().chain(lines).collect();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/routes.txt");
    if std::env::var_os("PERCH_UPDATE").is_some() {
        std::fs::write(file, &now).unwrap();
    }
    let then = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(then, now, "PERCH_UPDATE=1 accepts the new list, and review it");
}

#[test]
fn t21_the_list_leaves_no_route_out() {
    let shown: Vec<String> = routes().into_values().map(|(kind, _)| kind).collect();
    for name in ["Visitor", "Operator"] {
        let (_, rest) = source().split_once(&format!("pub enum {name} {{")).unwrap();
        let variants: Vec<&str> = rest
            .split('}')
            .next()
            .unwrap()
            .lines()
            .map(|line| line.trim().trim_end_matches(','))
            .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
            .collect();
        assert!(!variants.is_empty());
        for variant in variants {
            let kind = format!("{name}({variant})");
            assert!(shown.contains(&kind), "no address of {kind}");
        }
    }
}

//! The arrows of ARCHITECTURE.md: which member may use which.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// Member and the members it may use; dev-dependencies are free.
const ARROWS: [(&str, &[&str]); 17] = [
    ("perch-api", &["perch-json"]),
    ("perch-client", &["perch-api"]),
    ("perch-figures", &[]),
    ("perch-json", &[]),
    ("perch-ui", &[]),
    ("perch-widget", &["perch-ui", "perch-client", "perch-api"]),
    ("perch-console", &["perch-ui", "perch-client", "perch-api"]),
    ("perch-edge-worker", &["perch-api"]),
    ("perch-js", &["perch-client", "perch-api", "perch-js-shared"]),
    ("perch-js-chat", &["perch-client", "perch-api"]),
    ("perch-js-explain", &["perch-api"]),
    ("perch-js-shared", &["perch-client", "perch-api"]),
    ("perch-js-sign", &["perch-api", "perch-js-shared"]),
    ("perch-js-stream", &["perch-client", "perch-api", "perch-js-shared"]),
    ("perch-simulator", &["perch-api"]),
    ("perch-tests", &["perch-api", "perch-client", "perch-simulator"]),
    ("xtask", &[]),
];

/// All that `perch-api` may take from outside: data, errors and cryptography; no I/O, no clock, no dice.
const API_PARTS: [&str; 12] = [
    "base64",
    "hmac",
    "miniz_oxide",
    "perch-json",
    // Optional, for generators of types; in no product.
    "schemars",
    "serde",
    "serde_json",
    "sha1",
    "sha2",
    "subtle",
    "thiserror",
    "zeroize",
];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(super::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Names of the dependencies that end up in the product.
fn dependencies(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|other| other["kind"] != "dev").map(|other| text(&other["name"])).collect()
}

#[test]
fn members_use_only_what_the_arrows_allow() {
    let arrows = BTreeMap::from(ARROWS);
    for package in packages() {
        let name = text(&package["name"]);
        let Some(allowed) = arrows.get(name) else { panic!("{name} is missing in ARROWS") };
        for other in dependencies(&package) {
            let member = arrows.contains_key(other);
            assert!(!member || allowed.contains(&other), "{name} must not use {other}");
        }
    }
}

#[test]
fn the_interface_crate_uses_data_and_cryptography_only() {
    let packages = packages();
    let api = packages.iter().find(|package| package["name"] == "perch-api").unwrap();
    for other in dependencies(api) {
        assert!(API_PARTS.contains(&other), "perch-api must not use {other}");
    }
}

#[test]
fn every_member_inherits_the_workspace_lints() {
    for package in packages() {
        let manifest = std::fs::read_to_string(text(&package["manifest_path"])).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{}", package["name"]);
    }
}

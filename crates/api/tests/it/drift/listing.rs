//! Against the list of operations.

use std::collections::BTreeSet;

use perch_api::operation::{self, CredentialKind, SOCKETS};
use serde_json::Value;

use super::{canonical, facts, list, row, text};

/// Lifecycles that have a row. `contested` and `undocumented-sdk` have none: the first answers 404, the
/// second is not on the vendor's pages at all.
const WANTED: &[&str] = &["published", "docs-withdrawn-but-live", "legacy", "unpublished-but-used"];
/// `(operation, parameter)` that exists and is left out on purpose.
const LEFT_OUT: &[(&str, &str)] = &[
    // Undocumented, and the same as `access_token`.
    ("messaging.ws", "auth_token"),
];

fn wanted() -> Option<Vec<Value>> {
    let all = facts("operations.json")?;
    let wanted = all.as_array().unwrap().iter().filter(|one| WANTED.contains(&text(one, "status")));
    Some(wanted.cloned().collect())
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let Some(wanted) = wanted() else { return };
    let theirs: BTreeSet<_> = wanted.iter().map(|one| canonical(text(one, "id"))).collect();
    let ours: BTreeSet<_> = operation::all()
        .map(|spec| spec.id)
        .chain(SOCKETS.iter().map(|socket| socket.id))
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!((operation::all().count(), SOCKETS.len()), (98, 2));
}

#[test]
fn calls_agree() {
    let Some(wanted) = wanted() else { return };
    for one in &wanted {
        let id = text(one, "id");
        let Some(spec) = row(id) else { continue };
        let ours = (spec.method.as_str(), spec.host.as_str(), spec.path);
        assert_eq!(ours, (text(one, "method"), text(one, "host"), text(one, "path")), "{id}");
        let success =
            list(one, "responses").iter().filter_map(|reply| reply["status"].as_u64()).min();
        assert_eq!(success, Some(u64::from(spec.success)), "{id}");
        let body = &one["request_body"];
        let kind = body.get("content_type").and_then(Value::as_str);
        assert_eq!(spec.sends, kind, "{id}");
    }
}

#[test]
fn parameters_agree() {
    let Some(wanted) = wanted() else { return };
    for one in &wanted {
        let id = text(one, "id");
        let socket = SOCKETS.iter().find(|socket| socket.id == id);
        let (query, required) = match (row(id), socket) {
            (Some(spec), _) => (spec.query, spec.required),
            (None, Some(socket)) => (socket.query, socket.required),
            (None, None) => panic!("{id}"),
        };
        let theirs = list(one, "query_params").iter();
        let theirs: Vec<_> =
            theirs.filter(|own| !LEFT_OUT.contains(&(id, text(own, "name")))).collect();
        let names: BTreeSet<_> = theirs.iter().map(|own| text(own, "name")).collect();
        assert_eq!(query.iter().copied().collect::<BTreeSet<_>>(), names, "{id}");
        let needed = theirs.iter().filter(|own| own["required"] == true);
        let needed: BTreeSet<_> = needed.map(|own| text(own, "name")).collect();
        assert_eq!(required.iter().copied().collect::<BTreeSet<_>>(), needed, "{id}");
    }
}

#[test]
fn credentials_travel_under_the_documented_names() {
    let Some(wanted) = wanted() else { return };
    for one in &wanted {
        let id = text(one, "id");
        let Some(spec) = row(id) else { continue };
        // The specification inherits a key here; samples send none, and nobody outside can call it.
        if spec.credential == CredentialKind::Anonymous && id == "external_events.bridge_ended" {
            continue;
        }
        let ours: BTreeSet<_> =
            spec.credential.headers().iter().map(|name| name.to_ascii_lowercase()).collect();
        let theirs: BTreeSet<_> =
            list(one, "auth").iter().map(|own| text(own, "header").to_ascii_lowercase()).collect();
        assert_eq!(ours, theirs, "{id}");
    }
}

//! What bodies cannot do without, held against the types.

use perch_api::operation::limit::Rule;
use perch_api::operation::{self, InputFault, within_limits};
use serde_json::{Value, json};

use crate::erased;

/// The smallest lawful JSON body of every operation that takes one; `{}` where it is not listed.
fn smallest(id: &str) -> Value {
    match id {
        "agents.create" => json!({"name": "a", "responseSettings": {"greeting": "g"}}),
        "agents.duplicate" => json!({"newAgentName": "a"}),
        "agents.attributes.create" | "agents.attributes.update" | "agents.variants.create" => {
            json!({"name": "a"})
        }
        "agents.audio_cache.synthesize" => json!({"text": "t", "config": {}}),
        "agents.audio_cache.bulk_delete" => json!({"ids": ["1"]}),
        "agents.behavior.update" => json!({"behavior": "b"}),
        "agents.branches.create" => json!({"branchName": "b"}),
        "agents.connectors.batch_get" => json!({"connectorIds": ["c"]}),
        "agents.connectors.batch_update" => json!({"updates": []}),
        "agents.connectors.lookup" => json!({"phoneNumber": "+447700900123"}),
        "agents.numbers.import" | "agents.numbers.batch_delete" | "agents.numbers.batch_get" => {
            json!({"phoneNumbers": ["+447700900123"]})
        }
        "agents.numbers.reassign" => json!({"connectorId": "c"}),
        "agents.outbound.create" => json!({"toNumber": "+447700900123", "environment": "live"}),
        "agents.rtc.schema.put" => json!({"schema": {}}),
        "agents.rtc.variables.patch" => json!({"variables": {}}),
        "agents.kb.topics.create" => json!({"name": "n", "content": "c"}),
        "agents.voices.create" => {
            json!({"name": "n", "provider": "p", "config": {}, "providerVoiceId": "v"})
        }
        "alerts.rules.create" => json!({"name": "n", "metric": "call_volume", "operator": "gt",
            "threshold_value": 1, "window_duration": "5m"}),
        "chat.respond" | "chat.close" => json!({"conversation_id": "c"}),
        "data.annotations.add" => json!({"annotations": []}),
        "data.note.upsert" => json!({"note": "n"}),
        "debug_chat.create" | "debug_chat.respond" => json!({"clientEnv": "sandbox"}),
        "dni.reserve" => json!({"attributes": {}}),
        "external_events.bridge_ended" => {
            json!({"conversation_id": "c", "bridge_duration_seconds": 1, "call_duration_seconds": 2})
        }
        "outbound.legacy.create" => json!({"to_number": "+447700900123"}),
        "sms.send" => json!({"user_number": "+447700900123"}),
        "webhooks.create" => {
            json!({"name": "n", "url": "https://a.example", "event_types": ["alert.triggered"]})
        }
        _ => json!({}),
    }
}

#[test]
fn the_types_need_what_the_rows_say_and_nothing_else() {
    let takes = |row: &erased::Erased, body: &Value| {
        (row.request)("application/json", body.to_string().as_bytes()).is_ok()
    };
    for row in erased::all() {
        if row.spec.sends != Some("application/json") {
            continue;
        }
        let body = smallest(row.spec.id);
        assert!(takes(&row, &body), "{} refuses {body}", row.spec.id);
        let members = body.as_object().unwrap();
        assert_eq!(members.len(), row.spec.needs().len(), "{}", row.spec.id);
        for name in row.spec.needs() {
            let mut less = members.clone();
            assert!(less.remove(*name).is_some(), "{} {name}", row.spec.id);
            assert!(!takes(&row, &less.into()), "{} without {name}", row.spec.id);
        }
    }
}

/// What the declarations say, members of members included: written by an example of this crate.
fn declared() -> Vec<(&'static str, Vec<&'static str>)> {
    let lines = include_str!("../../needs.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split(' '));
    words.map(|mut words| (words.next().unwrap(), words.collect())).collect()
}

#[test]
fn members_of_members_are_needed_by_the_rows_as_by_the_types() {
    let declared = declared();
    for spec in operation::all() {
        let own = declared.iter().find(|(id, _)| *id == spec.id);
        let mut by_types = own.map(|(_, names)| names.clone()).unwrap_or_default();
        let limits = spec.limits.iter().filter(|limit| limit.rule == Rule::Needed);
        let mut by_row: Vec<_> =
            spec.needs().iter().copied().chain(limits.map(|limit| limit.field)).collect();
        if spec.id == "agents.create" {
            // Needed by the platform; the type lets it be left out, as answers may.
            by_types.push("experimentalConfig.configs");
        }
        by_types.sort_unstable();
        by_row.sort_unstable();
        assert_eq!(by_row, by_types, "{}", spec.id);
    }
}

/// A value in which every member on the way to `name` is there, and the last one is not.
fn lacking(name: &str) -> Value {
    let (own, rest) = name.split_once('.').unwrap_or((name, ""));
    match (own.strip_suffix("[]"), rest) {
        (_, "") => json!({}),
        (Some(list), rest) => json!({ list: [lacking(rest)] }),
        (None, rest) => json!({ own: lacking(rest) }),
    }
}

#[test]
fn a_member_of_a_member_that_is_missing_is_named_by_its_place() {
    let mut seen = 0;
    for (id, names) in declared() {
        let spec = operation::by_id(id).unwrap();
        for name in names.into_iter().filter(|name| name.contains('.')) {
            let body = lacking(name).to_string();
            let error = within_limits(spec, &[], &[], Some(body.as_bytes())).unwrap_err();
            // Of several that are missing in one place, the first is named.
            let place = |name: &str| name.rsplit_once('.').unwrap().0.replace("[]", "[0]");
            assert_eq!(place(&error.field), place(name), "{id} {body}");
            assert_eq!(error.fault, InputFault::Missing, "{id} {body}");
            assert!(!error.remedy().is_empty());
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

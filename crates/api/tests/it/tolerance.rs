//! Whatever stands in one place of an answer, the other places keep what stood there.

use perch_api::model::{Channel, Environment};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::erased;
use crate::rows::{field_names, json_of};

/// Lists of rows: operation, where the list stands, and what names a row.
const LISTS: &[(&str, &str, &str)] = &[
    ("conversations.v3.list", "conversations", "id"),
    ("conversations.get", "turns", "user_input"),
    ("data.conversations.list", "conversations", "conversationId"),
    ("alerts.rules.list", "data", "name"),
    ("webhooks.list", "data", "name"),
    ("agents.branches.list", "branches", "branchName"),
    ("agents.deployments.list", "deployments", "version"),
    ("agents.variants.list", "variants", "name"),
    ("agents.voices.list", "voices", "name"),
    ("agents.connectors.list", "connectors", "name"),
];

/// Writes what was read of a body.
fn rewritten(id: &str, body: &Value) -> Value {
    let one = erased::all().into_iter().find(|one| one.spec.id == id);
    let written = (one.unwrap_or_else(|| panic!("{id}")).response)(body.to_string().as_bytes());
    serde_json::from_slice(&written.unwrap_or_else(|_| panic!("{id}: {body}"))).unwrap()
}

fn object(fields: &[(String, Value)]) -> Map<String, Value> {
    fields.iter().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn odd_rows_and_fields_lose_nothing_else(
        odd in json_of(field_names()),
        fields in proptest::collection::vec((proptest::sample::select(field_names()), json_of(field_names())), 0..8),
        around in proptest::collection::vec((proptest::sample::select(field_names()), json_of(field_names())), 0..4),
    ) {
        for (id, list, name) in LISTS {
            let row = |text: &str| {
                let mut row = object(&fields);
                row.insert((*name).to_owned(), text.into());
                row.insert("perch_unknown".to_owned(), odd.clone());
                Value::Object(row)
            };
            let mut body = object(&around);
            body.insert((*list).to_owned(), json!([row("first"), odd, row("last")]));
            let written = rewritten(id, &Value::Object(body));
            let rows = written[*list].as_array().unwrap();
            prop_assert_eq!(rows.len(), 2 + usize::from(odd.is_object()), "{}", id);
            for (row, text) in [(rows.first(), "first"), (rows.last(), "last")] {
                let row = row.unwrap();
                prop_assert_eq!(&row[*name], text, "{}", id);
                prop_assert_eq!(&row["perch_unknown"], &odd, "{}", id);
            }
        }
    }

    #[test]
    fn unknown_fields_survive_in_every_answer(
        fields in proptest::collection::vec(("x_[a-z]{1,6}", json_of(field_names())), 1..6),
    ) {
        let mut body = object(&fields);
        let unknown = body.clone();
        let required =
            json!({"conversation_id": "CA1", "session_id": "S1", "success": true, "access_token": "t"});
        body.extend(required.as_object().cloned().unwrap());
        let bytes = Value::Object(body).to_string().into_bytes();
        for one in erased::all().into_iter().filter(|one| one.spec.answers == Some("application/json")) {
            // Bare lists and answers with a secret in them are no open objects.
            let Ok(written) = (one.response)(&bytes) else { continue };
            let written: Value = serde_json::from_slice(&written).unwrap();
            if one.spec.id == "messaging.access_token" || !written.is_object() {
                continue;
            }
            for (name, value) in &unknown {
                prop_assert_eq!(written.get(name), Some(value), "{} {}", one.spec.id, name);
            }
        }
    }

    #[test]
    fn a_value_of_another_type_is_null_when_written_and_nothing_beside_it_changes(
        odd in json_of(field_names()),
    ) {
        let row = json!({"id": "CA1", "num_turns": odd, "channel": "VOICE-SIP", "perch_unknown": 7});
        let written = rewritten("conversations.v3.list", &json!({"conversations": [row]}));
        let row = &written["conversations"][0];
        let kept = if odd.as_u64().is_some_and(|turns| u32::try_from(turns).is_ok()) { &odd } else { &Value::Null };
        prop_assert_eq!(&row["num_turns"], kept);
        prop_assert_eq!(&row["channel"], "VOICE-SIP");
        prop_assert_eq!(&row["perch_unknown"], 7);
    }

    #[test]
    fn unknown_words_survive(word in "[A-Za-z][A-Za-z0-9 _.é-]{0,20}") {
        prop_assume!(!Channel::parse(&word).is_known() && !Environment::parse(&word).is_known());
        let row = json!({"id": "CA1", "channel": word, "environment": word});
        let written = rewritten("conversations.v3.list", &json!({"conversations": [row]}));
        let row = &written["conversations"][0];
        prop_assert_eq!(&row["channel"], &Value::from(word.clone()));
        prop_assert_eq!(&row["environment"], &Value::from(word));
    }
}

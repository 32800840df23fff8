//! What holds for every row, whatever its family.

use std::collections::BTreeSet;

use perch_api::operation::{self, ALIASES, Retry, SOCKETS, Safety, query};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::erased;

#[test]
fn ids_are_unique_and_aliases_lead_to_rows() {
    let ids: Vec<_> = operation::all()
        .map(|spec| spec.id)
        .chain(SOCKETS.iter().map(|socket| socket.id))
        .collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for (alias, id) in ALIASES {
        assert!(!ids.contains(alias) && ids.contains(id), "{alias}");
        assert_eq!(operation::by_id(alias).map(|spec| spec.id), Some(*id));
    }
}

#[test]
fn every_row_explains_itself() {
    for spec in operation::all() {
        assert!(spec.doc.trim().ends_with(['.', '/']), "{}", spec.id);
        assert!(spec.source.starts_with("https://docs.poly.ai/"), "{}", spec.id);
        assert!(spec.required.iter().all(|name| spec.query.contains(name)), "{}", spec.id);
        assert!((200..300).contains(&spec.success), "{}", spec.id);
        // What costs money or reaches people is never sent twice on a guess.
        assert!(spec.safety != Safety::Cost || spec.retry == Retry::Refused, "{}", spec.id);
    }
}

/// A lawful value for a placeholder.
fn value(name: &str, id: &str, digits: &str) -> String {
    match name {
        "phoneNumber" => format!("+{digits}"),
        _ => id.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn paths_survive(ids in proptest::collection::vec("[A-Za-z0-9_:.-]{1,30}x", 4), digits in "[1-9][0-9]{5,12}") {
        for one in erased::all() {
            let names = one.spec.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            let pairs: Vec<(String, String)> = names
                .zip(&ids)
                .map(|(name, id)| (name.to_owned(), value(name, id, &digits)))
                .collect();
            let written = (one.path)(&pairs).unwrap();
            let path = one.spec.path_with(&written).unwrap();
            let found = operation::find(one.spec.host, one.spec.method, &path).unwrap();
            prop_assert_eq!(found.spec.id, one.spec.id);
            prop_assert_eq!(found.path(), path.clone());
            let read: Vec<_> =
                found.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into_owned())).collect();
            prop_assert_eq!(read, pairs);
        }
    }

    #[test]
    fn queries_survive(word in "[a-z][a-z0-9 &=%+/]{0,20}", id in "[A-Za-z0-9_-]{1,30}", number in 0_u32.., flag: bool) {
        let candidates = [word, id, number.to_string(), flag.to_string(), "+447700900123".to_owned()];
        for one in erased::all() {
            let mut pairs = Vec::new();
            for name in one.spec.query {
                let fitting = candidates.iter().find(|value| {
                    let pair = [((*name).to_owned(), (*value).clone())];
                    (one.query)(&pair).is_ok_and(|written| written == [(*name, (*value).clone())])
                });
                prop_assert!(fitting.is_some(), "{} takes nothing for {name}", one.spec.id);
                pairs.extend(fitting.map(|value| ((*name).to_owned(), value.clone())));
            }
            let text = query::write(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let read = query::read(&text).unwrap();
            let written = (one.query)(&read).unwrap();
            let written: Vec<_> =
                written.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            prop_assert_eq!(written, pairs, "{}", one.spec.id);
        }
    }

    #[test]
    fn no_answer_panics_and_what_is_read_is_stable(value in json_of(field_names())) {
        let bytes = value.to_string().into_bytes();
        for one in erased::all() {
            if let Ok(first) = (one.response)(&bytes) {
                let second = (one.response)(&first).unwrap();
                prop_assert_eq!(first, second, "{}", one.spec.id);
            }
            if let Ok(first) = (one.request)("application/json", &bytes) {
                prop_assert!((one.request)("application/json", &first).is_ok(), "{}", one.spec.id);
            }
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        for one in erased::all() {
            let _ = (one.response)(&bytes);
            for kind in ["application/json", "multipart/form-data", "text/plain", "application/x-www-form-urlencoded"] {
                let _ = (one.request)(kind, &bytes);
            }
        }
    }
}

/// Every field name that any answer has, two levels deep: an empty answer, written back, names its fields.
pub(super) fn field_names() -> Vec<String> {
    fn names(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| {
                into.insert(name.clone());
                names(value, into);
            }),
            Value::Array(list) => list.iter().for_each(|value| names(value, into)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    for one in erased::all() {
        for _ in 0..2 {
            let nested: Map<String, Value> =
                all.iter().map(|name: &String| (name.clone(), json!([{}]))).collect();
            for body in [Value::Object(Map::new()), Value::Object(nested)] {
                if let Ok(written) = (one.response)(body.to_string().as_bytes()) {
                    names(&serde_json::from_slice(&written).unwrap_or_default(), &mut all);
                }
            }
        }
    }
    all.into_iter().collect()
}

/// Any JSON whose objects use those names more often than not.
pub(super) fn json_of(names: Vec<String>) -> impl Strategy<Value = Value> {
    let name = prop_oneof![9 => proptest::sample::select(names), 1 => "[a-z_]{1,8}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Eighths: their text is exact, so that reading it twice gives the same number.
        any::<i16>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        "[ -~é]{0,12}".prop_map(Value::from),
        Just(Value::from("2026-09-01T10:00:01Z")),
    ];
    leaf.prop_recursive(4, 60, 12, move |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => proptest::collection::btree_map(name.clone(), inner, 0..12)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[test]
fn unknown_fields_and_words_survive() {
    // Answers that are no open object: bare lists, sound, nothing, and those with a secret in them.
    const CLOSED: &[&str] = &[
        "agents.list",
        "agents.kb.topics.list",
        "messaging.access_token",
        "webhooks.create",
        "webhooks.rotate_secret",
        "webrtc.ice_servers",
    ];
    let id =
        "conversation_id\":\"CA1\",\"session_id\":\"S1\",\"success\":true,\"access_token\":\"t";
    let body = format!(r#"{{"{id}","perch_unknown":{{"a":[1,null,"x"]}}}}"#);
    for one in erased::all() {
        if one.spec.answers != Some("application/json") || CLOSED.contains(&one.spec.id) {
            continue;
        }
        let written = (one.response)(body.as_bytes()).unwrap_or_else(|_| panic!("{}", one.spec.id));
        let written: Value = serde_json::from_slice(&written).unwrap();
        assert_eq!(written["perch_unknown"], json!({"a": [1, null, "x"]}), "{}", one.spec.id);
    }
    let rows = r#"[{"id":"t-1","agentId":"a","perch_unknown":7}]"#;
    for id in ["agents.list", "agents.kb.topics.list"] {
        let one = erased::all().into_iter().find(|one| one.spec.id == id).unwrap();
        let written: Value =
            serde_json::from_slice(&(one.response)(rows.as_bytes()).unwrap()).unwrap();
        assert_eq!(written[0]["perch_unknown"], 7, "{id}");
    }
    let words = r#"{"current_state":"snoozed","metric":"mood","window_duration":"7m"}"#;
    let one = erased::all().into_iter().find(|one| one.spec.id == "alerts.rules.get").unwrap();
    let written: Value =
        serde_json::from_slice(&(one.response)(words.as_bytes()).unwrap()).unwrap();
    assert_eq!(
        [&written["current_state"], &written["metric"], &written["window_duration"]],
        ["snoozed", "mood", "7m"]
    );
}

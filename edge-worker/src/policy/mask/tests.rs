use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn masked(json: &str) -> String {
    let mut masker = Masker::default();
    let mut out = masker.push(json.as_bytes());
    out.extend(masker.finish());
    String::from_utf8(out).unwrap()
}

fn of(value: &Value) -> Value {
    serde_json::from_str(&masked(&value.to_string())).unwrap()
}

#[test]
fn t64_a_record_keeps_its_shape_and_loses_its_numbers() {
    let record = json!({
        "conversations": [{
            "id": "TW_SMS_12345678", "account_id": "ws-1", "from_number": "+447700900123", "to_number": "",
            "started_at": "2026-11-23T10:00:00.123456+00:00", "num_turns": 2, "total_duration": 123_456,
            "turns": [{"user_input": "I am ada@shop.example", "user_input_dtmf": "1", "entities": null}],
            "state": {"phone": 447_700_900_123_u64, "seen_at_ms": 1_763_892_000_000_u64, "price": 12.5, "+447700900123": true},
        }],
        "cursor": "MTIzNDU2Nzg5MDEyMw=="
    });
    let expected = json!({
        "conversations": [{
            "id": "TW_SMS_12345678", "account_id": "ws-1", "from_number": "REDACTED", "to_number": "",
            "started_at": "2026-11-23T10:00:00.123456+00:00", "num_turns": 2, "total_duration": 123_456,
            "turns": [{"user_input": "I am REDACTED", "user_input_dtmf": "REDACTED", "entities": null}],
            "state": {"phone": "REDACTED", "seen_at_ms": "REDACTED", "price": 12.5, "REDACTED": true},
        }],
        "cursor": "MTIzNDU2Nzg5MDEyMw=="
    });
    assert_eq!(of(&record), expected);
}

#[test]
fn t64_no_spelling_of_json_hides_a_number() {
    for json in [
        r#"{"from_number" : "\u002b447700900123"}"#,
        r#"{"a":"\u002b\u0034\u0034 7700 900123"}"#,
        r#"{"a":"ada\u0040shop.example"}"#,
        r#"{"id":"+447700900123"}"#,
        r#"{"id":"ada@shop.example"}"#,
        r#"{"id":447700900123}"#,
        r#"{"from_number":{"a":["x"]},"b":447700900123}"#,
        r#"{"a":["id",{"id":"x"},"+447700900123"]}"#,
        r#"{"id":["a"],"b":"+447700900123"}"#,
        r#""+447700900123""#,
        "447700900123",
        r#"["a\"", "\\", "+447700900123"]"#,
    ] {
        let out = masked(json);
        assert!(serde_json::from_str::<Value>(&out).is_ok(), "{json} {out}");
        assert!(
            out.contains(MASKED) && !out.contains("7700") && !out.contains("shop"),
            "{json} {out}"
        );
    }
}

#[test]
fn what_is_no_text_or_too_long_is_masked_whole() {
    let mut masker = Masker::default();
    let mut out = masker.push(b"{\"a\":\"\xff 0770\",\"b\":\"\\ud800\"}");
    out.extend(masker.finish());
    assert_eq!(String::from_utf8(out).unwrap(), r#"{"a":"REDACTED","b":"REDACTED"}"#);
    let long = format!(r#"["{}\"07700900123","b"]"#, "x".repeat(HELD));
    assert_eq!(masked(&long), r#"["REDACTED","b"]"#);
    assert_eq!(masked(&"7".repeat(100)), "\"REDACTED\"");
}

#[test]
fn t64_another_encoding_shows_nothing() {
    let text = r#"{"a":"07700900123"}"#;
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut masker = Masker::default();
    let mut out = masker.push(&wide);
    out.extend(masker.finish());
    assert!(!out.iter().any(u8::is_ascii_digit), "{out:?}");
    let mut masker = Masker::default();
    assert!(!masker.push(&wide[1..]).iter().any(u8::is_ascii_digit));
}

#[test]
fn what_breaks_off_shows_nothing_more() {
    assert_eq!(masked(r#"{"a":"0770 0900"#), r#"{"a":"#);
    assert_eq!(masked(r#"["x","y"#), r#"["x","#);
    assert_eq!(masked("[1, 2"), "[1, 2");
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-999_999_i64..999_999).prop_map(Value::from),
        "[a-zA-Z \"\\\\\\n{}\\[\\]:,é]{0,12}".prop_map(Value::from),
        Just(json!("+447700900123")),
        Just(json!("mail ada@shop.example now")),
        Just(json!(447_700_900_123_u64)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name =
            prop_oneof!["[a-z\"]{1,6}", Just("id".to_owned()), Just("from_number".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn t64_chunks_make_no_difference_and_nothing_is_left(value in tree(), sizes in prop::collection::vec(1_usize..9, 1..40)) {
        let text = value.to_string();
        let whole = masked(&text);
        let mut masker = Masker::default();
        let (mut rest, mut out) = (text.as_bytes(), vec![]);
        for size in sizes.iter().cycle() {
            if rest.is_empty() { break; }
            let (chunk, more) = rest.split_at((*size).min(rest.len()));
            out.extend(masker.push(chunk));
            rest = more;
        }
        out.extend(masker.finish());
        prop_assert_eq!(String::from_utf8(out).unwrap(), whole.clone());
        prop_assert!(serde_json::from_str::<Value>(&whole).is_ok());
        prop_assert!(!whole.contains("7700") && !whole.contains('@'));
    }

    #[test]
    fn what_holds_nothing_personal_is_unchanged(text in "[a-zA-Z0-9 \\\\\"é]{0,6}", number in -999_999_i64..999_999) {
        let value = json!({"a": [text, number, null, {"b": 1.5e3, "c": {}}], "d": []});
        prop_assert_eq!(masked(&value.to_string()), value.to_string());
    }
}

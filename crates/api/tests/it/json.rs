//! The small JSON module against `serde_json`.

use perch_api::json::{MAX_DEPTH, Object, Value};
use proptest::prelude::*;

/// The oracle's view of one of our values.
fn theirs(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(set) => (*set).into(),
        Value::Number(number) => serde_json::from_str(number.as_str()).unwrap(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(theirs).collect(),
        Value::Object(object) => {
            let fields = object.iter().map(|(name, value)| (name.to_owned(), theirs(value)));
            serde_json::Value::Object(fields.collect())
        }
    }
}

/// Both read the same, or both refuse.
fn agree(text: &str) {
    let (ours, oracle) = (Value::parse(text), serde_json::from_str::<serde_json::Value>(text));
    match (&ours, &oracle) {
        (Some(ours), Ok(oracle)) => {
            assert_eq!(&theirs(ours), oracle, "{text}");
            let written = ours.encode();
            assert_eq!(Value::parse(&written).as_ref(), Some(ours), "{text}");
            let fewest = serde_json::from_str::<serde_json::Value>(&written).unwrap();
            assert_eq!(&fewest, oracle, "{text}");
        }
        (None, Err(_)) => {}
        // The documented exception.
        (Some(_), Err(error)) if error.to_string().starts_with("number out of range") => {}
        _ => panic!("{text:?}: {ours:?} or {oracle:?}"),
    }
}

fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
        "[\\x00-\\x7f]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Pieces that texts at the edge of the grammar are made of.
fn nearly_json() -> impl Strategy<Value = String> {
    const PIECES: [&str; 44] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        " ",
        "\n",
        "\t",
        "\r",
        "\u{b}",
        "\u{a0}",
        "true",
        "false",
        "null",
        "nul",
        "\"a\":",
        "\"a\"",
        "\"\"",
        "0",
        "1",
        "-",
        ".",
        "e",
        "E",
        "+",
        "9007199254740993",
        "1e400",
        "00",
        "-0",
        "\\u",
        "\\u0041",
        "\\ud83d",
        "\\ude00",
        "\\uD83D\\uDE00",
        "\\n",
        "\\x",
        "\\/",
        "é",
        "😀",
        "\u{0}",
        "\u{feff}",
    ];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn reads_what_serde_json_writes(value in any_value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.unwrap();
        agree(&text);
        prop_assert!(Value::parse(&text).is_some());
    }

    #[test]
    fn writes_strings_as_serde_json_does(text in any::<String>()) {
        prop_assert_eq!(Value::from(text.as_str()).encode(), serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn a_damaged_text_is_judged_alike(value in any_value(), at in any::<prop::sample::Index>(), with in "[\\x00-\\x7f]?") {
        let mut text = serde_json::to_string(&value).unwrap();
        let at = text.floor_char_boundary(at.index(text.len()));
        let end = text.ceil_char_boundary(at + 1);
        text.replace_range(at..end, &with);
        agree(&text);
        agree(&text[..at]);
    }

    #[test]
    fn any_text_is_judged_alike(text in any::<String>(), nearly in nearly_json()) {
        agree(&text);
        agree(&nearly);
        agree(&format!("[{nearly}]"));
        agree(&format!("\"{nearly}\""));
    }

    #[test]
    fn whole_numbers_are_those_of_an_f64(units in 0..9_007_199_254_740_992_u64, places in 0_u32..6, up in 0_u32..3) {
        // Written with a point, and with an exponent that takes some of its places back.
        let text = format!("{}.{:0width$}e{up}", units / 10_u64.pow(places), units % 10_u64.pow(places), width = places.max(1) as usize);
        let float: f64 = text.parse().unwrap();
        let exact = u128::from(units) * 10_u128.pow(up) % 10_u128.pow(places) == 0;
        let whole = Value::parse(&text).unwrap().as_whole();
        prop_assert_eq!(whole.is_some(), exact, "{}", text);
        if let Some(whole) = whole && float < 9e15 {
            prop_assert_eq!(whole.to_string(), float.to_string(), "{}", text);
        }
    }
}

#[test]
fn the_edges_of_the_grammar() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "\"",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "01",
        "-01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "1.e1",
        "0x1",
        "1_0",
        "NaN",
        "Infinity",
        "-0",
        "-0.0",
        "0e0",
        "1E-7",
        "1e-400",
        "1e400",
        "123456789012345678901234567890",
        "tru",
        "truee",
        "True",
        "nulll",
        "'a'",
        "\"\t\"",
        "\"\u{7f}\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\\uD83D\\uDE00\"",
        "\"\\u0000\"",
        "\"\\uffff\"",
        "\"\\ud800\\n\"",
        "\"\\u+041\"",
        "\"\\",
        "\u{feff}{}",
        " \r\n\t{ \"a\" : [ 1 , 2 ] } \n",
        "{\"a\":1,\"a\":2}",
        "{\"\":{}}",
        "[] []",
        "{}x",
        "\u{b}1",
        "/**/1",
        "[1]//",
        "\"\\\"",
        "\"\\a\"",
        "\"é\\u00e9\"",
    ] {
        agree(text);
    }
}

#[test]
fn depth_has_a_limit() {
    let deep = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    let limit = usize::from(MAX_DEPTH);
    for depth in [limit - 1, limit, limit + 1, 100_000] {
        agree(&deep(depth));
        agree(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
    }
    assert!(Value::parse(&deep(limit)).is_some() && Value::parse(&deep(limit + 1)).is_none());
    assert_eq!(Value::parse(&"[".repeat(1 << 20)), None);
}

#[test]
fn objects_keep_their_order_and_the_last_of_two_counts() {
    let mut object = Object::new();
    object.put("b", 1_u32);
    object.put("a", Value::Null);
    object.maybe("absent", None::<bool>);
    object.maybe("b", Some(true));
    assert_eq!(Value::from(object.clone()).encode(), r#"{"b":1,"a":null,"b":true}"#);
    assert_eq!((object.get("b"), object.get("c")), (Some(&Value::Bool(true)), None));
    assert_eq!((object.text("b"), Value::from("x").as_str()), (None, Some("x")));
}

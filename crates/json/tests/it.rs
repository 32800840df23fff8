//! Held against `serde_json` and the standard library.
#![allow(clippy::unwrap_used, missing_docs, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Any JSON, its floats included.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1_000_000_i32..1_000_000, 0_i32..8)
            .prop_map(|(n, places)| Value::from(f64::from(n) / 10_f64.powi(places))),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn float(text: &str) -> f64 {
    perch_json::read::<f64>(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_read_by_both(value in value()) {
        let text = perch_json::write(&value).unwrap();
        prop_assert_eq!(&perch_json::read::<Value>(&text).unwrap(), &value, "{}", text);
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(&perch_json::read::<Value>(&pretty).unwrap(), &value);
        // It may be off by one float; what it reads must be the same otherwise.
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
    }

    #[test]
    fn floats_are_the_nearest_ones(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = perch_json::write(&number).unwrap();
        prop_assert_eq!(float(&text).to_bits(), number.to_bits(), "{}", text);
        prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits(), "{}", text);
    }

    #[test]
    fn floats_read_as_the_standard_library_reads_them(
        whole in "-?(0|[1-9][0-9]{0,30})", fraction in "(\\.[0-9]{1,30})?", exponent in "([eE][+-]?[0-9]{1,3})?"
    ) {
        let text = format!("{whole}{fraction}{exponent}");
        let expected: f64 = text.parse().unwrap();
        prop_assert_eq!(float(&text).to_bits(), expected.to_bits(), "{}", text);
    }

    #[test]
    fn both_accept_and_refuse_the_same(text in "[\\[\\]{}:,\"\\\\ntrue01.eE+\\- ]{0,24}") {
        let (own, other) = (perch_json::read::<Value>(&text), serde_json::from_str::<Value>(&text));
        // Numbers too large are the one thing that is taken here and refused there.
        let too_large = other.as_ref().is_err_and(|fault| fault.to_string().starts_with("number out of range"));
        prop_assert_eq!(own.is_ok(), other.is_ok() || too_large, "{}", text);
        if let (Ok(own), Ok(other)) = (own, other) {
            prop_assert_eq!(own, other);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = perch_json::read::<Value>(&text);
    }
}

#[test]
fn hard_floats() {
    for text in [
        "0.1",
        "0.30000000000000004",
        "5e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "9007199254740993",
        "9007199254740992.9999999999",
        "9007199254740993.00000000000000000000000000000000000000000000000001",
        "1e22",
        "1e23",
        "123456789012345678e-18",
        "6.92949564460092e0",
        "89255.0e-22",
        "0.000000000000000000000000000000000000000000000000000000000001e60",
    ] {
        let expected: f64 = text.parse().unwrap();
        assert_eq!(float(text).to_bits(), expected.to_bits(), "{text}");
    }
    let long = format!("0.{}1", "0".repeat(2_000));
    assert_eq!(float(&long).to_bits(), 0);
    let middle = format!("9007199254740993.{}1", "0".repeat(1_000));
    assert_eq!(float(&middle).to_bits(), 9_007_199_254_740_994_f64.to_bits());
    for text in ["1e309", "1e99999999999999999999", "1.8e308"] {
        assert!(float(text).is_infinite(), "{text}");
        assert_eq!(perch_json::read::<Value>(text), Ok(Value::Null), "{text}");
    }
    assert_eq!(float("1e-99999999999999999999").to_bits(), 0);
    assert_eq!(float("0e99999999999999999999").to_bits(), 0);
}

#[test]
fn floats_are_written_short() {
    for (number, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-12.5, "-12.5"),
        (0.001, "0.001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e300, "1e300"),
        (5e-324, "494065645841247e-338"),
        (f64::NAN, "null"),
    ] {
        assert_eq!(perch_json::write(&number).unwrap(), text);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Unit,
    New(u8),
    Tuple(u8, bool),
    Struct { a: Option<String> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct All {
    shapes: Vec<Shape>,
    names: BTreeMap<u64, (char, f32)>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[test]
fn every_shape_of_serde_goes_both_ways() {
    let all = All {
        shapes: vec![
            Shape::Unit,
            Shape::New(7),
            Shape::Tuple(1, true),
            Shape::Struct { a: None },
            Shape::Struct { a: Some("x\u{1}\u{1f}\"\\/é😀".to_owned()) },
        ],
        names: BTreeMap::from([(5, ('"', 0.5))]),
        rest: BTreeMap::from([("more".to_owned(), Value::from(vec![1, 2]))]),
    };
    let text = perch_json::write(&all).unwrap();
    assert_eq!(text, serde_json::to_string(&all).unwrap());
    let shapes = text.split(",\"names\"").next().unwrap().trim_start_matches("{\"shapes\":");
    assert_eq!(perch_json::read::<Vec<Shape>>(shapes).unwrap(), all.shapes);
    for bad in [r#"{"New":7,"x":1}"#, r#""New""#, r#"{"Unit":1}"#, "{}", "7"] {
        assert!(perch_json::read::<Shape>(bad).is_err(), "{bad}");
    }
}

#[test]
fn half_a_pair_loses_nothing_else() {
    for (text, expected) in [
        (r#""a\ud83db""#, "a\u{fffd}b"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ude00\n""#, "😀\n"),
    ] {
        assert_eq!(perch_json::read::<String>(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn the_place_of_a_fault() {
    let place = |text: &str| perch_json::read::<Value>(text).unwrap_err();
    assert_eq!(place("{\n \"a\": nul}"), 11);
    assert_eq!(place("[1,]"), 3);
    assert_eq!(place("[1] x"), 4);
    assert_eq!(place("\"a"), 2);
    assert_eq!(place("01"), 0);
    let depth = usize::from(perch_json::MAX_DEPTH);
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(perch_json::read::<Value>(&nested(depth)).is_ok());
    assert_eq!(place(&nested(depth + 1)), depth);
}

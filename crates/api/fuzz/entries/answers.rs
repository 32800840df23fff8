//! Answers of every operation: read, written, read again.

use std::sync::OnceLock;

use perch_api::operation::{self, DecodeError, Operation, OperationSpec, Payload, Visitor};
use serde_json::{Map, Value};

use super::byte;

struct Row {
    spec: &'static OperationSpec,
    rewrite: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
    /// The fields that have a type, or nothing where the answer is no open object.
    known: Option<Vec<String>>,
}

/// Answers with secrets in them, which are closed on purpose.
const CLOSED: [&str; 4] =
    ["messaging.access_token", "webhooks.create", "webhooks.rotate_secret", "webrtc.ice_servers"];

/// An operation in one byte, then the body of its answer.
pub fn answer(mut data: &[u8]) {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    let rows = ROWS.get_or_init(rows);
    let row = &rows[usize::from(byte(&mut data)) % rows.len()];
    let Ok(first) = (row.rewrite)(data) else { return };
    let second = (row.rewrite)(&first).expect("an answer of our own");
    if row.spec.answers != Some("application/json") {
        assert_eq!(first, second);
        return;
    }
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("JSON of our own");
    assert_alike(&read(&first), &read(&second));
    // What no type knows is there again, as it came.
    let sent: Result<Map<String, Value>, _> = serde_json::from_slice(data);
    let (Ok(sent), Some(known), Value::Object(written)) = (sent, &row.known, read(&first)) else {
        return;
    };
    for (name, value) in sent.iter().filter(|(name, _)| !known.contains(name)) {
        assert_alike(value, &written[name]);
    }
}

fn rows() -> Vec<Row> {
    struct Collect(Vec<Row>);
    impl Visitor for Collect {
        fn visit<O: Operation>(&mut self) {
            let rewrite = |bytes: &[u8]| O::Response::decode(bytes).map(|body| body.encode());
            let empty =
                rewrite(b"{}").ok().and_then(|written| serde_json::from_slice(&written).ok());
            let known = empty.filter(|_| !CLOSED.contains(&O::SPEC.id)).map(
                |fields: Map<String, Value>| fields.into_iter().map(|(name, _)| name).collect(),
            );
            self.0.push(Row { spec: O::SPEC, rewrite, known });
        }
    }
    let mut collect = Collect(Vec::new());
    operation::visit(&mut collect);
    collect.0
}

/// Equal but for the last bit of long fractions: `serde_json`, with which the fuzz targets look at
/// things, reads 17 digits to the nearest number or its neighbour, in exchange for speed.
pub(super) fn assert_alike(one: &Value, two: &Value) {
    match (one, two) {
        (Value::Object(one), Value::Object(two)) => {
            assert_eq!(one.len(), two.len());
            one.iter().for_each(|(name, value)| assert_alike(value, &two[name]));
        }
        (Value::Array(one), Value::Array(two)) => {
            assert_eq!(one.len(), two.len());
            one.iter().zip(two).for_each(|(one, two)| assert_alike(one, two));
        }
        (Value::Number(left), Value::Number(right)) if left.is_f64() || right.is_f64() => {
            let (left, right) = (left.as_f64(), right.as_f64());
            let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
            assert!((left - right).abs() <= left.abs() * 4.0 * f64::EPSILON, "{left} {right}");
        }
        _ => assert_eq!(one, two),
    }
}

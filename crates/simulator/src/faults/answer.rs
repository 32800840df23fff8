//! What faults do to answers and frames on their way out.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::Response;
use futures_util::stream;
use perch_api::model::Timestamp;
use serde_json::{Value, json};

use super::Fault;
use crate::clock::Clock;

/// Trickling bodies come in so many pieces a second.
const PIECES: u32 = 10;

/// Does to an answer what the faults say: first to its content, then to its header, then to its way.
pub(crate) async fn spoil(
    response: Response,
    mut faults: Vec<(Fault, u64)>,
    clock: &Arc<Clock>,
) -> Response {
    if faults.is_empty() {
        return response;
    }
    faults.sort_by_key(|(fault, _)| order(fault));
    let (mut head, body) = response.into_parts();
    // The body is this simulator's own: as large as it made it.
    let Ok(mut bytes) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(head, Body::empty());
    };
    let is_json = head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let mut way = None;
    for (fault, seed) in faults {
        let mut dice = fastrand::Rng::with_seed(seed);
        match fault {
            Fault::Nulls { share } if is_json => {
                bytes = changed(&bytes, |value| thin_out(value, false, share, &mut dice));
            }
            Fault::LateSummary { after_ms } if is_json => {
                let since_ms = clock.now_ms().saturating_sub(after_ms.into());
                bytes = changed(&bytes, |value| hold_back(value, since_ms));
            }
            Fault::Malformed {} if !bytes.is_empty() => {
                // At least the last byte is missing: what opens at the start never closes.
                bytes.truncate(dice.usize(..bytes.len()));
            }
            Fault::ContentType { value } => {
                if let Ok(value) = HeaderValue::from_str(&value) {
                    head.headers.insert(CONTENT_TYPE, value);
                }
            }
            Fault::SlowBody { .. } | Fault::CutBody { .. } => way = Some(fault),
            _ => {}
        }
    }
    let whole = bytes.len();
    let body = match way {
        Some(Fault::SlowBody { bytes_per_second }) => trickle(bytes, bytes_per_second, clock),
        Some(Fault::CutBody { after_bytes }) if whole > 0 => {
            bytes.truncate((after_bytes as usize).min(whole - 1));
            broken_off(bytes)
        }
        _ => Body::from(bytes),
    };
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole));
    Response::from_parts(head, body)
}

/// A frame that the protocol does not know, made of one that it does.
pub(crate) fn garbled(frame: &str, seed: u64) -> String {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut whole: Value = serde_json::from_str(frame).unwrap_or_default();
    if let Some(Value::Array(events)) = whole.pointer_mut("/payload/events") {
        for event in events.iter_mut() {
            *event = odd(&mut dice);
        }
        return whole.to_string();
    }
    match dice.u8(..4) {
        0 => frame.chars().take(frame.chars().count() / 2).collect(),
        1 => json!({ "type": 7, "payload": null }).to_string(),
        2 => json!([frame]).to_string(),
        _ => {
            let events = [odd(&mut dice), odd(&mut dice)];
            json!({ "type": "EVENT_TYPE_EVENT_BATCH", "payload": { "events": events } }).to_string()
        }
    }
}

fn odd(dice: &mut fastrand::Rng) -> Value {
    let odd =
        [json!(null), json!(7), json!({ "type": [] }), json!("event"), json!({ "payload": 1 })];
    dice.choice(odd).unwrap_or_default()
}

const fn order(fault: &Fault) -> u8 {
    match fault {
        Fault::Nulls { .. } | Fault::LateSummary { .. } => 0,
        Fault::Malformed {} => 1,
        _ => 2,
    }
}

fn changed(bytes: &Bytes, change: impl FnOnce(&mut Value)) -> Bytes {
    let Ok(mut value) = serde_json::from_slice(bytes) else { return bytes.clone() };
    change(&mut value);
    value.to_string().into()
}

/// Takes values out of rows.
fn thin_out(value: &mut Value, in_row: bool, share: f64, dice: &mut fastrand::Rng) {
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(|row| thin_out(row, true, share, dice)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if in_row && !names_something(name) && dice.f64() < share {
                    *value = Value::Null;
                } else {
                    thin_out(value, in_row, share, dice);
                }
            }
        }
        _ => {}
    }
}

/// Without ids nothing else could be asked, without cursors nothing more.
fn names_something(field: &str) -> bool {
    field.ends_with("id") || field.ends_with("Id") || field.ends_with("cursor")
}

/// Takes summary and score from what ended after `since_ms`.
fn hold_back(value: &mut Value, since_ms: i64) {
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(|row| hold_back(row, since_ms)),
        Value::Object(fields) => {
            let ended = fields.get("finishedAt").and_then(Value::as_str);
            let ended_ms = ended.and_then(|at| Timestamp::new(at).unix_ms());
            for (name, value) in fields {
                let late = matches!(&**name, "shortSummary" | "polyScore");
                if late && ended_ms.is_some_and(|at| at > since_ms) {
                    *value = Value::Null;
                } else {
                    hold_back(value, since_ms);
                }
            }
        }
        _ => {}
    }
}

fn trickle(bytes: Bytes, bytes_per_second: u32, clock: &Arc<Clock>) -> Body {
    let piece = (bytes_per_second / PIECES).max(1);
    let pause_ms = u64::from(piece) * 1_000 / u64::from(bytes_per_second);
    let clock = Arc::clone(clock);
    Body::from_stream(stream::unfold((bytes, clock), move |(mut left, clock)| async move {
        if left.is_empty() {
            return None;
        }
        clock.sleep(pause_ms).await;
        let next = left.split_to(left.len().min(piece as usize));
        Some((Ok::<_, io::Error>(next), (left, clock)))
    }))
}

fn broken_off(bytes: Bytes) -> Body {
    let broken = async {
        // A pause, in which what came before goes out.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let start = stream::once(async { Ok::<_, io::Error>(bytes) });
    Body::from_stream(futures_util::StreamExt::chain(start, stream::once(broken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_lose_values_and_keep_their_ids() {
        let page = json!({ "conversations": [{ "id": "CA1", "channel": "SMS", "turns": [{ "turn_id": 1 }] }], "cursor": "c" });
        let thinned = |share| {
            let (mut page, mut dice) = (page.clone(), fastrand::Rng::with_seed(1));
            thin_out(&mut page, false, share, &mut dice);
            page
        };
        let bare = json!({ "conversations": [{ "id": "CA1", "channel": null, "turns": null }], "cursor": "c" });
        assert_eq!(thinned(1.0), bare);
        assert_eq!(thinned(f64::MIN_POSITIVE), page);
    }

    #[test]
    fn a_summary_is_late_only_for_a_while() {
        let record =
            json!({ "finishedAt": "2026-11-23T14:00:00Z", "shortSummary": {}, "polyScore": 4 });
        let at = Timestamp::new("2026-11-23T14:03:00Z").unix_ms().unwrap();
        let seen = |since_ms| {
            let mut seen = record.clone();
            hold_back(&mut seen, since_ms);
            seen
        };
        assert_eq!(seen(at), record);
        assert!(seen(at - 180_001)["shortSummary"].is_null());
        assert!(seen(at - 180_001)["polyScore"].is_null());
    }

    #[test]
    fn a_garbled_frame_is_no_event() {
        let frame = r#"{"type":"EVENT_TYPE_SESSION_START","sequence":1,"payload":{}}"#;
        let batch =
            format!(r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{frame}]}}}}"#);
        for seed in 0..50 {
            for text in [frame, &batch] {
                let garbled = garbled(text, seed);
                assert!(!garbled.contains("\"EVENT_TYPE_SESSION_START\",\"seq"), "{garbled}");
                assert_eq!(garbled, super::garbled(text, seed));
            }
        }
    }
}

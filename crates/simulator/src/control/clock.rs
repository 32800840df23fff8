//! The clock under control: jump, freeze, speed.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use perch_api::model::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlState, read, refuse};
use crate::clock::{Clock, FASTEST};

/// What is to change; what is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Move forward by this many milliseconds.
    advance_ms: Option<u32>,
    /// Move forward to this moment, ISO 8601.
    now: Option<Timestamp>,
    /// Stand still, or run on.
    freeze: Option<bool>,
    /// Simulated milliseconds per millisecond.
    speed: Option<u32>,
}

/// What the clock shows.
pub(super) async fn show(State(state): State<ControlState>) -> Json<Value> {
    Json(shown(&state.platform.clock))
}

/// Changes the clock; answers what it shows then.
pub(super) async fn change(State(state): State<ControlState>, body: String) -> Response {
    let clock = &state.platform.clock;
    match read(&body).and_then(|change| apply(clock, &change)) {
        Ok(()) => Json(shown(clock)).into_response(),
        Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
    }
}

/// Checks everything before it changes anything.
fn apply(clock: &Clock, change: &Change) -> Result<(), String> {
    if change.speed.is_some_and(|speed| !(1..=FASTEST).contains(&speed)) {
        return Err(format!("speed must be from 1 to {FASTEST}."));
    }
    let moment = match &change.now {
        None => None,
        Some(now) => Some(now.unix_ms().ok_or("now must be an ISO 8601 date and time.")?),
    };
    if moment.is_some() && change.advance_ms.is_some() {
        return Err("now and advance_ms exclude each other.".to_owned());
    }
    if moment.is_some_and(|moment| moment < clock.now_ms()) {
        return Err("now must not lie in the past: time runs forward only.".to_owned());
    }
    match change.freeze {
        Some(true) => clock.freeze(),
        Some(false) => clock.resume(),
        None => {}
    }
    if let Some(speed) = change.speed {
        clock.set_speed(speed);
    }
    if let Some(ms) = change.advance_ms {
        clock.advance(ms);
    }
    if let Some(moment) = moment {
        clock.set(moment);
    }
    Ok(())
}

fn shown(clock: &Clock) -> Value {
    let reading = clock.reading();
    json!({
        "now": Timestamp::from_unix_ms(reading.now_ms),
        "speed": reading.speed,
        "frozen": reading.frozen,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(clock: &Clock, body: &str) -> Result<Value, String> {
        apply(clock, &read(body)?)?;
        Ok(shown(clock))
    }

    #[tokio::test(start_paused = true)]
    async fn everything_is_checked_before_anything_changes() {
        let clock = Clock::starting_at(1_795_443_600_000);
        for body in [
            r#"{ "freeze": true, "speed": 0 }"#,
            r#"{ "freeze": true, "speed": 100001 }"#,
            r#"{ "freeze": true, "now": "2026-11-23T14:19:59Z" }"#,
            r#"{ "freeze": true, "now": "soon" }"#,
            r#"{ "freeze": true, "now": "2026-12-01T00:00:00Z", "advance_ms": 1 }"#,
            r#"{ "freeze": true, "advance_ms": -1 }"#,
            r#"{ "freeze": true, "backwards": true }"#,
        ] {
            assert!(change(&clock, body).is_err(), "{body}");
        }
        let untouched = json!({ "now": "2026-11-23T14:20:00.000Z", "speed": 1, "frozen": false });
        assert_eq!(change(&clock, "{}"), Ok(untouched));
        let set =
            change(&clock, r#"{ "freeze": true, "speed": 60, "now": "2026-12-01T00:00:00Z" }"#);
        let moved = json!({ "now": "2026-12-01T00:00:00.000Z", "speed": 60, "frozen": true });
        assert_eq!(set, Ok(moved));
        let jumped = change(&clock, r#"{ "freeze": false, "advance_ms": 250 }"#).unwrap();
        assert_eq!(jumped["now"], "2026-12-01T00:00:00.250Z");
    }
}

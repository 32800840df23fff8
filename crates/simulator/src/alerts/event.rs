//! What the world is told when a rule breaks or mends.
//!
//! The shape is the last one that was published; mended rules carry both moments, because the
//! published schema and its example disagreed about which of them there is.

use perch_api::families::alerts::{AlertMetric, AlertOperator, AlertState, AlertWindow};
use perch_api::model::{AlertRuleId, Timestamp};
use perch_api::webhook::{Alert, AlertEvent, Event};
use serde_json::Map;

use super::{Change, News, Rule, Standing};

/// The event of a change.
pub(crate) fn event(change: &Change) -> Event {
    let Change { rule, before, news } = change;
    let moment = |at_ms| Some(Timestamp::from_unix_ms(at_ms));
    let changed_at = moment(rule.standing.since_ms);
    let (make, triggered_at, resolved_at): (fn(AlertEvent) -> Event, _, _) = match news {
        News::Triggered => (Event::AlertTriggered, changed_at, None),
        News::Resolved { raised_ms } => (Event::AlertResolved, moment(*raised_ms), changed_at),
    };
    let alert = Alert {
        id: rule.id.as_str().to_owned(),
        name: Some(rule.name.clone()),
        project_id: rule.project.clone(),
        metric: Some(rule.metric.as_str().to_owned()),
        operator: Some(rule.operator.as_str().to_owned()),
        threshold_value: Some(rule.threshold.into()),
        current_value: rule.standing.value.map(Into::into),
        previous_state: Some(before.as_str().to_owned()),
        triggered_at,
        resolved_at,
        other: Map::new(),
    };
    make(AlertEvent { alert, other: Map::new() })
}

/// A made-up event, for who builds a receiver: nobody's rule broke now, or broke ten minutes ago and
/// is well now.
#[allow(clippy::expect_used, reason = "the identifier stands here")]
pub(crate) fn sample(triggered: bool, now_ms: i64) -> Event {
    let raised_ms = now_ms - 600_000;
    let (before, value, news) = if triggered {
        (AlertState::Ok, 1_820, News::Triggered)
    } else {
        (AlertState::Alert, 940, News::Resolved { raised_ms })
    };
    let rule = Rule {
        id: AlertRuleId::parse("ar_sample").expect("letters"),
        name: "Slow answers (sample)".to_owned(),
        project: None,
        metric: AlertMetric::LatencyHigh,
        operator: AlertOperator::AtLeast,
        threshold: 1_500,
        window: AlertWindow::Five,
        enabled: true,
        standing: Standing { value: Some(value), ..Standing::new(now_ms) },
        created_ms: raised_ms,
        updated_ms: raised_ms,
    };
    event(&Change { rule, before, news })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn both_events_have_the_published_shape() {
        let of = |triggered| {
            let body = sample(triggered, 1_795_443_600_000).to_body();
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        let mut expected = json!({
            "event_type": "alerts.triggered",
            "alert": {
                "id": "ar_sample",
                "name": "Slow answers (sample)",
                "project_id": null,
                "metric": "turn_latency_p95",
                "operator": ">=",
                "threshold_value": 1_500,
                "current_value": 1_820,
                "previous_state": "ok",
                "triggered_at": "2026-11-23T14:20:00.000Z",
            },
        });
        assert_eq!(of(true), expected);
        expected["event_type"] = json!("alerts.resolved");
        expected["alert"]["current_value"] = json!(940);
        expected["alert"]["previous_state"] = json!("alert");
        expected["alert"]["triggered_at"] = json!("2026-11-23T14:10:00.000Z");
        expected["alert"]["resolved_at"] = json!("2026-11-23T14:20:00.000Z");
        assert_eq!(of(false), expected);
    }
}

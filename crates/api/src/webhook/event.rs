//! Events, as far as anybody knows them.
//!
//! The payload has been undocumented since May 2026; this is the schema published before. Its
//! example of `alerts.resolved` carried `resolved_at` while the schema asked for `triggered_at`, so
//! both may be absent. Types this version does not know survive whole.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::Timestamp;

/// Why a body is no event. Never contains any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventFault {
    /// Not JSON, or not an object.
    #[error("reading an event: the body is no JSON object")]
    NotObject,
    /// No `event_type`.
    #[error("reading an event: it has no event_type")]
    NoType,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `alerts.triggered`: a rule entered the alert state.
    AlertTriggered(AlertEvent),
    /// `alerts.resolved`: a firing rule is well again.
    AlertResolved(AlertEvent),
    /// A type this version does not know, or a known one in a shape it does not know.
    Unknown(UnknownEvent),
}

/// An event about an alert rule.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertEvent {
    /// The rule and its values.
    pub alert: Alert,
    /// Fields beside `event_type` and `alert`.
    pub other: Map<String, Value>,
}

/// A rule's state when the event happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The rule's id, `ar_...`.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The project, or nothing for a rule over all of them.
    #[serde(default)]
    pub project_id: Option<String>,
    /// What is measured, for example `turn_latency_p95`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// How it is compared: `>=` and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Compared with; a number, though nothing promises an integer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_value: Option<Value>,
    /// The value when it happened.
    #[serde(default)]
    pub current_value: Option<Value>,
    /// The state before, for example `ok` or `alert`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_state: Option<String>,
    /// When it fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triggered_at: Option<Timestamp>,
    /// When it was well again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// An event nothing more is known about.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownEvent {
    /// The type as it came.
    pub event_type: String,
    /// Every field beside `event_type`.
    pub fields: Map<String, Value>,
}

impl Event {
    /// The type as the platform spells it.
    pub fn event_type(&self) -> &str {
        match self {
            Self::AlertTriggered(_) => "alerts.triggered",
            Self::AlertResolved(_) => "alerts.resolved",
            Self::Unknown(event) => &event.event_type,
        }
    }

    /// The alert, for the two types that have one.
    pub fn alert(&self) -> Option<&Alert> {
        match self {
            Self::AlertTriggered(event) | Self::AlertResolved(event) => Some(&event.alert),
            Self::Unknown(_) => None,
        }
    }

    /// The body of a delivery of this event, for a composer or a simulator.
    pub fn to_body(&self) -> Vec<u8> {
        let mut fields = match self {
            Self::AlertTriggered(event) | Self::AlertResolved(event) => {
                let mut fields = event.other.clone();
                let alert = serde_json::to_value(&event.alert).unwrap_or_default();
                fields.insert("alert".to_owned(), alert);
                fields
            }
            Self::Unknown(event) => event.fields.clone(),
        };
        fields.insert("event_type".to_owned(), self.event_type().into());
        Value::Object(fields).to_string().into_bytes()
    }

    /// Reads a body. Private to the module: callers go through `Verified`.
    pub(super) fn read(body: &[u8]) -> Result<Self, EventFault> {
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
            return Err(EventFault::NotObject);
        };
        let Some(Value::String(event_type)) = fields.remove("event_type") else {
            return Err(EventFault::NoType);
        };
        let make: fn(AlertEvent) -> Self = match event_type.as_str() {
            "alerts.triggered" => Self::AlertTriggered,
            "alerts.resolved" => Self::AlertResolved,
            _ => return Ok(Self::Unknown(UnknownEvent { event_type, fields })),
        };
        let alert = fields.get("alert").and_then(|alert| Alert::deserialize(alert).ok());
        let Some(alert) = alert else {
            return Ok(Self::Unknown(UnknownEvent { event_type, fields }));
        };
        fields.remove("alert");
        Ok(make(AlertEvent { alert, other: fields }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_documented_events_are_read_and_written_back() {
        let triggered = br#"{"event_type":"alerts.triggered","alert":{"id":"ar_1","name":"Slow","project_id":null,"metric":"m","operator":">=","threshold_value":1500,"current_value":null,"previous_state":"ok","triggered_at":"2026-09-01T10:05:00Z","region":"uk"},"v":2}"#;
        let event = Event::read(triggered).unwrap();
        let alert = event.alert().unwrap();
        assert_eq!(
            (alert.id.as_str(), alert.project_id.as_deref(), &alert.current_value),
            ("ar_1", None, &None)
        );
        assert_eq!(alert.other.get("region"), Some(&"uk".into()));
        assert_eq!(Event::read(&event.to_body()).unwrap(), event);

        let resolved = br#"{"event_type":"alerts.resolved","alert":{"id":"ar_1","threshold_value":1.5,"resolved_at":"2026-09-01T10:25:00Z"}}"#;
        let event = Event::read(resolved).unwrap();
        assert!(event.alert().unwrap().triggered_at.is_none());
        assert!(matches!(event, Event::AlertResolved(_)));
    }

    #[test]
    fn foreign_types_and_shapes_survive() {
        for body in [
            r#"{"event_type":"conversation.ended","conversation":{"id":"CA1"}}"#,
            r#"{"alert":[1],"event_type":"alerts.triggered"}"#,
        ] {
            let event = Event::read(body.as_bytes()).unwrap();
            assert!(matches!(event, Event::Unknown(_)), "{body}");
            assert_eq!(
                serde_json::from_slice::<Value>(&event.to_body()).unwrap(),
                serde_json::from_str::<Value>(body).unwrap()
            );
        }
        assert_eq!(Event::read(b"[]"), Err(EventFault::NotObject));
        assert_eq!(Event::read(b"{}"), Err(EventFault::NoType));
    }
}

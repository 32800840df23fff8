//! Bodies and identifiers of alerts and webhooks, whose faults are told member by member.

use perch_api::families::alerts::{AlertMetric, AlertOperator, AlertWindow};
use perch_api::families::webhooks::EventType;
use perch_api::operation::{Family, Match, OperationSpec};
use serde_json::Value;

use crate::fields::{Fault, Field, Kind, faults};
use crate::refusal::Refusal;

/// An alert rule.
const RULE: [Field; 7] = [
    Field { name: "name", kind: Kind::Text, needed: true },
    Field { name: "project_id", kind: Kind::ProjectOrNull, needed: false },
    Field { name: "metric", kind: Kind::Word(AlertMetric::KNOWN), needed: true },
    Field { name: "operator", kind: Kind::Word(AlertOperator::KNOWN), needed: true },
    Field { name: "threshold_value", kind: Kind::Whole(0, i64::MAX), needed: true },
    Field { name: "window_duration", kind: Kind::Word(AlertWindow::KNOWN), needed: true },
    Field { name: "enabled", kind: Kind::Flag, needed: false },
];

/// A webhook endpoint.
const ENDPOINT: [Field; 6] = [
    Field { name: "name", kind: Kind::Chars(1, 255), needed: true },
    Field { name: "url", kind: Kind::Address, needed: true },
    Field { name: "event_types", kind: Kind::Words(EventType::KNOWN), needed: true },
    Field { name: "headers", kind: Kind::Texts, needed: false },
    Field { name: "timeout_ms", kind: Kind::Whole(1_000, 30_000), needed: false },
    Field { name: "enabled", kind: Kind::Flag, needed: false },
];

/// The refusal for these faults: alerts list them with 422, webhooks tell them in their envelope.
pub(crate) fn refused(family: Family, faults: Vec<Fault>) -> Refusal {
    let sentences: Vec<_> = faults.iter().map(Fault::sentence).collect();
    let status = if family == Family::Alerts { 422 } else { 400 };
    let refusal = Refusal::new(status, "SCHEMA_VALIDATION_FAILED", sentences.join(" "));
    Refusal { faults, ..refusal }
}

/// Refuses a body with faults; what is no JSON object is the business of others.
pub(super) fn check_body(spec: &OperationSpec, body: &[u8]) -> Result<(), Refusal> {
    let (fields, whole): (&[Field], bool) = match spec.id {
        "alerts.rules.create" => (&RULE, true),
        "alerts.rules.update" => (&RULE, false),
        "webhooks.create" => (&ENDPOINT, true),
        "webhooks.update" => (&ENDPOINT, false),
        _ => return Ok(()),
    };
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return Ok(()) };
    let faults = faults(&body, fields, whole);
    if faults.is_empty() { Ok(()) } else { Err(refused(spec.family, faults)) }
}

/// Refuses identifiers that cannot be one.
pub(super) fn check_path(found: &Match<'_>) -> Result<(), Refusal> {
    for (name, prefix) in [("rule_id", "ar_"), ("endpoint_id", "whe_")] {
        let Some(id) = found.param(name) else { continue };
        let rest = id.strip_prefix(prefix).unwrap_or_default();
        if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let text = format!("{name} should match '^{prefix}[A-Za-z0-9]+$'");
            let fault = Fault::at(["path", name], "string_pattern_mismatch", text);
            return Err(Refusal { status: 422, ..refused(found.spec.family, vec![fault]) });
        }
    }
    Ok(())
}

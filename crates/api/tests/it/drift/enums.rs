//! Which of our enums stands behind which word list of the specifications.

use perch_api::families::agents::{branches, outbound as calls, voices};
use perch_api::families::{alerts, conversations, data, external_events, outbound, webhooks};
use perch_api::model::Environment;

/// The known words behind a member or parameter, or nothing where plain text is kept on purpose.
pub(super) fn known(operation: &str, member: &str) -> Option<&'static [&'static str]> {
    Some(match (operation, member) {
        (_, "environment" | "clientEnv" | "client_env" | "targetEnvironment") => Environment::KNOWN,
        (_, "strategy") => branches::Strategy::KNOWN,
        (_, "gender") => voices::Gender::KNOWN,
        ("agents.outbound.status", "status") => calls::CallStatus::KNOWN,
        ("outbound.legacy.status", "status") => outbound::CallStatus::KNOWN,
        ("outbound.legacy.create", "encryption") => outbound::Encryption::KNOWN,
        (_, "metric") => alerts::AlertMetric::KNOWN,
        (_, "operator") => alerts::AlertOperator::KNOWN,
        (_, "state" | "current_state") => alerts::AlertState::KNOWN,
        (_, "window_duration") => alerts::AlertWindow::KNOWN,
        (_, "event_type" | "event_types") => webhooks::EventType::KNOWN,
        (_, "event_id_location") => external_events::EventIdLocation::KNOWN,
        (_, "direction") => conversations::Direction::KNOWN,
        (_, "role") => data::Role::KNOWN,
        (_, "annotationType") => data::AnnotationType::KNOWN,
        // Filters and words that programs pass through as people write them.
        ("conversations.v3.list", "query_type" | "sample" | "turn_type")
        | ("chat.create", "channel") => return None,
        (operation, member) => panic!("{operation}: {member} has a word list and no enum"),
    })
}

/// Word lists that name fewer words than we know, with the reason.
pub(super) const SHORTER: &[(&str, &str)] = &[
    // Nothing is promoted to the sandbox.
    ("agents.deployments.promote", "targetEnvironment"),
];

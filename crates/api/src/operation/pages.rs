//! The vendor's page of each operation, as data: beside the rows, so that only who asks carries it.

use std::borrow::Cow;

use super::OperationSpec;

/// What all addresses below have in front.
const REFERENCE: &str = "https://docs.poly.ai/api-reference/";

/// Pages about single operations, from the vendor's public index of 2026. Operations that are not
/// listed have none there.
static PAGES: &[(&str, &str)] = &[
    ("agents.list", "agents/endpoint/agents/list-agents"),
    ("agents.create", "agents/endpoint/agents/create-agent"),
    ("agents.delete", "agents/endpoint/agents/delete-agent"),
    ("agents.duplicate", "agents/endpoint/agents/duplicate-agent"),
    ("agents.attributes.list", "agents/endpoint/variants/list-attributes"),
    ("agents.attributes.create", "agents/endpoint/variants/create-attribute"),
    ("agents.attributes.delete", "agents/endpoint/variants/delete-attribute"),
    ("agents.attributes.update", "agents/endpoint/variants/update-attribute"),
    ("agents.audio_cache.list", "agents/endpoint/audio-cache/list-audio-cache"),
    ("agents.audio_cache.delete", "agents/endpoint/audio-cache/delete-audio-cache-entry"),
    ("agents.audio_cache.download", "agents/endpoint/audio-cache/download-audio-file"),
    ("agents.audio_cache.replace_file", "agents/endpoint/audio-cache/replace-audio-file"),
    ("agents.audio_cache.update_details", "agents/endpoint/audio-cache/update-audio-cache-details"),
    ("agents.audio_cache.synthesize", "agents/endpoint/audio-cache/synthesize-audio-preview"),
    ("agents.audio_cache.bulk_delete", "agents/endpoint/audio-cache/bulk-delete-audio-cache"),
    ("agents.behavior.get", "agents/endpoint/behavior/get-agent-behavior-rules"),
    ("agents.behavior.update", "agents/endpoint/behavior/update-agent-behavior-rules"),
    ("agents.branches.list", "agents/endpoint/branches/list-branches"),
    ("agents.branches.create", "agents/endpoint/branches/create-branch"),
    ("agents.branches.delete", "agents/endpoint/branches/delete-branch"),
    ("agents.branches.merge", "agents/endpoint/branches/merge-branch"),
    ("agents.connectors.list", "agents/endpoint/connectors/list-all-connectors-for-a-project"),
    ("agents.connectors.batch_get", "agents/endpoint/connectors/batch-get-connectors-by-id"),
    ("agents.connectors.batch_update", "agents/endpoint/connectors/batch-update-connectors"),
    ("agents.connectors.lookup", "agents/endpoint/connectors/look-up-connector-by-phone-number"),
    ("agents.connectors.get", "agents/endpoint/connectors/get-a-connector-by-id"),
    (
        "agents.connectors.delete",
        "agents/endpoint/connectors/delete-a-connector-and-its-phone-numbers",
    ),
    ("agents.connectors.update", "agents/endpoint/connectors/update-a-connector"),
    ("agents.deployments.list", "agents/endpoint/deployments/list-deployments-for-an-environment"),
    (
        "agents.deployments.active",
        "agents/endpoint/deployments/get-active-deployment-per-environment",
    ),
    (
        "agents.deployments.publish",
        "agents/endpoint/deployments/publish-the-current-draft-to-an-environment",
    ),
    (
        "agents.deployments.promote",
        "agents/endpoint/deployments/promote-a-deployment-to-the-next-environment",
    ),
    (
        "agents.deployments.rollback",
        "agents/endpoint/deployments/rollback-to-a-previous-deployment",
    ),
    ("agents.numbers.list", "agents/endpoint/phone-numbers/list-all-phone-numbers-for-a-project"),
    ("agents.numbers.import", "agents/endpoint/phone-numbers/import-phone-numbers-into-a-project"),
    (
        "agents.numbers.batch_delete",
        "agents/endpoint/phone-numbers/delete-phone-numbers-from-a-project",
    ),
    ("agents.numbers.batch_get", "agents/endpoint/phone-numbers/batch-get-phone-numbers"),
    ("agents.numbers.get", "agents/endpoint/phone-numbers/get-a-specific-phone-number"),
    ("agents.numbers.import_one", "agents/endpoint/phone-numbers/import-a-single-phone-number"),
    ("agents.numbers.delete", "agents/endpoint/phone-numbers/delete-a-single-phone-number"),
    (
        "agents.numbers.reassign",
        "agents/endpoint/phone-numbers/reassign-a-phone-number-to-a-different-connector",
    ),
    ("agents.outbound.create", "agents/endpoint/outbound-calls/trigger-outbound-call"),
    ("agents.outbound.status", "agents/endpoint/outbound-calls/get-outbound-call-status"),
    ("agents.rtc.list", "agents/endpoint/real-time-configs/list-all-config-pages"),
    ("agents.rtc.get", "agents/endpoint/real-time-configs/get-a-config-page-by-environment"),
    (
        "agents.rtc.schema.put",
        "agents/endpoint/real-time-configs/upsert-the-json-schema-for-a-config-page",
    ),
    (
        "agents.rtc.variables.patch",
        "agents/endpoint/real-time-configs/update-config-variables-for-an-environment",
    ),
    ("agents.kb.topics.list", "agents/endpoint/knowledge-base/list-knowledge-base-topics"),
    ("agents.kb.topics.create", "agents/endpoint/knowledge-base/create-knowledge-base-topic"),
    ("agents.kb.topics.get", "agents/endpoint/knowledge-base/get-knowledge-base-topic"),
    ("agents.kb.topics.delete", "agents/endpoint/knowledge-base/delete-knowledge-base-topic"),
    ("agents.kb.topics.update", "agents/endpoint/knowledge-base/update-knowledge-base-topic"),
    ("agents.variants.list", "agents/endpoint/variants/list-variants"),
    ("agents.variants.create", "agents/endpoint/variants/create-variant"),
    ("agents.variants.delete", "agents/endpoint/variants/delete-variant"),
    ("agents.variants.update", "agents/endpoint/variants/update-variant"),
    ("agents.voices.list", "agents/endpoint/voice-library/list-voices"),
    ("agents.voices.create", "agents/endpoint/voice-library/register-voice"),
    ("agents.voices.get", "agents/endpoint/voice-library/get-voice"),
    ("agents.voices.update", "agents/endpoint/voice-library/update-voice"),
    ("agents.voices.sample", "agents/endpoint/voice-library/synthesize-voice-sample"),
    ("alerts.rules.list", "alerts/endpoint/list-alert-rules"),
    ("alerts.rules.create", "alerts/endpoint/create-alert-rule"),
    ("alerts.rules.get", "alerts/endpoint/get-alert-rule"),
    ("alerts.rules.update", "alerts/endpoint/update-alert-rule"),
    ("alerts.rules.delete", "alerts/endpoint/delete-alert-rule"),
    ("alerts.active", "alerts/endpoint/list-active-alerts"),
    ("chat.create", "chat/endpoint/create-a-chat"),
    ("chat.respond", "chat/endpoint/respond-to-a-chat"),
    ("chat.close", "chat/endpoint/close-a-chat"),
    ("concurrency.get", "concurrent-calls/endpoint/get-max-concurrent"),
    ("conversations.v3.list", "conversations/v3/endpoint/get-conversations"),
    ("conversations.v1.list", "conversations/v1/endpoint/get-conversations"),
    ("conversations.get", "conversations/v3/endpoint/get-conversation-by-id"),
    ("conversations.audio", "conversations/v3/endpoint/get-conversation-audio"),
    ("debug_chat.create", "debug-chat/create-debug-chat-session"),
    ("debug_chat.respond", "debug-chat/send-debug-chat-message"),
    ("dni.reserve", "dni/endpoint/dni-reservation"),
    ("external_events.webhook", "external-events/endpoint/webhook"),
    ("external_events.bridge_ended", "external-events/endpoint/bridge-ended"),
    ("handoff.get", "handoff/endpoint/get-handoff"),
    ("messaging.access_token", "messaging/sessions"),
    ("messaging.sessions.create", "messaging/sessions"),
    ("outbound.legacy.create", "outbound/endpoint/trigger-call"),
    ("outbound.legacy.status", "outbound/endpoint/get-call-status"),
    ("sms.send", "sms/endpoint/send-sms"),
    ("webhooks.list", "webhooks/endpoint/list-webhook-endpoints"),
    ("webhooks.create", "webhooks/endpoint/create-webhook-endpoint"),
    ("webhooks.get", "webhooks/endpoint/get-webhook-endpoint"),
    ("webhooks.update", "webhooks/endpoint/update-webhook-endpoint"),
    ("webhooks.delete", "webhooks/endpoint/delete-webhook-endpoint"),
    ("webhooks.rotate_secret", "webhooks/endpoint/rotate-webhook-signing-secret"),
];

impl OperationSpec {
    /// The vendor's page about the operation; its family's where it has none of its own.
    pub fn page(&self) -> Cow<'static, str> {
        match PAGES.iter().find(|(id, _)| *id == self.id) {
            Some((_, page)) => Cow::Owned([REFERENCE, page].concat()),
            None => Cow::Borrowed(self.source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::by_id;

    #[test]
    fn every_entry_is_the_only_one_of_a_row() {
        for (at, (id, _)) in PAGES.iter().enumerate() {
            assert_eq!(by_id(id).map(|spec| spec.id), Some(*id), "no row, or an alias");
            assert!(PAGES.iter().skip(at + 1).all(|(other, _)| other != id), "{id} twice");
        }
    }
}

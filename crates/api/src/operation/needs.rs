//! What a request body cannot do without, as data: for callers that know an operation only by its row.

use super::OperationSpec;

/// Members of JSON bodies and parts of forms without which the platform refuses a call. Bodies that
/// are not listed need none.
static NEEDS: &[(&str, &[&str])] = &[
    ("agents.create", &["name", "responseSettings"]),
    ("agents.duplicate", &["newAgentName"]),
    ("agents.attributes.create", &["name"]),
    ("agents.attributes.update", &["name"]),
    ("agents.audio_cache.update_details", &["file", "settings"]),
    ("agents.audio_cache.synthesize", &["text", "config"]),
    ("agents.audio_cache.bulk_delete", &["ids"]),
    ("agents.behavior.update", &["behavior"]),
    ("agents.branches.create", &["branchName"]),
    ("agents.connectors.batch_get", &["connectorIds"]),
    ("agents.connectors.batch_update", &["updates"]),
    ("agents.connectors.lookup", &["phoneNumber"]),
    ("agents.numbers.import", &["phoneNumbers"]),
    ("agents.numbers.batch_delete", &["phoneNumbers"]),
    ("agents.numbers.batch_get", &["phoneNumbers"]),
    ("agents.numbers.reassign", &["connectorId"]),
    ("agents.outbound.create", &["toNumber", "environment"]),
    ("agents.rtc.schema.put", &["schema"]),
    ("agents.rtc.variables.patch", &["variables"]),
    ("agents.kb.topics.create", &["name", "content"]),
    ("agents.variants.create", &["name"]),
    ("agents.voices.create", &["name", "provider", "config", "providerVoiceId"]),
    ("alerts.rules.create", &["name", "metric", "operator", "threshold_value", "window_duration"]),
    ("chat.respond", &["conversation_id"]),
    ("chat.close", &["conversation_id"]),
    ("data.annotations.add", &["annotations"]),
    ("data.note.upsert", &["note"]),
    ("debug_chat.create", &["clientEnv"]),
    ("debug_chat.respond", &["clientEnv"]),
    ("dni.reserve", &["attributes"]),
    (
        "external_events.bridge_ended",
        &["conversation_id", "bridge_duration_seconds", "call_duration_seconds"],
    ),
    ("outbound.legacy.create", &["to_number"]),
    ("sms.send", &["user_number"]),
    ("webhooks.create", &["name", "url", "event_types"]),
];

impl OperationSpec {
    /// Members of the request body, or parts of its form, without which the platform refuses the call.
    pub fn needs(&self) -> &'static [&'static str] {
        NEEDS.iter().find(|(id, _)| *id == self.id).map_or(&[], |(_, names)| names)
    }

    /// The placeholders of the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::by_id;

    #[test]
    fn every_entry_is_of_a_row_with_a_body() {
        for (id, names) in NEEDS {
            let spec = by_id(id).unwrap();
            assert!(spec.id == *id && spec.sends.is_some() && !names.is_empty(), "{id}");
        }
    }

    #[test]
    fn placeholders_stand_as_in_the_path() {
        let spec = by_id("conversations.get").unwrap();
        assert_eq!(spec.placeholders().collect::<Vec<_>>(), ["agentId", "conversationId"]);
    }
}

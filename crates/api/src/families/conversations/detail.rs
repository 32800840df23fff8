//! One conversation in full, as the build host answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Turn;
use crate::model::{Channel, Environment, Extra, Timestamp, Tolerant, some_lists, some_rows, text};

/// One conversation with everything the platform keeps of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Detail {
    /// Names the conversation; empty when the platform forgot it.
    #[serde(deserialize_with = "text")]
    pub conversation_id: String,
    /// The workspace, in either form.
    pub account_id: Tolerant<String>,
    /// The agent, in either form.
    pub project_id: Tolerant<String>,
    /// When the record was made.
    pub created_at: Tolerant<Timestamp>,
    /// When it started.
    pub started_at: Tolerant<Timestamp>,
    /// When it ended.
    pub finished_at: Tolerant<Timestamp>,
    /// How it was held.
    pub channel: Tolerant<Channel>,
    /// Who called.
    pub from_number: Tolerant<String>,
    /// Who was called.
    pub to_number: Tolerant<String>,
    /// Language, BCP 47.
    pub language: Tolerant<String>,
    /// The variant that answered.
    pub variant_id: Tolerant<String>,
    /// Where the agent ran.
    pub client_env: Tolerant<Environment>,
    /// Seconds from start to end.
    pub total_duration: Tolerant<u64>,
    /// Seconds the agent was in it.
    pub polyai_duration: Tolerant<u64>,
    /// Seconds; which of the two above is undocumented.
    pub duration: Tolerant<u64>,
    /// Whether it is still running.
    pub in_progress: Tolerant<bool>,
    /// Whether it was handed to people.
    pub handoff: Tolerant<bool>,
    /// Where to.
    pub handoff_destination: Tolerant<String>,
    /// Why.
    pub handoff_reason: Tolerant<String>,
    /// `inbound` or `outbound`.
    pub direction: Tolerant<String>,
    /// Words put to it.
    pub tags: Tolerant<Vec<String>>,
    /// Quality, 1 to 5; 0 to 10 before 28 July 2026.
    pub poly_score: Tolerant<f64>,
    /// What it was about.
    pub short_summary: Tolerant<Summary>,
    /// The agent version that answered.
    pub deployment_id: Tolerant<String>,
    /// A reviewer's note.
    pub note: Tolerant<String>,
    /// The recording, relative to this record.
    pub audio_url: Tolerant<String>,
    /// The transcript.
    #[serde(deserialize_with = "some_rows")]
    pub turns: Tolerant<Vec<Turn>>,
    /// Values written by the agent, each with its moments.
    #[serde(deserialize_with = "some_lists")]
    pub metrics: Tolerant<BTreeMap<String, Vec<MetricValue>>>,
    /// Functions the agent called, by turn number from 1.
    #[serde(deserialize_with = "some_lists")]
    pub function_events: Tolerant<BTreeMap<String, Vec<FunctionEvent>>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a conversation was about: text in the specification, heading and content in reality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Summary {
    /// As the specification has it.
    Text(String),
    /// As the build host answers.
    Parts {
        /// A line.
        #[serde(default)]
        heading: String,
        /// A paragraph.
        #[serde(default)]
        content: String,
        /// Fields this version does not know.
        #[serde(flatten)]
        extra: Extra,
    },
}

/// One value of a metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricValue {
    /// When it was written, without a zone.
    pub timestamp: Tolerant<Timestamp>,
    /// What was written.
    pub value: Value,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A function the agent called.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FunctionEvent {
    /// Names the call.
    pub id: Tolerant<String>,
    /// The function.
    pub name: Tolerant<String>,
    /// What it was called with.
    pub arguments: Value,
    /// Milliseconds it took.
    pub duration: Tolerant<f64>,
    /// What went wrong.
    pub error: Value,
    /// What the agent said because of it.
    pub utterance: Tolerant<String>,
    /// An RFC 1123 date.
    pub start_time: Tolerant<String>,
    /// The handover it caused.
    pub handoff: Value,
    /// Variables it changed.
    pub state_changes: Value,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_metric_does_not_lose_the_others() {
        let detail: Detail = serde_json::from_str(
            r#"{"conversationId":"a","metrics":{"ODD":7,"CSAT_SCORE":[{"value":"4"},null,{"value":"5"}]},"functionEvents":null}"#,
        )
        .unwrap();
        let metrics = detail.metrics.0.unwrap();
        assert_eq!(metrics.keys().collect::<Vec<_>>(), ["CSAT_SCORE"]);
        assert_eq!(metrics["CSAT_SCORE"].len(), 2);
        assert!(detail.function_events.is_none());
    }

    #[test]
    fn both_summaries_are_read() {
        let text: Detail =
            serde_json::from_str(r#"{"conversationId":"a","shortSummary":"Late parcel"}"#).unwrap();
        let parts: Detail = serde_json::from_str(
            r#"{"conversationId":"a","shortSummary":{"heading":"Late parcel","content":"…"}}"#,
        )
        .unwrap();
        assert_eq!(text.short_summary.0, Some(Summary::Text("Late parcel".to_owned())));
        assert!(
            matches!(parts.short_summary.0, Some(Summary::Parts { heading, .. }) if heading == "Late parcel")
        );
    }

    #[test]
    fn function_events_hang_on_turn_numbers() {
        let detail: Detail = serde_json::from_str(
            r#"{"conversationId":"a","functionEvents":{"2":[{"id":"f","name":"find_order","arguments":{"n":1},"duration":120,"error":null,"start_time":"Tue, 01 Sep 2026 10:00:00 GMT"}]}}"#,
        )
        .unwrap();
        let events = detail.function_events.0.unwrap();
        assert_eq!(events["2"][0].duration.0, Some(120.0));
    }
}

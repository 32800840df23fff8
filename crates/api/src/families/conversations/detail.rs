//! One conversation in full, as the build host answers.

use perch_json::{Error, Reader, Token};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Turn;
use crate::model::record::members;
use crate::model::{Channel, Entries, Environment, Extra, Lenient, Timestamp, Tolerant, strict};

crate::answers! {
    /// One conversation with everything the platform keeps of it.
    Detail {
        /// Names the conversation; empty when the platform forgot it.
        conversation_id as "conversationId": String,
        /// The workspace, in either form.
        account_id as "accountId": Tolerant<String>,
        /// The agent, in either form.
        project_id as "projectId": Tolerant<String>,
        /// When the record was made.
        created_at as "createdAt": Tolerant<Timestamp>,
        /// When it started.
        started_at as "startedAt": Tolerant<Timestamp>,
        /// When it ended.
        finished_at as "finishedAt": Tolerant<Timestamp>,
        /// How it was held.
        channel: Tolerant<Channel>,
        /// Who called.
        from_number as "fromNumber": Tolerant<String>,
        /// Who was called.
        to_number as "toNumber": Tolerant<String>,
        /// Language, BCP 47.
        language: Tolerant<String>,
        /// The variant that answered.
        variant_id as "variantId": Tolerant<String>,
        /// Where the agent ran.
        client_env as "clientEnv": Tolerant<Environment>,
        /// Seconds from start to end.
        total_duration as "totalDuration": Tolerant<u64>,
        /// Seconds the agent was in it.
        polyai_duration as "polyaiDuration": Tolerant<u64>,
        /// Seconds; which of the two above is undocumented.
        duration: Tolerant<u64>,
        /// Whether it is still running.
        in_progress as "inProgress": Tolerant<bool>,
        /// Whether it was handed to people.
        handoff: Tolerant<bool>,
        /// Where to.
        handoff_destination as "handoffDestination": Tolerant<String>,
        /// Why.
        handoff_reason as "handoffReason": Tolerant<String>,
        /// `inbound` or `outbound`.
        direction: Tolerant<String>,
        /// Words put to it.
        tags: Tolerant<Vec<String>>,
        /// Quality, 1 to 5; 0 to 10 before 28 July 2026.
        poly_score as "polyScore": Tolerant<f64>,
        /// What it was about.
        short_summary as "shortSummary": Tolerant<Summary>,
        /// The agent version that answered.
        deployment_id as "deploymentId": Tolerant<String>,
        /// A reviewer's note.
        note: Tolerant<String>,
        /// The recording, relative to this record.
        audio_url as "audioUrl": Tolerant<String>,
        /// The transcript.
        turns: Tolerant<Vec<Turn>>,
        /// Values written by the agent, each with its moments.
        metrics: Tolerant<Entries<Vec<MetricValue>>>,
        /// Functions the agent called, by turn number from 1.
        function_events as "functionEvents": Tolerant<Entries<Vec<FunctionEvent>>>,
    }
}

/// What a conversation was about: text in the specification, heading and content in reality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Summary {
    /// As the specification has it.
    Text(String),
    /// As the build host answers.
    Parts {
        /// A line.
        heading: String,
        /// A paragraph.
        content: String,
        /// Fields this version does not know.
        #[serde(flatten)]
        extra: Extra,
    },
}

crate::answers! {
    /// [`Summary::Parts`] while they are read.
    SummaryParts {
        /// See there.
        heading: String,
        /// See there.
        content: String,
    }
}

impl Lenient for Summary {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        Ok(match reader.token()? {
            Token::Object => {
                let mut parts = SummaryParts::default();
                members(&mut parts, reader)?;
                let SummaryParts { heading, content, extra } = parts;
                Some(Self::Parts { heading, content, extra })
            }
            Token::Text(text) => Some(Self::Text(text.into_owned())),
            other => reader.pass(&other).map(|()| None)?,
        })
    }
}

impl<'de> Deserialize<'de> for Summary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict(deserializer)
    }
}

crate::answers! {
    /// One value of a metric.
    MetricValue {
        /// When it was written, without a zone.
        timestamp: Tolerant<Timestamp>,
        /// What was written.
        value: Value,
    }

    /// A function the agent called.
    FunctionEvent {
        /// Names the call.
        id: Tolerant<String>,
        /// The function.
        name: Tolerant<String>,
        /// What it was called with.
        arguments: Value,
        /// Milliseconds it took.
        duration: Tolerant<f64>,
        /// What went wrong.
        error: Value,
        /// What the agent said because of it.
        utterance: Tolerant<String>,
        /// An RFC 1123 date.
        start_time: Tolerant<String>,
        /// The handover it caused.
        handoff: Value,
        /// Variables it changed.
        state_changes: Value,
    }
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
        assert_eq!(metrics.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["CSAT_SCORE"]);
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

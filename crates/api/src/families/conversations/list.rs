//! Rows of the list, and the turns that list and detail share.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{Channel, Environment, Extra, Timestamp, Tolerant, rows, some_rows, text};

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page {
    /// The rows; the platform does not document their order.
    #[serde(deserialize_with = "rows")]
    pub conversations: Vec<ListItem>,
    /// Where the next page starts; absent on the last.
    pub cursor: Option<String>,
    /// The older way of paging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_offset: Option<u64>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One row. Anything may be missing or empty, and empty means the same as missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListItem {
    /// Names the conversation; empty when the platform forgot it.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// The workspace, in either form.
    pub account_id: Tolerant<String>,
    /// The agent, in either form.
    pub project_id: Tolerant<String>,
    /// The variant that answered.
    pub variant_id: Tolerant<String>,
    /// Its name.
    pub variant_name: Tolerant<String>,
    /// Where the agent ran.
    pub environment: Tolerant<Environment>,
    /// When it started.
    pub started_at: Tolerant<Timestamp>,
    /// How it was held.
    pub channel: Tolerant<Channel>,
    /// Who called.
    pub from_number: Tolerant<String>,
    /// Who was called.
    pub to_number: Tolerant<String>,
    /// Whether it is still running.
    pub in_progress: Tolerant<bool>,
    /// Turns held; more than `turns` holds when transcripts are switched off.
    pub num_turns: Tolerant<u32>,
    /// Seconds from start to end.
    pub total_duration: Tolerant<u64>,
    /// Seconds the agent was in it.
    pub polyai_duration: Tolerant<u64>,
    /// Whether it was handed to people.
    pub handoff: Tolerant<bool>,
    /// Why.
    pub handoff_reason: Tolerant<String>,
    /// Where to.
    pub handoff_destination: Tolerant<String>,
    /// Turns in which nothing was said.
    pub num_silences: Tolerant<u32>,
    /// Turns outside the agent's domain.
    pub num_ood: Tolerant<u32>,
    /// Values written by the agent.
    pub metrics: Tolerant<BTreeMap<String, Metric>>,
    /// The agent's variables.
    pub state: Tolerant<Map<String, Value>>,
    /// The transcript, where the project shows it.
    #[serde(deserialize_with = "some_rows")]
    pub turns: Tolerant<Vec<Turn>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A metric: one value, or a list when it was written more than once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Metric {
    /// Written once.
    One(String),
    /// Written several times.
    Many(Vec<String>),
    /// Of another type than documented.
    Other(Value),
}

/// One exchange: what the visitor said and what the agent answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// The visitor's words.
    pub user_input: Tolerant<String>,
    /// Keys pressed.
    pub user_input_dtmf: Tolerant<String>,
    /// When the visitor spoke.
    pub user_input_datetime: Tolerant<Timestamp>,
    /// The agent's words.
    pub agent_response: Tolerant<String>,
    /// When the agent answered.
    pub agent_response_datetime: Tolerant<Timestamp>,
    /// How long the visitor waited.
    pub latency: Tolerant<Latency>,
    /// The visitor's words in English.
    pub translated_user_input: Tolerant<String>,
    /// The agent's words in English.
    pub english_agent_response: Tolerant<String>,
    /// What the agent took the visitor to mean.
    pub intents: Tolerant<Vec<String>>,
    /// Names and numbers found in the visitor's words.
    pub entities: Tolerant<Value>,
    /// Outside the agent's domain.
    pub is_ood: Tolerant<bool>,
    /// Nothing was said.
    pub is_silence: Tolerant<bool>,
    /// The visitor spoke while the agent did.
    pub barge_in: Tolerant<bool>,
    /// Language listened in.
    pub asr_lang_code: Tolerant<String>,
    /// Language spoken in.
    pub tts_lang_code: Tolerant<String>,
    /// What the agent consulted: topics, functions, safety.
    pub metadata: Tolerant<Map<String, Value>>,
    /// The visitor's recording, relative to the conversation.
    pub user_input_audio_url: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How long the visitor waited, in the two spellings the platform uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Latency {
    /// As the specification has it.
    Number(f64),
    /// As the build host answers.
    Object {
        /// Seconds until the answer began.
        #[serde(default)]
        perceived_latency: Option<f64>,
        /// Share of the day's turns that were faster, 0 to 1.
        #[serde(default)]
        perceived_latency_percentile_1d: Option<f64>,
        /// A word for it.
        #[serde(default)]
        label: Option<String>,
        /// Fields this version does not know.
        #[serde(flatten)]
        extra: Extra,
    },
}

impl Latency {
    /// Seconds the visitor waited.
    pub const fn seconds(&self) -> Option<f64> {
        match self {
            Self::Number(seconds) => Some(*seconds),
            Self::Object { perceived_latency, .. } => *perceived_latency,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_nulls_is_a_row() {
        let page: Page = serde_json::from_str(
            r#"{"conversations":[{"id":"CA1","turns":null,"metrics":null,"handoff":null,"num_turns":"4","channel":null}],"cursor":null}"#,
        )
        .unwrap();
        let [row] = page.conversations.as_slice() else { panic!("one row") };
        assert!(row.turns.is_none() && row.num_turns.is_none());
    }

    #[test]
    fn both_latencies_are_read() {
        let number: Turn = serde_json::from_str(r#"{"latency":0.8}"#).unwrap();
        let object: Turn =
            serde_json::from_str(r#"{"latency":{"label":null,"perceived_latency":0.8,"perceived_latency_percentile_1d":null}}"#)
                .unwrap();
        for turn in [number, object] {
            assert_eq!(turn.latency.as_ref().and_then(Latency::seconds), Some(0.8));
        }
    }

    #[test]
    fn a_metric_is_one_or_many() {
        let row: ListItem = serde_json::from_str(
            r#"{"id":"CA1","metrics":{"CSAT_SCORE":"4","TOPIC":["a","b"],"ODD":7}}"#,
        )
        .unwrap();
        let metrics = row.metrics.0.unwrap();
        assert_eq!(metrics["CSAT_SCORE"], Metric::One("4".to_owned()));
        assert_eq!(metrics["TOPIC"], Metric::Many(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(metrics["ODD"], Metric::Other(Value::from(7)));
    }
}

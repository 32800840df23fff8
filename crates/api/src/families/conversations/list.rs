//! Rows of the list, and the turns that list and detail share.

use perch_json::{Error, Reader, Token};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::model::record::members;
use crate::model::{
    Channel, Entries, Environment, Extra, Lenient, Timestamp, Tolerant, number, strict,
};

crate::answers! {
    /// One page of the list.
    Page {
        /// The rows; the platform does not document their order.
        conversations: Vec<ListItem>,
        /// Where the next page starts; absent on the last.
        cursor: Option<String>,
        /// The older way of paging.
        next_offset [optional]: Option<u64>,
    }

    /// One row. Anything may be missing or empty, and empty means the same as missing.
    ListItem {
        /// Names the conversation; empty when the platform forgot it.
        id: String,
        /// The workspace, in either form.
        account_id: Tolerant<String>,
        /// The agent, in either form.
        project_id: Tolerant<String>,
        /// The variant that answered.
        variant_id: Tolerant<String>,
        /// Its name.
        variant_name: Tolerant<String>,
        /// Where the agent ran.
        environment: Tolerant<Environment>,
        /// When it started.
        started_at: Tolerant<Timestamp>,
        /// How it was held.
        channel: Tolerant<Channel>,
        /// Who called.
        from_number: Tolerant<String>,
        /// Who was called.
        to_number: Tolerant<String>,
        /// Whether it is still running.
        in_progress: Tolerant<bool>,
        /// Turns held; more than `turns` holds when transcripts are switched off.
        num_turns: Tolerant<u32>,
        /// Seconds from start to end.
        total_duration: Tolerant<u64>,
        /// Seconds the agent was in it.
        polyai_duration: Tolerant<u64>,
        /// Whether it was handed to people.
        handoff: Tolerant<bool>,
        /// Why.
        handoff_reason: Tolerant<String>,
        /// Where to.
        handoff_destination: Tolerant<String>,
        /// Turns in which nothing was said.
        num_silences: Tolerant<u32>,
        /// Turns outside the agent's domain.
        num_ood: Tolerant<u32>,
        /// Values written by the agent.
        metrics: Tolerant<Entries<Metric>>,
        /// The agent's variables.
        state: Tolerant<Map<String, Value>>,
        /// The transcript, where the project shows it.
        turns: Tolerant<Vec<Turn>>,
    }
}

/// A metric: one value, or a list when it was written more than once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Metric {
    /// Written once.
    One(String),
    /// Written several times.
    Many(Vec<String>),
    /// Of another type than documented.
    Other(Value),
}

impl Lenient for Metric {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        // A value holds its text and its list already; they only change hands.
        Ok(Value::read(reader)?.map(|value| match value {
            Value::String(text) => Self::One(text),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                let mut texts = Vec::new();
                for value in list {
                    if let Value::String(text) = value {
                        texts.push(text);
                    }
                }
                Self::Many(texts)
            }
            other => Self::Other(other),
        }))
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict(deserializer)
    }
}

crate::answers! {
    /// One exchange: what the visitor said and what the agent answered.
    Turn {
        /// The visitor's words.
        user_input: Tolerant<String>,
        /// Keys pressed.
        user_input_dtmf: Tolerant<String>,
        /// When the visitor spoke.
        user_input_datetime: Tolerant<Timestamp>,
        /// The agent's words.
        agent_response: Tolerant<String>,
        /// When the agent answered.
        agent_response_datetime: Tolerant<Timestamp>,
        /// How long the visitor waited.
        latency: Tolerant<Latency>,
        /// The visitor's words in English.
        translated_user_input: Tolerant<String>,
        /// The agent's words in English.
        english_agent_response: Tolerant<String>,
        /// What the agent took the visitor to mean.
        intents: Tolerant<Vec<String>>,
        /// Names and numbers found in the visitor's words.
        entities: Tolerant<Value>,
        /// Outside the agent's domain.
        is_ood: Tolerant<bool>,
        /// Nothing was said.
        is_silence: Tolerant<bool>,
        /// The visitor spoke while the agent did.
        barge_in: Tolerant<bool>,
        /// Language listened in.
        asr_lang_code: Tolerant<String>,
        /// Language spoken in.
        tts_lang_code: Tolerant<String>,
        /// What the agent consulted: topics, functions, safety.
        metadata: Tolerant<Map<String, Value>>,
        /// The visitor's recording, relative to the conversation.
        user_input_audio_url: Tolerant<String>,
    }
}

/// How long the visitor waited, in the two spellings the platform uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Latency {
    /// As the specification has it.
    Number(f64),
    /// As the build host answers.
    Object {
        /// Seconds until the answer began.
        perceived_latency: Option<f64>,
        /// Share of the day's turns that were faster, 0 to 1.
        perceived_latency_percentile_1d: Option<f64>,
        /// A word for it.
        label: Option<String>,
        /// Fields this version does not know.
        #[serde(flatten)]
        extra: Extra,
    },
}

crate::answers! {
    /// [`Latency::Object`] while it is read.
    LatencyObject {
        /// See there.
        perceived_latency: Option<f64>,
        /// See there.
        perceived_latency_percentile_1d: Option<f64>,
        /// See there.
        label: Option<String>,
    }
}

impl Lenient for Latency {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let token = reader.token()?;
        if token != Token::Object {
            reader.pass(&token)?;
            return Ok(number(&token).map(Self::Number));
        }
        let mut object = LatencyObject::default();
        members(&mut object, reader)?;
        let LatencyObject { perceived_latency, perceived_latency_percentile_1d, label, extra } =
            object;
        Ok(Some(Self::Object { perceived_latency, perceived_latency_percentile_1d, label, extra }))
    }
}

impl<'de> Deserialize<'de> for Latency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict(deserializer)
    }
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

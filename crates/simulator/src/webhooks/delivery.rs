//! One event on its way to one endpoint.

use std::sync::Arc;

use perch_api::model::WebhookEndpointId;
use perch_api::webhook::Answer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What there is to deliver.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Identifier of the event, the same for every endpoint and attempt.
    pub(crate) event_id: String,
    /// Its type.
    pub(crate) event_type: String,
    /// The body, the same for every attempt.
    pub(crate) body: String,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// Counts from 1.
    pub(crate) number: u64,
    /// Where it goes.
    pub(crate) endpoint: WebhookEndpointId,
    /// What is delivered.
    #[serde(serialize_with = "shared", deserialize_with = "alone")]
    pub(crate) message: Arc<Message>,
    /// When it was handed in, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// What was tried.
    pub(crate) attempts: Vec<Attempt>,
    /// How it stands.
    pub(crate) standing: Standing,
}

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It waits for its next attempt.
    Waiting {
        /// When that is due, Unix milliseconds.
        due_ms: i64,
    },
    /// It is on its way.
    Sending,
    /// It arrived.
    Delivered,
    /// The receiver refused it, or never took it.
    Failed,
    /// It was given up before its attempts were over.
    Dropped {
        /// Why.
        reason: Reason,
    },
}

/// Why a delivery was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// Its endpoint was deleted.
    EndpointDeleted,
    /// Its endpoint was switched off when the attempt was due.
    EndpointDisabled,
    /// Too much waits already.
    QueueFull,
}

/// One attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// When it was sent, Unix milliseconds.
    pub(crate) sent_ms: i64,
    /// When it ended; nothing while it lasts.
    pub(crate) ended_ms: Option<i64>,
    /// What it came to.
    pub(crate) outcome: Option<Outcome>,
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The receiver answered with this status.
    Status(u16),
    /// It did not answer in time.
    TimedOut,
    /// It could not be reached.
    Unreachable,
}

fn shared<S: Serializer>(message: &Arc<Message>, to: S) -> Result<S::Ok, S::Error> {
    message.as_ref().serialize(to)
}

fn alone<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Message>, D::Error> {
    Message::deserialize(from).map(Arc::new)
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Status(status) => Self::Status(status),
            Answer::TimedOut => Self::TimedOut,
            Answer::Unreachable => Self::Unreachable,
        }
    }
}

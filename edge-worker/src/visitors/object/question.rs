//! What the worker asks the objects, and what they answer.

use perch_api::model::ConversationId;
use serde::{Deserialize, Serialize};

use crate::policy::limits::Limits;

/// Count one of what this object counts.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Count {
    pub(in crate::visitors) limit: u32,
    pub(in crate::visitors) now: u64,
    /// The counter goes when nobody is counted any more.
    pub(in crate::visitors) passing: bool,
}

/// How long to wait.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Wait {
    pub(in crate::visitors) wait: u64,
}

/// Keep a new session.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Open {
    /// The platform's access token, sealed.
    pub(in crate::visitors) access: String,
    /// The platform's session id, sealed.
    pub(in crate::visitors) platform: String,
    /// What the site's backend vouched for, sealed.
    pub(in crate::visitors) context: Option<String>,
    pub(in crate::visitors) limits: Limits,
    pub(in crate::visitors) opened: u64,
    /// Unix seconds at which all of it is deleted.
    pub(in crate::visitors) until: u64,
}

/// A question about the session. One that was opened at `stopped` or before is over.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(in crate::visitors) struct When {
    pub(in crate::visitors) now: u64,
    pub(in crate::visitors) stopped: u64,
}

/// Note a ticket by its hash.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Ticket {
    pub(in crate::visitors) nonce: String,
    pub(in crate::visitors) expires: u64,
    pub(in crate::visitors) when: When,
}

/// Use a ticket up.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Redeem {
    pub(in crate::visitors) nonce: String,
    pub(in crate::visitors) when: When,
}

/// What a session has, still sealed.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Kept {
    pub(in crate::visitors) access: String,
    pub(in crate::visitors) platform: String,
}

/// Say something over plain requests.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Say {
    pub(in crate::visitors) when: When,
    /// The hash of the client's own id of the turn.
    pub(in crate::visitors) turn: Option<String>,
}

/// How a turn ended.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Said {
    /// The hash of the client's own id of the turn.
    pub(in crate::visitors) turn: String,
    pub(in crate::visitors) outcome: Outcome,
}

/// What became of a turn.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::visitors) enum Outcome {
    /// The answer, sealed.
    Answered(String),
    /// The platform did not take the message: it may be said again.
    Unheard,
    /// Nobody knows.
    Lost,
}

/// The fallback chat.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Chat {
    pub(in crate::visitors) conversation: Option<ConversationId>,
    /// What the site's backend vouched for, sealed.
    #[serde(default)]
    pub(in crate::visitors) context: Option<String>,
    /// The answer that this turn got before, sealed.
    #[serde(default)]
    pub(in crate::visitors) outcome: Option<String>,
}

/// Keep a verified context until it is fetched.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Keep {
    pub(in crate::visitors) handle: String,
    pub(in crate::visitors) sealed: String,
    pub(in crate::visitors) expires: u64,
    pub(in crate::visitors) now: u64,
    pub(in crate::visitors) limit: u32,
}

/// Fetch one, once.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Take {
    pub(in crate::visitors) handle: String,
    pub(in crate::visitors) now: u64,
}

/// What was fetched.
#[derive(Serialize, Deserialize)]
pub(in crate::visitors) struct Taken {
    pub(in crate::visitors) sealed: String,
}

/// Whether a site's visitors may go on.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// Sessions that were opened at this time or before are over (Unix seconds).
    pub(crate) before: u64,
    /// No new ones are opened.
    pub(crate) closed: bool,
}

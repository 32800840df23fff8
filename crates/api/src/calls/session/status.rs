//! What a call window shows.

use super::io::EndReason;
use crate::model::Millis;

/// The state of the call, or of the last one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// How far it is.
    pub phase: Phase,
    /// The signalling socket's state; not of interest to the caller while they talk.
    pub signalling: Signalling,
    /// Whether the microphone is muted.
    pub muted: bool,
    /// When both could talk for the first time: where the call's clock starts.
    pub talking_since: Option<Millis>,
    /// Media are gone at the moment.
    pub unsteady: bool,
    /// The gateway's id for the call, once it has answered.
    pub session: Option<String>,
    /// Why it is over.
    pub ended: Option<EndReason>,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// There was none yet.
    #[default]
    Idle,
    /// Neither can hear the other yet.
    Connecting,
    /// Both can talk.
    Talking,
    /// It is over.
    Ended,
}

/// The state of the signalling socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signalling {
    /// There is no call.
    #[default]
    None,
    /// Being dialled.
    Dialling,
    /// Open.
    Open,
    /// Lost; about to be dialled again.
    Waiting {
        /// For which attempt after the first, from 1.
        attempt: u8,
    },
}

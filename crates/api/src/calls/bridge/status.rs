//! What a call window shows, and why a call is over.

use super::body::BodyFault;
use crate::{
    calls::session::{MicrophoneFault, Phase},
    model::Millis,
};

/// The requests of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Making the call.
    Provision,
    /// Sending the offer.
    Offer,
    /// Asking for the agent's track.
    Pull,
    /// Handing its answer back.
    Renegotiate,
}

/// Why a call is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// The caller hung up.
    HungUp,
    /// It took too long until both could talk.
    Timeout,
    /// A request was refused: 401 is the token, 403 the mode.
    Refused {
        /// Which one.
        step: Step,
        /// The status.
        status: u16,
    },
    /// A request was not answered.
    Unreachable {
        /// Which one.
        step: Step,
    },
    /// An answer could not be used.
    Unreadable {
        /// To which request.
        step: Step,
        /// Why.
        fault: BodyFault,
    },
    /// The messaging session did not take the link.
    NotLinked,
    /// Media could not be connected, or were lost.
    MediaLost,
    /// There is no microphone.
    NoMicrophone(MicrophoneFault),
    /// The events socket closed: the bridge lets the call go then.
    EventsLost,
}

/// The state of the call, or of the last one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// How far it is.
    pub phase: Phase,
    /// Whether the microphone is muted.
    pub muted: bool,
    /// Whether the agent is silenced, because the caller talked over it.
    pub agent_silenced: bool,
    /// When both could talk: where the call's clock starts.
    pub talking_since: Option<Millis>,
    /// Media are gone at the moment.
    pub unsteady: bool,
    /// The call's id.
    pub call_id: Option<String>,
    /// Why it is over.
    pub ended: Option<EndReason>,
}

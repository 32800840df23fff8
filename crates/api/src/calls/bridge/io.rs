//! What goes into a call over the bridge and what comes out of it.

use super::{
    body::{IceServer, SdpOffer},
    request::Request,
    status::EndReason,
};
use crate::calls::{
    message::{FrameFault, Sdp, WireText},
    session::{MediaState, MicrophoneFault, PeerId, Phase, Refusal},
};

/// How calls are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Who calls.
    pub caller: Option<String>,
    /// How long it may take until both sides can talk.
    pub connect_ms: u64,
    /// How long media may be gone during a call.
    pub grace_ms: u64,
    /// Candidates are complete when none came for so long.
    pub ice_quiet_ms: u64,
    /// Candidates are taken as complete after so long, whatever comes.
    pub ice_cap_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            caller: None,
            connect_ms: 30_000,
            grace_ms: 5_000,
            ice_quiet_ms: 200,
            ice_cap_ms: 2_000,
        }
    }
}

/// What the driver tells the session. What concerns an earlier call is ignored, except that a late
/// answer to its provision makes the session delete what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// Start a call. Have the microphone first.
    Call,
    /// A request was answered.
    Response {
        /// Which one.
        request: u32,
        /// The status.
        status: u16,
        /// The body.
        body: &'a str,
    },
    /// A request was not answered.
    RequestFailed {
        /// Which one.
        request: u32,
    },
    /// The messaging session took the link.
    Linked,
    /// It did not.
    LinkFailed,
    /// The offer is set as the local description; candidates are being gathered.
    OfferCreated {
        /// Whose.
        peer: PeerId,
    },
    /// A candidate was found.
    CandidateFound {
        /// Whose.
        peer: PeerId,
        /// There are no more.
        last: bool,
    },
    /// The local description, as asked for.
    OfferReady {
        /// Whose.
        peer: PeerId,
        /// The description with its candidates.
        offer: SdpOffer,
    },
    /// The answer to a pull is set as the local description.
    AnswerReady {
        /// Whose.
        peer: PeerId,
        /// The answer.
        sdp: Sdp,
    },
    /// The peer connection's state changed.
    Media {
        /// Whose.
        peer: PeerId,
        /// The state.
        state: MediaState,
    },
    /// No offer can be made without a microphone.
    NoMicrophone {
        /// For whom.
        peer: PeerId,
        /// Why there is none.
        fault: MicrophoneFault,
    },
    /// The events socket is open.
    EventsOpened,
    /// A text frame came on it.
    EventsFrame(&'a str),
    /// It closed, or could not be opened.
    EventsClosed,
    /// The caller mutes the microphone, or not.
    Mute(bool),
    /// The caller hangs up.
    HangUp,
    /// The time the deadline named has come.
    Tick,
}

/// What the session wants done, or wants known.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send a request to the bridge.
    Request {
        /// Its number, for the answer.
        id: u32,
        /// The request.
        request: Request,
    },
    /// Write `LINK_TO_WEBRTC_CONVERSATION` to the messaging socket.
    Link {
        /// The call's id.
        call_sid: String,
    },
    /// Open the events socket.
    DialEvents {
        /// Its path.
        path: String,
    },
    /// Write a text frame to it.
    WriteEvents(WireText),
    /// Close it; nothing of it may be handed in any more.
    HangupEvents,
    /// Do something with a peer connection.
    Media(MediaAction),
    /// Something changed.
    Event(Event),
}

/// What to do with a peer connection.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaAction {
    /// Make one, with the microphone on it, and set an offer from it as local description.
    CreateOffer {
        /// Its number.
        peer: PeerId,
        /// STUN and TURN servers; when empty, those the driver knows.
        ice_servers: Vec<IceServer>,
    },
    /// Hand in the local description as it is now.
    ReadOffer {
        /// Whose.
        peer: PeerId,
    },
    /// Set the remote description.
    SetAnswer {
        /// Whose.
        peer: PeerId,
        /// The answer.
        sdp: Sdp,
    },
    /// Set the bridge's offer, and hand in an answer.
    AnswerPull {
        /// Whose.
        peer: PeerId,
        /// The offer.
        sdp: Sdp,
    },
    /// Make the agent inaudible, or audible again.
    Silence {
        /// Whose.
        peer: PeerId,
        /// Whether to make it inaudible.
        silent: bool,
    },
    /// Stop sending the microphone's sound, or send it again.
    Mute {
        /// Whose.
        peer: PeerId,
        /// Whether to stop.
        muted: bool,
    },
    /// Close it, and let the microphone go.
    Close {
        /// Which one.
        peer: PeerId,
    },
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// How far the call is.
    Phase(Phase),
    /// Something else in [`Status`](super::Status).
    Status,
    /// What was asked for was not done.
    Refused(Refusal),
    /// The call is over; there is one of these for every call.
    Ended(EndReason),
    /// A word of the events socket that this version does not know.
    Unknown {
        /// The word.
        word: String,
    },
    /// A frame of the events socket that could not be read; it was left out.
    Unreadable(FrameFault),
    /// More changed than the queue could hold: read the status anew.
    Resync,
}

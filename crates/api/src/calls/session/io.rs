//! What goes into a call and what comes out of it.

use super::status::{Phase, Signalling};
use crate::calls::message::{
    Candidate, ErrorCode, ErrorReport, FrameFault, OfferFields, Sdp, WireText,
};

/// How calls are made.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What goes into every offer; the `call_sid` comes with each call. Behind a relay, leave the
    /// token out: the relay puts it in.
    pub offer: OfferFields,
    /// How long it may take until both sides can talk.
    pub connect_ms: u64,
    /// How long media may be gone during a call.
    pub grace_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self { offer: OfferFields::default(), connect_ms: 30_000, grace_ms: 5_000 }
    }
}

/// A peer connection, numbered by the session; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u32);

/// What the driver tells the session. What concerns a peer connection that was closed is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// Start a call. Have the microphone first: people take their time to allow it.
    Call {
        /// A fresh id, also for `LINK_TO_WEBRTC_CONVERSATION`: the gateway names no conversation.
        call_sid: &'a str,
    },
    /// The socket dialled last is open.
    Opened,
    /// A text frame came.
    Frame(&'a str),
    /// The dial failed.
    DialFailed(DialFailure),
    /// The socket closed, without the session having hung up.
    Closed {
        /// The close code; 1005 or 1006 when there was none.
        code: u16,
    },
    /// The network is back.
    Online,
    /// The offer asked for is there, and set as the local description.
    OfferReady {
        /// Whose.
        peer: PeerId,
        /// The description.
        sdp: Sdp,
    },
    /// A candidate of this side was found; an empty one when there are no more.
    LocalCandidate {
        /// Whose.
        peer: PeerId,
        /// The candidate.
        candidate: Candidate,
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
    /// The caller mutes the microphone, or not.
    Mute(bool),
    /// The caller hangs up.
    HangUp,
    /// The time [`deadline`](super::CallSession::deadline) named has come.
    Tick,
}

/// Why a dial failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialFailure {
    /// No answer, or a fault that may pass.
    Unreachable,
    /// Too many at once (429, 503).
    Busy {
        /// How long the answer asked to wait.
        retry_after_ms: Option<u64>,
    },
    /// Refused in a way that trying again cannot change (400, 401, 403, 404).
    Refused,
}

/// The state of a peer connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaState {
    /// Both sides can hear each other.
    Connected,
    /// Gone, and perhaps back in a moment.
    Disconnected,
    /// Gone for good.
    Failed,
}

/// Why there is no microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MicrophoneFault {
    /// The caller, or the page's policy, does not allow it.
    Denied,
    /// There is none.
    Missing,
    /// It exists and cannot be used, for example because another program has it.
    Unusable,
}

/// What the session wants done, or wants known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Open a signalling socket; forget any older one.
    Dial,
    /// Write a text frame.
    Write(WireText),
    /// Close the socket; nothing of it may be handed in any more.
    Hangup {
        /// The code to close with.
        code: u16,
    },
    /// Do something with a peer connection.
    Media(MediaAction),
    /// Something changed.
    Event(Event),
}

/// What to do with a peer connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaAction {
    /// Make one, with the microphone on it, and an offer from it.
    CreateOffer {
        /// Its number.
        peer: PeerId,
    },
    /// Set the remote description.
    SetAnswer {
        /// Whose.
        peer: PeerId,
        /// The answer.
        sdp: Sdp,
    },
    /// Add a candidate of the other side; never before the answer.
    AddCandidate {
        /// To which.
        peer: PeerId,
        /// The candidate.
        candidate: Candidate,
    },
    /// Stop sending the microphone's sound, or send it again.
    Mute {
        /// Whose.
        peer: PeerId,
        /// Whether to stop.
        muted: bool,
    },
    /// Close it, and let the microphone go unless another one is asked for at once.
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
    /// The state of the signalling socket.
    Signalling(Signalling),
    /// Something else in [`Status`](super::Status).
    Status,
    /// What was asked for was not done.
    Refused(Refusal),
    /// The gateway complains, and the call goes on.
    Problem(ErrorReport),
    /// The call is over; there is one of these for every call.
    Ended(EndReason),
    /// More candidates than can be kept; some were left out.
    CandidatesDropped,
    /// A frame of a type this version does not know.
    Unknown {
        /// The type's first words.
        kind: String,
    },
    /// A frame that could not be read; it was left out.
    Unreadable(FrameFault),
    /// More changed than the queue could hold: read the status anew.
    Resync,
}

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is a call already.
    #[error("there is a call already")]
    Busy,
    /// The call's id is empty.
    #[error("a call needs an id")]
    NoCallSid,
}

/// Why a call is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// The caller hung up.
    HungUp,
    /// The other side did.
    Remote,
    /// It took too long until both could talk.
    Timeout,
    /// The gateway refused; see [`ErrorCode::remedy`].
    Refused(ErrorCode),
    /// The signalling socket was refused.
    DialRefused,
    /// The signalling socket was closed with a code that rules out another attempt.
    Closed {
        /// The code.
        code: u16,
    },
    /// The signalling socket was lost, and all attempts to get a new one failed.
    SignallingLost,
    /// Media could not be connected, or were lost.
    MediaLost,
    /// There is no microphone.
    NoMicrophone(MicrophoneFault),
}

impl EndReason {
    /// Whether this side decided, so that the other should be told even before its answer.
    pub(super) fn is_ours(&self) -> bool {
        !matches!(self, Self::Remote | Self::Refused(_))
    }
}

//! What goes into a bridge and what comes out of it.

use crate::calls::{
    bridge::{BridgeEvent, CallMode, IceServer, Method, SdpOffer},
    message::{Sdp, WireText},
};

/// How a bridge behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Whether echo is allowed, as on bridges for debugging.
    pub echo: bool,
    /// STUN and TURN servers that callers are told.
    pub ice_servers: Vec<IceServer>,
    /// How many calls there may be.
    pub max_calls: usize,
    /// How many events sockets there may be.
    pub max_sockets: usize,
    /// How long the driver may take for a description.
    pub answer_ms: u64,
    /// How long an events socket may take to show the call's token.
    pub auth_ms: u64,
    /// How long it may take from a call's first request until both sides can talk.
    pub begin_ms: u64,
    /// How long a call may be.
    pub call_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            echo: false,
            ice_servers: Vec::new(),
            max_calls: 200,
            max_sockets: 400,
            answer_ms: 10_000,
            auth_ms: 5_000,
            begin_ms: 60_000,
            call_ms: 2 * 60 * 60 * 1_000,
        }
    }
}

/// A call, numbered by the bridge; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// An events socket, numbered by the driver; numbers are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketId(pub u64);

/// A request, as far as the bridge looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The method; nothing for those that the bridge does not know.
    pub method: Option<Method>,
    /// The path, without a query.
    pub path: &'a str,
    /// What it shows.
    pub credential: Credential<'a>,
    /// The body.
    pub body: &'a str,
}

/// What a request shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// Nothing that counts.
    None,
    /// A web-calling token, which the driver found good.
    WebCalling,
    /// The value of `X-Call-Token`.
    CallToken(&'a str),
}

impl std::fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::WebCalling => "WebCalling",
            Self::CallToken(_) => "CallToken",
        })
    }
}

/// What the driver tells the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// A request came; it is answered by [`Output::Respond`], at once or later.
    Request {
        /// Its number, which the driver chooses and never uses twice.
        request: u64,
        /// The request.
        asked: Asked<'a>,
    },
    /// The answer to an offer, or the offer of the agent's track: whichever was asked for last.
    Described {
        /// Of which call.
        call: CallId,
        /// The description.
        sdp: Sdp,
    },
    /// Media of a call cannot be had.
    Failed {
        /// Of which call.
        call: CallId,
    },
    /// An events socket opened.
    EventsOpened {
        /// Which one.
        socket: SocketId,
        /// At which path.
        path: &'a str,
    },
    /// A text frame came on it.
    EventsFrame {
        /// On which one.
        socket: SocketId,
        /// The frame.
        text: &'a str,
    },
    /// It closed.
    EventsClosed {
        /// Which one.
        socket: SocketId,
    },
    /// Something to be said on a call's events socket; without one it is not said.
    Tell {
        /// To which call.
        call: CallId,
        /// What.
        event: BridgeEvent,
    },
    /// The agent hangs up.
    HangUp {
        /// On which call.
        call: CallId,
    },
    /// The time the deadline named has come.
    Tick,
}

/// What the bridge wants done, or wants known.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Answer a request.
    Respond {
        /// Which one.
        request: u64,
        /// The status.
        status: u16,
        /// The JSON body.
        body: Option<WireText>,
    },
    /// Write a text frame.
    Write {
        /// On which socket.
        socket: SocketId,
        /// The frame.
        text: WireText,
    },
    /// Close an events socket.
    Close {
        /// Which one.
        socket: SocketId,
        /// The close code.
        code: u16,
    },
    /// Something to know.
    Event(Event),
}

/// What happens on calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A call was made.
    Made {
        /// Which one.
        call: CallId,
        /// As the caller, and the link of the messaging session, name it.
        name: String,
        /// What for.
        mode: CallMode,
        /// Who calls.
        caller: Option<String>,
    },
    /// An offer came; answer it with [`Input::Described`].
    Offer {
        /// Of which call.
        call: CallId,
        /// The offer.
        offer: SdpOffer,
    },
    /// The agent's track is wanted; offer it with [`Input::Described`].
    Pull {
        /// On which call.
        call: CallId,
    },
    /// The caller's answer to that.
    Renegotiated {
        /// On which call.
        call: CallId,
        /// The answer.
        sdp: Sdp,
    },
    /// The events socket has shown the call's token: both can talk.
    Talking {
        /// On which call.
        call: CallId,
    },
    /// A call is over.
    Ended {
        /// Which one.
        call: CallId,
        /// Why.
        end: CallEnd,
    },
}

/// Why a call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// The caller hung up.
    Caller,
    /// The agent hung up.
    Agent,
    /// Media could not be had.
    Failed,
    /// The driver did not give a description in time.
    Unanswered,
    /// Nobody began to talk.
    Unused,
    /// The events socket closed.
    Lost,
    /// It was as long as a call may be.
    TooLong,
}

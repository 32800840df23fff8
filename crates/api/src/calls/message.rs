//! The JSON text frames of the signalling WebSocket, in both directions.
//!
//! Reading is tolerant: `sessionId` may be `""`, null or absent, `sdpMid` and `sdpMLineIndex` may
//! be missing, and unknown types survive as [`Body::Unknown`]. [`Frame::parse_strict`] is for
//! whoever relays what a stranger wrote.

mod code;
mod frame;
mod read;
mod strict;
mod text;
mod write;

pub use self::{
    code::{CloseCode, ErrorCode, ErrorKind, Mode},
    frame::{AgentVersion, Body, ErrorReport, Frame, Offer, OfferFields, UnknownFrame},
    text::{Candidate, Sdp, WireText},
};
pub use crate::messaging::frame::{FrameFault, MAX_DEPTH, MAX_FRAME_BYTES};

pub(super) use self::read::words;

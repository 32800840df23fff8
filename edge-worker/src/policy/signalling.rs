//! What a visitor and the gateway may say to each other about a call.
//!
//! Frames are read, judged and written anew; nothing is patched, so what is not named here does not
//! cross. Each offer gets the site's token and the site's words for whom to call. The gateway's session
//! ids reach the visitor with a mark of this visitor's session, so that a call can be taken up again on
//! another socket, by another machine, and nobody can name the call of somebody else.

mod mark;
mod opened;

use std::cell::RefCell;
use std::collections::BTreeMap;

use perch_api::calls::message::{Body, ErrorCode, ErrorReport, Frame, FrameFault};
use perch_api::calls::relay::{Relay, RelayFault};

use self::mark::Marks;
pub use self::opened::Opened;
use super::frames::{CLOSE_FAULT, CLOSE_LARGE, CLOSE_RATE, RateWindow};
use super::leak::Spellings;

/// Frames of a visitor within any window: each address of the machine is a frame of its own.
pub const FRAMES: usize = 120;
// The rules of a socket that died unnoticed go when this many younger ones exist.
const SOCKETS_KEPT: usize = 10_000;

/// What becomes of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// This goes to the gateway.
    ToPlatform(String),
    /// This goes to the visitor.
    ToVisitor(String),
    /// Nothing goes anywhere.
    Drop,
    /// The socket is closed with this code.
    Close(u16),
}

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the visitor.
    Up,
    /// From the gateway.
    Down,
}

/// The rules of one signalling socket.
pub struct Signalling {
    relay: Relay,
    token: Spellings,
    marks: Marks,
    window: RateWindow,
}

impl Signalling {
    /// The rules for a socket that was opened so.
    pub fn new(opened: Opened) -> Self {
        Self {
            token: Spellings::of(&opened.token),
            marks: Marks::new(opened.keys),
            relay: Relay::new(opened.token, opened.offer),
            window: RateWindow::default(),
        }
    }

    /// Judges a visitor's frame at `now` (milliseconds).
    pub fn from_visitor(&mut self, text: &str, now: f64) -> Ruling {
        if !self.window.admit(now, FRAMES) {
            return Ruling::Close(CLOSE_RATE);
        }
        match self.upward(text) {
            Ok(frame) => Ruling::ToPlatform(frame.encode().into_string()),
            Err(RelayFault::Frame(FrameFault::TooLarge)) => Ruling::Close(CLOSE_LARGE),
            Err(RelayFault::TooMany) => Ruling::Close(CLOSE_RATE),
            Err(RelayFault::Over) => refuse("The call is over."),
            Err(RelayFault::NoCall) => refuse("No call has been answered."),
            Err(RelayFault::Frame(_)) => refuse("This frame is not available here."),
        }
    }

    /// Judges a frame of the gateway.
    pub fn from_gateway(&mut self, text: &str) -> Ruling {
        self.downward(text)
            .map_or(Ruling::Drop, |frame| Ruling::ToVisitor(frame.encode().into_string()))
    }

    fn upward(&mut self, text: &str) -> Result<Frame, RelayFault> {
        let mut frame = Frame::parse_strict(text)?;
        let named = frame.session.take().and_then(|marked| self.marks.read(&marked));
        if let Some(session) = &named {
            self.relay.resume(session);
        }
        self.relay.visitor_frame(Frame { session: named, ..frame })
    }

    fn downward(&mut self, text: &str) -> Option<Frame> {
        let Frame { session, body } = Frame::parse(text).ok()?;
        let session = session.filter(|id| mark::is_plain(id) && !self.token.are_in(id));
        let body = match body {
            Body::Answer { sdp } if !self.token.are_in(sdp.as_str()) => Body::Answer { sdp },
            Body::Candidate(one)
                if !self.token.are_in(&one.candidate)
                    && !one.sdp_mid.as_ref().is_some_and(|mid| self.token.are_in(mid)) =>
            {
                Body::Candidate(one)
            }
            Body::Error(report) => Body::Error(reworded(&report.code)),
            same @ (Body::Close | Body::Ping | Body::Pong) => same,
            Body::Answer { .. } | Body::Candidate(_) | Body::Offer(_) | Body::Unknown(_) => {
                return None;
            }
        };
        let frame = Frame { session, body };
        self.relay.note_gateway(&frame).ok()?;
        let session = frame.session.as_deref().map(|id| self.marks.write(id));
        Some(Frame { session, body: frame.body })
    }
}

/// An error in our own words: the gateway's may repeat anything.
fn reworded(code: &ErrorCode) -> ErrorReport {
    let code = if code.is_known() { code.clone() } else { ErrorCode::HandlerError };
    let message = match code {
        ErrorCode::Unauthorized | ErrorCode::Forbidden => "The call is not allowed.",
        ErrorCode::InvalidArgument | ErrorCode::InvalidMessage => "The gateway refused a frame.",
        ErrorCode::MediaBridgeFailure => "The sound does not get through.",
        ErrorCode::AgentFailure => "The agent cannot be reached.",
        _ => "The gateway failed.",
    };
    ErrorReport { code, message: message.to_owned() }
}

/// Says no in the protocol's own way; a caller goes on after it.
fn refuse(message: &str) -> Ruling {
    let report = ErrorReport { code: ErrorCode::InvalidMessage, message: message.to_owned() };
    Ruling::ToVisitor(Frame::new(None, Body::Error(report)).encode().into_string())
}

thread_local! {
    static SOCKETS: RefCell<BTreeMap<u32, Signalling>> = const { RefCell::new(BTreeMap::new()) };
}

/// Drops the rules of the socket `key`, which is gone.
pub fn forget(key: u32) {
    SOCKETS.with_borrow_mut(|sockets| sockets.remove(&key));
}

/// Judges a frame of the socket `key`, which was opened with `opened`.
///
/// A new instance knows no sockets and begins anew with what each was opened with.
pub fn signal(key: u32, opened: &str, way: Way, text: &str, now: f64) -> Ruling {
    // Nothing is borrowed while a frame is judged: a panic over it costs the others nothing.
    let known = SOCKETS.with_borrow_mut(|sockets| sockets.remove(&key));
    let Some(mut rules) = known.or_else(|| Opened::read(opened).map(Signalling::new)) else {
        return Ruling::Close(CLOSE_FAULT);
    };
    let ruling = match way {
        Way::Up => rules.from_visitor(text, now),
        Way::Down => rules.from_gateway(text),
    };
    SOCKETS.with_borrow_mut(|sockets| {
        if sockets.len() >= SOCKETS_KEPT {
            // Keys only grow, so the first is the oldest.
            sockets.pop_first();
        }
        sockets.insert(key, rules);
    });
    ruling
}

/// As the pump reads it: a number closes, the first letter of a text says where the rest goes, and
/// nothing is nothing.
#[cfg(target_arch = "wasm32")]
impl From<Ruling> for wasm_bindgen::JsValue {
    fn from(ruling: Ruling) -> Self {
        match ruling {
            Ruling::ToPlatform(text) => format!(">{text}").into(),
            Ruling::ToVisitor(text) => format!("<{text}").into(),
            Ruling::Drop => Self::UNDEFINED,
            Ruling::Close(code) => code.into(),
        }
    }
}

#[cfg(test)]
mod tests;

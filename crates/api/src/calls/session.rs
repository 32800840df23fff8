//! The caller's half of a call through the gateway: what a browser runs.
//!
//! What it promises, however bad the network:
//! - one call at a time, one peer connection at a time, and one [`Event::Ended`] for each call;
//! - no candidate is lost: those of this side wait for the answer and are written again on every
//!   new socket, those of the other side wait for the answer to be applied;
//! - a lost signalling socket is not the end of a call. It is dialled again after 1, 2 and 4 s. An
//!   offer without an answer is written again with the same call id; the platform does not
//!   document whether it recognises that one, but a session whose answer never arrived has no
//!   media and cannot last;
//! - a second session for the same offer is closed as soon as its answer arrives.

mod inbound;
mod io;
mod media;
mod peer;
mod socket;
mod status;
mod timers;

pub use self::{
    io::{
        Config, DialFailure, EndReason, Event, Input, MediaAction, MediaState, MicrophoneFault,
        Output, PeerId, Refusal,
    },
    status::{Phase, Signalling, Status},
};

use self::{peer::Peer, socket::Socket};
use super::{
    message::{Body, Frame},
    queue::Outputs,
};
use crate::model::Millis;

/// Calls, one after the other.
///
/// After every [`handle`](Self::handle), drain [`poll`](Self::poll) until it gives `None`, then arm
/// one timer for [`deadline`](Self::deadline).
#[derive(Debug)]
pub struct CallSession {
    config: Config,
    now: Millis,
    out: Outputs<Output>,
    status: Status,
    peers: u32,
    call: Option<Call>,
}

/// A call that is not over.
#[derive(Debug)]
struct Call {
    sid: String,
    /// When talking must have begun; nothing once it has.
    connect_by: Option<Millis>,
    /// Media were lost; when they must be back.
    grace: Option<Millis>,
    socket: Socket,
    /// Attempts used up since the start, or since signalling last proved stable.
    attempts: u8,
    peer: Peer,
}

impl CallSession {
    /// A session without a call.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            now: Millis(0),
            out: Outputs::default(),
            status: Status::default(),
            peers: 0,
            call: None,
        }
    }

    /// Takes note of something that happened at `now`; time never runs backwards.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        match input {
            Input::Call { call_sid } => self.start(call_sid),
            Input::Opened => self.opened(),
            Input::Frame(text) => self.frame(text),
            Input::DialFailed(failure) => self.dial_failed(failure),
            Input::Closed { code } => self.closed(code),
            Input::Online => self.online(),
            Input::OfferReady { peer, sdp } => self.offer_ready(peer, sdp),
            Input::LocalCandidate { peer, candidate } => self.local_candidate(peer, candidate),
            Input::Media { peer, state } => self.media(peer, state),
            Input::NoMicrophone { peer, fault } => self.no_microphone(peer, fault),
            Input::Mute(muted) => self.mute(muted),
            Input::HangUp => self.end(EndReason::HungUp),
            Input::Tick => {}
        }
        self.run_timers();
        self.write_what_waits();
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.poll_or(Output::Event(Event::Resync))
    }

    /// When to hand in [`Input::Tick`]; `None` while nothing can happen by itself: without a call,
    /// and during one that is steady.
    pub fn deadline(&self) -> Option<Millis> {
        self.next_timer()
    }

    /// What a call window shows.
    pub fn status(&self) -> &Status {
        &self.status
    }

    fn start(&mut self, call_sid: &str) {
        if self.call.is_some() {
            return self.event(Event::Refused(Refusal::Busy));
        }
        if call_sid.is_empty() {
            return self.event(Event::Refused(Refusal::NoCallSid));
        }
        self.status = Status::default();
        let peer = self.new_peer();
        self.call = Some(Call {
            sid: call_sid.to_owned(),
            connect_by: Some(self.now.plus(self.config.connect_ms)),
            grace: None,
            socket: Socket::Waiting { until: self.now },
            attempts: 0,
            peer,
        });
        self.phase(Phase::Connecting);
        self.dial();
    }

    /// Ends the call there is; every call comes through here once.
    fn end(&mut self, reason: EndReason) {
        let Some(call) = self.call.take() else { return };
        let is_taken = call.peer.is_answered || (call.peer.is_offered && reason.is_ours());
        let is_over_there = reason == EndReason::Remote;
        if matches!(call.socket, Socket::Open { .. }) && is_taken && !is_over_there {
            let close = Frame::new(call.peer.session.as_deref(), Body::Close);
            self.out.order(Output::Write(close.encode()));
        }
        if matches!(call.socket, Socket::Open { .. } | Socket::Dialling { .. }) {
            self.out.order(Output::Hangup { code: 1000 });
        }
        self.act(MediaAction::Close { peer: call.peer.id });
        self.status.signalling = Signalling::None;
        self.status.unsteady = false;
        self.status.ended = Some(reason.clone());
        self.phase(Phase::Ended);
        // The end must not get lost, whoever does not poll.
        self.out.order(Output::Event(Event::Ended(reason)));
    }

    fn phase(&mut self, phase: Phase) {
        if self.status.phase != phase {
            self.status.phase = phase;
            self.event(Event::Phase(phase));
        }
    }

    fn event(&mut self, event: Event) {
        self.out.event(Output::Event(event));
    }

    fn act(&mut self, action: MediaAction) {
        self.out.order(Output::Media(action));
    }
}

//! Calls through the bridge, the gateway's successor: REST for the descriptions, and a socket for
//! what happens during the call.
//!
//! The platform does not document it; newer SDKs use it. [`server::Bridge`] is its own half, for
//! simulators. [`BridgeSession`] is the caller's and keeps the SDKs' order:
//! provision the call, link it to the messaging session, send an offer that holds all candidates,
//! and once media are connected pull the agent's track and open the events socket. The call's token
//! travels in a header or in the socket's first frame, never in a URL: paths that hold it are
//! refused.

mod body;
mod event;
mod io;
mod media;
mod request;
mod responses;
pub mod server;
mod status;
mod steps;
mod timers;

pub use self::{
    body::{
        BodyFault, CallMode, IceServer, Provision, Provisioned, SdpOffer, answer_body, read_sdp,
    },
    event::{BridgeEvent, auth_frame},
    io::{Config, Event, Input, MediaAction, Output},
    request::{Auth, Method, Request},
    status::{EndReason, Status, Step},
};

use self::steps::{Call, Orphans};
use super::{
    queue::Outputs,
    session::{PeerId, Phase, Refusal},
};
use crate::model::Millis;

/// Calls, one after the other.
///
/// After every [`handle`](Self::handle), drain [`poll`](Self::poll) until it gives `None`, then arm
/// one timer for [`deadline`](Self::deadline).
#[derive(Debug)]
pub struct BridgeSession {
    config: Config,
    now: Millis,
    out: Outputs<Output>,
    status: Status,
    peers: u32,
    requests: u32,
    call: Option<Call>,
    /// Provisions without an answer, of calls that are over: what they made must be deleted.
    orphans: Orphans,
}

impl BridgeSession {
    /// A session without a call.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            now: Millis(0),
            out: Outputs::default(),
            status: Status::default(),
            peers: 0,
            requests: 0,
            call: None,
            orphans: Orphans::default(),
        }
    }

    /// Takes note of something that happened at `now`; time never runs backwards.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        match input {
            Input::Call => self.start(),
            Input::Response { request, status, body } => self.response(request, status, body),
            Input::RequestFailed { request } => self.response(request, 0, ""),
            Input::Linked => self.linked(),
            Input::LinkFailed => self.link_failed(),
            Input::OfferCreated { peer } => self.offer_created(peer),
            Input::CandidateFound { peer, last } => self.candidate_found(peer, last),
            Input::OfferReady { peer, offer } => self.offer_ready(peer, &offer),
            Input::AnswerReady { peer, sdp } => self.answer_ready(peer, &sdp),
            Input::Media { peer, state } => self.media(peer, state),
            Input::NoMicrophone { peer, fault } => self.no_microphone(peer, fault),
            Input::EventsOpened => self.events_opened(),
            Input::EventsFrame(text) => self.events_frame(text),
            Input::EventsClosed => self.events_closed(),
            Input::Mute(muted) => self.mute(muted),
            Input::HangUp => self.end(EndReason::HungUp),
            Input::Tick => {}
        }
        self.run_timers();
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.poll_or(Output::Event(Event::Resync))
    }

    /// When to hand in [`Input::Tick`]; `None` without a call, and during one that is steady.
    pub fn deadline(&self) -> Option<Millis> {
        self.next_timer()
    }

    /// What a call window shows.
    pub fn status(&self) -> &Status {
        &self.status
    }

    fn start(&mut self) {
        if self.call.is_some() {
            return self.event(Event::Refused(Refusal::Busy));
        }
        self.status = Status::default();
        self.peers = self.peers.saturating_add(1);
        let provision =
            Provision { mode: CallMode::VoiceAgent, caller: self.config.caller.clone() };
        let request = self.request(Request {
            method: Method::Post,
            path: "/api/v1/call".to_owned(),
            auth: Auth::WebCalling,
            body: Some(provision.encode()),
        });
        self.call =
            Some(Call::new(PeerId(self.peers), request, self.now.plus(self.config.connect_ms)));
        self.phase(Phase::Connecting);
    }

    fn request(&mut self, request: Request) -> u32 {
        self.requests = self.requests.wrapping_add(1);
        self.out.order(Output::Request { id: self.requests, request });
        self.requests
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

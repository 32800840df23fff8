//! The caller's browser, and the gateway's driver.

use super::{
    link::percent,
    peers::Peers,
    world::{Arrival, TOKEN, World},
};
use perch_api::calls::{
    message::{Candidate, ErrorCode, ErrorReport, Sdp},
    server::{self, CallId},
    session::{Input, MediaAction, MediaState, PeerId},
};

impl World {
    pub(super) fn media(&mut self, action: &MediaAction) {
        self.peers.act(action);
        match action {
            MediaAction::CreateOffer { peer } => self.negotiate(*peer),
            MediaAction::SetAnswer { peer, .. } if percent(&mut self.rng, 90) => {
                let mut at = self.now + self.rng.u64(20..1_500);
                let state = |state| Arrival::Caller(Input::Media { peer: *peer, state });
                self.put(at, state(MediaState::Connected));
                if percent(&mut self.rng, 30) {
                    at += self.rng.u64(100..20_000);
                    self.put(at, state(MediaState::Disconnected));
                    at += self.rng.u64(100..8_000);
                    self.put(at, state(MediaState::Connected));
                }
                if percent(&mut self.rng, 10) {
                    at += self.rng.u64(100..20_000);
                    self.put(at, state(MediaState::Failed));
                }
            }
            MediaAction::Close { peer } => {
                // Whatever comes of it later must be ignored; here it is the last word too late.
                let late = Input::Media { peer: *peer, state: MediaState::Failed };
                self.put(self.now + 10, Arrival::Caller(late));
            }
            _ => {}
        }
    }

    /// The offer of a new peer connection, and its candidates, some of them after the answer.
    pub(super) fn negotiate(&mut self, peer: PeerId) {
        if !std::mem::take(&mut self.is_new) {
            self.tally.again += 1;
        }
        let at = self.now + self.rng.u64(1..400);
        let sdp = self.peers.offer(peer);
        self.put(at, Arrival::Caller(Input::OfferReady { peer, sdp }));
        for n in 0..self.rng.u32(0..6) {
            let at = at + self.rng.u64(1..4_000);
            let candidate = Candidate::new(format!("local {n} of {}", peer.0));
            self.put(at, Arrival::Caller(Input::LocalCandidate { peer, candidate }));
        }
    }

    pub(super) fn react(&mut self, event: server::Event) {
        match event {
            server::Event::Offer { call, offer, .. } => {
                assert!(offer.fields.auth_token.is_some_and(|token| token.ct_eq(TOKEN)));
                let sid = offer.fields.call_sid.unwrap();
                let two = self.live.values().any(|live| *live == sid);
                assert!(!two, "seed {}: two live calls of {sid}", self.seed);
                self.live.insert(call, sid);
                self.callers.extend(self.peers.of(&offer.sdp).map(|peer| (call, peer)));
                self.answer(call, &offer.sdp);
            }
            server::Event::Candidate { call, candidate } => {
                let sid = self.live[&call].clone();
                self.named.entry(sid).or_default().insert(candidate.candidate);
            }
            server::Event::Ended { call, .. } => {
                let was_live = self.live.remove(&call).is_some();
                assert!(was_live, "seed {}: {call:?} ended twice", self.seed);
                // The gateway's media go with the call; the caller may have no other sign of it.
                if let Some(peer) = self.callers.remove(&call) {
                    self.gone.insert(peer);
                    let media = Input::Media { peer, state: MediaState::Disconnected };
                    let at = self.now + self.rng.u64(100..3_000);
                    self.put(at, Arrival::Caller(media));
                }
            }
        }
    }

    pub(super) fn answer(&mut self, call: CallId, offer: &Sdp) {
        let at = self.now + self.rng.u64(5..1_500);
        for n in 0..self.rng.u32(0..5) {
            let at = at - 4 + self.rng.u64(0..2_000);
            let candidate = Candidate::new(format!("remote {n} of {}", call.0));
            self.put(at, Arrival::Agent(server::Input::Candidate { call, candidate }));
        }
        let fail = |code: &str| {
            let message = format!("no good: {TOKEN}");
            let report = ErrorReport { code: ErrorCode::parse(code), message };
            Arrival::Agent(server::Input::Fail { call, report })
        };
        match self.rng.u32(0..100) {
            0..15 => self.put(at, fail("AGENT_FAILURE")),
            15..18 => self.put(at, fail("UNAUTHORIZED")),
            18..21 => {} // nobody answers
            fate => {
                let sdp = Peers::answer(offer);
                self.put(at, Arrival::Agent(server::Input::Accept { call, sdp }));
                let later = at + self.rng.u64(100..40_000);
                match fate {
                    21..35 => self.put(later, Arrival::Agent(server::Input::HangUp { call })),
                    35..40 => self.put(later, fail("MEDIA_BRIDGE_FAILURE")),
                    _ => {}
                }
            }
        }
    }
}

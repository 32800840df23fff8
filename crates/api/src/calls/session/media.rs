//! What the peer connection and the caller's hands do.

use super::{
    Call, CallSession, EndReason, Event, MediaAction, MediaState, MicrophoneFault, PeerId, Phase,
    peer::CANDIDATES, socket::Socket,
};
use crate::calls::message::{Candidate, Sdp};

impl CallSession {
    pub(super) fn offer_ready(&mut self, peer: PeerId, sdp: Sdp) {
        if let Some(call) = self.call_of(peer) {
            // The first one stands: it may have been written.
            call.peer.offer.get_or_insert(sdp);
        }
    }

    pub(super) fn local_candidate(&mut self, peer: PeerId, candidate: Candidate) {
        let Some(call) = self.call_of(peer) else { return };
        let local = &mut call.peer.local;
        if local.contains(&candidate) {
            return;
        }
        if local.len() < CANDIDATES {
            local.push(candidate);
        } else {
            self.event(Event::CandidatesDropped);
        }
    }

    pub(super) fn media(&mut self, peer: PeerId, state: MediaState) {
        let (now, grace_ms) = (self.now, self.config.grace_ms);
        let Some(call) = self.call_of(peer) else { return };
        match state {
            MediaState::Connected => {
                call.connect_by = None;
                call.grace = None;
                if matches!(call.socket, Socket::Open { stable: None }) {
                    call.attempts = 0;
                }
                self.status.talking_since.get_or_insert(now);
                self.unsteady(false);
                self.phase(Phase::Talking);
            }
            // Before the first connection, the connect time-out is patience enough.
            MediaState::Disconnected if call.connect_by.is_none() => {
                call.grace.get_or_insert(now.plus(grace_ms));
                self.unsteady(true);
            }
            MediaState::Disconnected => {}
            MediaState::Failed => self.end(EndReason::MediaLost),
        }
    }

    pub(super) fn no_microphone(&mut self, peer: PeerId, fault: MicrophoneFault) {
        if self.call_of(peer).is_some() {
            self.end(EndReason::NoMicrophone(fault));
        }
    }

    pub(super) fn mute(&mut self, muted: bool) {
        let Some(call) = &self.call else { return };
        let peer = call.peer.id;
        if self.status.muted != muted {
            self.status.muted = muted;
            self.act(MediaAction::Mute { peer, muted });
            self.event(Event::Status);
        }
    }

    fn unsteady(&mut self, unsteady: bool) {
        if self.status.unsteady != unsteady {
            self.status.unsteady = unsteady;
            self.event(Event::Status);
        }
    }

    /// The call, if this is its peer connection and not one of before.
    fn call_of(&mut self, peer: PeerId) -> Option<&mut Call> {
        self.call.as_mut().filter(|call| call.peer.id == peer)
    }
}

//! One peer connection, and what is known about its two ends.

use super::{CallSession, Event, MediaAction, io::PeerId};
use crate::calls::message::{Candidate, Sdp};
use std::collections::BTreeSet;

/// How many candidates of each side are kept; browsers find a few dozen.
pub(super) const CANDIDATES: usize = 256;

#[derive(Debug)]
pub(super) struct Peer {
    pub(super) id: PeerId,
    pub(super) offer: Option<Sdp>,
    /// The offer was written to some socket, so that an answer may come.
    pub(super) is_offered: bool,
    /// It was written to the socket there is.
    pub(super) is_written: bool,
    pub(super) is_answered: bool,
    /// The session the answer named.
    pub(super) session: Option<String>,
    /// All candidates of this side.
    pub(super) local: Vec<Candidate>,
    /// How many of them were written to the socket there is.
    pub(super) sent: usize,
    /// Candidates of the other side that came before the answer, with the session they named.
    pub(super) held: Vec<(Option<String>, Candidate)>,
    /// Candidates of the other side that were handed on.
    seen: BTreeSet<Candidate>,
}

impl Peer {
    fn new(id: PeerId) -> Self {
        Self {
            id,
            offer: None,
            is_offered: false,
            is_written: false,
            is_answered: false,
            session: None,
            local: Vec::new(),
            sent: 0,
            held: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Whether a frame that names this session, or none, is about this peer.
    pub(super) fn is_meant(&self, session: Option<&str>) -> bool {
        match (session, self.session.as_deref()) {
            (Some(named), Some(own)) => named == own,
            _ => true,
        }
    }

    /// A new socket knows nothing of what was written to the last.
    pub(super) fn forget_written(&mut self) {
        self.is_written = false;
        self.sent = 0;
    }
}

impl CallSession {
    pub(super) fn new_peer(&mut self) -> Peer {
        self.peers = self.peers.saturating_add(1);
        let id = PeerId(self.peers);
        self.act(MediaAction::CreateOffer { peer: id });
        if self.status.muted {
            self.act(MediaAction::Mute { peer: id, muted: true });
        }
        Peer::new(id)
    }

    /// Hands a candidate of the other side on, once.
    pub(super) fn add_candidate(&mut self, candidate: Candidate) {
        let Some(call) = &mut self.call else { return };
        let Peer { id: peer, ref mut seen, .. } = call.peer;
        if seen.contains(&candidate) {
            return;
        }
        if seen.len() < CANDIDATES {
            seen.insert(candidate.clone());
            self.act(MediaAction::AddCandidate { peer, candidate });
        } else {
            self.event(Event::CandidatesDropped);
        }
    }
}

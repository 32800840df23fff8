//! Peer connections as a browser has them, and what must hold for each.

use perch_api::calls::{
    message::{Candidate, Sdp},
    session::{MediaAction, PeerId},
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
struct Peer {
    is_answered: bool,
    is_closed: bool,
    /// Candidates of this side that were handed to the session.
    handed: BTreeSet<String>,
    /// Candidates of the other side that reached the session.
    reached: BTreeSet<String>,
    added: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Peers {
    seed: u64,
    all: BTreeMap<PeerId, Peer>,
    pub(super) current: Option<PeerId>,
}

impl Peers {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    pub(super) fn offer(&self, peer: PeerId) -> Sdp {
        Sdp::new(format!("offer {} of {}", peer.0, self.seed))
    }

    /// Whose offer this is.
    pub(super) fn of(&self, offer: &Sdp) -> Option<PeerId> {
        self.all.keys().copied().find(|peer| self.offer(*peer) == *offer)
    }

    pub(super) fn answer(offer: &Sdp) -> Sdp {
        Sdp::new(format!("answer to {}", offer.as_str()))
    }

    /// Does what the session asks for, and checks that it may be asked for.
    pub(super) fn act(&mut self, action: &MediaAction) {
        let seed = self.seed;
        match action {
            MediaAction::CreateOffer { peer } => {
                assert_eq!(self.current, None, "seed {seed}: two live calls");
                self.current = Some(*peer);
                let new = self.all.insert(*peer, Peer::default());
                assert!(new.is_none(), "seed {seed}: {peer:?} exists");
            }
            MediaAction::SetAnswer { peer, sdp } => {
                assert_eq!(*sdp, Self::answer(&self.offer(*peer)), "seed {seed}: another's answer");
                let peer = self.open(*peer);
                assert!(!peer.is_answered, "seed {seed}: answered twice");
                peer.is_answered = true;
            }
            MediaAction::AddCandidate { peer, candidate } => {
                let peer = self.open(*peer);
                assert!(peer.is_answered, "seed {seed}: a candidate before the answer");
                let added = &mut peer.added;
                assert!(!added.contains(&candidate.candidate), "seed {seed}: twice {candidate:?}");
                added.push(candidate.candidate.clone());
            }
            MediaAction::Mute { peer, .. } => {
                self.open(*peer);
            }
            MediaAction::Close { peer } => {
                self.open(*peer).is_closed = true;
                self.current = None;
            }
        }
    }

    pub(super) fn handed(&mut self, peer: PeerId, candidate: &Candidate) {
        if let Some(peer) = self.all.get_mut(&peer) {
            peer.handed.insert(candidate.candidate.clone());
        }
    }

    pub(super) fn reached(&mut self, candidate: &Candidate) {
        if let Some(peer) = self.current.and_then(|peer| self.all.get_mut(&peer)) {
            peer.reached.insert(candidate.candidate.clone());
        }
    }

    /// What must be true whenever the session rests, `written` being what its socket has got.
    pub(super) fn check(&self, written: &BTreeSet<String>, is_open: bool) {
        let Some(peer) = self.current.and_then(|peer| self.all.get(&peer)) else { return };
        if peer.is_answered {
            let added: BTreeSet<_> = peer.added.iter().cloned().collect();
            assert!(peer.reached.is_subset(&added), "seed {}: lost a remote candidate", self.seed);
            let lost = is_open && !peer.handed.is_subset(written);
            assert!(!lost, "seed {}: lost a local candidate", self.seed);
        } else {
            assert!(written.is_empty(), "seed {}: written before the answer", self.seed);
        }
    }

    pub(super) fn handed_by_current(&self) -> Option<&BTreeSet<String>> {
        self.current.and_then(|peer| self.all.get(&peer)).map(|peer| &peer.handed)
    }

    fn open(&mut self, peer: PeerId) -> &mut Peer {
        let open = self.all.get_mut(&peer).filter(|peer| !peer.is_closed);
        open.unwrap_or_else(|| panic!("seed {}: {peer:?} is not open", self.seed))
    }
}

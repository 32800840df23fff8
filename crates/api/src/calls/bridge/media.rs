//! What the peer connection and the caller's hands do.

use super::{BridgeSession, EndReason, Event, MediaAction};
use crate::calls::session::{MediaState, MicrophoneFault, PeerId};

impl BridgeSession {
    pub(super) fn media(&mut self, peer: PeerId, state: MediaState) {
        let grace_by = self.now.plus(self.config.grace_ms);
        let Some(call) = self.call_of(peer) else { return };
        match state {
            MediaState::Connected => {
                let is_first = !std::mem::replace(&mut call.is_connected, true);
                call.grace = None;
                self.unsteady(false);
                if is_first {
                    self.pull();
                }
            }
            MediaState::Disconnected if call.connect_by.is_none() => {
                call.grace.get_or_insert(grace_by);
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
        if self.status.muted != muted {
            let (peer, exists) = (call.peer, call.has_peer());
            self.status.muted = muted;
            if exists {
                self.act(MediaAction::Mute { peer, muted });
            }
            self.event(Event::Status);
        }
    }

    pub(super) fn silence(&mut self, peer: PeerId, silent: bool) {
        if self.status.agent_silenced != silent {
            self.status.agent_silenced = silent;
            self.act(MediaAction::Silence { peer, silent });
            self.event(Event::Status);
        }
    }

    fn unsteady(&mut self, unsteady: bool) {
        if self.status.unsteady != unsteady {
            self.status.unsteady = unsteady;
            self.event(Event::Status);
        }
    }
}

//! What the bridge answers.

use super::{
    BridgeSession, EndReason, MediaAction, Output, Provisioned, Step, read_sdp,
    steps::{Events, Stage},
};

impl BridgeSession {
    /// Takes an answer; status 0 stands for none.
    pub(super) fn response(&mut self, request: u32, status: u16, body: &str) {
        if self.orphans.take(request) {
            // The caller did not wait; the call must not go on without them.
            if let Ok(made) = Provisioned::parse(body) {
                self.delete(&made);
            }
            return;
        }
        let awaited = |call: &mut super::Call| call.awaited.take_if(|(id, _)| *id == request);
        let Some((_, step)) = self.call.as_mut().and_then(awaited) else { return };
        match status {
            0 => return self.end(EndReason::Unreachable { step }),
            200..=299 => {}
            _ => return self.end(EndReason::Refused { step, status }),
        }
        let used = match step {
            Step::Provision => Provisioned::parse(body).map(|made| self.provisioned(made)),
            Step::Offer => read_sdp(body).map(|sdp| {
                self.act_on_peer(|peer| MediaAction::SetAnswer { peer, sdp });
                if let Some(call) = &mut self.call {
                    call.stage = Stage::Answered;
                }
                self.pull(); // media may be connected already
            }),
            Step::Pull => read_sdp(body)
                .map(|sdp| self.act_on_peer(|peer| MediaAction::AnswerPull { peer, sdp })),
            Step::Renegotiate => {
                self.pulled();
                Ok(())
            }
        };
        if let Err(fault) = used {
            self.end(EndReason::Unreadable { step, fault });
        }
    }

    fn provisioned(&mut self, made: Provisioned) {
        let Some(call) = &mut self.call else { return };
        let call_sid = made.call_id.clone();
        call.made = Some(made);
        call.stage = Stage::Linking;
        self.status.call_id = Some(call_sid.clone());
        self.out.order(Output::Link { call_sid });
    }

    fn pulled(&mut self) {
        let Some(call) = &mut self.call else { return };
        call.is_pulling = false;
        let again = std::mem::take(&mut call.pull_again);
        let path = call.made.as_ref().map(|made| made.events_path.clone());
        if let (Events::None, Some(path)) = (call.events, path) {
            call.events = Events::Dialled;
            self.out.order(Output::DialEvents { path });
        }
        if again {
            self.pull();
        }
    }

    fn act_on_peer(&mut self, action: impl FnOnce(super::PeerId) -> MediaAction) {
        if let Some(call) = &self.call {
            let action = action(call.peer);
            self.act(action);
        }
    }
}

//! A call from the first request to its end, in the documented order.

use super::{
    Auth, BridgeEvent, BridgeSession, EndReason, Event, MediaAction, Method, Output, Provisioned,
    Request, SdpOffer, Step, answer_body, auth_frame,
};
use crate::{
    calls::{
        message::{Sdp, WireText},
        session::{PeerId, Phase},
    },
    model::Millis,
};
use std::collections::VecDeque;

/// How many provisions of calls that are over may still be answered.
const ORPHANS: usize = 16;

/// A call that is not over.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) peer: PeerId,
    /// When talking must have begun; nothing once it has.
    pub(super) connect_by: Option<Millis>,
    /// Media were lost; when they must be back.
    pub(super) grace: Option<Millis>,
    /// The one request under way.
    pub(super) awaited: Option<(u32, Step)>,
    pub(super) made: Option<Provisioned>,
    pub(super) stage: Stage,
    pub(super) is_connected: bool,
    /// A pull is under way, up to its renegotiation; there are never two.
    pub(super) is_pulling: bool,
    /// The track moved meanwhile.
    pub(super) pull_again: bool,
    pub(super) events: Events,
}

/// How far the offer is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Provisioning,
    Linking,
    /// The driver makes the offer.
    Creating,
    Gathering {
        quiet_at: Option<Millis>,
        cap_at: Millis,
    },
    /// The driver reads it.
    Reading,
    Offered,
    Answered,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Events {
    None,
    Dialled,
    Open,
}

/// The numbers of provisions whose calls are over.
#[derive(Debug, Default)]
pub(super) struct Orphans(VecDeque<u32>);

impl Orphans {
    pub(super) fn take(&mut self, request: u32) -> bool {
        let at = self.0.iter().position(|known| *known == request);
        at.is_some_and(|at| self.0.remove(at).is_some())
    }

    fn add(&mut self, request: u32) {
        if self.0.len() >= ORPHANS {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }
}

impl Call {
    pub(super) fn new(peer: PeerId, provision: u32, connect_by: Millis) -> Self {
        Self {
            peer,
            connect_by: Some(connect_by),
            grace: None,
            awaited: Some((provision, Step::Provision)),
            made: None,
            stage: Stage::Provisioning,
            is_connected: false,
            is_pulling: false,
            pull_again: false,
            events: Events::None,
        }
    }
}

impl BridgeSession {
    pub(super) fn linked(&mut self) {
        let Some(call) = &mut self.call else { return };
        if call.stage != Stage::Linking {
            return;
        }
        call.stage = Stage::Creating;
        let ice_servers = call.made.as_ref().map(|made| made.ice_servers.clone());
        let peer = call.peer;
        let ice_servers = ice_servers.unwrap_or_default();
        self.act(MediaAction::CreateOffer { peer, ice_servers });
        if self.status.muted {
            self.act(MediaAction::Mute { peer, muted: true });
        }
    }

    pub(super) fn link_failed(&mut self) {
        if self.call.as_ref().is_some_and(|call| call.stage == Stage::Linking) {
            self.end(EndReason::NotLinked);
        }
    }

    pub(super) fn offer_created(&mut self, peer: PeerId) {
        let cap_at = self.now.plus(self.config.ice_cap_ms);
        if let Some(call) = self.call_of(peer).filter(|call| call.stage == Stage::Creating) {
            call.stage = Stage::Gathering { quiet_at: None, cap_at };
        }
    }

    pub(super) fn candidate_found(&mut self, peer: PeerId, last: bool) {
        let quiet = self.now.plus(self.config.ice_quiet_ms);
        let Some(call) = self.call_of(peer) else { return };
        if let Stage::Gathering { quiet_at, .. } = &mut call.stage {
            *quiet_at = Some(quiet);
            if last {
                self.read_offer();
            }
        }
    }

    /// Candidates are complete, or taken as such.
    pub(super) fn read_offer(&mut self) {
        let Some(call) = &mut self.call else { return };
        call.stage = Stage::Reading;
        let peer = call.peer;
        self.act(MediaAction::ReadOffer { peer });
    }

    pub(super) fn offer_ready(&mut self, peer: PeerId, offer: &SdpOffer) {
        let Some(call) = self.call_of(peer).filter(|call| call.stage == Stage::Reading) else {
            return;
        };
        call.stage = Stage::Offered;
        self.ask(Step::Offer, offer.encode());
    }

    pub(super) fn answer_ready(&mut self, peer: PeerId, sdp: &Sdp) {
        let ready = |call: &&mut Call| call.is_pulling && call.awaited.is_none();
        if self.call_of(peer).as_ref().is_some_and(ready) {
            self.ask(Step::Renegotiate, answer_body(sdp));
        }
    }

    /// Pulls the agent's track once media are connected, one pull after the other.
    pub(super) fn pull(&mut self) {
        let Some(call) = &mut self.call else { return };
        if call.is_pulling {
            call.pull_again = true;
        } else if call.is_connected && call.stage == Stage::Answered {
            call.is_pulling = true;
            self.ask(Step::Pull, WireText::new("{}"));
        }
    }

    /// Sends one of the requests that carry the call's token.
    pub(super) fn ask(&mut self, step: Step, body: WireText) {
        let Some(made) = self.call.as_ref().and_then(|call| call.made.as_ref()) else { return };
        let path = match step {
            Step::Provision | Step::Offer => &made.connect_path,
            Step::Pull => &made.pull_path,
            Step::Renegotiate => &made.renegotiate_path,
        };
        let request = Request {
            method: Method::Post,
            path: path.clone(),
            auth: Auth::CallToken(made.token.clone()),
            body: Some(body),
        };
        let id = self.request(request);
        if let Some(call) = &mut self.call {
            call.awaited = Some((id, step));
        }
    }

    pub(super) fn events_opened(&mut self) {
        let now = self.now;
        let Some(call) = self.call.as_mut().filter(|call| call.events == Events::Dialled) else {
            return;
        };
        let Some(made) = &call.made else { return };
        call.events = Events::Open;
        call.connect_by = None;
        let frame = auth_frame(&made.token);
        self.out.order(Output::WriteEvents(frame));
        self.status.talking_since.get_or_insert(now);
        self.phase(Phase::Talking);
    }

    pub(super) fn events_frame(&mut self, text: &str) {
        let Some(call) = self.call.as_ref().filter(|call| call.events == Events::Open) else {
            return;
        };
        let peer = call.peer;
        match BridgeEvent::parse(text) {
            Ok(BridgeEvent::Repull) => self.pull(),
            Ok(BridgeEvent::BargeIn(_)) => self.silence(peer, true),
            Ok(BridgeEvent::Unmute) => self.silence(peer, false),
            Ok(BridgeEvent::Unknown(word)) => self.event(Event::Unknown { word }),
            Err(fault) => self.event(Event::Unreadable(fault)),
        }
    }

    pub(super) fn events_closed(&mut self) {
        let Some(call) = &mut self.call else { return };
        if call.events != Events::None {
            call.events = Events::None;
            self.end(EndReason::EventsLost);
        }
    }

    /// Ends the call there is; every call comes through here once.
    pub(super) fn end(&mut self, reason: EndReason) {
        let Some(call) = self.call.take() else { return };
        if let Some((request, Step::Provision)) = call.awaited {
            self.orphans.add(request);
        }
        if call.events != Events::None {
            self.out.order(Output::HangupEvents);
        }
        if let Some(made) = &call.made {
            self.delete(made);
        }
        if call.has_peer() {
            self.act(MediaAction::Close { peer: call.peer });
        }
        self.status.unsteady = false;
        self.status.ended = Some(reason.clone());
        self.phase(Phase::Ended);
        // The end must not get lost, whoever does not poll.
        self.out.order(Output::Event(Event::Ended(reason)));
    }

    /// Best effort: nobody waits for the answer, and the bridge lets go by itself after a while.
    pub(super) fn delete(&mut self, made: &Provisioned) {
        self.request(Request {
            method: Method::Delete,
            path: made.delete_path.clone(),
            auth: Auth::CallToken(made.token.clone()),
            body: None,
        });
    }

    pub(super) fn call_of(&mut self, peer: PeerId) -> Option<&mut Call> {
        self.call.as_mut().filter(|call| call.peer == peer)
    }
}

impl Call {
    pub(super) fn has_peer(&self) -> bool {
        !matches!(self.stage, Stage::Provisioning | Stage::Linking)
    }
}

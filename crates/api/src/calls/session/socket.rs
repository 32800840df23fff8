//! The signalling socket: dialled, opened, lost, dialled again; and what is written to it.

use super::{
    CallSession, DialFailure, EndReason, Event, MediaAction, Output, Phase, Signalling, timers,
};
use crate::{
    calls::message::{Body, CloseCode, Frame, Offer, OfferFields},
    model::Millis,
};

#[derive(Debug)]
pub(super) enum Socket {
    Dialling {
        by: Millis,
    },
    Open {
        /// When the connection counts as a good one; nothing once it does.
        stable: Option<Millis>,
    },
    Waiting {
        until: Millis,
    },
}

impl CallSession {
    pub(super) fn dial(&mut self) {
        let Some(call) = &mut self.call else { return };
        call.socket = Socket::Dialling { by: self.now.plus(timers::DIAL_MS) };
        call.peer.forget_written();
        self.out.order(Output::Dial);
        self.signalling(Signalling::Dialling);
    }

    pub(super) fn opened(&mut self) {
        let Some(call) = &mut self.call else { return };
        if matches!(call.socket, Socket::Dialling { .. }) {
            call.socket = Socket::Open { stable: Some(self.now.plus(timers::STABLE_MS)) };
            self.signalling(Signalling::Open);
        }
    }

    pub(super) fn dial_failed(&mut self, failure: DialFailure) {
        let Some(call) = &mut self.call else { return };
        if !matches!(call.socket, Socket::Dialling { .. }) {
            return;
        }
        call.socket = Socket::Waiting { until: self.now };
        match failure {
            DialFailure::Unreachable => self.wait(0, EndReason::SignallingLost),
            DialFailure::Busy { retry_after_ms } => {
                let at_least = retry_after_ms.unwrap_or(0).min(timers::RETRY_AFTER_MS);
                self.wait(at_least, EndReason::SignallingLost);
            }
            DialFailure::Refused => self.end(EndReason::DialRefused),
        }
    }

    pub(super) fn closed(&mut self, code: u16) {
        let Some(call) = &mut self.call else { return };
        if matches!(call.socket, Socket::Waiting { .. }) {
            return;
        }
        call.socket = Socket::Waiting { until: self.now };
        match CloseCode::of(code) {
            CloseCode::Clean => self.end(EndReason::Remote),
            CloseCode::Terminal => self.end(EndReason::Closed { code }),
            CloseCode::Lost => self.wait(0, EndReason::SignallingLost),
        }
    }

    pub(super) fn online(&mut self) {
        if self.call.as_ref().is_some_and(|call| matches!(call.socket, Socket::Waiting { .. })) {
            self.dial();
        }
    }

    /// Hangs up on a dial without an answer.
    pub(super) fn redial(&mut self) {
        self.out.order(Output::Hangup { code: 4002 });
        self.wait(0, EndReason::SignallingLost);
    }

    /// Another attempt with everything new, after an error that may pass.
    pub(super) fn retry(&mut self, otherwise: EndReason) {
        let Some(call) = &self.call else { return };
        if call.attempts >= timers::ATTEMPTS {
            return self.end(otherwise);
        }
        let old = call.peer.id;
        if matches!(call.socket, Socket::Open { .. }) {
            self.out.order(Output::Hangup { code: 1000 });
        }
        self.act(MediaAction::Close { peer: old });
        let peer = self.new_peer();
        if let Some(call) = &mut self.call {
            call.peer = peer;
        }
        self.wait(0, otherwise);
    }

    /// Waits for the next attempt, if there is one left.
    fn wait(&mut self, at_least_ms: u64, otherwise: EndReason) {
        let Some(call) = &mut self.call else { return };
        let Some(pause) = timers::pause_ms(call.attempts) else {
            // The socket is gone already: there is nobody to be told.
            call.socket = Socket::Waiting { until: self.now };
            return self.end(otherwise);
        };
        call.attempts += 1;
        let attempt = call.attempts;
        call.socket = Socket::Waiting { until: self.now.plus(pause.max(at_least_ms)) };
        self.signalling(Signalling::Waiting { attempt });
    }

    /// Writes the offer, or the candidates the other side has not got yet.
    pub(super) fn write_what_waits(&mut self) {
        let Some(call) = &mut self.call else { return };
        let peer = &mut call.peer;
        if !matches!(call.socket, Socket::Open { .. }) {
            return;
        }
        if peer.is_answered {
            while let Some(candidate) = peer.local.get(peer.sent) {
                peer.sent += 1;
                let body = Body::Candidate(candidate.clone());
                let frame = Frame::new(peer.session.as_deref(), body);
                self.out.order(Output::Write(frame.encode()));
            }
        } else if let (Some(sdp), false) = (&peer.offer, peer.is_written) {
            peer.is_offered = true;
            peer.is_written = true;
            let fields =
                OfferFields { call_sid: Some(call.sid.clone()), ..self.config.offer.clone() };
            let offer = Offer { sdp: sdp.clone(), fields };
            let frame = Frame::new(None, Body::Offer(Box::new(offer)));
            self.out.order(Output::Write(frame.encode()));
        }
    }

    pub(super) fn signalling(&mut self, state: Signalling) {
        if self.status.signalling != state {
            self.status.signalling = state;
            self.event(Event::Signalling(state));
        }
    }

    /// Signalling has proved stable: the next loss has all its attempts.
    pub(super) fn settle(&mut self) {
        let talking = self.status.phase == Phase::Talking;
        let Some(call) = &mut self.call else { return };
        if let Socket::Open { stable } = &mut call.socket {
            *stable = None;
            if talking {
                call.attempts = 0;
            }
        }
    }
}

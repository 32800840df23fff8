//! What the gateway says.

use super::{CallSession, EndReason, Event, MediaAction, Output, peer::CANDIDATES, socket::Socket};
use crate::calls::message::{Body, Candidate, ErrorReport, Frame, Sdp, words};

impl CallSession {
    pub(super) fn frame(&mut self, text: &str) {
        let open = |call: &super::Call| matches!(call.socket, Socket::Open { .. });
        if !self.call.as_ref().is_some_and(open) {
            return;
        }
        let Frame { session, body } = match Frame::parse(text) {
            Ok(frame) => frame,
            Err(fault) => return self.event(Event::Unreadable(fault)),
        };
        match body {
            Body::Answer { sdp } => self.answer(session, sdp),
            Body::Candidate(candidate) => self.remote_candidate(session, candidate),
            Body::Close => {
                if self.is_meant(session.as_deref()) {
                    self.end(EndReason::Remote);
                }
            }
            Body::Error(report) => {
                if self.is_meant(session.as_deref()) {
                    self.error(report);
                }
            }
            Body::Ping => {
                self.out.order(Output::Write(Frame { session, body: Body::Pong }.encode()));
            }
            Body::Pong => {}
            Body::Offer(_) | Body::Unknown(_) => {
                let kind = words(body.kind());
                self.event(Event::Unknown { kind });
            }
        }
    }

    fn answer(&mut self, session: Option<String>, sdp: Sdp) {
        let Some(call) = &mut self.call else { return };
        let peer = &mut call.peer;
        if !peer.is_written && !peer.is_answered {
            return; // nothing was asked on this socket
        }
        if peer.is_answered {
            // A repetition, or a second session for the same offer: never two calls at once.
            if session.is_some() && !peer.is_meant(session.as_deref()) {
                self.out.order(Output::Write(Frame { session, body: Body::Close }.encode()));
            }
            return;
        }
        peer.is_answered = true;
        peer.session.clone_from(&session);
        let held = std::mem::take(&mut peer.held);
        let id = peer.id;
        self.status.session.clone_from(&session);
        self.act(MediaAction::SetAnswer { peer: id, sdp });
        for (named, candidate) in held {
            if self.is_meant(named.as_deref()) {
                self.add_candidate(candidate);
            }
        }
        self.event(Event::Status);
    }

    fn remote_candidate(&mut self, session: Option<String>, candidate: Candidate) {
        let Some(call) = &mut self.call else { return };
        if call.peer.is_answered {
            if call.peer.is_meant(session.as_deref()) {
                self.add_candidate(candidate);
            }
        } else if call.peer.held.len() < CANDIDATES {
            call.peer.held.push((session, candidate));
        } else {
            self.event(Event::CandidatesDropped);
        }
    }

    fn error(&mut self, report: ErrorReport) {
        let Some(call) = &self.call else { return };
        let answered = call.peer.is_answered;
        let end = EndReason::Refused(report.code.clone());
        if answered && !report.code.ends_a_call() {
            return self.event(Event::Problem(report));
        }
        let again = !answered && report.code.is_retryable();
        // Shown before the end, since it holds the gateway's own words.
        self.event(Event::Problem(report));
        if again { self.retry(end) } else { self.end(end) }
    }

    fn is_meant(&self, session: Option<&str>) -> bool {
        self.call.as_ref().is_some_and(|call| call.peer.is_meant(session))
    }
}

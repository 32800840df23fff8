//! Calls from their offer to their end.

use super::{
    Body, Call, CallEnd, CallId, Candidate, ConnectionId, ErrorReport, Event, Gateway, Offer,
    Output, Sdp,
};
use crate::{calls::message::ErrorCode, model::Millis};

/// How many candidates of this side are kept for a socket that comes later.
const CANDIDATES: usize = 256;

impl Call {
    /// Whether an offer has this call's `callSid`.
    pub(super) fn is_of(&self, offer: &Offer) -> bool {
        let sid = &self.offer.fields.call_sid;
        sid.is_some() && *sid == offer.fields.call_sid
    }
}

impl Gateway {
    pub(super) fn begin(&mut self, conn: ConnectionId, offer: Offer) {
        self.count += 1;
        let id = CallId(self.count);
        let call = Call {
            connection: None,
            offer: offer.clone(),
            session: self.dice.uuid(),
            answer: None,
            answer_by: Some(self.now.plus(self.config.answer_ms)),
            lost_by: None,
            end_by: self.now.plus(self.config.call_ms),
            named: 0,
            candidates: Vec::new(),
        };
        self.calls.insert(id, call);
        self.attach(conn, id);
        let event = Event::Offer { call: id, offer: Box::new(offer), again: false };
        self.out.order(Output::Event(event));
    }

    pub(super) fn accept(&mut self, id: CallId, sdp: Sdp) {
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.answer.is_none()) else {
            return;
        };
        call.answer = Some(sdp);
        call.answer_by = None;
        self.repeat_answer(id);
    }

    /// Writes the answer and all candidates, if there is an answer and a socket.
    pub(super) fn repeat_answer(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let (Some(conn), Some(sdp)) = (call.connection, call.answer.clone()) else { return };
        let session = call.session.clone();
        self.write(conn, Some(&session), Body::Answer { sdp });
        self.repeat_candidates(id);
    }

    /// Writes all candidates, for a socket that may have missed some.
    pub(super) fn repeat_candidates(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id).filter(|call| call.answer.is_some()) else { return };
        let Some(conn) = call.connection else { return };
        let (session, candidates) = (call.session.clone(), call.candidates.clone());
        for candidate in candidates {
            self.write(conn, Some(&session), Body::Candidate(candidate));
        }
    }

    pub(super) fn candidate(&mut self, id: CallId, candidate: Candidate) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.candidates.len() >= CANDIDATES {
            return;
        }
        call.candidates.push(candidate.clone());
        if let (Some(conn), true) = (call.connection, call.answer.is_some()) {
            let session = call.session.clone();
            self.write(conn, Some(&session), Body::Candidate(candidate));
        }
    }

    pub(super) fn fail(&mut self, id: CallId, report: ErrorReport) {
        let Some(call) = self.calls.get(&id) else { return };
        if let Some(conn) = call.connection {
            let session = call.answer.is_some().then(|| call.session.clone());
            self.complain(conn, session.as_deref(), report);
        }
        self.end(id, CallEnd::Failed);
    }

    /// Gives a call its socket; tells whether it is another one than before.
    pub(super) fn attach(&mut self, conn: ConnectionId, id: CallId) -> bool {
        let Some(call) = self.calls.get_mut(&id).filter(|call| call.connection != Some(conn))
        else {
            return false;
        };
        call.lost_by = None;
        if let Some(earlier) = call.connection.replace(conn) {
            self.release(earlier);
        }
        if let Some(one) = self.connections.get_mut(&conn) {
            one.call = Some(id);
        }
        true
    }

    pub(super) fn closed(&mut self, conn: ConnectionId, code: u16) {
        let Some(one) = self.connections.remove(&conn) else { return };
        let Some(id) = one.call else { return };
        if code == 1000 {
            return self.end(id, CallEnd::Caller);
        }
        let lost_by = self.now.plus(self.config.keep_ms);
        if let Some(call) = self.calls.get_mut(&id) {
            call.connection = None;
            call.lost_by = Some(lost_by);
        }
    }

    /// Ends a call; every call comes through here once.
    pub(super) fn end(&mut self, id: CallId, end: CallEnd) {
        let Some(call) = self.calls.remove(&id) else { return };
        if let Some(conn) = call.connection {
            match end {
                CallEnd::Agent | CallEnd::TooLong => {
                    self.write(conn, Some(&call.session), Body::Close);
                    self.hang_up(conn, 1000);
                }
                CallEnd::Unanswered => {
                    let message = "The agent did not answer".to_owned();
                    let report = ErrorReport { code: ErrorCode::AgentFailure, message };
                    self.complain(conn, None, report);
                }
                CallEnd::Caller | CallEnd::Failed | CallEnd::Lost | CallEnd::Replaced => {}
            }
            self.release(conn);
        }
        self.out.order(Output::Event(Event::Ended { call: id, end }));
    }

    /// A connection without a call has a while to make another one.
    fn release(&mut self, conn: ConnectionId) {
        let idle_by: Millis = self.now.plus(self.config.idle_ms);
        if let Some(one) = self.connections.get_mut(&conn) {
            one.call = None;
            one.idle_by = idle_by;
        }
    }
}

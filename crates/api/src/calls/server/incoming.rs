//! What callers say.

use super::{Body, Call, CallEnd, CallId, ConnectionId, ErrorReport, Event, Gateway, Output};
use crate::calls::message::{Candidate, ErrorCode, Frame, Mode, Offer};

fn report(code: ErrorCode, message: &str) -> ErrorReport {
    ErrorReport { code, message: message.to_owned() }
}

impl Gateway {
    pub(super) fn frame(&mut self, conn: ConnectionId, text: &str) {
        if !self.connections.contains_key(&conn) {
            return;
        }
        let Ok(Frame { session, body }) = Frame::parse_strict(text) else {
            let report = report(ErrorCode::InvalidMessage, "Invalid message format");
            return self.complain(conn, None, report);
        };
        let session = session.as_deref();
        match body {
            Body::Offer(offer) => {
                if let Err(report) = self.offer(conn, session, *offer) {
                    self.complain(conn, session, report);
                }
            }
            Body::Candidate(candidate) => match self.find(conn, session) {
                Some(call) => self.candidate_of_caller(conn, call, candidate),
                None => self.complain(conn, session, unknown_session()),
            },
            Body::Close => {
                // Nobody waits for an error after a close.
                if let Some(call) = self.find(conn, session) {
                    self.end(call, CallEnd::Caller);
                }
            }
            Body::Ping => self.write(conn, None, Body::Pong),
            Body::Pong => {}
            Body::Answer { .. } | Body::Error(_) | Body::Unknown(_) => {
                let report = report(ErrorCode::InvalidMessage, "Unknown message type");
                self.complain(conn, session, report);
            }
        }
    }

    fn offer(
        &mut self,
        conn: ConnectionId,
        session: Option<&str>,
        offer: Offer,
    ) -> Result<(), ErrorReport> {
        if offer.fields.auth_token.is_none() {
            return Err(report(ErrorCode::Unauthorized, "Auth token required"));
        }
        match &offer.fields.mode {
            Some(Mode::Echo) if !self.config.echo => {
                return Err(report(ErrorCode::Forbidden, "Echo is not allowed here"));
            }
            Some(mode) if !mode.is_accepted() => {
                return Err(report(ErrorCode::InvalidArgument, "Unknown mode"));
            }
            _ => {}
        }
        if let Some(id) = self.call_of(conn) {
            return self.offer_again(conn, id, session, offer);
        }
        if let Some(id) = self.known_call(&offer) {
            if self.calls.get(&id).is_some_and(|call| call.offer.sdp == offer.sdp) {
                self.attach(conn, id);
                self.repeat_answer(id);
                return Ok(());
            }
            self.end(id, CallEnd::Replaced);
        } else if session.is_some() {
            return Err(unknown_session());
        }
        if self.calls.len() >= self.config.max_calls {
            return Err(report(ErrorCode::HandlerError, "Too many calls"));
        }
        self.begin(conn, offer);
        Ok(())
    }

    /// An offer on a connection that has a call.
    fn offer_again(
        &mut self,
        conn: ConnectionId,
        id: CallId,
        session: Option<&str>,
        offer: Offer,
    ) -> Result<(), ErrorReport> {
        let answer_by = self.now.plus(self.config.answer_ms);
        let Some(call) = self.calls.get_mut(&id) else { return Ok(()) };
        if call.offer.sdp == offer.sdp {
            self.repeat_answer(id);
            return Ok(());
        }
        let same_caller = call.offer.fields.auth_token_is(&offer.fields);
        if session == Some(&*call.session) && same_caller {
            let again = call.answer.take().is_some();
            call.answer_by = Some(answer_by);
            call.offer = offer.clone();
            let event = Event::Offer { call: id, offer: Box::new(offer), again };
            self.out.order(Output::Event(event));
            return Ok(());
        }
        if same_caller && call.is_of(&offer) {
            self.end(id, CallEnd::Replaced);
            self.begin(conn, offer);
            return Ok(());
        }
        Err(report(ErrorCode::InvalidMessage, "The connection has a call already"))
    }

    fn candidate_of_caller(&mut self, conn: ConnectionId, id: CallId, candidate: Candidate) {
        if self.attach(conn, id) {
            self.repeat_candidates(id);
        }
        let limit = self.config.max_candidates;
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.named >= limit {
            let session = call.session.clone();
            let report = report(ErrorCode::InvalidArgument, "Too many candidates");
            return self.complain(conn, Some(&session), report);
        }
        call.named += 1;
        self.out.event(Output::Event(Event::Candidate { call: id, candidate }));
    }

    /// The call a frame is about: the one named, whoever's socket it had, or the connection's own.
    fn find(&self, conn: ConnectionId, session: Option<&str>) -> Option<CallId> {
        let own = self.call_of(conn);
        let Some(session) = session else { return own };
        let named = self.calls.iter().find(|(_, call)| call.session == session);
        // A connection that has a call has no business with another one.
        named.map(|(id, _)| *id).filter(|id| own.is_none_or(|own| own == *id))
    }

    fn call_of(&self, conn: ConnectionId) -> Option<CallId> {
        self.connections.get(&conn).and_then(|one| one.call)
    }

    /// A call of the same caller with the same `callSid`.
    fn known_call(&self, offer: &Offer) -> Option<CallId> {
        let same =
            |call: &Call| call.is_of(offer) && call.offer.fields.auth_token_is(&offer.fields);
        self.calls.iter().find(|(_, call)| same(call)).map(|(id, _)| *id)
    }
}

fn unknown_session() -> ErrorReport {
    report(ErrorCode::InvalidArgument, "Unknown session")
}

//! What an edge relay may let through between a visitor and the gateway.
//!
//! The visitor's page never has the gateway's token and never chooses whom to call: the relay puts
//! both into every offer, the first as well as later ones, and takes the visitor's own words for
//! them out. On the way back nothing passes that holds the token, wherever the gateway repeats it.

mod scrub;

use super::message::{Body, Frame, FrameFault, Offer, OfferFields, WireText};
use crate::{json::Value, model::Secret};

/// How many offers one call may take: the first, three more attempts, and as many changes.
pub const MAX_OFFERS: u8 = 8;
/// How many candidates a visitor may name during one call.
pub const MAX_CANDIDATES: u16 = 512;
/// How many sessions the gateway may open for one call.
const SESSIONS: usize = 8;
/// The longest call id taken from a visitor.
const CALL_SID: usize = 64;

/// Why a frame was not let through; never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelayFault {
    /// It could not be read, or its type has no business in this direction.
    #[error("the frame was not relayed: {0}")]
    Frame(#[from] FrameFault),
    /// A candidate before the gateway has answered.
    #[error("the frame was not relayed: no call has been answered")]
    NoCall,
    /// More offers or candidates than one call needs.
    #[error("the frame was not relayed: the call's limit is used up")]
    TooMany,
    /// The call is over; a new one needs a new relay.
    #[error("the frame was not relayed: the call is over")]
    Over,
}

/// The rules for one call, across as many signalling sockets as it takes.
#[derive(Debug)]
pub struct Relay {
    fields: OfferFields,
    /// The sessions the gateway has opened, oldest first.
    sessions: Vec<String>,
    offers: u8,
    candidates: u16,
    over: bool,
}

impl Relay {
    /// A relay for a call that has not begun; `fields` go into every offer as they are, and what
    /// they leave out stays out. Only a missing `call_sid` is the visitor's to choose, once.
    pub fn new(auth_token: Secret, fields: OfferFields) -> Self {
        Self {
            fields: OfferFields { auth_token: Some(auth_token), ..fields },
            sessions: Vec::new(),
            offers: 0,
            candidates: 0,
            over: false,
        }
    }

    /// What to send to the gateway for a visitor's frame.
    pub fn from_visitor(&mut self, text: &str) -> Result<WireText, RelayFault> {
        Ok(self.visitor_frame(Frame::parse_strict(text)?)?.encode())
    }

    /// The same for a frame that was read already, by [`Frame::parse_strict`].
    pub fn visitor_frame(&mut self, frame: Frame) -> Result<Frame, RelayFault> {
        if self.over {
            return Err(RelayFault::Over);
        }
        let session = self.session_for(frame.session);
        let body = match frame.body {
            Body::Offer(offer) => self.offer(*offer)?,
            Body::Candidate(_) if session.is_none() => return Err(RelayFault::NoCall),
            Body::Candidate(candidate) => {
                count(&mut self.candidates, MAX_CANDIDATES)?;
                Body::Candidate(candidate)
            }
            Body::Close => {
                self.close(session.as_deref());
                Body::Close
            }
            Body::Ping => Body::Ping,
            Body::Pong => Body::Pong,
            Body::Answer { .. } | Body::Error(_) | Body::Unknown(_) => {
                return Err(FrameFault::NotAllowed.into());
            }
        };
        Ok(Frame { session, body })
    }

    /// What to send to the visitor for a frame of the gateway.
    pub fn from_gateway(&mut self, text: &str) -> Result<WireText, RelayFault> {
        let frame = Frame::parse(text)?;
        self.note_gateway(&frame)?;
        let token = self.fields.auth_token.as_ref().map_or("", Secret::expose);
        let clean = scrub::object(&frame.to_fields(), token);
        Ok(WireText::new(Value::Object(clean).encode()))
    }

    /// Takes note of a frame of the gateway, for whoever writes the visitor's frame without this type's help.
    pub fn note_gateway(&mut self, frame: &Frame) -> Result<(), RelayFault> {
        match &frame.body {
            // Only a repetition of our own; it is full of what the visitor must not see.
            Body::Offer(_) => return Err(FrameFault::NotAllowed.into()),
            Body::Answer { .. } => self.remember(frame.session.as_deref()),
            Body::Close => self.close(frame.session.as_deref()),
            _ => {}
        }
        Ok(())
    }

    /// Takes up a session that another relay of the same call has seen answered.
    pub fn resume(&mut self, session: &str) {
        self.remember(Some(session));
    }

    /// Whether either side has closed the call.
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn offer(&mut self, offer: Offer) -> Result<Body, RelayFault> {
        count(&mut self.offers, MAX_OFFERS)?;
        if self.fields.call_sid.is_none() {
            self.fields.call_sid = offer.fields.call_sid.filter(|sid| is_plain(sid));
        }
        Ok(Body::Offer(Box::new(Offer { sdp: offer.sdp, fields: self.fields.clone() })))
    }

    /// A visitor can only speak of sessions of this call.
    fn session_for(&self, named: Option<String>) -> Option<String> {
        named.filter(|id| self.sessions.contains(id)).or_else(|| self.sessions.last().cloned())
    }

    fn remember(&mut self, session: Option<&str>) {
        let Some(session) = session else { return };
        if !self.sessions.iter().any(|known| known == session) {
            if self.sessions.len() >= SESSIONS {
                self.sessions.remove(0);
            }
            self.sessions.push(session.to_owned());
        }
    }

    fn close(&mut self, session: Option<&str>) {
        match session {
            Some(session) => self.sessions.retain(|known| known != session),
            None => self.sessions.clear(),
        }
        self.over = self.sessions.is_empty();
    }
}

fn count<N: Copy + PartialOrd + std::ops::AddAssign + From<u8>>(
    used: &mut N,
    limit: N,
) -> Result<(), RelayFault> {
    if *used >= limit {
        return Err(RelayFault::TooMany);
    }
    *used += N::from(1);
    Ok(())
}

/// An id that means the same wherever it is written.
fn is_plain(sid: &str) -> bool {
    sid.len() <= CALL_SID && sid.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay() -> Relay {
        Relay::new(Secret::new("tok-secret".to_owned()), OfferFields::default())
    }

    const OFFER: &str = r#"{"type":"offer","sessionId":"","data":{"type":"offer","sdp":"v=0"}}"#;
    const ANSWER: &str =
        r#"{"type":"answer","sessionId":"s-1","data":{"type":"answer","sdp":"v=0"}}"#;

    #[test]
    fn sessions_of_others_cannot_be_named() {
        let mut relay = relay();
        let foreign = r#"{"type":"ice-candidate","sessionId":"other","data":{"candidate":"c"}}"#;
        assert_eq!(relay.from_visitor(foreign), Err(RelayFault::NoCall));
        relay.from_visitor(OFFER).unwrap();
        relay.from_gateway(ANSWER).unwrap();
        let sent = relay.from_visitor(foreign).unwrap();
        assert_eq!(Frame::parse(sent.as_str()).unwrap().session.as_deref(), Some("s-1"));
        let sent = relay.from_visitor(r#"{"type":"close","sessionId":"other"}"#).unwrap();
        assert_eq!(Frame::parse(sent.as_str()).unwrap().session.as_deref(), Some("s-1"));
        assert!(relay.is_over());
        assert_eq!(relay.from_visitor(OFFER), Err(RelayFault::Over));
    }

    #[test]
    fn a_stray_session_can_be_closed_alone() {
        let mut relay = relay();
        relay.from_gateway(ANSWER).unwrap();
        relay.from_gateway(&ANSWER.replace("s-1", "s-2")).unwrap();
        relay.from_visitor(r#"{"type":"close","sessionId":"s-2"}"#).unwrap();
        assert!(!relay.is_over());
        relay.from_gateway(r#"{"type":"close","sessionId":"s-1"}"#).unwrap();
        assert!(relay.is_over());
    }

    #[test]
    fn offers_and_candidates_are_limited() {
        let mut relay = relay();
        for _ in 0..MAX_OFFERS {
            relay.from_visitor(OFFER).unwrap();
        }
        assert_eq!(relay.from_visitor(OFFER), Err(RelayFault::TooMany));
        relay.from_gateway(ANSWER).unwrap();
        let candidate = r#"{"type":"ice-candidate","data":{"candidate":"c"}}"#;
        for _ in 0..MAX_CANDIDATES {
            relay.from_visitor(candidate).unwrap();
        }
        assert_eq!(relay.from_visitor(candidate), Err(RelayFault::TooMany));
    }
}

//! Requests, in the order that callers keep.

use super::{
    Asked, Bridge, Call, CallEnd, CallId, Credential, Event, Output,
    body::{error, made, read_offer, read_provision},
};
use crate::{
    calls::{
        bridge::{CallMode, Method, SdpOffer, answer_body},
        message::{Sdp, WireText},
    },
    model::Secret,
};

/// Where calls are.
const CALLS: &str = "/api/v1/call";

/// How far a call is, and the request that the driver has not answered yet.
#[derive(Debug)]
pub(super) enum Stage {
    Made,
    Offered { offer: SdpOffer, request: u64 },
    Answered(Exchange),
    Pulled { before: Exchange, request: u64 },
}

/// What was said so far, for whoever asks once more because an answer got lost.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    offer: SdpOffer,
    answer: Sdp,
    /// The offer of the agent's track, and the caller's answer to it.
    track: Option<(Sdp, Option<Sdp>)>,
}

impl Stage {
    /// The request that waits for an answer.
    pub(super) fn under_way(&self) -> Option<u64> {
        match self {
            Self::Offered { request, .. } | Self::Pulled { request, .. } => Some(*request),
            Self::Made | Self::Answered(_) => None,
        }
    }
}

/// What is answered at once: a status and words.
type Refused = (u16, &'static str);

impl Bridge {
    pub(super) fn request(&mut self, request: u64, asked: Asked<'_>) {
        if let Err((status, words)) = self.routed(request, asked) {
            self.respond(request, status, Some(error(words)));
        }
    }

    fn routed(&mut self, request: u64, asked: Asked<'_>) -> Result<(), Refused> {
        const NOWHERE: Refused = (404, "There is nothing here");
        let rest = asked.path.strip_prefix(CALLS).ok_or(NOWHERE)?;
        if rest.is_empty() {
            return match asked.method {
                Some(Method::Post) => self.provision(request, asked),
                _ => Err((405, "Calls are made with POST")),
            };
        }
        let rest = rest.strip_prefix('/').ok_or(NOWHERE)?;
        let (name, route) = rest.split_once('/').unwrap_or((rest, ""));
        let wanted = match route {
            "" => Method::Delete,
            "sdp" | "sdp/pull" | "sdp/renegotiate" => Method::Post,
            _ => return Err(NOWHERE),
        };
        let id = self.named(name).ok_or((404, "There is no such call"))?;
        let shown = match asked.credential {
            Credential::CallToken(token) => token,
            _ => "",
        };
        if !self.calls.get(&id).is_some_and(|call| call.token.ct_eq(shown)) {
            return Err((401, "The call's token is needed"));
        }
        if asked.method != Some(wanted) {
            return Err((405, "Another method is needed"));
        }
        match route {
            "" => {
                self.end(id, CallEnd::Caller);
                self.respond(request, 204, None);
                Ok(())
            }
            "sdp" => self.offer(request, id, asked.body),
            "sdp/pull" => self.pull(request, id),
            _ => self.renegotiate(request, id, asked.body),
        }
    }

    fn provision(&mut self, request: u64, asked: Asked<'_>) -> Result<(), Refused> {
        if asked.credential != Credential::WebCalling {
            return Err((401, "A web-calling token is needed"));
        }
        let wanted =
            read_provision(asked.body).ok_or((400, "The body is no request for a call"))?;
        if wanted.mode == CallMode::Echo && !self.config.echo {
            return Err((403, "Echo is not allowed here"));
        }
        if self.calls.len() >= self.config.max_calls {
            return Err((503, "There are too many calls"));
        }
        self.count += 1;
        let id = CallId(self.count);
        let name = loop {
            let name = format!("call-{:08x}", self.dice.roll() >> 32);
            if self.named(&name).is_none() {
                break name;
            }
        };
        let token = Secret::new(self.dice.uuid());
        let body = made(&name, &token, &self.config.ice_servers);
        let call = Call {
            name: name.clone(),
            token,
            stage: Stage::Made,
            socket: None,
            answer_by: None,
            begin_by: Some(self.now.plus(self.config.begin_ms)),
            end_by: self.now.plus(self.config.call_ms),
        };
        self.calls.insert(id, call);
        let (mode, caller) = (wanted.mode, wanted.caller);
        self.out.order(Output::Event(Event::Made { call: id, name, mode, caller }));
        self.respond(request, 201, Some(body));
        Ok(())
    }

    fn offer(&mut self, request: u64, id: CallId, body: &str) -> Result<(), Refused> {
        let offer = read_offer(body).ok_or((400, "The body has no offer"))?;
        let answer_by = Some(self.now.plus(self.config.answer_ms));
        let Some(call) = self.calls.get_mut(&id) else { return Ok(()) };
        let event = match &mut call.stage {
            Stage::Made => {
                call.stage = Stage::Offered { offer: offer.clone(), request };
                call.answer_by = answer_by;
                Event::Offer { call: id, offer }
            }
            // Whoever asks again has given up the request before.
            Stage::Offered { offer: own, request: waiting } if *own == offer => {
                let before = std::mem::replace(waiting, request);
                self.respond(before, 409, Some(error("The offer was sent again")));
                return Ok(());
            }
            Stage::Answered(known) | Stage::Pulled { before: known, .. }
                if known.offer == offer =>
            {
                let answer = answer_body(&known.answer);
                self.respond(request, 200, Some(answer));
                return Ok(());
            }
            _ => return Err((409, "The call has an offer already")),
        };
        self.out.order(Output::Event(event));
        Ok(())
    }

    fn pull(&mut self, request: u64, id: CallId) -> Result<(), Refused> {
        let answer_by = Some(self.now.plus(self.config.answer_ms));
        let Some(call) = self.calls.get_mut(&id) else { return Ok(()) };
        match &mut call.stage {
            Stage::Made | Stage::Offered { .. } => Err((409, "The offer comes first")),
            Stage::Pulled { request: waiting, .. } => {
                let before = std::mem::replace(waiting, request);
                self.respond(before, 409, Some(error("The track was asked for again")));
                Ok(())
            }
            Stage::Answered(known) => {
                if let Some((offered, None)) = &known.track {
                    let offered = answer_body(offered);
                    self.respond(request, 200, Some(offered));
                    return Ok(());
                }
                call.stage = Stage::Pulled { before: known.clone(), request };
                call.answer_by = answer_by;
                self.out.order(Output::Event(Event::Pull { call: id }));
                Ok(())
            }
        }
    }

    fn renegotiate(&mut self, request: u64, id: CallId, body: &str) -> Result<(), Refused> {
        let sdp = read_offer(body).ok_or((400, "The body has no answer"))?.sdp;
        let Some(call) = self.calls.get_mut(&id) else { return Ok(()) };
        let track = match &mut call.stage {
            Stage::Answered(known) => known.track.as_mut(),
            _ => None,
        };
        let is_new = match track {
            Some((_, own @ None)) => {
                *own = Some(sdp.clone());
                true
            }
            Some((_, Some(own))) if *own == sdp => false,
            _ => return Err((409, "Nothing was offered that this could answer")),
        };
        if is_new {
            self.out.order(Output::Event(Event::Renegotiated { call: id, sdp }));
        }
        self.respond(request, 200, Some(WireText::new("{}")));
        Ok(())
    }

    /// A description that the driver was asked for.
    pub(super) fn described(&mut self, id: CallId, sdp: Sdp) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(request) = call.stage.under_way() else { return };
        let body = answer_body(&sdp);
        call.stage = match std::mem::replace(&mut call.stage, Stage::Made) {
            Stage::Offered { offer, .. } => {
                Stage::Answered(Exchange { offer, answer: sdp, track: None })
            }
            Stage::Pulled { before, .. } => {
                Stage::Answered(Exchange { track: Some((sdp, None)), ..before })
            }
            other => other,
        };
        call.answer_by = None;
        self.respond(request, 200, Some(body));
    }

    pub(super) fn named(&self, name: &str) -> Option<CallId> {
        self.calls.iter().find(|(_, call)| call.name == name).map(|(id, _)| *id)
    }
}

//! Asking the agent to join: once per session, and again only when it is known to be needed.

use super::{ClientSession, socket::Socket, timers};
use crate::{
    messaging::frame::{ClientEvent, ClientFrame},
    model::Millis,
};

/// How often the agent may be asked without the visitor asking for it.
const REQUESTS: u8 = 4;

#[derive(Debug, Default)]
pub(super) struct Joining {
    /// The agent came, or at least the platform knows of the request.
    confirmed: bool,
    /// The latest request: on which socket, and when.
    asked: Option<(u32, Millis)>,
    requests: u8,
    /// A request is due whatever was seen before.
    wanted: bool,
}

impl Joining {
    /// The visitor wants the agent back.
    pub(super) fn again(&mut self) {
        self.wanted = true;
        self.requests = 0;
    }

    /// The platform says that there is no conversation yet.
    pub(super) fn needed(&mut self) {
        self.wanted = true;
    }

    pub(super) fn confirm(&mut self) {
        self.confirmed = true;
    }

    /// Asked, and not confirmed.
    pub(super) fn is_open(&self) -> bool {
        !self.confirmed && self.asked.is_some()
    }

    /// When a request on this socket counts as lost.
    pub(super) fn deadline(&self, serial: u32) -> Option<Millis> {
        let (on, at) = self.asked.filter(|_| !self.confirmed && self.requests < REQUESTS)?;
        (on == serial).then(|| at.plus(timers::ECHO_MS))
    }
}

impl ClientSession {
    /// Asks the agent to join, if it is time to.
    pub(super) fn join(&mut self) {
        let Socket::Open(open) = &self.socket else { return };
        if !open.ready || !self.started || self.closing.is_some() || self.status.ending {
            return;
        }
        let due = match self.joining.asked {
            _ if self.joining.wanted => true,
            _ if self.joining.confirmed => false,
            // A session that existed before was joined before, unless its history says otherwise.
            None => !self.config.resumed || open.settled,
            Some((on, _)) => on != self.serial && open.settled && open.anchored,
        };
        if due && self.joining.requests < REQUESTS && self.out.has_room() {
            self.joining.requests += 1;
            self.joining.wanted = false;
            self.joining.asked = Some((self.serial, self.now));
            self.write(&ClientFrame::new(ClientEvent::RequestPolyAgentJoin));
        }
    }
}

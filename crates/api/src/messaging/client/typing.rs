//! Telling a live agent that the visitor is typing.

use super::{Agent, ClientSession, timers};
use crate::{
    messaging::frame::{ClientEvent, ClientFrame, TypingState},
    model::Millis,
};

#[derive(Debug, Default)]
pub(super) struct Typing {
    /// The live agent believes that the visitor is typing.
    told: bool,
    told_at: Option<Millis>,
    key_at: Millis,
}

impl Typing {
    /// What was told died with the socket.
    pub(super) fn forget(&mut self) {
        self.told = false;
    }

    /// When silence counts as having stopped.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.told.then(|| self.key_at.plus(timers::TYPING_STOP_MS))
    }
}

impl ClientSession {
    pub(super) fn visitor_types(&mut self, active: bool) {
        if !active {
            return self.stop_typing();
        }
        if !self.is_ready() || !matches!(self.status.agent, Agent::Live(_)) || self.status.ending {
            return;
        }
        self.typing.key_at = self.now;
        let allowed = |at: Millis| self.now >= at.plus(timers::TYPING_START_MS);
        if self.typing.told_at.is_none_or(allowed) && self.out.has_room() {
            self.typing.told = true;
            self.typing.told_at = Some(self.now);
            self.write(&ClientFrame::new(ClientEvent::UserTyping(TypingState::Started)));
        }
    }

    pub(super) fn stop_typing(&mut self) {
        if self.typing.told && self.is_ready() {
            self.write(&ClientFrame::new(ClientEvent::UserTyping(TypingState::Stopped)));
        }
        self.typing.told = false;
    }
}

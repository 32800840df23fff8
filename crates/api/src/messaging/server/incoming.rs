//! What clients send.

use super::{ConnectionId, Event, OUTPUTS, Output, ServerSession, texts};
use crate::{
    messaging::frame::{
        CLIENT_EVENT_ID, ClientEvent, ClientFrame, Custom, FrameFault, ServerEvent, ServerFrame,
        SessionEndReason, SystemLevel,
    },
    model::Millis,
};

/// How many client event ids are remembered when doubles are refused.
const KNOWN: usize = 4_096;

impl ServerSession {
    pub(super) fn receive(&mut self, now: Millis, conn: ConnectionId, text: &str) {
        if !self.connections.contains(&conn) {
            return;
        }
        let frame = match ClientFrame::parse(text) {
            Ok(frame) => frame,
            Err(FrameFault::TooLarge) => return self.close(conn, 1009),
            Err(fault) => return self.refuse(now, fault, text),
        };
        if self.is_ended() && frame.event != ClientEvent::Heartbeat {
            let error = ServerFrame::system_error(texts::SESSION_NOT_FOUND, some(frame.custom));
            return self.write(conn, error.encode());
        }
        match frame.event {
            ClientEvent::Heartbeat => {
                let custom = some(frame.custom);
                let echo = ServerFrame { custom, ..ServerFrame::new(ServerEvent::Heartbeat) };
                self.write(conn, echo.encode());
            }
            ClientEvent::UserTyping(state) => {
                self.alive(now);
                self.event(Event::UserTyping(state));
            }
            ClientEvent::LinkToWebrtcConversation { call_sid } => {
                self.alive(now);
                self.event(Event::LinkToCall { call_sid });
            }
            ClientEvent::RequestPolyAgentJoin => {
                self.journalise(now, ServerEvent::RequestPolyAgentJoin, some(frame.custom));
                if !self.conversation || self.agent_left() {
                    self.conversation = true;
                    self.event(Event::Join);
                }
            }
            ClientEvent::UserEndSession => {
                self.journalise(now, ServerEvent::UserEndSession, some(frame.custom));
                self.end(now, SessionEndReason::UserEnd);
                self.event(Event::End);
            }
            ClientEvent::UserMessage { text } => self.message(now, conn, text, frame.custom),
        }
    }

    fn message(&mut self, now: Millis, conn: ConnectionId, text: String, custom: Custom) {
        let id = custom.get(CLIENT_EVENT_ID).filter(|_| self.config.deduplicate).map(str::to_owned);
        if let Some(echo) = id.as_ref().and_then(|id| self.known.get(id)) {
            let again = echo.encode();
            return self.write(conn, again);
        }
        let message_id = self.dice.uuid();
        let event =
            ServerEvent::UserMessage { text: text.clone(), message_id: Some(message_id.clone()) };
        let echo = self.journalise(now, event, some(custom.clone()));
        if let (Some(id), Some(echo)) = (id, echo)
            && self.known.len() < KNOWN
        {
            self.known.insert(id, echo);
        }
        if self.conversation {
            self.event(Event::UserMessage { text, message_id, custom });
        } else {
            self.error(now, texts::CONVERSATION_NOT_FOUND.to_owned(), custom);
        }
    }

    fn refuse(&mut self, now: Millis, fault: FrameFault, text: &str) {
        // The frame is small, and its fault may lie in its type alone: read what can be read.
        let read = ServerFrame::parse(text).ok();
        let message = match &read {
            Some(frame)
                if fault == FrameFault::NotAllowed
                    && !matches!(frame.event, ServerEvent::Unknown { .. }) =>
            {
                format!("{}{}", texts::NOT_ALLOWED, frame.event.kind())
            }
            _ => texts::INVALID.to_owned(),
        };
        self.error(now, message, read.and_then(|frame| frame.custom).unwrap_or_default());
    }

    pub(super) fn error(&mut self, now: Millis, message: String, custom: Custom) {
        let event = ServerEvent::SystemMessage { level: SystemLevel::Error, message };
        self.journalise(now, event, some(custom));
    }

    fn event(&mut self, event: Event) {
        if self.out.len() < 2 * OUTPUTS {
            self.out.push_back(Output::Event(event));
        }
    }

    /// The agent was here and left, so that a new request is not a double.
    fn agent_left(&self) -> bool {
        !self.agent_present
            && self.journal.iter().any(|f| matches!(f.event, ServerEvent::PolyAgentLeft { .. }))
    }
}

fn some(custom: Custom) -> Option<Custom> {
    (!custom.is_empty()).then_some(custom)
}

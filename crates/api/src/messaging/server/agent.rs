//! What the agent's driver makes happen.

use super::{ServerSession, texts};
use crate::{
    messaging::frame::{
        AgentIdentity, Chunk, Custom, HandoffRequest, Message, QueueStatus, ServerEvent,
        SessionEndReason, SystemLevel, TypingState,
    },
    model::Millis,
};

impl ServerSession {
    /// The PolyAI agent joins.
    pub fn joined(&mut self, now: Millis, agent: AgentIdentity) {
        self.emit(now, ServerEvent::PolyAgentJoined(agent));
    }

    /// The PolyAI agent could not join; clients may ask again.
    pub fn join_failed(&mut self, now: Millis) {
        self.conversation = false;
        self.system(now, SystemLevel::Error, texts::JOIN_FAILED);
    }

    /// The PolyAI agent thinks.
    pub fn thinking(&mut self, now: Millis) {
        self.emit(now, ServerEvent::PolyAgentThinking);
    }

    /// A fresh message id, for the chunks of one message.
    pub fn message_id(&mut self) -> String {
        self.dice.uuid()
    }

    /// The PolyAI agent says a whole message; one without an id is given one.
    pub fn say(&mut self, now: Millis, mut message: Message) {
        message.message_id.get_or_insert_with(|| self.dice.uuid());
        self.emit(now, ServerEvent::PolyAgentMessage(message));
    }

    /// The PolyAI agent says a piece of a message.
    pub fn chunk(&mut self, now: Millis, chunk: Chunk) {
        self.emit(now, ServerEvent::PolyAgentMessageChunk(chunk));
    }

    /// The PolyAI agent leaves.
    pub fn left(&mut self, now: Millis) {
        self.emit(now, ServerEvent::PolyAgentLeft { reason: None });
    }

    /// The PolyAI agent asks for a person.
    pub fn handoff_triggered(&mut self, now: Millis) {
        self.emit(now, ServerEvent::PolyAgentTriggeredHandoff);
    }

    /// Queueing begins.
    pub fn handoff_accepted(&mut self, now: Millis, queue_name: Option<String>) {
        self.emit(now, ServerEvent::HandoffAccepted { queue_name });
    }

    /// News from the queue.
    pub fn handoff_queue(&mut self, now: Millis, queue: QueueStatus) {
        self.emit(now, ServerEvent::HandoffQueueStatus(queue));
    }

    /// The host application must take over.
    pub fn handoff_required(&mut self, now: Millis, request: HandoffRequest) {
        self.emit(now, ServerEvent::ClientHandoffRequired(request));
    }

    /// The hand-over failed.
    pub fn handoff_failed(&mut self, now: Millis) {
        self.emit(now, ServerEvent::HandoffFailed { reason: None });
    }

    /// Nobody came in time.
    pub fn handoff_timeout(&mut self, now: Millis) {
        self.emit(now, ServerEvent::HandoffTimeout { reason: None });
    }

    /// A person joins.
    pub fn live_joined(&mut self, now: Millis, agent: AgentIdentity) {
        self.emit(now, ServerEvent::LiveAgentJoined(agent));
    }

    /// A person types, or stops.
    pub fn live_typing(&mut self, now: Millis, state: TypingState, agent: AgentIdentity) {
        self.emit(now, ServerEvent::LiveAgentTyping { state, agent });
    }

    /// A person says something; a message without an id is given one.
    pub fn live_message(&mut self, now: Millis, mut message: Message) {
        message.message_id.get_or_insert_with(|| self.dice.uuid());
        self.emit(now, ServerEvent::LiveAgentMessage(message));
    }

    /// The person leaves.
    pub fn live_left(&mut self, now: Millis, agent: AgentIdentity) {
        self.emit(now, ServerEvent::LiveAgentLeft { agent, reason: None });
    }

    /// The conversation goes on in another language, BCP 47.
    pub fn language(&mut self, now: Millis, code: &str) {
        self.emit(now, ServerEvent::LanguageChanged { language_code: code.to_owned() });
    }

    /// The platform speaks for itself; see [`texts`].
    pub fn system(&mut self, now: Millis, level: SystemLevel, text: &str) {
        self.emit(now, ServerEvent::SystemMessage { level, message: text.to_owned() });
    }

    /// Tells of a failure; `custom` is the map of the frame that caused it, and goes back with it.
    pub fn trouble(&mut self, now: Millis, text: &str, custom: Custom) {
        self.error(now, text.to_owned(), custom);
    }

    /// The session ends; its sockets are closed soon after.
    pub fn end(&mut self, now: Millis, reason: SessionEndReason) {
        self.emit(now, ServerEvent::SessionEnd { reason });
    }
}

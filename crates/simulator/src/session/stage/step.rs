//! One thing that happens on stage.

use perch_api::messaging::frame::{
    Chunk, HandoffRequest, Message, QueueStatus, Receipt, ServerEvent, SessionEndReason,
    SystemLevel, TypingState,
};
use perch_api::messaging::server::ServerSession;
use perch_api::model::Millis;

use super::{Stage, Who};
use crate::agent::{AGENT_NAME, Language, QUEUE_NAME, Reply, phrases};
use crate::outcome::Ending;

/// One thing that happens.
#[derive(Debug)]
pub(in crate::session) enum Step {
    Joined,
    JoinFailed,
    Thinking,
    Language(Language),
    /// An answer begins: from here on it is on record.
    Begin {
        reply: Box<Reply>,
        language: Language,
        order: Option<String>,
    },
    Chunk(Chunk),
    Say(Message),
    DropSockets,
    Receipt(Receipt),
    System(&'static str),
    Triggered,
    Required(HandoffRequest),
    AgentLeft,
    Accepted,
    Queue {
        position: u32,
        wait_seconds: u32,
    },
    /// The visitor is shown at the desk.
    Waits,
    /// Nobody came in time, if it is still a question.
    NobodyCame,
    Failed,
    PersonJoined,
    PersonTypes(TypingState),
    PersonSays(String),
    PersonLeft,
    Survey,
    End,
}

/// What a step asks of the caller.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::session) enum Effect {
    /// Nothing.
    None,
    /// Every socket is to be dropped.
    DropSockets,
}

impl Stage {
    /// Does one step.
    pub(in crate::session) fn perform(
        &mut self,
        step: Step,
        core: &mut ServerSession,
        now_ms: i64,
    ) -> Effect {
        let now = Millis(now_ms.unsigned_abs());
        match step {
            Step::Joined => core.joined(now, self.identity(None, AGENT_NAME, "juno")),
            Step::JoinFailed => core.join_failed(now),
            Step::Thinking => core.thinking(now),
            Step::Language(language) => core.language(now, language.code()),
            Step::Begin { reply, language, order } => {
                let live = &self.platform.live;
                live.answered(&self.id, &reply, language, order.as_deref(), now_ms);
            }
            Step::Chunk(chunk) => core.chunk(now, chunk),
            Step::Say(message) => core.say(now, message),
            Step::DropSockets => return Effect::DropSockets,
            Step::Receipt(receipt) => core.emit(now, ServerEvent::Receipt(receipt)),
            Step::System(text) => core.system(now, SystemLevel::Error, text),
            Step::Triggered => core.handoff_triggered(now),
            Step::Required(request) => core.handoff_required(now, request),
            Step::AgentLeft => core.left(now),
            Step::Accepted => core.handoff_accepted(now, Some(QUEUE_NAME.to_owned())),
            Step::Queue { position, wait_seconds } => core.handoff_queue(
                now,
                QueueStatus {
                    queue_name: Some(QUEUE_NAME.to_owned()),
                    position: Some(position),
                    estimated_wait_seconds: Some(wait_seconds),
                    display_message: None,
                },
            ),
            Step::Waits => self.wait(now_ms),
            Step::NobodyCame => {
                if self.who == Who::Queue {
                    // The agent left long ago; whoever wants it again asks it to join.
                    self.who = Who::Nobody;
                    self.platform.desk.close(&self.id);
                    core.handoff_timeout(now);
                }
            }
            Step::Failed => core.handoff_failed(now),
            Step::PersonJoined => self.person_joins(core, now_ms),
            Step::PersonTypes(state) => core.live_typing(now, state, self.person()),
            Step::PersonSays(text) => self.person_says(text, core, now_ms),
            Step::PersonLeft => core.live_left(now, self.person()),
            Step::Survey => {
                core.emit(now, ServerEvent::ShowCsatRequest);
                core.emit(now, ServerEvent::CsatResponse);
            }
            Step::End => {
                self.conclude(Ending::Natural, now_ms);
                core.end(now, SessionEndReason::NaturalEnd);
            }
        }
        Effect::None
    }

    /// Schedules what the SDKs know besides: who received and read what.
    pub(super) fn receipts(&mut self, now_ms: i64, reader: Who) {
        if !self.platform.messaging.current().sdk_events {
            return;
        }
        let receipts = match reader {
            Who::Agent => [Receipt::PolyAgentReceived, Receipt::PolyAgentRead],
            Who::Person | Who::Desk => [Receipt::LiveAgentReceived, Receipt::LiveAgentRead],
            Who::Nobody | Who::Queue | Who::Gone => return,
        };
        for receipt in receipts.into_iter().chain([Receipt::UserReceived, Receipt::UserRead]) {
            self.after(now_ms, 0, Step::Receipt(receipt));
        }
    }

    fn person_joins(&mut self, core: &mut ServerSession, now_ms: i64) {
        self.who = Who::Person;
        core.live_joined(Millis(now_ms.unsigned_abs()), self.person());
        let hello = self.dialogue.language().of(&phrases::LIVE_HELLO);
        self.person_types(now_ms, hello);
        if let Some(unread) = self.unread.take() {
            self.person_answers(&unread, now_ms);
        }
    }

    /// A person's words, on record and on the wire.
    pub(super) fn person_says(&mut self, text: String, core: &mut ServerSession, now_ms: i64) {
        self.platform.live.live_said(&self.id, &text, now_ms);
        let agent = self.person();
        let message = Message { text, agent, ..Message::default() };
        core.live_message(Millis(now_ms.unsigned_abs()), message);
    }
}

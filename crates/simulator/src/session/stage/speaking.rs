//! The agent's answers, and what goes wrong with them.

use perch_api::messaging::server::texts;

use super::{Stage, Step, Who, pause, reply};
use crate::agent::Reply;
use crate::session::rules::{Handover, Trouble};

impl Stage {
    /// The agent thinks and answers.
    pub(super) fn agent_answers(&mut self, text: &str, now_ms: i64) {
        self.after(now_ms, pause::THINK, Step::Thinking);
        if self.platform.messaging.takes(&[Trouble::NoAnswer]).is_some() {
            return self.after(now_ms, pause::ANSWER, Step::System(texts::NO_ANSWER));
        }
        let reply = self.dialogue.answer(text);
        let tools = i64::try_from(reply.tools.len()).unwrap_or(0);
        self.answer(now_ms, pause::ANSWER + pause::TOOL * tools, reply);
    }

    /// Schedules an answer and what follows from it.
    pub(super) fn answer(&mut self, now_ms: i64, pause_ms: i64, mut reply: Reply) {
        let language = self.dialogue.language();
        if let Some(changed) = reply.language {
            self.after(now_ms, pause_ms / 2, Step::Language(changed));
        }
        let (handoff, ends) = (reply.handoff, reply.ends);
        let id = self.platform.uuid();
        let messages = reply::messages(&reply, language, &self.platform.media, id, self.streaming);
        let order = self.dialogue.order().map(str::to_owned);
        let mode = self.platform.messaging.current().handoff;
        if matches!(mode, Handover::Refused | Handover::Impossible) {
            // Nobody takes over, and the record must not say so.
            reply.handoff = None;
        }
        let begin = Step::Begin { reply: Box::new(reply), language, order };
        self.after(now_ms, pause_ms, begin);
        match messages {
            reply::Messages::Whole(message) => self.after(now_ms, 0, Step::Say(message)),
            reply::Messages::Chunks(chunks) => {
                let drops = self.platform.faults.drops_this_answer();
                let breaks = self.platform.messaging.takes(&[Trouble::StreamBroke]).is_some();
                for chunk in chunks {
                    let index = chunk.index;
                    let pause = 60 + (self.platform.random() % 60).cast_signed();
                    self.after(now_ms, pause, Step::Chunk(chunk));
                    if drops && index == 3 {
                        self.after(now_ms, 0, Step::DropSockets);
                    }
                    if breaks && index == 2 {
                        return self.after(now_ms, pause, Step::System(texts::STREAM_BROKE));
                    }
                }
            }
        }
        if let Some(handoff) = handoff {
            self.hand_over(handoff, now_ms);
        } else if ends {
            self.who = Who::Gone;
            self.end(now_ms);
        }
    }

    /// Schedules a natural end.
    pub(super) fn end(&mut self, now_ms: i64) {
        if self.platform.messaging.current().sdk_events {
            self.after(now_ms, pause::END, Step::Survey);
        }
        self.after(now_ms, pause::END, Step::End);
    }
}

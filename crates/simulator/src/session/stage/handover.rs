//! From the agent to a person, or elsewhere, or nowhere.

use perch_api::messaging::frame::{HandoffReason, HandoffRequest, TypingState};
use perch_api::messaging::server::texts;

use super::{Stage, Step, Who, pause};
use crate::agent::{Handoff, QUEUE_NAME};
use crate::session::rules::Handover;

/// How long a visitor waits for somebody at the desk.
const DESK_MS: i64 = 300_000;

impl Stage {
    /// Schedules what becomes of a hand-over.
    pub(super) fn hand_over(&mut self, handoff: Handoff, now_ms: i64) {
        let step = pause::HANDOFF;
        self.after(now_ms, step, Step::Triggered);
        match self.platform.messaging.current().handoff {
            // The agent stays: there is nobody else.
            Handover::Impossible => {
                self.after(now_ms, step, Step::System(texts::HANDOFF_IMPOSSIBLE));
            }
            Handover::Refused => {
                self.after(now_ms, step, Step::System(texts::HANDOFF_REFUSED));
                self.after(now_ms, step, Step::Failed);
            }
            Handover::Client => {
                self.who = Who::Nobody;
                let request = HandoffRequest {
                    reason: Some(reason(handoff)),
                    queue_name: Some(QUEUE_NAME.to_owned()),
                    route: None,
                };
                self.after(now_ms, step, Step::Required(request));
                self.after(now_ms, step, Step::AgentLeft);
            }
            Handover::Server => {
                self.queue(now_ms);
                if self.platform.desk.is_on_duty() {
                    self.after(now_ms, step, Step::Waits);
                    return;
                }
                self.after(now_ms, pause::QUEUE, Step::Queue { position: 2, wait_seconds: 40 });
                let next = Step::Queue { position: 1, wait_seconds: 15 };
                self.after(now_ms, pause::NEXT_IN_QUEUE, next);
                self.after(now_ms, pause::LIVE_JOIN, Step::PersonJoined);
            }
            Handover::Timeout => {
                self.queue(now_ms);
                self.after(now_ms, pause::QUEUE, Step::Queue { position: 2, wait_seconds: 40 });
                self.after(now_ms, pause::NOBODY, Step::NobodyCame);
            }
        }
    }

    fn queue(&mut self, now_ms: i64) {
        self.who = Who::Queue;
        self.after(now_ms, pause::HANDOFF, Step::AgentLeft);
        self.after(now_ms, pause::HANDOFF, Step::Accepted);
    }

    /// The visitor is shown at the desk, and told how many are before.
    pub(super) fn wait(&mut self, now_ms: i64) {
        let ahead = self.platform.desk.wait(&self.id, self.dialogue.language(), now_ms);
        let position = u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1);
        let wait_seconds = position.saturating_mul(30);
        self.after(now_ms, 0, Step::Queue { position, wait_seconds });
        self.after(now_ms, DESK_MS, Step::NobodyCame);
    }

    /// The scripted colleague answers.
    pub(super) fn person_answers(&mut self, text: &str, now_ms: i64) {
        let (line, leaves) = self.dialogue.live_answer(text);
        self.person_types(now_ms, &line.text(self.dialogue.language()));
        if leaves {
            self.who = Who::Gone;
            self.after(now_ms, pause::END, Step::PersonLeft);
            self.end(now_ms);
        }
    }

    pub(super) fn person_types(&mut self, now_ms: i64, text: &str) {
        self.after(now_ms, pause::LIVE_READ, Step::PersonTypes(TypingState::Started));
        self.after(now_ms, pause::LIVE_TYPE, Step::PersonTypes(TypingState::Stopped));
        self.after(now_ms, 0, Step::PersonSays(text.to_owned()));
    }
}

/// The platform's three words for ours.
fn reason(handoff: Handoff) -> HandoffReason {
    match handoff.reason {
        "complaint" => HandoffReason::Policy,
        "not_understood" => HandoffReason::ComplexQuery,
        _ => HandoffReason::AgentDecision,
    }
}

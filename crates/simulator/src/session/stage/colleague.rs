//! Whoever sits at the desk: joins, types, speaks, leaves.

use perch_api::messaging::frame::{SessionEndReason, TypingState};
use perch_api::messaging::server::ServerSession;
use perch_api::model::Millis;

use super::{Stage, Step, Who};
use crate::desk::{Case, Entry, View};
use crate::outcome::Ending;

/// What the one at the desk does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Looks at the transcript.
    Look,
    /// Takes the conversation over.
    Join,
    /// Types, or stops.
    Type(TypingState),
    /// Says something.
    Say(String),
    /// Leaves, and with that ends it.
    Leave,
}

impl Stage {
    /// Does what the one at the desk wants; the transcript as it is then, or why not.
    pub(in crate::session) fn act(
        &mut self,
        action: Action,
        core: &mut ServerSession,
        now_ms: i64,
    ) -> Result<View, &'static str> {
        let now = Millis(now_ms.unsigned_abs());
        let here = self.who == Who::Desk;
        match action {
            Action::Look => {}
            Action::Join if self.who == Who::Queue && self.platform.desk.holds(&self.id) => {
                // Nobody else comes, and nobody gives up.
                self.steps.retain(|(_, step)| !matches!(step, Step::NobodyCame));
                self.who = Who::Desk;
                self.unread = None;
                self.platform.desk.open(&self.id);
                core.live_joined(now, self.person());
            }
            Action::Join if here => {}
            Action::Join => return Err("Nobody waits in this conversation."),
            _ if !here => return Err("You are not in this conversation."),
            Action::Type(state) => core.live_typing(now, state, self.person()),
            Action::Say(text) => {
                core.live_typing(now, TypingState::Stopped, self.person());
                self.platform.desk.answered(&self.id);
                self.person_says(text, core, now_ms);
            }
            Action::Leave => {
                core.live_left(now, self.person());
                self.conclude(Ending::Natural, now_ms);
                core.end(now, SessionEndReason::NaturalEnd);
            }
        }
        Ok(self.view(core, now_ms))
    }

    fn view(&self, core: &ServerSession, now_ms: i64) -> View {
        View {
            id: self.id.clone(),
            state: match self.who {
                Who::Queue => Case::Waiting,
                Who::Desk => Case::Open,
                Who::Gone => Case::Ended,
                Who::Nobody | Who::Agent | Who::Person => Case::Elsewhere,
            },
            language: self.dialogue.language().code(),
            visitor_typing: now_ms < self.typing_until_ms,
            entries: Entry::transcript(core.journal()),
        }
    }
}

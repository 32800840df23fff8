//! Who is in a session besides the visitor, and what they do when.

mod colleague;
mod handover;
mod reply;
mod speaking;
mod step;

use std::collections::VecDeque;
use std::sync::Arc;

use perch_api::messaging::frame::{AgentIdentity, Custom, TypingState};
use perch_api::messaging::server::{ServerSession, texts};
use perch_api::model::Millis;

pub(crate) use self::colleague::Action;
pub(super) use self::step::Effect;
use self::step::Step;
use super::rules::Trouble;
use crate::agent::{Dialogue, LIVE_AGENT_ID, LIVE_AGENT_NAME, Language};
use crate::conversation::Channel;
use crate::outcome::Ending;
use crate::platform::Platform;

/// Pauses between steps, milliseconds.
mod pause {
    pub(super) const JOIN: i64 = 60;
    pub(super) const THINK: i64 = 40;
    pub(super) const ANSWER: i64 = 450;
    pub(super) const TOOL: i64 = 350;
    pub(super) const HANDOFF: i64 = 150;
    pub(super) const QUEUE: i64 = 700;
    pub(super) const NEXT_IN_QUEUE: i64 = 1_800;
    pub(super) const NOBODY: i64 = 30_000;
    pub(super) const LIVE_JOIN: i64 = 1_800;
    pub(super) const LIVE_READ: i64 = 400;
    pub(super) const LIVE_TYPE: i64 = 1_100;
    pub(super) const END: i64 = 250;
}

/// Steps that may lie ahead; beyond that the agent is overloaded.
const STEPS: usize = 400;

/// Who answers the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// Nobody was asked yet, or nobody is there any more.
    Nobody,
    /// The PolyAI agent.
    Agent,
    /// Nobody for now: the visitor waits for a person.
    Queue,
    /// The scripted colleague.
    Person,
    /// Whoever sits at the desk.
    Desk,
    /// Nobody any more, and for good.
    Gone,
}

/// The stage of one session.
pub(super) struct Stage {
    platform: Arc<Platform>,
    id: String,
    streaming: bool,
    dialogue: Dialogue,
    who: Who,
    /// Whether the conversation is on record.
    begun: bool,
    steps: VecDeque<(i64, Step)>,
    /// Said while waiting for a person.
    unread: Option<String>,
    /// Until when the visitor counts as typing.
    typing_until_ms: i64,
    /// How it ended, once it did.
    ended: Option<Ending>,
}

impl Stage {
    pub(super) fn new(platform: Arc<Platform>, id: String, streaming: bool) -> Self {
        let dialogue = Dialogue::new(Language::English, platform.random());
        Self {
            platform,
            id,
            streaming,
            dialogue,
            who: Who::Nobody,
            begun: false,
            steps: VecDeque::new(),
            unread: None,
            typing_until_ms: 0,
            ended: None,
        }
    }

    /// When the next step is due.
    pub(super) fn next_at_ms(&self) -> Option<i64> {
        self.steps.front().map(|(at, _)| *at)
    }

    /// The next step, when it is due.
    pub(super) fn due(&mut self, now_ms: i64) -> Option<Step> {
        let (at, _) = self.steps.front()?;
        if *at > now_ms {
            return None;
        }
        self.steps.pop_front().map(|(_, step)| step)
    }

    /// The agent is asked to join.
    pub(super) fn join(&mut self, now_ms: i64) {
        if self.who != Who::Nobody {
            return;
        }
        if self.platform.messaging.takes(&[Trouble::JoinFailed]).is_some() {
            return self.after(now_ms, pause::JOIN, Step::JoinFailed);
        }
        self.who = Who::Agent;
        let language = self.dialogue.language();
        if !self.begun {
            self.begun = true;
            let deployment = self.platform.live_deployment();
            let live = &self.platform.live;
            live.open(self.id.clone(), Channel::Webchat, 0, language, deployment, now_ms);
        }
        self.after(now_ms, pause::JOIN, Step::Joined);
        self.after(now_ms, pause::THINK, Step::Thinking);
        let greeting = self.dialogue.greeting();
        self.answer(now_ms, pause::ANSWER, greeting);
    }

    /// The visitor said something; `custom` came with it, and goes back with what goes wrong.
    pub(super) fn hear(
        &mut self,
        text: &str,
        custom: Custom,
        core: &mut ServerSession,
        now_ms: i64,
    ) {
        let now = Millis(now_ms.unsigned_abs());
        self.typing_until_ms = 0;
        if matches!(self.who, Who::Nobody | Who::Gone) {
            return;
        }
        if self.steps.len() >= STEPS {
            return core.trouble(now, texts::HIGH_LOAD, custom);
        }
        if let Some(lost) = self.lost(now_ms) {
            return core.trouble(now, lost, custom);
        }
        self.platform.live.heard(&self.id, text, self.dialogue.language(), now_ms);
        self.receipts(now_ms, self.who);
        match self.who {
            Who::Agent => self.agent_answers(text, now_ms),
            Who::Queue => {
                self.unread = Some(text.to_owned());
                self.platform.desk.heard(&self.id, text);
            }
            Who::Person => self.person_answers(text, now_ms),
            Who::Desk => self.platform.desk.heard(&self.id, text),
            Who::Nobody | Who::Gone => {}
        }
    }

    /// The visitor types, or stops.
    pub(super) fn visitor_types(&mut self, state: TypingState, now_ms: i64) {
        // Who stops without saying so is taken at his word for ten seconds, as by the SDKs.
        self.typing_until_ms = if state == TypingState::Started { now_ms + 10_000 } else { 0 };
    }

    /// The session is over: nothing more happens. The first reason counts.
    pub(super) fn conclude(&mut self, ending: Ending, now_ms: i64) {
        self.steps.clear();
        self.who = Who::Gone;
        if self.ended.is_none() {
            self.ended = Some(ending);
            self.platform.live.ended(&self.id, ending, now_ms);
            self.platform.desk.close(&self.id);
        }
    }

    /// What goes wrong with a message, told in words.
    fn lost(&mut self, now_ms: i64) -> Option<&'static str> {
        use Trouble as T;
        let met = match self.who {
            Who::Person | Who::Desk => self.platform.messaging.takes(&[T::NotForwarded]),
            _ => None,
        };
        let anywhere = [T::SessionUnreadable, T::ConnectorGone, T::ConversationMissing];
        match met.or_else(|| self.platform.messaging.takes(&anywhere))? {
            T::NotForwarded => Some(texts::NOT_FORWARDED),
            T::SessionUnreadable => Some(texts::SESSION_UNREADABLE),
            T::ConversationMissing => Some(texts::CONVERSATION_ID_NOT_FOUND),
            T::ConnectorGone => {
                self.steps.clear();
                self.after(now_ms, pause::END, Step::End);
                Some(texts::CONNECTOR_NOT_FOUND)
            }
            T::JoinFailed | T::NoAnswer | T::StreamBroke => None,
        }
    }

    /// Schedules a step behind all others, `pause_ms` after the last one.
    fn after(&mut self, now_ms: i64, pause_ms: i64, step: Step) {
        let last = self.steps.back().map_or(now_ms, |(at, _)| *at);
        self.steps.push_back((last.max(now_ms) + pause_ms, step));
    }

    fn person(&self) -> AgentIdentity {
        self.identity(Some(LIVE_AGENT_ID), LIVE_AGENT_NAME, "imre")
    }

    fn identity(&self, id: Option<&str>, name: &str, image: &str) -> AgentIdentity {
        AgentIdentity {
            id: id.map(str::to_owned),
            name: Some(name.to_owned()),
            avatar_url: Some(format!("{}/media/{image}.svg", self.platform.media)),
        }
    }
}

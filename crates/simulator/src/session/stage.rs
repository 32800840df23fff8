//! The agent's part in a session: who is there, and what they do when.

mod reply;

use std::collections::VecDeque;
use std::sync::Arc;

use perch_api::messaging::frame::{
    AgentIdentity, Chunk, Message, QueueStatus, SessionEndReason, TypingState,
};
use perch_api::messaging::server::ServerSession;
use perch_api::model::Millis;

use crate::agent::{
    AGENT_NAME, Dialogue, LIVE_AGENT_ID, LIVE_AGENT_NAME, Language, QUEUE_NAME, Reply, phrases,
};
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
    /// Nobody was asked yet.
    Nobody,
    /// The PolyAI agent.
    Agent,
    /// Nobody for now: the visitor waits for a person.
    Queue,
    /// A person.
    Person,
    /// Nobody any more.
    Gone,
}

/// One thing that happens on stage.
#[derive(Debug)]
pub(super) enum Step {
    Joined,
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
    Triggered,
    AgentLeft,
    Accepted,
    Queue {
        position: u32,
        wait_seconds: u32,
    },
    PersonJoined,
    PersonTypes(TypingState),
    PersonSays(String),
    PersonLeft,
    End,
}

/// What a step asks of the caller.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// Every socket is to be dropped.
    DropSockets,
}

/// The stage of one session.
pub(super) struct Stage {
    platform: Arc<Platform>,
    id: String,
    streaming: bool,
    dialogue: Dialogue,
    who: Who,
    steps: VecDeque<(i64, Step)>,
    /// Said while waiting for a person.
    unread: Option<String>,
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
            steps: VecDeque::new(),
            unread: None,
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
        self.who = Who::Agent;
        let language = self.dialogue.language();
        let deployment = self.platform.live_deployment();
        self.platform.live.open(self.id.clone(), Channel::Webchat, 0, language, deployment, now_ms);
        self.after(now_ms, pause::JOIN, Step::Joined);
        self.after(now_ms, pause::THINK, Step::Thinking);
        let greeting = self.dialogue.greeting();
        self.answer(now_ms, pause::ANSWER, greeting);
    }

    /// The visitor said something; false when too much is waiting for an answer already.
    pub(super) fn hear(&mut self, text: &str, now_ms: i64) -> bool {
        if matches!(self.who, Who::Nobody | Who::Gone) {
            return true;
        }
        if self.steps.len() >= STEPS {
            return false;
        }
        self.platform.live.heard(&self.id, text, self.dialogue.language(), now_ms);
        match self.who {
            Who::Agent => {
                self.after(now_ms, pause::THINK, Step::Thinking);
                let reply = self.dialogue.answer(text);
                let tools = i64::try_from(reply.tools.len()).unwrap_or(0);
                self.answer(now_ms, pause::ANSWER + pause::TOOL * tools, reply);
            }
            Who::Queue => self.unread = Some(text.to_owned()),
            Who::Person => self.person_answers(text, now_ms),
            Who::Nobody | Who::Gone => {}
        }
        true
    }

    /// The session is over: nothing more happens. The first reason counts.
    pub(super) fn conclude(&mut self, ending: Ending, now_ms: i64) {
        self.steps.clear();
        self.who = Who::Gone;
        if self.ended.is_none() {
            self.ended = Some(ending);
            self.platform.live.ended(&self.id, ending, now_ms);
        }
    }

    /// Does one step.
    pub(super) fn perform(&mut self, step: Step, core: &mut ServerSession, now_ms: i64) -> Effect {
        let now = Millis(now_ms.unsigned_abs());
        match step {
            Step::Joined => core.joined(now, self.identity(None, AGENT_NAME, "juno")),
            Step::Thinking => core.thinking(now),
            Step::Language(language) => core.language(now, language.code()),
            Step::Begin { reply, language, order } => {
                let live = &self.platform.live;
                live.answered(&self.id, &reply, language, order.as_deref(), now_ms);
            }
            Step::Chunk(chunk) => core.chunk(now, chunk),
            Step::Say(message) => core.say(now, message),
            Step::DropSockets => return Effect::DropSockets,
            Step::Triggered => core.handoff_triggered(now),
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
            Step::PersonJoined => {
                self.who = Who::Person;
                core.live_joined(now, self.person());
                let hello = self.dialogue.language().of(&phrases::LIVE_HELLO);
                self.person_types(now_ms, hello);
                if let Some(unread) = self.unread.take() {
                    self.person_answers(&unread, now_ms);
                }
            }
            Step::PersonTypes(state) => core.live_typing(now, state, self.person()),
            Step::PersonSays(text) => {
                self.platform.live.live_said(&self.id, &text, now_ms);
                let agent = self.person();
                core.live_message(now, Message { text, agent, ..Message::default() });
            }
            Step::PersonLeft => core.live_left(now, self.person()),
            Step::End => {
                self.conclude(Ending::Natural, now_ms);
                core.end(now, SessionEndReason::NaturalEnd);
            }
        }
        Effect::None
    }

    /// Schedules an answer of the agent and what follows from it.
    fn answer(&mut self, now_ms: i64, pause_ms: i64, reply: Reply) {
        let language = self.dialogue.language();
        if let Some(changed) = reply.language {
            self.after(now_ms, pause_ms / 2, Step::Language(changed));
        }
        let (handoff, ends) = (reply.handoff, reply.ends);
        let id = self.platform.uuid();
        let messages = reply::messages(&reply, language, &self.platform.media, id, self.streaming);
        let order = self.dialogue.order().map(str::to_owned);
        let begin = Step::Begin { reply: Box::new(reply), language, order };
        self.after(now_ms, pause_ms, begin);
        match messages {
            reply::Messages::Whole(message) => self.after(now_ms, 0, Step::Say(message)),
            reply::Messages::Chunks(chunks) => {
                let drops = self.platform.faults.drops_this_answer();
                for chunk in chunks {
                    let index = chunk.index;
                    let pause = 60 + (self.platform.random() % 60).cast_signed();
                    self.after(now_ms, pause, Step::Chunk(chunk));
                    if drops && index == 3 {
                        self.after(now_ms, 0, Step::DropSockets);
                    }
                }
            }
        }
        if handoff.is_some() {
            self.who = Who::Queue;
            self.after(now_ms, pause::HANDOFF, Step::Triggered);
            self.after(now_ms, pause::HANDOFF, Step::AgentLeft);
            self.after(now_ms, pause::HANDOFF, Step::Accepted);
            self.after(now_ms, pause::QUEUE, Step::Queue { position: 2, wait_seconds: 40 });
            self.after(now_ms, pause::NEXT_IN_QUEUE, Step::Queue { position: 1, wait_seconds: 15 });
            self.after(now_ms, pause::LIVE_JOIN, Step::PersonJoined);
        } else if ends {
            self.who = Who::Gone;
            self.after(now_ms, pause::END, Step::End);
        }
    }

    fn person_answers(&mut self, text: &str, now_ms: i64) {
        let (line, leaves) = self.dialogue.live_answer(text);
        self.person_types(now_ms, &line.text(self.dialogue.language()));
        if leaves {
            self.who = Who::Gone;
            self.after(now_ms, pause::END, Step::PersonLeft);
            self.after(now_ms, pause::END, Step::End);
        }
    }

    fn person_types(&mut self, now_ms: i64, text: &str) {
        self.after(now_ms, pause::LIVE_READ, Step::PersonTypes(TypingState::Started));
        self.after(now_ms, pause::LIVE_TYPE, Step::PersonTypes(TypingState::Stopped));
        self.after(now_ms, 0, Step::PersonSays(text.to_owned()));
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

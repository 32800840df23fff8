//! Conversations held now: they join the seeded past in the list and in the detail.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use crate::agent::{Language, Reply};
use crate::conversation::{Channel, Conversation, Environment, FunctionCall, Turn};
use crate::outcome::{Ending, conclude};
use crate::snapshot::Store;
use crate::sync::lock;

/// How many are kept; the oldest goes.
const KEPT: usize = 20_000;
/// Nothing heard for this long: the conversation is over.
pub(crate) const IDLE_MS: i64 = 600_000;

/// The store.
#[derive(Debug, Default)]
pub(crate) struct Live(Mutex<Inner>);

#[derive(Debug, Default, Serialize, Deserialize)]
struct Inner {
    /// Oldest first.
    conversations: VecDeque<Arc<Conversation>>,
    /// How many were forgotten: the number of the oldest kept.
    forgotten: u64,
    by_id: HashMap<String, u64>,
    last_turn: u64,
}

impl Live {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }

    /// Opens a conversation with the agent's greeting, as `deployment` of the agent holds it.
    pub(crate) fn open(
        &self,
        id: String,
        channel: Channel,
        variant: usize,
        language: Language,
        deployment: String,
        now_ms: i64,
    ) {
        self.put(Conversation {
            variant,
            ended_ms: now_ms + IDLE_MS,
            deployment: deployment.into(),
            ..Conversation::begun(id, channel, Environment::Live, language, now_ms)
        });
    }

    /// Takes in a conversation as it is; one whose turns lie ahead is told as they come.
    pub(crate) fn put(&self, conversation: Conversation) {
        let mut inner = lock(&self.0);
        if inner.conversations.len() >= KEPT
            && let Some(oldest) = inner.conversations.pop_front()
        {
            inner.forgotten += 1;
            inner.by_id.remove(&oldest.id);
        }
        let number = inner.forgotten + inner.conversations.len() as u64;
        inner.by_id.insert(conversation.id.clone(), number);
        inner.conversations.push_back(Arc::new(conversation));
    }

    /// The visitor said something; the answer is still to come.
    pub(crate) fn heard(&self, id: &str, text: &str, language: Language, now_ms: i64) {
        let mut inner = lock(&self.0);
        inner.last_turn += 1;
        let turn = Turn {
            id: 980_000_000 + inner.last_turn,
            user: text.to_owned(),
            user_ms: now_ms,
            // Not answered yet: beyond every present moment.
            agent_ms: i64::MAX,
            language: Some(language),
            ..Turn::default()
        };
        inner.change(id, |conversation| {
            if conversation.poly_score.take().is_some() {
                // It was taken for abandoned too early.
                conversation.summary = None;
                conversation.analysed_ms = i64::MAX;
                conversation.metrics.clear();
                conversation.tags.clear();
            }
            conversation.ended_ms = now_ms + conversation.idle_ms();
            conversation.turns.push(turn);
        });
    }

    /// The agent's answer to the oldest unanswered turn begins; a greeting makes its own turn.
    pub(crate) fn answered(
        &self,
        id: &str,
        reply: &Reply,
        language: Language,
        order: Option<&str>,
        now_ms: i64,
    ) {
        let text = reply.text(language);
        let english = (language != Language::English).then(|| reply.text(Language::English));
        self.fill(id, now_ms, |turn| {
            turn.agent = text;
            turn.agent_english = english;
            turn.language = Some(language);
            turn.out_of_domain = reply.misunderstood;
            turn.topic = reply.topic.map(|topic| topic.id);
            if language != Language::English && !turn.user.is_empty() {
                // Nothing here translates freely: the topic's usual question stands for the words.
                let gist = reply.topic.and_then(|topic| topic.asks.first());
                turn.user_english = Some(
                    gist.map_or(turn.user.as_str(), |ask| Language::English.of(ask)).to_owned(),
                );
            }
            let latency = turn.latency_ms;
            turn.functions = reply
                .tools
                .iter()
                .map(|tool| FunctionCall {
                    name: tool.name,
                    argument: tool.argument.clone(),
                    started_ms: turn.user_ms,
                    duration_ms: latency / 2,
                    handoff: reply.handoff,
                    error: None,
                })
                .collect();
        });
        lock(&self.0).change(id, |conversation| {
            conversation.language = language;
            if let Some(order) = order {
                conversation.state.retain(|(name, _)| *name != "order_number");
                conversation.state.push(("order_number", order.to_owned()));
            }
            if let Some(handoff) = reply.handoff {
                conversation.handoff = Some(handoff);
                conversation.agent_left_ms = now_ms;
            }
        });
    }

    /// The live colleague's words, in the place where the agent's would stand.
    pub(crate) fn live_said(&self, id: &str, text: &str, now_ms: i64) {
        let text = text.to_owned();
        self.fill(id, now_ms, |turn| {
            turn.agent = text;
            // What a person takes is no latency of the agent.
            turn.latency_ms = 0;
        });
    }

    /// The conversation goes on until then, however silent it is.
    pub(crate) fn keep_open(&self, id: &str, until_ms: i64) {
        lock(&self.0).change(id, |conversation| conversation.ended_ms = until_ms);
    }

    /// A function of the agent writes a value into the state of a conversation that still runs.
    pub(crate) fn remember(&self, id: &str, name: &'static str, value: String, now_ms: i64) {
        lock(&self.0).change(id, |conversation| {
            if conversation.in_progress(now_ms) {
                conversation.state.retain(|(known, _)| *known != name);
                conversation.state.push((name, value));
            }
        });
    }

    /// The conversation is over.
    pub(crate) fn ended(&self, id: &str, ending: Ending, now_ms: i64) {
        lock(&self.0).change(id, |conversation| finish(conversation, ending, now_ms));
    }

    /// All live conversations, oldest first; those that fell silent are concluded on the way.
    pub(crate) fn all(&self, now_ms: i64) -> Vec<Arc<Conversation>> {
        self.numbered(now_ms).1
    }

    /// The same, and the number of the first; numbers are given in the order of opening, for good.
    pub(crate) fn numbered(&self, now_ms: i64) -> (u64, Vec<Arc<Conversation>>) {
        let mut inner = lock(&self.0);
        inner.sweep(now_ms);
        (inner.forgotten, inner.conversations.iter().cloned().collect())
    }

    fn fill(&self, id: &str, now_ms: i64, fill: impl FnOnce(&mut Turn)) {
        let mut inner = lock(&self.0);
        inner.last_turn += 1;
        let fresh = 980_000_000 + inner.last_turn;
        inner.change(id, |conversation| {
            conversation.ended_ms = now_ms + conversation.idle_ms();
            let at = conversation.turns.iter().position(|turn| turn.agent_ms == i64::MAX);
            let at = at.unwrap_or_else(|| {
                let user_ms = conversation.turns.last().map_or(conversation.started_ms, |_| now_ms);
                conversation.turns.push(Turn { id: fresh, user_ms, ..Turn::default() });
                conversation.turns.len() - 1
            });
            if let Some(turn) = conversation.turns.get_mut(at) {
                turn.agent_ms = now_ms.max(turn.user_ms);
                turn.latency_ms = u32::try_from(turn.agent_ms - turn.user_ms).unwrap_or(u32::MAX);
                fill(turn);
            }
        });
    }
}

impl Inner {
    /// Changes a conversation in place; readers keep the version they hold.
    fn change(&mut self, id: &str, change: impl FnOnce(&mut Conversation)) {
        if let Some(held) = self.slot(id) {
            let mut changed = Conversation::clone(held);
            change(&mut changed);
            *held = Arc::new(changed);
        }
    }

    fn slot(&mut self, id: &str) -> Option<&mut Arc<Conversation>> {
        let at = self.by_id.get(id)?.checked_sub(self.forgotten)?;
        self.conversations.get_mut(usize::try_from(at).ok()?)
    }

    fn sweep(&mut self, now_ms: i64) {
        let silent: Vec<_> = self
            .conversations
            .iter()
            .filter(|conversation| {
                conversation.poly_score.is_none() && !conversation.in_progress(now_ms)
            })
            .map(|conversation| conversation.id.clone())
            .collect();
        for id in silent {
            self.change(&id, |conversation| {
                let ended_ms = conversation.ended_ms;
                finish(conversation, Ending::Abandoned, ended_ms);
            });
        }
    }
}

fn finish(conversation: &mut Conversation, ending: Ending, now_ms: i64) {
    if conversation.poly_score.is_some() {
        return;
    }
    conversation.ended_ms = now_ms;
    conversation.agent_left_ms = conversation.agent_left_ms.min(now_ms);
    for turn in conversation.turns.iter_mut().filter(|turn| turn.agent_ms == i64::MAX) {
        // Nobody answered any more.
        turn.agent_ms = now_ms.max(turn.user_ms);
    }
    let handed = conversation.handoff.is_some();
    conclude(conversation, if handed { Ending::HandedOver } else { ending });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Dialogue;

    fn find(live: &Live, id: &str, now_ms: i64) -> Option<Arc<Conversation>> {
        live.all(now_ms).into_iter().find(|held| held.id == id)
    }

    #[test]
    fn a_chat_is_recorded_as_it_goes_and_concluded_when_silent() {
        let live = Live::default();
        let mut dialogue = Dialogue::new(Language::English, 1);
        live.open("c1".into(), Channel::Webchat, 0, Language::English, "d-1".into(), 1_000);
        live.answered("c1", &dialogue.greeting(), Language::English, None, 1_200);
        live.heard("c1", "where is my order FH-10423", Language::English, 5_000);
        let running = find(&live, "c1", 5_001).unwrap();
        assert!(running.in_progress(5_001));
        assert_eq!(running.turns.len(), 2);
        let reply = dialogue.answer("where is my order FH-10423");
        live.answered("c1", &reply, Language::English, dialogue.order(), 5_900);
        let turn = find(&live, "c1", 6_000).unwrap().turns[1].clone();
        assert_eq!((turn.latency_ms, turn.topic), (900, Some("order_status")));
        assert!(turn.agent.contains("FH-10423"));
        let later = find(&live, "c1", 5_900 + IDLE_MS).unwrap();
        assert!(!later.in_progress(5_900 + IDLE_MS));
        assert!(later.summary.as_ref().unwrap().1.contains("FH-10423"));
        assert_eq!(live.all(5_900 + IDLE_MS).len(), 1);
    }

    #[test]
    fn an_unanswered_turn_does_not_hang_at_the_end_of_time() {
        let live = Live::default();
        live.open("c1".into(), Channel::Webchat, 0, Language::English, "d-1".into(), 1_000);
        live.heard("c1", "hello?", Language::English, 2_000);
        live.ended("c1", Ending::Closed, 3_000);
        assert_eq!(find(&live, "c1", 3_000).unwrap().turns[0].agent_ms, 3_000);
    }
}

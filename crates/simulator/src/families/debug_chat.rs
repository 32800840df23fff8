//! Trial conversations with what is deployed, with a look behind the words.

mod speaker;

use std::collections::HashMap;
use std::sync::Mutex;

use perch_api::families::debug_chat::{Create, CreateBody, Metadata, Reply, Respond};
use perch_api::model::ConversationId;
use perch_api::operation::Json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::speaker::{Speaker, Spoken};
use crate::conversation::{Channel, Conversation, VARIANTS};
use crate::live::IDLE_MS;
use crate::outcome::Ending;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::snapshot::Store;
use crate::studio::{Stage, invalid};
use crate::sync::lock;

/// How many trials are kept; the longest silent ones go first.
const KEPT: usize = 5_000;
/// What the agent takes to answer, milliseconds.
const ANSWER_MS: u64 = 220;
/// Largest `integrationAttributes`, as JSON text.
const ATTRIBUTES: usize = 64 * 1_024;

pub(super) fn routes(router: Router) -> Router {
    router.on(Create, create).on(Respond, respond)
}

/// Open and recently ended trials.
#[derive(Debug, Default)]
pub(crate) struct Trials(Mutex<HashMap<String, Trial>>);

#[derive(Debug, Serialize, Deserialize)]
struct Trial {
    agent: String,
    stage: Stage,
    speaker: Speaker,
    /// Whether it is on record: agents that were made here leave none.
    is_kept: bool,
    state: Map<String, Value>,
    nodes: Vec<String>,
    listens: Option<String>,
    speaks: Option<String>,
    ended: bool,
    last_ms: i64,
}

impl Trials {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }
}

fn create(call: &Call<'_, Create>) -> Answered<Create> {
    let Json(body) = &call.request;
    let stage = Stage::parse(body.client_env.as_str())?;
    let (agent, speaker, variant) = cast(call, body, stage)?;
    let id = match &body.conversation_id {
        Some(id) => id.clone(),
        None => new_id(call.platform)?,
    };
    let mut variables = Map::new();
    if let Some(attributes) = &body.integration_attributes {
        if Value::Object(attributes.clone()).to_string().len() > ATTRIBUTES {
            return Err(invalid("integrationAttributes must be smaller than 64 KB."));
        }
        variables.insert("integration_attributes".to_owned(), attributes.clone().into());
    }
    let mut trial = Trial {
        is_kept: agent == call.platform.account.project_id,
        agent,
        stage,
        speaker,
        state: variables,
        nodes: Vec::new(),
        listens: body.asr_lang_code.clone(),
        speaks: body.tts_lang_code.clone(),
        ended: false,
        last_ms: call.now_ms,
    };
    let spoken = trial.speaker.greeting();
    let mut trials = lock(&call.platform.trials.0);
    let live = &call.platform.live;
    let is_taken = trials.contains_key(id.as_str())
        || call.platform.catalog(call.now_ms).find(id.as_str()).is_some();
    if is_taken {
        return Err(invalid("A conversation has this conversationId already."));
    }
    if trial.is_kept {
        live.put(Conversation {
            variant,
            ended_ms: call.now_ms + IDLE_MS,
            deployment: call.platform.deployment(stage).into(),
            ..Conversation::begun(
                id.as_str().to_owned(),
                Channel::Chat,
                stage.into(),
                trial.speaker.language(),
                call.now_ms,
            )
        });
    }
    let reply = trial.turn(call.platform, &id, "", spoken, call.now_ms);
    make_room(&mut trials, call.now_ms);
    trials.insert(id.as_str().to_owned(), trial);
    Ok((Json(reply), ANSWER_MS))
}

fn respond(call: &Call<'_, Respond>) -> Answered<Respond> {
    let Json(body) = &call.request;
    let stage = Stage::parse(body.client_env.as_str())?;
    let id = &call.path.conversation_id;
    let agent = lock(&call.platform.agents).find(call.path.agent_id.as_str())?.id.clone();
    let mut trials = lock(&call.platform.trials.0);
    let found = trials.get_mut(id.as_str());
    let trial = found.filter(|trial| trial.agent == agent && trial.stage == stage);
    let trial = trial.ok_or_else(|| {
        Refusal::new(404, "CONVERSATIONS_NOT_FOUND", "No conversation has this id here.")
    })?;
    if trial.is_over(call.now_ms) {
        return Err(Refusal::new(410, "ChatConversationEnded", "The conversation has ended."));
    }
    if body.asr_lang_code.is_some() {
        trial.listens.clone_from(&body.asr_lang_code);
    }
    if body.tts_lang_code.is_some() {
        trial.speaks.clone_from(&body.tts_lang_code);
    }
    let words = body.message.as_deref().unwrap_or_default();
    if trial.is_kept {
        call.platform.live.heard(id.as_str(), words, trial.speaker.language(), call.now_ms);
    }
    let spoken = trial.speaker.answer(words);
    let after_ms = ANSWER_MS + 180 * spoken.tools() as u64;
    let reply = trial.turn(call.platform, id, words, spoken, call.now_ms);
    Ok((Json(reply), after_ms))
}

/// Finds who answers, and as which variant.
fn cast(
    call: &Call<'_, Create>,
    body: &CreateBody,
    stage: Stage,
) -> Result<(String, Speaker, usize), Refusal> {
    let agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?;
    let deployed = agent.deployments.active(stage).ok_or_else(|| {
        Refusal::new(400, "CHAT_DRAFT_NOT_EXIST", "Nothing is deployed to this environment.")
    })?;
    let variant = body.variant_id.as_ref().map(perch_api::model::VariantId::as_str);
    if variant.is_some_and(|id| !deployed.content.variants.contains_key(id)) {
        return Err(invalid("No such variant."));
    }
    let place = VARIANTS.iter().position(|(known, _)| Some(*known) == variant).unwrap_or(0);
    let asked = body.tts_lang_code.as_deref().or(body.asr_lang_code.as_deref());
    let speaker = if agent.id == call.platform.account.project_id {
        Speaker::seeded(asked, call.platform.random())
    } else {
        Speaker::made(agent, deployed)
    };
    Ok((agent.id.clone(), speaker, place))
}

fn new_id(platform: &Platform) -> Result<ConversationId, Refusal> {
    ConversationId::parse(&format!("AS_CHAT_{}", platform.uuid()))
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))
}

fn make_room(trials: &mut HashMap<String, Trial>, now_ms: i64) {
    if trials.len() < KEPT {
        return;
    }
    trials.retain(|_, trial| !trial.is_over(now_ms));
    let oldest = trials.iter().min_by_key(|(_, trial)| trial.last_ms).map(|(id, _)| id.clone());
    if let Some(oldest) = oldest.filter(|_| trials.len() >= KEPT) {
        trials.remove(&oldest);
    }
}

impl Trial {
    fn is_over(&self, now_ms: i64) -> bool {
        self.ended || now_ms >= self.last_ms + IDLE_MS
    }

    /// Puts the agent's turn on record, and tells it.
    fn turn(
        &mut self,
        platform: &Platform,
        id: &ConversationId,
        words: &str,
        spoken: Spoken,
        now_ms: i64,
    ) -> Reply {
        self.last_ms = now_ms;
        self.ended = spoken.ends();
        let answered_ms = now_ms + ANSWER_MS.cast_signed();
        let language = self.speaker.language();
        if let Some(reply) = spoken.reply().filter(|_| self.is_kept) {
            let live = &platform.live;
            live.answered(id.as_str(), reply, language, self.speaker.order(), answered_ms);
            if self.ended {
                live.ended(id.as_str(), Ending::Natural, answered_ms);
            }
        }
        if let Some(order) = self.speaker.order() {
            self.state.insert("order_number".to_owned(), order.into());
        }
        let node = spoken.node().to_owned();
        if self.nodes.last() != Some(&node) {
            self.nodes.push(node.clone());
        }
        // What it came through last is enough to see how it got here.
        let from = self.nodes.len().saturating_sub(50);
        self.nodes.drain(..from);
        let code = |chosen: &Option<String>| chosen.clone().unwrap_or(language.code().to_owned());
        let metadata = Metadata {
            state: self.state.clone().into(),
            current_node: node.into(),
            node_trace: self.nodes.clone().into(),
            metrics: spoken.metrics().into(),
            function_events: spoken.functions(now_ms).into(),
            handoff_destination: spoken.destination().unwrap_or_default().to_owned().into(),
            retrieved_topics: spoken.topics().into(),
            retrieved_sources: Vec::new().into(),
            cited_topic: spoken.topics().pop().unwrap_or_default().into(),
            in_flow: String::new().into(),
            in_step: String::new().into(),
            llm_requests: Vec::new().into(),
            asr_lang_code: code(&self.listens).into(),
            tts_lang_code: code(&self.speaks).into(),
            ..Metadata::default()
        };
        Reply {
            conversation_id: id.clone().into(),
            user_input: words.to_owned().into(),
            response: spoken.into_text().into(),
            metadata: metadata.into(),
            conversation_ended: self.ended.into(),
            delayed_response: false.into(),
            ..Reply::default()
        }
    }
}

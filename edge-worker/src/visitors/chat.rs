//! `/visitor/chat/...`: the turn-by-turn fallback for pages that cannot hold a socket.

use perch_api::families::chat::{
    ChatHandoff, Close, CloseBody, Create, CreateBody, Respond, RespondBody,
};
use perch_api::model::{ConversationId, Extra, Secret};
use perch_api::operation::Json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;
use worker::Stub;

use super::object::BINDING;
use super::object::question::{Chat, Outcome, Said, Say};
use super::sealed::{self, Field};
use super::session::{json, wait_answer};
use super::{Visit, object_name};
use crate::call::Call;
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;
use crate::{token, upstream};

/// Longest message in bytes, well under what the platform takes.
const MESSAGE_BYTES: usize = 8_192;
/// Longest id of a turn.
const TURN_BYTES: usize = 64;
/// Seconds after which a turn under way is worth asking for again.
const PENDING_WAIT: &str = "\nretry-after\n2";

#[derive(Serialize, Deserialize)]
struct Turn {
    response: String,
    ended: bool,
    handoff: Option<ChatHandoff>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    message: String,
    /// The client's own id of the turn: asking again with it does not say it again.
    #[serde(default)]
    turn: Option<String>,
}

pub(super) async fn create(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let object = object(call, visit)?;
    // Before the platform is asked: of two at once one creates, so none is left open behind another.
    let answer = question(&object, "chat-reserve", &visit.when(call).await?).await?;
    let reserved: Chat = match answer.status {
        200 => answer.read()?,
        404 => return Err(Refusal::SessionEnded),
        409 => return Err(Refusal::ChatOpen),
        429 => return wait_answer(call, &answer),
        _ => return Err(Refusal::LimiterDown),
    };
    let body = CreateBody {
        channel: Some("webchat".to_owned()),
        integration_attributes: vouched(visit, reserved.context.as_deref())?,
        ..CreateBody::default()
    };
    let created = upstream::chat::<Create>(visit.config, visit.site, &Json(body)).await;
    let created = created.and_then(|Json(created)| {
        Ok((created.conversation_id.0.ok_or(Refusal::UpstreamRefused)?, created.response))
    });
    let conversation = created.as_ref().ok().map(|(conversation, _)| conversation.clone());
    note(&object, "chat-keep", conversation).await?;
    let (_, response) = created?;
    json(call, 200, &Turn { response, ended: false, handoff: None })
}

pub(super) async fn respond(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let said: Message = call.body().await?;
    if said.message.len() > MESSAGE_BYTES {
        return Err(Refusal::TooLarge);
    }
    if said.turn.as_ref().is_some_and(|turn| !(1..=TURN_BYTES).contains(&turn.len())) {
        return Err(Refusal::BadBody);
    }
    let turn = said.turn.map(|turn| token::fingerprint(turn.as_bytes()));
    let object = object(call, visit)?;
    let say = Say { when: visit.when(call).await?, turn: turn.clone() };
    let answer = question(&object, "chat-turn", &say).await?;
    let chat: Chat = match answer.status {
        200 => answer.read()?,
        404 => return Err(Refusal::SessionEnded),
        409 => {
            let headers = format!("{}{PENDING_WAIT}", super::cors(call));
            return Ok(call.refuse(Refusal::TurnPending, &headers));
        }
        410 => return Err(Refusal::TurnLost),
        429 => return wait_answer(call, &answer),
        _ => return Err(Refusal::LimiterDown),
    };
    if let Some(outcome) = &chat.outcome {
        let outcome =
            sealed::open(visit.config, visit.site, Field::Turn, visit.claims.session, outcome)?;
        let again: Turn = serde_json::from_str(outcome.expose()).map_err(|_| Refusal::Internal)?;
        return json(call, 200, &again);
    }
    let conversation_id = chat.conversation.ok_or(Refusal::SessionEnded)?;
    let body = RespondBody {
        conversation_id: conversation_id.clone(),
        message: said.message,
        metadata: Map::new(),
        extra: Extra::new(),
    };
    let answered = upstream::chat::<Respond>(visit.config, visit.site, &Json(body)).await;
    let Json(answered) = match answered {
        Ok(answered) => answered,
        Err(refusal) => {
            let unheard = upstream::was_not_heard(refusal);
            let outcome = if unheard { Outcome::Unheard } else { Outcome::Lost };
            remember(&object, turn, outcome).await?;
            if refusal == Refusal::SessionEnded {
                note(&object, "chat-drop", Some(conversation_id)).await?;
            }
            return Err(refusal);
        }
    };
    if answered.end_conversation {
        note(&object, "chat-drop", Some(conversation_id)).await?;
    }
    // What this version does not know may be meant for operators only.
    let handoff = answered.handoff.map(|known| ChatHandoff { extra: Extra::new(), ..known });
    let answered = Turn { response: answered.response, ended: answered.end_conversation, handoff };
    if turn.is_some() {
        let text = Secret::new(serde_json::to_string(&answered).map_err(|_| Refusal::Internal)?);
        let session = visit.claims.session;
        // One that is too long to be kept is not known any more when it is asked for again.
        if let Ok(outcome) = sealed::seal(visit.config, visit.site, Field::Turn, session, &text) {
            remember(&object, turn, Outcome::Answered(outcome)).await?;
        }
    }
    json(call, 200, &answered)
}

pub(super) async fn close(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let object = object(call, visit)?;
    let answer = question(&object, "chat", &visit.when(call).await?).await?;
    let conversation = match answer.status {
        200 => answer.read::<Chat>()?.conversation,
        404 => return Err(Refusal::SessionEnded),
        _ => return Err(Refusal::LimiterDown),
    };
    if let Some(conversation_id) = conversation {
        let body = Json(CloseBody { conversation_id: conversation_id.clone() });
        match upstream::chat::<Close>(visit.config, visit.site, &body).await {
            // One that the platform does not know any more needs no closing.
            Ok(_) | Err(Refusal::SessionEnded) => {}
            Err(refusal) => return Err(refusal),
        }
        note(&object, "chat-drop", Some(conversation_id)).await?;
    }
    json(call, 200, &Turn { response: String::new(), ended: true, handoff: None })
}

/// What the site's backend vouches for, as the agent reads it from its first turn.
fn vouched(visit: &Visit<'_>, context: Option<&str>) -> Result<Map<String, Value>, Refusal> {
    let Some(context) = context else { return Ok(Map::new()) };
    let claims =
        sealed::open(visit.config, visit.site, Field::Context, visit.claims.session, context)?;
    serde_json::from_str(claims.expose()).map_err(|_| Refusal::Internal)
}

fn object(call: &Call, visit: &Visit<'_>) -> Result<Stub, Refusal> {
    stub(&call.env, BINDING, &object_name(visit.claims.session))
}

async fn question(
    object: &Stub,
    operation: &str,
    body: &impl Serialize,
) -> Result<Answer, Refusal> {
    ask(object, operation, body).await.map_err(|_| Refusal::LimiterDown)
}

async fn note(
    object: &Stub,
    operation: &str,
    conversation: Option<ConversationId>,
) -> Result<(), Refusal> {
    let chat = Chat { conversation, context: None, outcome: None };
    match question(object, operation, &chat).await?.status {
        200 => Ok(()),
        _ => Err(Refusal::LimiterDown),
    }
}

async fn remember(object: &Stub, turn: Option<String>, outcome: Outcome) -> Result<(), Refusal> {
    let Some(turn) = turn else { return Ok(()) };
    match question(object, "chat-answer", &Said { turn, outcome }).await?.status {
        200 => Ok(()),
        _ => Err(Refusal::LimiterDown),
    }
}

//! `/visitor/chat/...`: the turn-by-turn fallback for pages that cannot hold a socket.

use perch_api::families::chat::{
    ChatHandoff, Close, CloseBody, Create, CreateBody, Respond, RespondBody,
};
use perch_api::model::{ConversationId, Extra};
use perch_api::operation::Json;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use worker::Stub;

use super::object::{BINDING, Chat, Resumed};
use super::session::{json, wait};
use super::{Visit, object_name};
use crate::call::{Call, now};
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;
use crate::upstream;

/// Longest message in bytes, well under what the platform takes.
const MESSAGE_BYTES: usize = 8_192;

#[derive(Serialize)]
struct Turn {
    response: String,
    ended: bool,
    handoff: Option<ChatHandoff>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    message: String,
}

pub(super) async fn create(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let object = object(call, visit)?;
    // Before the platform is asked: of two at once one creates, so none is left open behind another.
    let answer = ask(&object, "chat-reserve", &Resumed { now: now() }).await?;
    match answer.status {
        200 => {}
        404 => return Err(Refusal::SessionEnded),
        409 => return Err(Refusal::ChatOpen),
        429 => return wait(call, &answer),
        _ => return Err(Refusal::Internal),
    }
    let body = CreateBody { channel: Some("webchat".to_owned()), ..CreateBody::default() };
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
    let said: Said = call.body().await?;
    if said.message.len() > MESSAGE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let object = object(call, visit)?;
    let answer = ask(&object, "chat-turn", &Resumed { now: now() }).await?;
    if answer.status == 429 {
        return wait(call, &answer);
    }
    let conversation_id = conversation(&answer)?.ok_or(Refusal::SessionEnded)?;
    let body = RespondBody {
        conversation_id: conversation_id.clone(),
        message: said.message,
        metadata: serde_json::Map::new(),
        extra: Extra::new(),
    };
    let Json(turn) = upstream::chat::<Respond>(visit.config, visit.site, &Json(body)).await?;
    if turn.end_conversation {
        note(&object, "chat-drop", Some(conversation_id)).await?;
    }
    // What this version does not know may be meant for operators only.
    let handoff = turn.handoff.map(|known| ChatHandoff { extra: Extra::new(), ..known });
    json(call, 200, &Turn { response: turn.response, ended: turn.end_conversation, handoff })
}

pub(super) async fn close(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let object = object(call, visit)?;
    let answer = ask(&object, "chat", &Resumed { now: now() }).await?;
    if let Some(conversation_id) = conversation(&answer)? {
        let body = Json(CloseBody { conversation_id: conversation_id.clone() });
        upstream::chat::<Close>(visit.config, visit.site, &body).await?;
        note(&object, "chat-drop", Some(conversation_id)).await?;
    }
    json(call, 200, &Turn { response: String::new(), ended: true, handoff: None })
}

fn object(call: &Call, visit: &Visit<'_>) -> Result<Stub, Refusal> {
    stub(&call.env, BINDING, &object_name(visit.claims.session))
}

fn conversation(answer: &Answer) -> Result<Option<ConversationId>, Refusal> {
    match answer.status {
        200 => Ok(answer.read::<Chat>()?.conversation),
        404 => Err(Refusal::SessionEnded),
        _ => Err(Refusal::Internal),
    }
}

async fn note(
    object: &Stub,
    operation: &str,
    conversation: Option<ConversationId>,
) -> Result<(), Refusal> {
    match ask(object, operation, &Chat { conversation }).await?.status {
        200 => Ok(()),
        _ => Err(Refusal::Internal),
    }
}

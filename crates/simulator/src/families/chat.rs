//! Chat over plain requests.

use std::collections::HashMap;
use std::sync::Mutex;

use perch_api::families::chat::{ChatHandoff, Close, Closed, Create, Created, Respond, Responded};
use perch_api::model::{ConversationId, Extra};
use perch_api::operation::Json;
use serde::{Deserialize, Serialize};

use crate::agent::{Dialogue, Language};
use crate::conversation::{Channel, VARIANTS};
use crate::live::IDLE_MS;
use crate::outcome::Ending;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::snapshot::Store;
use crate::sync::lock;

/// How many chats are kept; the longest silent ones go first.
const KEPT: usize = 10_000;
/// What the agent takes to answer, milliseconds: a base, and more for every tool.
const ANSWER_MS: u64 = 220;

pub(super) fn routes(router: Router) -> Router {
    router.on(Create, create).on(Respond, respond).on(Close, close)
}

/// Open and recently ended chats.
#[derive(Debug, Default)]
pub(crate) struct Chats(Mutex<HashMap<String, Chat>>);

#[derive(Debug, Serialize, Deserialize)]
struct Chat {
    dialogue: Dialogue,
    ended: bool,
    last_ms: i64,
}

impl Chats {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }
}

impl Chat {
    fn is_over(&self, now_ms: i64) -> bool {
        self.ended || now_ms >= self.last_ms + IDLE_MS
    }
}

fn create(call: &Call<'_, Create>) -> Answered<Create> {
    let Json(body) = &call.request;
    let variant = match &body.variant_id {
        None => 0,
        Some(id) => VARIANTS
            .iter()
            .position(|(known, _)| *known == id.as_str())
            .ok_or_else(|| Refusal::new(400, "SCHEMA_VALIDATION_FAILED", "No such variant."))?,
    };
    let channel = match body.channel.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("webchat" | "whatsapp" | "api") => Channel::Webchat,
        Some("sms") => Channel::Sms,
        Some(_) => {
            let text = "channel must be webchat, whatsapp, sms or api.";
            return Err(Refusal::new(400, "SCHEMA_VALIDATION_FAILED", text));
        }
    };
    let asked = body.tts_lang_code.as_deref().or(body.asr_lang_code.as_deref());
    let language = asked.and_then(Language::parse).unwrap_or(Language::English);
    let random = call.platform.random();
    let id = format!("CONV-{}", 1_000_000_000 + random % 9_000_000_000);
    let dialogue = Dialogue::new(language, random);
    let greeting = dialogue.greeting();
    let response = greeting.text(language);

    let live = &call.platform.live;
    let deployment = call.platform.live_deployment();
    live.open(id.clone(), channel, variant, language, deployment, call.now_ms);
    live.answered(&id, &greeting, language, None, call.now_ms + ANSWER_MS.cast_signed());
    let mut chats = lock(&call.platform.chats.0);
    if chats.len() >= KEPT {
        chats.retain(|_, chat| !chat.is_over(call.now_ms));
        let oldest = chats.iter().min_by_key(|(_, chat)| chat.last_ms).map(|(id, _)| id.clone());
        if let Some(oldest) = oldest.filter(|_| chats.len() >= KEPT) {
            chats.remove(&oldest);
        }
    }
    chats.insert(id.clone(), Chat { dialogue, ended: false, last_ms: call.now_ms });
    Ok((
        Json(Created {
            conversation_id: conversation_id(&id)?.into(),
            response,
            extra: Extra::new(),
        }),
        ANSWER_MS,
    ))
}

fn respond(call: &Call<'_, Respond>) -> Answered<Respond> {
    let Json(body) = &call.request;
    let id = body.conversation_id.as_str();
    let mut chats = lock(&call.platform.chats.0);
    let chat = open_chat(&mut chats, id, call.now_ms)?;
    let live = &call.platform.live;
    live.heard(id, &body.message, chat.dialogue.language(), call.now_ms);
    let reply = chat.dialogue.answer(&body.message);
    let language = chat.dialogue.language();
    let after_ms = ANSWER_MS + 180 * reply.tools.len() as u64;
    let answered_ms = call.now_ms.saturating_add_unsigned(after_ms);
    chat.last_ms = answered_ms;
    // Over plain requests nobody can wait in a queue: the hand-over ends the chat.
    chat.ended = reply.ends || reply.handoff.is_some();
    live.answered(id, &reply, language, chat.dialogue.order(), answered_ms);
    if chat.ended {
        live.ended(id, Ending::Natural, answered_ms);
    }
    let responded = Responded {
        conversation_id: body.conversation_id.clone().into(),
        response: reply.text(language),
        end_conversation: chat.ended,
        handoff: reply.handoff.map(|handoff| ChatHandoff {
            destination: handoff.destination.to_owned(),
            reason: handoff.reason.to_owned(),
            extra: Extra::new(),
        }),
        extra: Extra::new(),
    };
    Ok((Json(responded), after_ms))
}

fn close(call: &Call<'_, Close>) -> Answered<Close> {
    let Json(body) = &call.request;
    let id = body.conversation_id.as_str();
    close_chat(call.platform, id, call.now_ms)?;
    Ok((Json(Closed { success: true, extra: Extra::new() }), 0))
}

/// Closing twice is closing once.
fn close_chat(platform: &Platform, id: &str, now_ms: i64) -> Result<(), Refusal> {
    let mut chats = lock(&platform.chats.0);
    let chat = chats.get_mut(id).ok_or_else(not_found)?;
    if !chat.is_over(now_ms) {
        platform.live.ended(id, Ending::Closed, now_ms);
    }
    chat.ended = true;
    Ok(())
}

fn open_chat<'a>(
    chats: &'a mut HashMap<String, Chat>,
    id: &str,
    now_ms: i64,
) -> Result<&'a mut Chat, Refusal> {
    let chat = chats.get_mut(id).ok_or_else(not_found)?;
    if chat.is_over(now_ms) {
        return Err(Refusal::new(410, "ChatConversationEnded", "The conversation has ended."));
    }
    Ok(chat)
}

fn not_found() -> Refusal {
    Refusal::new(404, "CONVERSATIONS_NOT_FOUND", "No conversation has this id.")
}

fn conversation_id(id: &str) -> Result<ConversationId, Refusal> {
    ConversationId::parse(id)
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))
}

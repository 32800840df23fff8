//! Writing frames as JSON, in the documented form.

use super::{
    AgentIdentity, Capabilities, ClientEvent, ClientFrame, Custom, HandoffReason, Message,
    ServerEvent, ServerFrame, TypingState,
};
use crate::model::Timestamp;
use serde_json::{Map, Value};

type Fields = Map<String, Value>;

pub(super) fn client_frame(frame: &ClientFrame) -> String {
    let mut payload = Fields::new();
    match &frame.event {
        ClientEvent::UserMessage { text } => put(&mut payload, "text", text.as_str()),
        ClientEvent::UserTyping(state) => put(&mut payload, "state", state.as_str()),
        ClientEvent::LinkToWebrtcConversation { call_sid } => {
            put(&mut payload, "call_sid", call_sid.as_str());
        }
        ClientEvent::RequestPolyAgentJoin
        | ClientEvent::UserEndSession
        | ClientEvent::Heartbeat => {}
    }
    let mut out = Fields::new();
    put(&mut out, "type", frame.event.kind().as_str());
    put(&mut out, "payload", payload);
    if !frame.custom.is_empty() {
        put_custom(&mut out, &frame.custom);
    }
    Value::Object(out).to_string()
}

pub(super) fn server_frame(frame: &ServerFrame) -> Value {
    let mut out = Fields::new();
    maybe(&mut out, "id", frame.id.as_deref());
    // Batches and heartbeat echoes carry no sequence at all; transient events carry null.
    if frame.sequence.is_some() || frame.id.is_some() {
        put(&mut out, "sequence", frame.sequence);
    }
    maybe(&mut out, "timestamp", frame.timestamp.as_ref().map(Timestamp::as_str));
    put(&mut out, "type", frame.event.kind());
    put(&mut out, "payload", payload(&frame.event));
    if let Some(custom) = &frame.custom {
        put_custom(&mut out, custom);
    }
    Value::Object(out)
}

fn payload(event: &ServerEvent) -> Fields {
    let mut p = Fields::new();
    match event {
        ServerEvent::Batch { events, .. } => {
            put(&mut p, "events", events.iter().map(server_frame).collect::<Vec<_>>());
        }
        ServerEvent::SessionStart(known) => put(&mut p, "capabilities", capabilities(known)),
        ServerEvent::PolyAgentJoined(agent) => {
            maybe(&mut p, "agent_name", agent.name.as_deref());
            maybe(&mut p, "agent_avatar_url", agent.avatar_url.as_deref());
        }
        ServerEvent::PolyAgentMessage(message) => put_message(&mut p, message),
        ServerEvent::LiveAgentMessage(message) => {
            maybe(&mut p, "agent_id", message.agent.id.as_deref());
            put_message(&mut p, message);
        }
        ServerEvent::PolyAgentMessageChunk(chunk) => {
            put_message(&mut p, &chunk.part);
            put(&mut p, "chunk_index", chunk.index);
            put(&mut p, "is_complete", chunk.is_complete);
        }
        ServerEvent::PolyAgentLeft { reason }
        | ServerEvent::HandoffFailed { reason }
        | ServerEvent::HandoffTimeout { reason } => maybe(&mut p, "reason", reason.as_deref()),
        ServerEvent::LiveAgentJoined(agent) => {
            let mut nested = Fields::new();
            maybe(&mut nested, "id", agent.id.as_deref());
            maybe(&mut nested, "name", agent.name.as_deref());
            maybe(&mut nested, "avatar_url", agent.avatar_url.as_deref());
            put(&mut p, "agent", nested);
        }
        ServerEvent::LiveAgentTyping { state, agent } => {
            put_state(&mut p, *state);
            put_agent(&mut p, agent);
        }
        ServerEvent::LiveAgentLeft { agent, reason } => {
            put_agent(&mut p, agent);
            maybe(&mut p, "reason", reason.as_deref());
        }
        ServerEvent::HandoffAccepted { queue_name } => {
            maybe(&mut p, "queue_name", queue_name.as_deref());
        }
        ServerEvent::HandoffQueueStatus(queue) => {
            maybe(&mut p, "queue_name", queue.queue_name.as_deref());
            maybe(&mut p, "position_in_queue", queue.position);
            maybe(&mut p, "estimated_wait_seconds", queue.estimated_wait_seconds);
            maybe(&mut p, "display_message", queue.display_message.as_deref());
        }
        ServerEvent::ClientHandoffRequired(request) => {
            maybe(&mut p, "reason", request.reason.as_ref().map(HandoffReason::as_str));
            maybe(&mut p, "queue_name", request.queue_name.as_deref());
            maybe(&mut p, "route", request.route.as_deref());
        }
        ServerEvent::SessionEnd { reason } => put(&mut p, "reason", reason.as_str()),
        ServerEvent::SystemMessage { level, message } => {
            put(&mut p, "level", level.as_str());
            put(&mut p, "message", message.as_str());
        }
        ServerEvent::LanguageChanged { language_code } => {
            put(&mut p, "language_code", language_code.as_str());
        }
        ServerEvent::UserMessage { text, message_id } => {
            put(&mut p, "text", text.as_str());
            maybe(&mut p, "message_id", message_id.as_deref());
        }
        ServerEvent::UserTyping(state) => put_state(&mut p, *state),
        ServerEvent::LinkToWebrtcConversation { call_sid } => {
            put(&mut p, "call_sid", call_sid.as_str());
        }
        ServerEvent::PolyAgentThinking
        | ServerEvent::PolyAgentTriggeredHandoff
        | ServerEvent::SessionIdleWarning
        | ServerEvent::Receipt(_)
        | ServerEvent::ShowCsatRequest
        | ServerEvent::CsatResponse
        | ServerEvent::UserEndSession
        | ServerEvent::Heartbeat
        | ServerEvent::RequestPolyAgentJoin
        | ServerEvent::Unknown { .. } => {}
    }
    p
}

fn put_message(p: &mut Fields, message: &Message) {
    maybe(p, "message_id", message.message_id.as_deref());
    put(p, "text", message.text.as_str());
    let attachments = message.attachments.iter().map(|card| {
        let mut item = Fields::new();
        maybe(&mut item, "title", card.title.as_deref());
        maybe(&mut item, "preview_image_url", card.preview_image_url.as_deref());
        maybe(&mut item, "content_url", card.content_url.as_deref());
        put(&mut item, "content_type", card.kind.as_str());
        maybe(&mut item, "call_to_action_text", card.call_to_action_text.as_deref());
        item
    });
    put(p, "attachments", array(attachments));
    let suggestions = message.suggestions.iter().map(|chip| {
        let mut item = Fields::new();
        put(&mut item, "message_text", chip.message_text.as_str());
        maybe(&mut item, "payload", chip.payload.as_deref());
        item
    });
    put(p, "response_suggestions", array(suggestions));
    if !message.call_actions.is_empty() {
        let actions = message.call_actions.iter().map(|action| {
            let mut item = Fields::new();
            maybe(&mut item, "title", action.title.as_deref());
            put(&mut item, "contact_number", action.contact_number.as_str());
            item
        });
        put(p, "chat_call_actions", array(actions));
    }
    maybe(p, "agent_name", message.agent.name.as_deref());
    maybe(p, "avatar_url", message.agent.avatar_url.as_deref());
    if message.end_conversation {
        put(p, "end_conversation", true);
    }
}

fn capabilities(known: &Capabilities) -> Fields {
    let mut out = Fields::new();
    maybe(&mut out, "streaming", known.streaming);
    maybe(&mut out, "max_message_size_bytes", known.max_message_size_bytes);
    maybe(&mut out, "max_reconnect_attempts", known.max_reconnect_attempts);
    maybe(&mut out, "heartbeat_interval_seconds", known.heartbeat_interval_seconds);
    out
}

fn put_state(p: &mut Fields, state: TypingState) {
    put(p, "state", state.as_str());
}

fn put_agent(p: &mut Fields, agent: &AgentIdentity) {
    maybe(p, "agent_id", agent.id.as_deref());
    maybe(p, "agent_name", agent.name.as_deref());
}

fn put_custom(out: &mut Fields, custom: &Custom) {
    let custom = custom.iter().map(|(key, value)| (key.clone(), value.as_str().into()));
    let mut metadata = Fields::new();
    put(&mut metadata, "custom", custom.collect::<Fields>());
    put(out, "metadata", metadata);
}

fn array(items: impl Iterator<Item = Fields>) -> Value {
    Value::Array(items.map(Value::Object).collect())
}

fn put<V: Into<Value>>(fields: &mut Fields, name: &str, value: V) {
    fields.insert(name.to_owned(), value.into());
}

fn maybe<V: Into<Value>>(fields: &mut Fields, name: &str, value: Option<V>) {
    if let Some(value) = value {
        put(fields, name, value);
    }
}

//! Writing frames as JSON, in the documented form.

use super::{
    AgentIdentity, Capabilities, ClientEvent, ClientFrame, Custom, HandoffReason, Message,
    ServerEvent, ServerFrame, TypingState,
};
use crate::{
    json::{Object as Fields, Value},
    model::Timestamp,
};

pub(super) fn client_frame(frame: &ClientFrame) -> String {
    let mut payload = Fields::new();
    match &frame.event {
        ClientEvent::UserMessage { text } => payload.put("text", text.as_str()),
        ClientEvent::UserTyping(state) => payload.put("state", state.as_str()),
        ClientEvent::LinkToWebrtcConversation { call_sid } => {
            payload.put("call_sid", call_sid.as_str());
        }
        ClientEvent::RequestPolyAgentJoin
        | ClientEvent::UserEndSession
        | ClientEvent::Heartbeat => {}
    }
    let mut out = Fields::new();
    if !frame.custom.is_empty() {
        put_custom(&mut out, &frame.custom);
    }
    out.put("payload", payload);
    out.put("type", frame.event.kind().as_str());
    Value::Object(out).encode()
}

pub(super) fn server_frame(frame: &ServerFrame) -> Value {
    let mut out = Fields::new();
    out.maybe("id", frame.id.as_deref());
    if let Some(custom) = &frame.custom {
        put_custom(&mut out, custom);
    }
    out.put("payload", payload(&frame.event));
    // Batches and heartbeat echoes carry no sequence at all; transient events carry null.
    if frame.sequence.is_some() || frame.id.is_some() {
        out.put("sequence", frame.sequence.map_or(Value::Null, Value::from));
    }
    out.maybe("timestamp", frame.timestamp.as_ref().map(Timestamp::as_str));
    out.put("type", frame.event.kind());
    Value::Object(out)
}

fn payload(event: &ServerEvent) -> Fields {
    let mut p = Fields::new();
    match event {
        ServerEvent::Batch { events, .. } => {
            p.put("events", events.iter().map(server_frame).collect::<Vec<_>>());
        }
        ServerEvent::SessionStart(known) => p.put("capabilities", capabilities(known)),
        ServerEvent::PolyAgentJoined(agent) => {
            p.maybe("agent_name", agent.name.as_deref());
            p.maybe("agent_avatar_url", agent.avatar_url.as_deref());
        }
        ServerEvent::PolyAgentMessage(message) => put_message(&mut p, message),
        ServerEvent::LiveAgentMessage(message) => {
            p.maybe("agent_id", message.agent.id.as_deref());
            put_message(&mut p, message);
        }
        ServerEvent::PolyAgentMessageChunk(chunk) => {
            put_message(&mut p, &chunk.part);
            p.put("chunk_index", chunk.index);
            p.put("is_complete", chunk.is_complete);
        }
        ServerEvent::PolyAgentLeft { reason }
        | ServerEvent::HandoffFailed { reason }
        | ServerEvent::HandoffTimeout { reason } => p.maybe("reason", reason.as_deref()),
        ServerEvent::LiveAgentJoined(agent) => {
            let mut nested = Fields::new();
            nested.maybe("id", agent.id.as_deref());
            nested.maybe("name", agent.name.as_deref());
            nested.maybe("avatar_url", agent.avatar_url.as_deref());
            p.put("agent", nested);
        }
        ServerEvent::LiveAgentTyping { state, agent } => {
            put_state(&mut p, *state);
            put_agent(&mut p, agent);
        }
        ServerEvent::LiveAgentLeft { agent, reason } => {
            put_agent(&mut p, agent);
            p.maybe("reason", reason.as_deref());
        }
        ServerEvent::HandoffAccepted { queue_name } => {
            p.maybe("queue_name", queue_name.as_deref());
        }
        ServerEvent::HandoffQueueStatus(queue) => {
            p.maybe("queue_name", queue.queue_name.as_deref());
            p.maybe("position_in_queue", queue.position);
            p.maybe("estimated_wait_seconds", queue.estimated_wait_seconds);
            p.maybe("display_message", queue.display_message.as_deref());
        }
        ServerEvent::ClientHandoffRequired(request) => {
            p.maybe("reason", request.reason.as_ref().map(HandoffReason::as_str));
            p.maybe("queue_name", request.queue_name.as_deref());
            p.maybe("route", request.route.as_deref());
        }
        ServerEvent::SessionEnd { reason } => p.put("reason", reason.as_str()),
        ServerEvent::SystemMessage { level, message } => {
            p.put("level", level.as_str());
            p.put("message", message.as_str());
        }
        ServerEvent::LanguageChanged { language_code } => {
            p.put("language_code", language_code.as_str());
        }
        ServerEvent::UserMessage { text, message_id } => {
            p.put("text", text.as_str());
            p.maybe("message_id", message_id.as_deref());
        }
        ServerEvent::UserTyping(state) => put_state(&mut p, *state),
        ServerEvent::LinkToWebrtcConversation { call_sid } => {
            p.put("call_sid", call_sid.as_str());
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
    p.maybe("message_id", message.message_id.as_deref());
    p.put("text", message.text.as_str());
    let attachments = message.attachments.iter().map(|card| {
        let mut item = Fields::new();
        item.maybe("title", card.title.as_deref());
        item.maybe("preview_image_url", card.preview_image_url.as_deref());
        item.maybe("content_url", card.content_url.as_deref());
        item.put("content_type", card.kind.as_str());
        item.maybe("call_to_action_text", card.call_to_action_text.as_deref());
        item
    });
    p.put("attachments", array(attachments));
    let suggestions = message.suggestions.iter().map(|chip| {
        let mut item = Fields::new();
        item.put("message_text", chip.message_text.as_str());
        item.maybe("payload", chip.payload.as_deref());
        item
    });
    p.put("response_suggestions", array(suggestions));
    if !message.call_actions.is_empty() {
        let actions = message.call_actions.iter().map(|action| {
            let mut item = Fields::new();
            item.maybe("title", action.title.as_deref());
            item.put("contact_number", action.contact_number.as_str());
            item
        });
        p.put("chat_call_actions", array(actions));
    }
    p.maybe("agent_name", message.agent.name.as_deref());
    p.maybe("avatar_url", message.agent.avatar_url.as_deref());
    if message.end_conversation {
        p.put("end_conversation", true);
    }
}

fn capabilities(known: &Capabilities) -> Fields {
    let mut out = Fields::new();
    out.maybe("streaming", known.streaming);
    out.maybe("max_message_size_bytes", known.max_message_size_bytes);
    out.maybe("max_reconnect_attempts", known.max_reconnect_attempts);
    out.maybe("heartbeat_interval_seconds", known.heartbeat_interval_seconds);
    out
}

fn put_state(p: &mut Fields, state: TypingState) {
    p.put("state", state.as_str());
}

fn put_agent(p: &mut Fields, agent: &AgentIdentity) {
    p.maybe("agent_id", agent.id.as_deref());
    p.maybe("agent_name", agent.name.as_deref());
}

fn put_custom(out: &mut Fields, custom: &Custom) {
    let mut fields = Fields::new();
    for (key, value) in custom.iter() {
        fields.put(key, value);
    }
    let mut metadata = Fields::new();
    metadata.put("custom", fields);
    out.put("metadata", metadata);
}

fn array(items: impl Iterator<Item = Fields>) -> Value {
    Value::Array(items.map(Value::Object).collect())
}

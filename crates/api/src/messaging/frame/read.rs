//! Reading frames out of JSON values, field by field, so that one bad field costs only itself.

use super::{
    AgentIdentity, Attachment, AttachmentKind, CallAction, Capabilities, Chunk, ClientEvent,
    ClientEventType, ClientFrame, Custom, FrameFault, HandoffReason, HandoffRequest, Message,
    QueueStatus, Receipt, ServerEvent, ServerFrame, SessionEndReason, Suggestion, SystemLevel,
    TypingState,
};
use crate::{
    json::{Object as Fields, Value},
    model::Timestamp,
};

const BATCH: &str = "EVENT_TYPE_EVENT_BATCH";

pub(super) fn server_frame(text: &str) -> Result<ServerFrame, FrameFault> {
    let value = Value::parse(text).ok_or(FrameFault::NotJson)?;
    let fields = value.as_object().ok_or(FrameFault::NotObject)?;
    event(fields).ok_or(FrameFault::NoType)
}

pub(super) fn client_frame(kind: ClientEventType, text: &str) -> Result<ClientFrame, FrameFault> {
    let value = Value::parse(text).ok_or(FrameFault::NotJson)?;
    let fields = value.as_object().ok_or(FrameFault::NotObject)?;
    let none = Fields::new();
    let payload = fields.get("payload").and_then(Value::as_object).unwrap_or(&none);
    let required = |key| string(payload, &[key]).ok_or(FrameFault::BadPayload);
    let event = match kind {
        ClientEventType::RequestPolyAgentJoin => ClientEvent::RequestPolyAgentJoin,
        ClientEventType::UserMessage => ClientEvent::UserMessage { text: required("text")? },
        ClientEventType::UserTyping => ClientEvent::UserTyping(typing(payload)),
        ClientEventType::UserEndSession => ClientEvent::UserEndSession,
        ClientEventType::Heartbeat => ClientEvent::Heartbeat,
        ClientEventType::LinkToWebrtcConversation => {
            ClientEvent::LinkToWebrtcConversation { call_sid: required("call_sid")? }
        }
    };
    Ok(ClientFrame { event, custom: custom(fields.get("metadata")).unwrap_or_default() })
}

fn event(fields: &Fields) -> Option<ServerFrame> {
    let kind = fields.get("type")?.as_str()?;
    let none = Fields::new();
    // The oneof form has no `payload`: the data sits under the lower-cased, shortened type.
    let payload = fields
        .get("payload")
        .and_then(Value::as_object)
        .or_else(|| {
            let key = kind.strip_prefix("EVENT_TYPE_").unwrap_or(kind).to_ascii_lowercase();
            fields.get(&key)?.as_object()
        })
        .unwrap_or(&none);
    Some(ServerFrame {
        id: string(fields, &["id"]).filter(|id| !id.is_empty()),
        sequence: fields.get("sequence").and_then(Value::as_whole),
        timestamp: string(fields, &["timestamp"]).map(Timestamp::new),
        event: if kind == BATCH { batch(payload) } else { server_event(kind, payload) },
        custom: custom(fields.get("metadata")),
    })
}

fn batch(payload: &Fields) -> ServerEvent {
    let (mut events, mut skipped) = (Vec::new(), 0);
    for item in list(payload, "events") {
        match item.as_object().and_then(event) {
            Some(ServerFrame {
                event: ServerEvent::Batch { events: inner, skipped: n }, ..
            }) => {
                events.extend(inner);
                skipped += n;
            }
            Some(frame) => events.push(frame),
            None => skipped += 1,
        }
    }
    ServerEvent::Batch { events, skipped }
}

fn server_event(kind: &str, p: &Fields) -> ServerEvent {
    let reason = || string(p, &["reason"]);
    let unknown = || ServerEvent::Unknown { kind: kind.to_owned() };
    match kind.strip_prefix("EVENT_TYPE_").unwrap_or_default() {
        "SESSION_START" => ServerEvent::SessionStart(capabilities(p)),
        "POLY_AGENT_JOINED" => ServerEvent::PolyAgentJoined(identity(p)),
        "POLY_AGENT_THINKING" => ServerEvent::PolyAgentThinking,
        "POLY_AGENT_MESSAGE" => ServerEvent::PolyAgentMessage(message(p)),
        "POLY_AGENT_MESSAGE_CHUNK" => match number(p, &["chunk_index"]) {
            Some(index) => ServerEvent::PolyAgentMessageChunk(Chunk {
                index,
                is_complete: flag(p, "is_complete").unwrap_or(false),
                part: message(p),
            }),
            None => unknown(),
        },
        "POLY_AGENT_LEFT" => ServerEvent::PolyAgentLeft { reason: reason() },
        "POLY_AGENT_TRIGGERED_HANDOFF" => ServerEvent::PolyAgentTriggeredHandoff,
        "LIVE_AGENT_JOINED" => ServerEvent::LiveAgentJoined(identity(p)),
        "LIVE_AGENT_TYPING" => {
            ServerEvent::LiveAgentTyping { state: typing(p), agent: identity(p) }
        }
        "LIVE_AGENT_MESSAGE" => ServerEvent::LiveAgentMessage(message(p)),
        "LIVE_AGENT_LEFT" => ServerEvent::LiveAgentLeft { agent: identity(p), reason: reason() },
        "HANDOFF_ACCEPTED" => {
            ServerEvent::HandoffAccepted { queue_name: string(p, &["queue_name"]) }
        }
        "HANDOFF_QUEUE_STATUS" => ServerEvent::HandoffQueueStatus(QueueStatus {
            queue_name: string(p, &["queue_name"]),
            position: number(p, &["position_in_queue", "position"]),
            estimated_wait_seconds: number(p, &["estimated_wait_seconds"]),
            display_message: string(p, &["display_message"]),
        }),
        "CLIENT_HANDOFF_REQUIRED" => ServerEvent::ClientHandoffRequired(HandoffRequest {
            reason: reason().map(|name| HandoffReason::parse(&name)),
            queue_name: string(p, &["queue_name"]),
            route: string(p, &["route"]),
        }),
        "HANDOFF_FAILED" => ServerEvent::HandoffFailed { reason: reason() },
        "HANDOFF_TIMEOUT" => ServerEvent::HandoffTimeout { reason: reason() },
        "SESSION_END" => ServerEvent::SessionEnd {
            reason: SessionEndReason::parse(&reason().unwrap_or_default()),
        },
        "SYSTEM_MESSAGE" => ServerEvent::SystemMessage {
            level: SystemLevel::parse(&string(p, &["level"]).unwrap_or_default()),
            message: string(p, &["message"]).unwrap_or_default(),
        },
        "LANGUAGE_CHANGED" => match string(p, &["language_code"]) {
            Some(language_code) => ServerEvent::LanguageChanged { language_code },
            None => unknown(),
        },
        "SESSION_IDLE_WARNING" => ServerEvent::SessionIdleWarning,
        "SHOW_CSAT_REQUEST" => ServerEvent::ShowCsatRequest,
        "CSAT_RESPONSE" => ServerEvent::CsatResponse,
        "USER_MESSAGE" => ServerEvent::UserMessage {
            text: string(p, &["text"]).unwrap_or_default(),
            message_id: string(p, &["message_id"]),
        },
        "USER_TYPING" => ServerEvent::UserTyping(typing(p)),
        "USER_END_SESSION" => ServerEvent::UserEndSession,
        "HEARTBEAT" => ServerEvent::Heartbeat,
        "REQUEST_POLY_AGENT_JOIN" => ServerEvent::RequestPolyAgentJoin,
        "LINK_TO_WEBRTC_CONVERSATION" => ServerEvent::LinkToWebrtcConversation {
            call_sid: string(p, &["call_sid"]).unwrap_or_default(),
        },
        _ => match Receipt::ALL.into_iter().find(|receipt| receipt.as_str() == kind) {
            Some(receipt) => ServerEvent::Receipt(receipt),
            None => unknown(),
        },
    }
}

fn message(p: &Fields) -> Message {
    Message {
        message_id: string(p, &["message_id"]).filter(|id| !id.is_empty()),
        text: string(p, &["text"]).unwrap_or_default(),
        attachments: objects(p, "attachments").map(attachment).collect(),
        suggestions: objects(p, "response_suggestions")
            .filter_map(|item| {
                Some(Suggestion {
                    message_text: string(item, &["message_text"])?,
                    payload: string(item, &["payload"]),
                })
            })
            .collect(),
        call_actions: objects(p, "chat_call_actions")
            .filter_map(|item| {
                Some(CallAction {
                    title: string(item, &["title"]),
                    contact_number: string(item, &["contact_number"])?,
                })
            })
            .collect(),
        agent: identity(p),
        end_conversation: flag(p, "end_conversation").unwrap_or(false),
    }
}

fn attachment(item: &Fields) -> Attachment {
    let image = Some(AttachmentKind::Image.as_str());
    Attachment {
        title: string(item, &["title"]),
        preview_image_url: string(item, &["preview_image_url"]),
        content_url: string(item, &["content_url"]),
        kind: if item.text("content_type") == image {
            AttachmentKind::Image
        } else {
            AttachmentKind::Url
        },
        call_to_action_text: string(item, &["call_to_action_text"]),
    }
}

/// The documented nested `agent` object, and the flat fields that SDKs accept.
fn identity(p: &Fields) -> AgentIdentity {
    let none = Fields::new();
    let nested = p.get("agent").and_then(Value::as_object).unwrap_or(&none);
    AgentIdentity {
        id: string(nested, &["id"]).or_else(|| string(p, &["agent_id"])),
        name: string(nested, &["name"]).or_else(|| string(p, &["agent_name"])),
        avatar_url: string(nested, &["avatar_url"])
            .or_else(|| string(p, &["agent_avatar_url", "avatar_url"])),
    }
}

fn capabilities(p: &Fields) -> Capabilities {
    let Some(c) = p.get("capabilities").and_then(Value::as_object) else {
        return Capabilities::default();
    };
    Capabilities {
        streaming: flag(c, "streaming"),
        max_message_size_bytes: c.get("max_message_size_bytes").and_then(Value::as_whole),
        max_reconnect_attempts: number(c, &["max_reconnect_attempts"]),
        heartbeat_interval_seconds: number(c, &["heartbeat_interval_seconds"]),
    }
}

fn typing(p: &Fields) -> TypingState {
    TypingState::parse(&string(p, &["state"]).unwrap_or_default())
}

/// As the SDKs do: a map with any value that is no string counts as absent.
fn custom(metadata: Option<&Value>) -> Option<Custom> {
    let fields = metadata?.as_object()?.get("custom")?.as_object()?;
    fields.iter().map(|(key, value)| Some((key.to_owned(), value.as_str()?.to_owned()))).collect()
}

/// The first of the names that holds a string.
fn string(fields: &Fields, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| fields.text(name)).map(str::to_owned)
}

fn number(fields: &Fields, names: &[&str]) -> Option<u32> {
    names.iter().find_map(|name| fields.get(name).and_then(Value::as_whole)?.try_into().ok())
}

fn flag(fields: &Fields, name: &str) -> Option<bool> {
    fields.get(name)?.as_bool()
}

fn list<'a>(fields: &'a Fields, name: &str) -> &'a [Value] {
    fields.get(name).map(Value::items).unwrap_or_default()
}

fn objects<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a Fields> {
    list(fields, name).iter().filter_map(Value::as_object)
}

//! What programs are told of a session, in the words of `npm/chat.d.ts`.

use perch_api::json::{Object, Value};
use perch_api::messaging::client::{
    Agent, ClientSession, Connection, EndReason, Handoff, Indicator, Refusal,
};
use perch_api::messaging::frame::{AgentIdentity, AttachmentKind, SystemLevel};
use perch_api::messaging::transcript::{Author, Delivery, Entry, EntryKey, Transcript};
use perch_api::model::Timestamp;
use perch_client::visitor::Visitor;

/// A session as the worker granted it.
pub(super) fn opened(visitor: &Visitor) -> Value {
    let own = visitor.site();
    let mut site = Object::new();
    site.put("id", own.id.as_str());
    site.put("title", own.title.as_str());
    site.put("agentName", own.agent_name.as_str());
    site.put("accent", own.accent.as_str());
    site.put("streaming", own.streaming);
    let mut out = Object::new();
    out.put("session", visitor.session());
    out.put("resumed", visitor.resumed());
    out.put("resume", visitor.resume_handle().as_str());
    out.put("site", site);
    out.into()
}

/// Transcript and status.
pub(super) fn whole(session: &ClientSession) -> Value {
    let mut out = Object::new();
    out.put("transcript", list(session.transcript().iter().map(entry)));
    out.put("status", status(session));
    out.into()
}

/// An entry with its place, for a copy of the transcript to follow.
pub(super) fn placed(transcript: &Transcript, key: EntryKey) -> Option<Value> {
    // What changes is nearly always near the end.
    let from_end = transcript.iter().rev().position(|entry| entry.key == key)?;
    let mut out = Object::new();
    out.put("at", number(transcript.len() - 1 - from_end));
    out.put("length", number(transcript.len()));
    out.put("entry", transcript.entry(key).map(entry)?);
    Some(out.into())
}

/// One thing that was said.
pub(super) fn entry(entry: &Entry) -> Value {
    let attachments = entry.attachments.iter().map(|own| {
        let mut out = Object::new();
        out.put("kind", if own.kind == AttachmentKind::Image { "image" } else { "link" });
        out.maybe("title", own.title.as_deref());
        out.maybe("url", own.content_url.as_deref());
        out.maybe("previewUrl", own.preview_image_url.as_deref());
        out.maybe("action", own.call_to_action_text.as_deref());
        out.into()
    });
    let actions = entry.call_actions.iter().map(|own| {
        let mut out = Object::new();
        out.maybe("title", own.title.as_deref());
        out.put("number", own.contact_number.as_str());
        out.into()
    });
    let mut out = Object::new();
    out.put("key", entry.key.number());
    out.put(
        "author",
        match entry.author {
            Author::Visitor => "visitor",
            Author::Agent => "agent",
            Author::LiveAgent => "live_agent",
            Author::System => "system",
        },
    );
    out.maybe("name", entry.name.as_deref());
    out.maybe("avatarUrl", entry.avatar_url.as_deref());
    out.put("text", entry.text.as_str());
    out.put("attachments", list(attachments));
    out.put(
        "suggestions",
        list(entry.suggestions.iter().map(|own| own.message_text.as_str().into())),
    );
    out.put("callActions", list(actions));
    out.maybe(
        "level",
        entry.level.map(|level| match level {
            SystemLevel::Info => "info",
            SystemLevel::Warning => "warning",
            SystemLevel::Error => "error",
        }),
    );
    out.put(
        "delivery",
        match entry.delivery {
            Delivery::Sending => "sending",
            Delivery::Sent => "sent",
            Delivery::Uncertain => "uncertain",
            Delivery::Failed => "failed",
        },
    );
    out.put("streaming", entry.streaming);
    out.maybe("messageId", entry.message_id.as_deref());
    out.maybe("clientEventId", entry.client_event_id.as_deref());
    out.put("at", entry.at.0);
    out.maybe("timestamp", entry.timestamp.as_ref().map(Timestamp::as_str));
    out.into()
}

/// Everything besides the transcript.
pub(super) fn status(session: &ClientSession) -> Value {
    let status = session.status();
    let mut out = Object::new();
    out.put(
        "connection",
        match status.connection {
            Connection::Idle => "idle",
            Connection::Connecting => "connecting",
            Connection::Open => "open",
            Connection::Waiting { .. } => "waiting",
            Connection::Offline => "offline",
            Connection::Replaced => "replaced",
            Connection::Failed => "failed",
            Connection::Lost => "lost",
            Connection::Ended => "ended",
        },
    );
    if let Connection::Waiting { attempt } = status.connection {
        out.put("attempt", attempt);
        out.maybe("retryAt", session.deadline().map(|at| at.0));
    }
    out.maybe(
        "agent",
        match &status.agent {
            Agent::None => None,
            Agent::Poly(agent) => Some(identity("agent", agent)),
            Agent::Live(person) => Some(identity("live_agent", person)),
        },
    );
    out.maybe("handoff", handoff(&status.handoff));
    out.maybe(
        "indicator",
        status.indicator.map(|indicator| match indicator {
            Indicator::Thinking => "thinking",
            Indicator::Typing => "typing",
        }),
    );
    out.maybe("language", status.language.as_deref());
    out.put("idleWarning", status.idle_warning);
    out.put("ending", status.ending);
    out.maybe("ended", status.ended.as_ref().map(reason));
    out.maybe("maxMessageBytes", status.capabilities.max_message_size_bytes);
    out.into()
}

fn identity(kind: &str, agent: &AgentIdentity) -> Object {
    let mut out = Object::new();
    out.put("kind", kind);
    out.maybe("name", agent.name.as_deref());
    out.maybe("avatarUrl", agent.avatar_url.as_deref());
    out
}

fn handoff(handoff: &Handoff) -> Option<Object> {
    let mut out = Object::new();
    out.put(
        "state",
        match handoff {
            Handoff::None => return None,
            Handoff::Triggered => "triggered",
            Handoff::Queued(_) => "queued",
            Handoff::Live => "live",
            Handoff::Over => "over",
            Handoff::Required(_) => "required",
            Handoff::Failed { .. } => "failed",
            Handoff::TimedOut { .. } => "timed_out",
        },
    );
    match handoff {
        Handoff::Queued(queue) => {
            out.maybe("queue", queue.queue_name.as_deref());
            out.maybe("position", queue.position);
            out.maybe("waitSeconds", queue.estimated_wait_seconds);
            out.maybe("message", queue.display_message.as_deref());
        }
        Handoff::Required(request) => {
            out.maybe("queue", request.queue_name.as_deref());
            out.maybe("route", request.route.as_deref());
        }
        Handoff::Failed { reason } | Handoff::TimedOut { reason } => {
            out.maybe("reason", reason.as_deref());
        }
        _ => {}
    }
    Some(out)
}

/// Why a conversation is over.
pub(super) fn reason(reason: &EndReason) -> &str {
    match reason {
        EndReason::Visitor => "visitor",
        EndReason::Idle => "idle",
        EndReason::Natural => "natural",
        EndReason::Closed => "closed",
        EndReason::Other(other) => other,
    }
}

/// Why a message was not taken.
pub(super) fn refusal(refusal: Refusal) -> Value {
    let (reason, limit) = match refusal {
        Refusal::Empty => ("empty", None),
        Refusal::TooLong { limit } => ("too_long", Some(limit)),
        Refusal::Backlog { limit } => ("backlog", Some(limit)),
        Refusal::Over => ("over", None),
    };
    let mut out = Object::new();
    out.put("reason", reason);
    out.maybe("limit", limit.map(number));
    out.into()
}

/// A list of values.
pub(super) fn list(values: impl Iterator<Item = Value>) -> Value {
    values.collect::<Vec<_>>().into()
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

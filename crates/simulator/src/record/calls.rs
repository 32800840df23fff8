//! Functions the agent called.

use jiff::Timestamp;

use crate::conversation::{Conversation, FunctionCall, Turn};
use crate::json::Json;
use crate::world::mix;

/// What turns and function events say alike of a call.
pub(super) fn basics(json: &mut Json, call: &FunctionCall) {
    json.key("name").string(call.name);
    json.key("function_id").string(&format!("FUNCTION-{}", call.name));
    json.key("arguments").object(|json| json.key(call.argument.0).string(&call.argument.1));
    json.key("duration").number(call.duration_ms);
    match call.handoff {
        Some(handoff) => json.key("handoff").object(|json| {
            json.key("reason").string(handoff.reason);
            json.key("type").string(handoff.destination);
        }),
        None => json.key("handoff").null(),
    }
}

/// One function event in full.
pub(super) fn event(
    json: &mut Json,
    conversation: &Conversation,
    turn: &Turn,
    at: usize,
    call: &FunctionCall,
) {
    let id = mix(turn.id, at as u64);
    json.object(|json| {
        json.key("id").string(&format!("{id:016x}"));
        basics(json, call);
        json.key("conversation_id").string(&conversation.id);
        json.key("turn_id").number(turn.id);
        json.key("start_time").string(&rfc_1123(call.started_ms));
        json.key("error").optional(call.error);
        for absent in ["content", "function_version", "hangup", "llm_request_id", "logs"] {
            json.key(absent).null();
        }
        match call.argument {
            ("order_number", ref order) => json.key("state_changes").object(|json| {
                json.key("added").object(|json| json.key("order_number").string(order));
                json.key("removed").array(|_| {});
                json.key("updated").object(|_| {});
            }),
            _ => json.key("state_changes").null(),
        }
        for absent in ["transition", "utterance", "variant_id_change"] {
            json.key(absent).null();
        }
    });
}

fn rfc_1123(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms)
        .map(|time| time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_times_of_functions_are_rfc_1123_dates() {
        assert_eq!(rfc_1123(1_795_443_600_000), "Mon, 23 Nov 2026 14:20:00 GMT");
    }
}

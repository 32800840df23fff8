//! A row of the lists: `snake_case`, with empty texts instead of nulls except in the oldest list.

use std::sync::Arc;

use super::{metrics, turn_basics};
use crate::account::Account;
use crate::conversation::Conversation;
use crate::disclosure::Disclosure;
use crate::json::Json;

/// What the oldest list says its fields mean.
pub(crate) const DESCRIPTIONS: [(&str, &str); 8] = [
    ("id", "Identifier of the conversation"),
    ("started_at", "When it began, UTC"),
    ("channel", "How it was held"),
    ("num_turns", "Exchanges between caller and agent"),
    ("total_duration", "Seconds from beginning to end"),
    ("polyai_duration", "Seconds the agent took part"),
    ("metrics", "Values the agent wrote"),
    ("turns", "What was said"),
];

/// How rows are written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Style {
    /// Whether turns carry their latency.
    pub(crate) latency: bool,
    /// Whether they are rows of the oldest list.
    pub(crate) legacy: bool,
    /// What the project gives out.
    pub(crate) disclosure: Arc<Disclosure>,
}

/// Writes the row of `conversation` as it was at `now_ms`.
pub(crate) fn write(
    json: &mut Json,
    account: &Account,
    conversation: &Conversation,
    now_ms: i64,
    style: &Style,
) {
    json.empty_is_null(style.legacy);
    let whitelisted = style.legacy && style.disclosure.enable_whitelist;
    json.object(|json| {
        json.key("id").string(&conversation.id);
        json.key("account_id").string(account.id);
        json.key("project_id").string(account.project_id);
        if whitelisted {
            json.key("started_at").time(conversation.started_ms);
        } else {
            members(json, conversation, now_ms, style);
        }
    });
}

fn members(json: &mut Json, conversation: &Conversation, now_ms: i64, style: &Style) {
    let turns = conversation.turns_at(now_ms);
    let handoff = conversation.handoff.filter(|_| conversation.agent_left_ms <= now_ms);
    let (variant_id, variant_name) = conversation.variant();
    json.key("variant_id").string(variant_id);
    json.key("variant_name").string(variant_name);
    json.key("environment").string(conversation.environment.as_str());
    json.key("started_at").time(conversation.started_ms);
    json.key("channel").string(conversation.channel.as_str());
    json.key("from_number").text(&conversation.from_number);
    json.key("to_number").text(&conversation.to_number);
    json.key("in_progress").boolean(conversation.in_progress(now_ms));
    json.key("num_turns").count(turns.len());
    json.key("total_duration").number(conversation.total_seconds(now_ms));
    json.key("polyai_duration").number(conversation.agent_seconds(now_ms));
    json.key("handoff").boolean(handoff.is_some());
    json.key("handoff_reason").text(handoff.map_or("", |handoff| handoff.reason));
    json.key("handoff_destination").text(handoff.map_or("", |handoff| handoff.destination));
    json.key("num_silences").count(turns.iter().filter(|turn| turn.silence).count());
    json.key("num_ood").count(turns.iter().filter(|turn| turn.out_of_domain).count());
    json.key("metrics").object(|json| {
        metrics::as_listed(json, conversation, now_ms, &style.disclosure);
    });
    json.key("state").object(|json| {
        for (name, value) in &conversation.state {
            json.key(name).string(value);
        }
    });
    let shown = if style.disclosure.show_transcripts { turns } else { &[] };
    json.key("turns").array(|json| {
        for turn in shown {
            json.object(|json| {
                turn_basics(json, turn, now_ms);
                if style.latency && turn.latency_ms > 0 && turn.agent_ms <= now_ms {
                    json.key("latency").seconds(turn.latency_ms);
                }
                json.key("intents").array(|_| {});
                json.key("entities").array(|_| {});
                json.key("is_ood").boolean(turn.out_of_domain);
                json.key("is_silence").boolean(turn.silence);
                json.key("barge_in").boolean(turn.barge_in);
            });
        }
    });
}

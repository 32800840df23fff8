//! The list on the platform host, the detail on the build host.

mod cursor;
mod filter;

use perch_api::families::conversations::{Get, List, MAX_LIMIT};
use perch_api::model::ProjectId;

use self::cursor::{Cursor, Key};
use self::filter::Filter;
use crate::conversation::{Conversation, PROJECT_ID, PROJECT_SLUG};
use crate::json::Json;
use crate::record;
use crate::refusal::Refusal;
use crate::router::{Call, Router};

pub(super) fn routes(router: Router) -> Router {
    router.on_text(List, list).on_text(Get, detail)
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "CONVERSATIONS_VALIDATION_FAILED", message)
}

/// Whether it is the agent that was there from the start; others have had no conversations.
fn is_seeded(project: &ProjectId) -> bool {
    [PROJECT_ID, PROJECT_SLUG].iter().any(|own| own.eq_ignore_ascii_case(project.as_str()))
}

fn detail(call: &Call<'_, Get>) -> Result<String, Refusal> {
    let id = call.path.conversation_id.as_str();
    let not_found = || Refusal::new(404, "CONVERSATIONS_NOT_FOUND", "No conversation has this id.");
    if !is_seeded(&call.path.agent_id) {
        return Err(not_found());
    }
    if let Some(conversation) = call.platform.live.find(id, call.now_ms) {
        return Ok(record::detail(&conversation, call.now_ms));
    }
    let conversation = call.platform.world.find(id).ok_or_else(not_found)?;
    Ok(record::detail(conversation, call.now_ms))
}

fn list(call: &Call<'_, List>) -> Result<String, Refusal> {
    let limit = call.query.limit.unwrap_or(MAX_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid("limit must be between 1 and 1000."));
    }
    let limit = limit as usize;
    let filter = Filter::new(&call.query)?;
    let cursor = match call.query.cursor.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(Cursor::parse(text, filter.fingerprint())?),
        None => None,
    };
    let offset = if cursor.is_some() { 0 } else { call.query.offset.unwrap_or(0) as usize };

    let seeded = is_seeded(&call.path.project_id);
    let live = call.platform.live.all(call.now_ms);
    let past = call.platform.world.conversations();
    let salt = if filter.samples() { call.platform.random() } else { 0 };
    let mut hits: Vec<(Key, &Conversation)> = past
        .iter()
        .chain(live.iter().map(AsRef::as_ref))
        // All conversations are the seeded agent's.
        .filter(|_| seeded)
        .filter(|conversation| conversation.started_ms <= call.now_ms)
        .filter_map(|conversation| {
            let rank = filter.rank(conversation, call.now_ms, salt)?;
            Some((Key::of(rank, conversation), conversation))
        })
        .filter(|(key, _)| cursor.as_ref().is_none_or(|cursor| cursor.is_before(key)))
        .collect();
    hits.sort_unstable_by(|(left, _), (right, _)| right.cmp(left));

    let page = hits.get(offset.min(hits.len())..).unwrap_or_default();
    let more = page.len() > limit && !filter.samples();
    let page = page.get(..limit.min(page.len())).unwrap_or_default();
    let latency = call.query.include_latency.unwrap_or(false);
    let mut json = Json::with_capacity(512 + page.len() * 4_096);
    json.object(|json| {
        json.key("conversations").array(|json| {
            for (_, conversation) in page {
                record::row(json, conversation, call.now_ms, latency);
            }
        });
        match page.last().filter(|_| more) {
            Some((key, _)) => {
                json.key("cursor").string(&Cursor::after(key, filter.fingerprint()));
                if cursor.is_none() {
                    json.key("next_offset").count(offset + page.len());
                }
            }
            None => json.key("cursor").null(),
        }
    });
    Ok(json.finish())
}

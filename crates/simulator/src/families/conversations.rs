//! The list on the platform host, the detail on the build host.

mod cursor;
mod filter;

use std::borrow::Cow;

use perch_api::families::conversations::{
    Audio, DetailPath, Direction, Get, List, ListPath, ListQuery, ListV2, MAX_LIMIT,
};
use perch_api::model::ProjectId;
use perch_api::operation::Wav;

use self::cursor::{Cursor, Key};
use self::filter::Filter;
use crate::conversation::{Channel, Conversation};
use crate::json::Json;
use crate::keys::header;
use crate::platform::Platform;
use crate::record;
use crate::recording::{self, Take};
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};

pub(super) fn routes(router: Router) -> Router {
    router.on_text(List, list).on_text(ListV2, list_v2).on_text(Get, detail).on(Audio, audio)
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "CONVERSATIONS_VALIDATION_FAILED", message)
}

/// Whether it is the agent that was there from the start; others have had no conversations.
pub(super) fn is_seeded(platform: &Platform, project: &ProjectId) -> bool {
    platform.account.is_project(project.as_str())
}

/// The conversation of a path.
pub(super) fn find<'a>(
    platform: &'a Platform,
    path: &DetailPath,
    now_ms: i64,
) -> Result<Cow<'a, Conversation>, Refusal> {
    let id = path.conversation_id.as_str();
    let past = || platform.world.find(id).map(Cow::Borrowed);
    let live = || platform.live.find(id, now_ms).map(|held| Cow::Owned(held.as_ref().clone()));
    let found = is_seeded(platform, &path.agent_id).then(|| live().or_else(past)).flatten();
    found
        .ok_or_else(|| Refusal::new(404, "CONVERSATIONS_NOT_FOUND", "No conversation has this id."))
}

fn detail(call: &Call<'_, Get>) -> Result<String, Refusal> {
    let conversation = find(call.platform, &call.path, call.now_ms)?;
    let note = call.platform.notes.of(&conversation.id);
    Ok(record::detail(call.platform.account, &conversation, note.as_deref(), call.now_ms))
}

/// Calls are recorded, chats are not; the recording is there once the call has ended.
fn audio(call: &Call<'_, Audio>) -> Answered<Audio> {
    let conversation = find(call.platform, &call.path, call.now_ms)?;
    if conversation.channel != Channel::Voice || conversation.in_progress(call.now_ms) {
        let text = "The conversation has no recording.";
        return Err(Refusal::new(404, "CONVERSATIONS_RECORDING_NOT_FOUND", text));
    }
    let direction = call.query.direction.as_ref().unwrap_or(&Direction::Combined);
    if !direction.is_known() {
        return Err(invalid("direction must be combined, user or agent."));
    }
    // Only the workspace key may hear personal data; whoever else asks hears it muted.
    let key = header(call.headers, "x-api-key").unwrap_or_default();
    let hears_all = call.platform.keys.workspace.ct_eq(key);
    let take = Take {
        user: *direction != Direction::Agent,
        agent: *direction != Direction::User,
        redacted: !hears_all || call.query.redacted == Some(true),
    };
    Ok((Wav(recording::wav(&conversation, take)), 0))
}

fn list(call: &Call<'_, List>) -> Result<String, Refusal> {
    page(call.platform, &call.path, &call.query, call.now_ms)
}

/// The older list, as where streaming is not switched on: the same rows, without cursors.
fn list_v2(call: &Call<'_, ListV2>) -> Result<String, Refusal> {
    let query = ListQuery { cursor: None, ..call.query.clone() };
    let page = page(call.platform, &call.path, &query, call.now_ms)?;
    let mut page: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&page)
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))?;
    page.insert("cursor".to_owned(), serde_json::Value::Null);
    Ok(serde_json::Value::Object(page).to_string())
}

fn page(
    platform: &Platform,
    path: &ListPath,
    query: &ListQuery,
    now_ms: i64,
) -> Result<String, Refusal> {
    let limit = query.limit.unwrap_or(MAX_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid("limit must be between 1 and 1000."));
    }
    let limit = limit as usize;
    let filter = Filter::new(query)?;
    let cursor = match query.cursor.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(Cursor::parse(text, filter.fingerprint())?),
        None => None,
    };
    let offset = if cursor.is_some() { 0 } else { query.offset.unwrap_or(0) as usize };

    let seeded = is_seeded(platform, &path.project_id);
    let live = platform.live.all(now_ms);
    let past = platform.world.conversations();
    let salt = if filter.samples() { platform.random() } else { 0 };
    let mut hits: Vec<(Key, &Conversation)> = past
        .iter()
        .chain(live.iter().map(AsRef::as_ref))
        // All conversations are the seeded agent's.
        .filter(|_| seeded)
        .filter(|conversation| conversation.started_ms <= now_ms)
        .filter_map(|conversation| {
            let rank = filter.rank(conversation, now_ms, salt)?;
            Some((Key::of(rank, conversation), conversation))
        })
        .filter(|(key, _)| cursor.as_ref().is_none_or(|cursor| cursor.is_before(key)))
        .collect();
    hits.sort_unstable_by(|(left, _), (right, _)| right.cmp(left));

    let page = hits.get(offset.min(hits.len())..).unwrap_or_default();
    let more = page.len() > limit && !filter.samples();
    let page = page.get(..limit.min(page.len())).unwrap_or_default();
    let latency = query.include_latency.unwrap_or(false);
    let mut json = Json::with_capacity(512 + page.len() * 4_096);
    json.object(|json| {
        json.key("conversations").array(|json| {
            for (_, conversation) in page {
                record::row(json, platform.account, conversation, now_ms, latency);
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

//! The three lists on the platform host, detail and recording on the build host.

mod cursor;
mod filter;
mod listing;

use std::sync::Arc;

use perch_api::families::conversations::{
    Audio, DetailPath, Direction, Get, List, ListPath, ListQuery, ListV1, ListV1Query, ListV2,
    MAX_LIMIT, MAX_V1_LIMIT,
};
use perch_api::model::ProjectId;
use perch_api::operation::Wav;

use self::filter::Asked;
use self::listing::{Listing, Tail};
use crate::catalog::Order;
use crate::conversation::{Channel, Conversation};
use crate::keys::header;
use crate::platform::Platform;
use crate::record;
use crate::record::row::Style;
use crate::recording::{self, Take};
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Content, Router};

pub(super) fn routes(router: Router) -> Router {
    router
        .on_parts(List, list)
        .on_parts(ListV2, list_v2)
        .on_parts(ListV1, list_v1)
        .on_text(Get, detail)
        .on(Audio, audio)
}

/// Rows of the oldest list when nobody says how many.
const V1_PAGE: u32 = 5;

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "CONVERSATIONS_VALIDATION_FAILED", message)
}

/// Whether it is the agent that was there from the start; others have had no conversations.
pub(super) fn is_seeded(platform: &Platform, project: &ProjectId) -> bool {
    platform.account.is_project(project.as_str())
}

/// The conversation of a path.
pub(super) fn find(
    platform: &Platform,
    path: &DetailPath,
    now_ms: i64,
) -> Result<Arc<Conversation>, Refusal> {
    let id = path.conversation_id.as_str();
    let seeded = is_seeded(platform, &path.agent_id);
    seeded
        .then(|| platform.catalog(now_ms).find(id))
        .flatten()
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

fn list(call: &Call<'_, List>) -> Result<Content, Refusal> {
    page(call.platform, &call.path, &call.query, call.now_ms, true)
}

/// The older list: the same rows; cursors only where bodies are streamed.
fn list_v2(call: &Call<'_, ListV2>) -> Result<Content, Refusal> {
    let cursors = call.platform.settings.current().chunked_responses;
    let mut query = call.query.clone();
    query.cursor = query.cursor.filter(|_| cursors);
    page(call.platform, &call.path, &query, call.now_ms, cursors)
}

fn page(
    platform: &Platform,
    path: &ListPath,
    query: &ListQuery,
    now_ms: i64,
    cursors: bool,
) -> Result<Content, Refusal> {
    let limit = query.limit.unwrap_or(MAX_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(invalid("limit must be between 1 and 1000."));
    }
    let limit = limit as usize;
    let Asked { filter, fingerprint } = Asked::new(query, platform.random())?;
    let after = match query.cursor.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(cursor::parse(text, fingerprint)?),
        None => None,
    };
    // A cursor wins over an offset.
    let offset = query.offset.filter(|_| after.is_none()).unwrap_or(0) as usize;
    let catalog = platform.catalog(now_ms);
    let mut found = if is_seeded(platform, &path.project_id) {
        let want = offset.saturating_add(limit).saturating_add(1);
        catalog.select(&filter, Order::Descending, after, want)
    } else {
        Vec::new()
    };
    found.drain(..offset.min(found.len()));
    // Another sample would be drawn anew, so there is nothing to go on from.
    let more = found.len() > limit && !filter.samples();
    found.truncate(limit);
    let next = found.last().filter(|_| more);
    let tail = Tail::Cursor {
        cursor: next.filter(|_| cursors).map(|key| cursor::after(*key, fingerprint)),
        next_offset: next.filter(|_| after.is_none()).map(|_| offset + limit),
    };
    let disclosure = platform.settings.current();
    let streamed = disclosure.chunked_responses;
    let style = Style { latency: query.include_latency == Some(true), legacy: false, disclosure };
    let listing = Listing { account: platform.account, catalog, found, style, now_ms };
    Ok(if streamed { listing.parts(&tail) } else { listing.whole(&tail) })
}

/// The oldest list: by time, nulls for empty texts, no cursors.
fn list_v1(call: &Call<'_, ListV1>) -> Result<Content, Refusal> {
    let ListV1Query {
        client_env, start_time, end_time, variant_id, variant_name, in_progress, ..
    } = call.query.clone();
    let filters = ListQuery {
        client_env,
        start_time,
        end_time,
        variant_id,
        variant_name,
        in_progress,
        ..ListQuery::default()
    };
    let (platform, now_ms) = (call.platform, call.now_ms);
    let limit = call.query.limit.unwrap_or(V1_PAGE);
    if !(1..=MAX_V1_LIMIT).contains(&limit) {
        return Err(invalid("limit must be between 1 and 5000."));
    }
    let (limit, offset) = (limit as usize, call.query.offset.unwrap_or(0) as usize);
    let Asked { filter, .. } = Asked::new(&filters, 0)?;
    let catalog = platform.catalog(now_ms);
    let mut found = if is_seeded(platform, &call.path.project_id) {
        let want = offset.saturating_add(limit).saturating_add(1);
        catalog.select(&filter, Order::Ascending, None, want)
    } else {
        Vec::new()
    };
    found.drain(..offset.min(found.len()));
    let more = found.len() > limit;
    found.truncate(limit);
    let tail = Tail::Described { next_offset: more.then_some(offset + limit) };
    let style = Style { latency: false, legacy: true, disclosure: platform.settings.current() };
    let listing = Listing { account: platform.account, catalog, found, style, now_ms };
    Ok(listing.whole(&tail))
}

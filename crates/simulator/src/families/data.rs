//! The build host's list of records, and what reviewers add to them.

use std::collections::HashMap;
use std::sync::Mutex;

use perch_api::families::data::{Annotate, AnnotationType, Done, List, Role, SetNote};
use perch_api::operation::{Json as Body, Operation};

use super::conversations::{find, is_seeded};
use crate::catalog::Order;
use crate::catalog::filter::Filter;
use crate::json::Json;
use crate::record;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::snapshot::Store;
use crate::studio::{invalid, room};
use crate::sync::lock;

/// Rows on a page when nobody says how many.
const PAGE: usize = 50;
/// Most rows on a page; the platform does not document its own limit.
const LARGEST: usize = 1_000;

pub(super) fn routes(router: Router) -> Router {
    router.on_text(List, list).on(Annotate, annotate).on(SetNote, set_note)
}

/// Reviewers' notes by conversation.
#[derive(Debug, Default)]
pub(crate) struct Notes(Mutex<HashMap<String, String>>);

impl Notes {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }

    /// The note of a conversation.
    pub(super) fn of(&self, conversation: &str) -> Option<String> {
        lock(&self.0).get(conversation).cloned()
    }
}

fn list(call: &Call<'_, List>) -> Result<String, Refusal> {
    let limit = call.query.limit.map_or(PAGE, |limit| (limit as usize).min(LARGEST));
    if limit == 0 {
        return Err(invalid("limit must be at least 1."));
    }
    let offset = usize::try_from(call.query.offset.unwrap_or(0)).unwrap_or(usize::MAX);
    let catalog = call.platform.catalog(call.now_ms);
    let seeded = is_seeded(call.platform, &call.path.agent_id);
    let count = if seeded { catalog.count() } else { 0 };
    let want = offset.saturating_add(limit).min(count);
    let found = catalog.select(&Filter::default(), Order::Descending, None, want);
    let page = found.get(offset.min(found.len())..).unwrap_or_default();

    let mut json = Json::with_capacity(256 + page.len() * 800);
    json.object(|json| {
        json.key("conversations").array(|json| {
            for conversation in page.iter().filter_map(|key| catalog.tell(key.place)) {
                record::listed(json, call.platform.account, &conversation, call.now_ms);
            }
        });
        json.key("count").count(count);
        json.key("limit").count(limit);
        json.key("offset").count(offset);
    });
    Ok(json.finish())
}

/// Marks are checked and then kept nowhere: no operation reads them.
fn annotate(call: &Call<'_, Annotate>) -> Answered<Annotate> {
    let Body(body) = &call.request;
    let found = find(call.platform, &call.path, call.now_ms)?;
    if body.annotations.is_empty() {
        return Err(invalid("annotations must not be empty."));
    }
    let turns = found.turns_at(call.now_ms).len();
    for mark in &body.annotations {
        if mark.turn_id as usize >= turns {
            return Err(invalid("turnId is the place of a turn, from 0."));
        }
        if matches!(mark.role, Role::Unknown(_)) {
            return Err(invalid("role must be user or agent."));
        }
        if matches!(mark.annotation_type, AnnotationType::Unknown(_)) {
            let text = "annotationType must be missing_topic, wrong_transcript or wrong_info.";
            return Err(invalid(text));
        }
    }
    done::<Annotate>()
}

fn set_note(call: &Call<'_, SetNote>) -> Answered<SetNote> {
    let Body(body) = &call.request;
    let found = find(call.platform, &call.path, call.now_ms)?;
    let mut notes = lock(&call.platform.notes.0);
    if !notes.contains_key(&found.id) {
        room(notes.len())?;
    }
    notes.insert(found.id.clone(), body.note.clone());
    done::<SetNote>()
}

#[allow(clippy::unnecessary_wraps, reason = "what handlers end with")]
fn done<O: Operation<Response = Body<Done>>>() -> Answered<O> {
    Ok((Body(Done { success: true.into(), ..Done::default() }), 0))
}

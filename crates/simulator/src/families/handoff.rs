//! What the agent wrote down when it handed a conversation over.

use perch_api::families::handoff::Get;
use serde_json::{Map, Value};

use super::conversations::is_seeded;
use crate::conversation::{Channel, Conversation};
use crate::refusal::Refusal;
use crate::router::{Call, Router};

/// Before a conversation's id it makes the id that both telephone systems know.
const SHARED: &str = "shared-";

pub(super) fn routes(router: Router) -> Router {
    router.on_text(Get, get)
}

fn get(call: &Call<'_, Get>) -> Result<String, Refusal> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let shared_id = filled(&call.query.shared_id);
    // The shared id wins; only calls have one.
    let id = match (&shared_id, filled(&call.query.id)) {
        (Some(shared), _) => shared.strip_prefix(SHARED).unwrap_or_default().to_owned(),
        (None, Some(id)) => id,
        (None, None) => return Err(Refusal::new(400, "", "id or shared_id is needed.")),
    };
    let seeded = is_seeded(call.platform, &call.path.project_id);
    let found = seeded.then(|| call.platform.catalog(call.now_ms).find(&id)).flatten();
    let found = found.and_then(|held| snapshot(&held, call.now_ms));
    let found = found.filter(|state| shared_id.is_none() || state.contains_key("shared_id"));
    let state = found.ok_or_else(|| Refusal::new(404, "", "No handoff state was stored."))?;
    Ok(Value::Object(state).to_string())
}

/// Nothing until the agent has left for a person. Chats have no shared id, and so not the field.
fn snapshot(held: &Conversation, now_ms: i64) -> Option<Map<String, Value>> {
    let handoff = held.handoff.filter(|_| held.agent_left_ms <= now_ms)?;
    let mut data = Map::new();
    data.insert("handoff_reason".to_owned(), handoff.reason.into());
    data.insert("handoff_destination".to_owned(), handoff.destination.into());
    data.insert("language".to_owned(), held.language.code().into());
    data.extend(held.state.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())));
    let mut state = Map::new();
    state.insert("id".to_owned(), held.id.clone().into());
    if held.channel == Channel::Voice {
        state.insert("shared_id".to_owned(), format!("{SHARED}{}", held.id).into());
    }
    state.insert("data".to_owned(), data.into());
    Some(state)
}

//! Agents, their branches, what is on them, and what runs where. All of it is on the build host.

mod audio_cache;
mod branches;
mod connectors;
mod content;
mod deployments;
mod numbers;
mod real_time_configs;
mod variants;
mod voices;

use perch_api::families::agents as api;
use perch_api::model::{ProjectId, Timestamp};
use perch_api::operation::{Empty, Json};
use serde_json::Value;

use crate::account::Account;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::{Agent, filled, invalid};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    let router = router
        .on(api::List, list)
        .on(api::Create, create)
        .on(api::Delete, delete)
        .on(api::Duplicate, duplicate);
    let router = numbers::routes(connectors::routes(router));
    let router = voices::routes(real_time_configs::routes(audio_cache::routes(router)));
    variants::routes(content::routes(branches::routes(deployments::routes(router))))
}

/// A response that takes no time.
#[allow(clippy::unnecessary_wraps, reason = "what handlers end with")]
pub(super) fn at_once<T>(response: T) -> Result<(T, u64), Refusal> {
    Ok((response, 0))
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    at_once(Json(api::Agents(
        agents.iter().map(|agent| shown(call.platform.account, agent)).collect(),
    )))
}

fn create(call: &Call<'_, api::Create>) -> Answered<api::Create> {
    let Json(body) = &call.request;
    check_name(&body.name)?;
    filled("greeting", &body.response_settings.greeting)?;
    let language = body.response_settings.language_code.as_ref();
    language.map_or(Ok(()), |code| filled("languageCode", code))?;
    let voice = body.voice_settings.as_ref();
    voice.map_or(Ok(()), |voice| filled("voiceId", &voice.voice_id))?;
    let id = chosen(call.platform, body.agent_id.as_ref())?;
    // Kept for copies: no operation reads them back.
    let mut settings = serde_json::to_value(body).unwrap_or_default();
    if let Value::Object(settings) = &mut settings {
        settings.retain(|name, _| name != "name" && name != "agentId");
    }
    let agent = Agent::new(id, body.name.clone(), settings, call.now_ms);
    at_once(Json(shown(call.platform.account, lock(&call.platform.agents).add(agent)?)))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    lock(&call.platform.agents).remove(call.path.agent_id.as_str())?;
    at_once(Empty)
}

fn duplicate(call: &Call<'_, api::Duplicate>) -> Answered<api::Duplicate> {
    let Json(body) = &call.request;
    check_name(&body.new_agent_name)?;
    let id = chosen(call.platform, body.new_agent_id.as_ref())?;
    let mut agents = lock(&call.platform.agents);
    let original = agents.find(call.path.agent_id.as_str())?;
    // What is on `main` is copied; branches and deployments are not.
    let settings = original.settings.clone();
    let main = original.main.clone();
    let mut copy = Agent::new(id, body.new_agent_name.clone(), settings, call.now_ms);
    copy.main = main;
    at_once(Json(shown(call.platform.account, agents.add(copy)?)))
}

/// The id the caller chose, or a new one.
fn chosen(platform: &crate::platform::Platform, id: Option<&ProjectId>) -> Result<String, Refusal> {
    let Some(id) = id else { return Ok(platform.id("PROJECT")) };
    if id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Ok(id.as_str().to_owned());
    }
    let text = "An agent ID holds letters, digits and hyphens only.";
    Err(Refusal::new(400, "PROJECT_ID_INVALID", text))
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if (1..=100).contains(&name.chars().count()) {
        return Ok(());
    }
    Err(invalid("The name must have 1 to 100 characters."))
}

fn shown(account: &Account, agent: &Agent) -> api::Agent {
    api::Agent {
        account_id: account.id.to_owned().into(),
        agent_id: ProjectId::parse(&agent.id).ok().map_or_else(Default::default, Into::into),
        agent_name: agent.name.clone().into(),
        created_at: Timestamp::from_unix_ms(agent.created_ms).into(),
        updated_at: Timestamp::from_unix_ms(agent.updated_ms).into(),
        branch_count: (agent.branches.len() as u64).into(),
        ..api::Agent::default()
    }
}

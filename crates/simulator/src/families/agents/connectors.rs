//! Connectors.

use perch_api::families::agents::connectors as api;
use perch_api::model::{ConnectorId, Environment, Tolerant};
use perch_api::operation::{Json, Operation};

use super::at_once;
use crate::account::Account;
use crate::keys::header;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::lines::{Change, Connector, invalid};
use crate::studio::{self, Agent, Agents};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::GetMany, get_many)
        .on(api::UpdateMany, update_many)
        .on(api::Find, find)
        .on(api::Get, get)
        .on(api::Update, update)
        .on(api::Delete, delete)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let connectors = agents
        .lines
        .connectors(agent)
        .map(|(id, one)| shown(call.platform.account, id, one))
        .collect();
    at_once(Json(api::Connectors { connectors, ..api::Connectors::default() }))
}

fn get_many(call: &Call<'_, api::GetMany>) -> Answered<api::GetMany> {
    let Json(api::BatchGet { connector_ids }) = &call.request;
    if connector_ids.is_empty() {
        return Err(studio::invalid("connectorIds must not be empty."));
    }
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let (mut found, mut not_found) = (Vec::new(), Vec::new());
    for id in connector_ids.iter().map(ConnectorId::as_str) {
        match agents.lines.connector(agent, id) {
            Ok(connector) => found.push(shown(call.platform.account, id, connector)),
            Err(_) => not_found.push(id.to_owned()),
        }
    }
    at_once(Json(api::Found { found, not_found: not_found.into(), ..api::Found::default() }))
}

fn update_many(call: &Call<'_, api::UpdateMany>) -> Answered<api::UpdateMany> {
    let Json(api::BatchUpdate { updates }) = &call.request;
    if updates.is_empty() {
        return Err(studio::invalid("updates must not be empty."));
    }
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    let mut results = Vec::with_capacity(updates.len());
    for one in updates {
        let body = api::UpdateConnector {
            variant_id: one.variant_id.clone(),
            asr_lang_code: one.asr_lang_code.clone(),
            voice_name: one.voice_name.clone(),
            project_id: one.project_id.clone(),
        };
        let changed = change(call, &mut agents, &agent, one.connector_id.as_str(), &body);
        results.push(api::BatchUpdatedItem {
            connector_id: one.connector_id.clone().into(),
            success: changed.is_ok().into(),
            error: changed
                .as_ref()
                .err()
                .map_or_else(Default::default, |why| why.message.clone().into()),
            data: changed.map_or_else(|_| Tolerant::default(), Into::into),
            ..api::BatchUpdatedItem::default()
        });
    }
    at_once(Json(api::BatchUpdated { results, ..api::BatchUpdated::default() }))
}

fn find(call: &Call<'_, api::Find>) -> Answered<api::Find> {
    let Json(api::Lookup { phone_number }) = &call.request;
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let (id, connector) = agents.lines.number(agent, phone_number.as_str())?;
    at_once(Json(shown(call.platform.account, id, connector)))
}

fn get(call: &Call<'_, api::Get>) -> Answered<api::Get> {
    let id = call.path.connector_id.as_str();
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    at_once(Json(shown(call.platform.account, id, agents.lines.connector(agent, id)?)))
}

fn update(call: &Call<'_, api::Update>) -> Answered<api::Update> {
    let Json(body) = &call.request;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    let id = call.path.connector_id.as_str();
    at_once(Json(change(call, &mut agents, &agent, id, body)?))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let id = call.path.connector_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    let numbers = agents.lines.remove(&agent, id)?;
    at_once(Json(api::DeletedConnector {
        deleted_connector: id.to_owned().into(),
        deleted_phone_numbers: numbers.into(),
        ..api::DeletedConnector::default()
    }))
}

fn change<O: Operation>(
    call: &Call<'_, O>,
    agents: &mut Agents,
    agent: &str,
    id: &str,
    body: &api::UpdateConnector,
) -> Result<api::Connector, Refusal> {
    agents.lines.connector(agent, id)?;
    if let Some(Some(variant)) = &body.variant_id
        && !agents.find(agent)?.main.variants.contains_key(variant)
    {
        return Err(invalid("variantId is not a variant of the agent."));
    }
    let target = match &body.project_id {
        None => None,
        Some(None) => return Err(invalid("A connector must belong to an agent.")),
        Some(Some(project)) => {
            let found = agents.find(project.as_str()).ok().filter(|found| reaches(call, found));
            let text = "projectId is not an agent that this key may change.";
            Some(found.ok_or_else(|| invalid(text))?.id.clone())
        }
    };
    let change = Change {
        variant: body.variant_id.clone(),
        listens: body.asr_lang_code.clone(),
        voice: body.voice_name.clone(),
        agent: target,
    };
    Ok(shown(call.platform.account, id, agents.lines.change(agent, id, change)?))
}

/// Whether the key of a call may be used for an agent besides the one of the path.
fn reaches<O: Operation>(call: &Call<'_, O>, agent: &Agent) -> bool {
    let key = header(call.headers, "x-api-key").unwrap_or_default();
    let keys = &call.platform.keys;
    let mut further = keys.further.iter().filter(|further| further.value.ct_eq(key));
    let chosen = |agents: &[String]| agents.is_empty() || agents.iter().any(|own| agent.is(own));
    keys.workspace.ct_eq(key) || further.any(|further| chosen(&further.agents))
}

fn shown(account: &Account, id: &str, connector: &Connector) -> api::Connector {
    api::Connector {
        connector_id: ConnectorId::parse(id).ok().map_or_else(Default::default, Into::into),
        name: connector.name.clone().into(),
        account_id: account.id.to_owned().into(),
        project_id: connector.agent.clone().into(),
        client_env: Environment::parse(connector.stage.as_str()).into(),
        variant_id: connector.variant.clone().into(),
        asr_lang_code: connector.listens.clone().into(),
        tts_lang_code: connector.speaks().into(),
        voice_name: connector.voice.clone().into(),
        disable_handoff: false.into(),
        ..api::Connector::default()
    }
}

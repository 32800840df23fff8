//! Telephone numbers.

use perch_api::families::agents::numbers as api;
use perch_api::model::{Environment, PhoneNumber};
use perch_api::operation::Json;
use serde_json::json;

use super::at_once;
use crate::account::Account;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::lines::Connector;
use crate::studio::{Stage, invalid};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::ImportMany, import_many)
        .on(api::ImportOne, import_one)
        .on(api::GetMany, get_many)
        .on(api::Get, get)
        .on(api::ReassignOne, reassign)
        .on(api::Delete, delete)
        .on_text(api::DeleteMany, delete_many)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let wanted = call.query.connectorId.as_ref();
    let numbers = agents.lines.numbers(agent);
    let numbers = numbers.filter(|(_, id, _)| wanted.is_none_or(|wanted| wanted.as_str() == *id));
    let phone_numbers =
        numbers.map(|(number, id, to)| shown(call.platform.account, number, id, to)).collect();
    at_once(Json(api::Numbers { phone_numbers, ..api::Numbers::default() }))
}

fn import_many(call: &Call<'_, api::ImportMany>) -> Answered<api::ImportMany> {
    let Json(body) = &call.request;
    let numbers = filled(&body.phone_numbers)?;
    let stage = stage(body.client_env.as_ref())?;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    agents.lines.import(&agent, &numbers, stage, call.platform.id("CONNECTOR"))?;
    let imported: Vec<_> = numbers.into_iter().map(str::to_owned).collect();
    at_once(Json(api::Imported { imported: imported.into(), ..api::Imported::default() }))
}

fn import_one(call: &Call<'_, api::ImportOne>) -> Answered<api::ImportOne> {
    let Json(body) = &call.request;
    let number = call.path.phone_number.as_str();
    let stage = stage(body.client_env.as_ref())?;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    agents.lines.import(&agent, &[number], stage, call.platform.id("CONNECTOR"))?;
    let imported = number.to_owned().into();
    at_once(Json(api::ImportedOne { imported, ..api::ImportedOne::default() }))
}

fn get_many(call: &Call<'_, api::GetMany>) -> Answered<api::GetMany> {
    let numbers = filled(&call.request.0.phone_numbers)?;
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let (mut found, mut not_found) = (Vec::new(), Vec::new());
    for number in numbers {
        match agents.lines.number(agent, number) {
            Ok((id, connector)) => found.push(shown(call.platform.account, number, id, connector)),
            Err(_) => not_found.push(number.to_owned()),
        }
    }
    at_once(Json(api::Found { found, not_found: not_found.into(), ..api::Found::default() }))
}

fn get(call: &Call<'_, api::Get>) -> Answered<api::Get> {
    let number = call.path.phone_number.as_str();
    let agents = lock(&call.platform.agents);
    let agent = &agents.find(call.path.agent_id.as_str())?.id;
    let (id, connector) = agents.lines.number(agent, number)?;
    at_once(Json(shown(call.platform.account, number, id, connector)))
}

fn reassign(call: &Call<'_, api::ReassignOne>) -> Answered<api::ReassignOne> {
    let number = call.path.phone_number.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    agents.lines.reassign(&agent, number, call.request.0.connector_id.as_str())?;
    let (id, connector) = agents.lines.number(&agent, number)?;
    at_once(Json(shown(call.platform.account, number, id, connector)))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let number = call.path.phone_number.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    agents.lines.give_up(&agent, number)?;
    let deleted = number.to_owned().into();
    at_once(Json(api::Deleted { deleted, ..api::Deleted::default() }))
}

/// Written by hand, because `errors` is left out when there are none.
fn delete_many(call: &Call<'_, api::DeleteMany>) -> Result<String, Refusal> {
    let numbers = filled(&call.request.0.phone_numbers)?;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?.id.clone();
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for number in numbers {
        match agents.lines.give_up(&agent, number) {
            Ok(()) => deleted.push(number),
            Err(why) => errors.push(json!({ "phoneNumber": number, "error": why.message })),
        }
    }
    let mut body = json!({ "deleted": deleted });
    if let (Some(fields), false) = (body.as_object_mut(), errors.is_empty()) {
        fields.insert("errors".to_owned(), errors.into());
    }
    Ok(body.to_string())
}

fn filled(numbers: &[PhoneNumber]) -> Result<Vec<&str>, Refusal> {
    if numbers.is_empty() {
        return Err(invalid("phoneNumbers must not be empty."));
    }
    Ok(numbers.iter().map(PhoneNumber::as_str).collect())
}

fn stage(given: Option<&Environment>) -> Result<Stage, Refusal> {
    given.map_or(Ok(Stage::Live), |given| {
        let text = "clientEnv must be sandbox, pre-release or live.";
        Stage::parse(given.as_str()).map_err(|_| invalid(text))
    })
}

fn shown(account: &Account, number: &str, id: &str, connector: &Connector) -> api::Number {
    api::Number {
        number: PhoneNumber::parse(number).ok().map_or_else(Default::default, Into::into),
        project_id: connector.agent.clone().into(),
        account_id: account.id.to_owned().into(),
        client_env: Environment::parse(connector.stage.as_str()).into(),
        connector_id: id.to_owned().into(),
        ..api::Number::default()
    }
}

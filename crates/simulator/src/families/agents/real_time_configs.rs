//! Real-time configuration.

use perch_api::families::agents::real_time_configs as api;
use perch_api::model::{Environment, Timestamp};
use perch_api::operation::{Json, Operation};

use super::at_once;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::Stage;
use crate::studio::config::{Configs, Page};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Get, get)
        .on(api::SetSchema, set_schema)
        .on(api::SetVariables, set_variables)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?;
    let pages = Stage::ALL.into_iter().map(|stage| shown(stage, agent.configs.page(stage)));
    at_once(Json(api::ConfigPages { config_pages: pages.collect(), ..api::ConfigPages::default() }))
}

fn get(call: &Call<'_, api::Get>) -> Answered<api::Get> {
    let stage = Configs::stage(call.path.client_env.as_str())?;
    at_once(Json(shown(stage, page(call, &call.path, stage)?)))
}

fn set_schema(call: &Call<'_, api::SetSchema>) -> Answered<api::SetSchema> {
    let schema = &call.request.0.schema;
    change(call, &call.path, |page| page.with_schema(schema.clone(), call.now_ms))
}

fn set_variables(call: &Call<'_, api::SetVariables>) -> Answered<api::SetVariables> {
    let variables = &call.request.0.variables;
    change(call, &call.path, |page| page.with_variables(variables.clone(), call.now_ms))
}

/// Changes a page; what is refused leaves it as it was.
fn change<O: Operation>(
    call: &Call<'_, O>,
    path: &api::ConfigPath,
    how: impl Fn(Page) -> Result<Page, Refusal>,
) -> Result<(Json<api::ConfigPage>, u64), Refusal> {
    let stage = Configs::stage(path.client_env.as_str())?;
    loop {
        let before = page(call, path, stage)?;
        // A schema may take its time: nobody waits for it but this request.
        let after = how(before.clone())?;
        let mut agents = lock(&call.platform.agents);
        agents.room_for_text()?;
        let configs = &mut agents.find_mut(path.agent_id.as_str())?.configs;
        if configs.page(stage) == before {
            configs.put(stage, after.clone());
            return at_once(Json(shown(stage, after)));
        }
    }
}

fn page<O: Operation>(
    call: &Call<'_, O>,
    path: &api::ConfigPath,
    stage: Stage,
) -> Result<Page, Refusal> {
    let agents = lock(&call.platform.agents);
    Ok(agents.find(path.agent_id.as_str())?.configs.page(stage))
}

fn shown(stage: Stage, page: Page) -> api::ConfigPage {
    let updated = page.updated_ms.map(Timestamp::from_unix_ms);
    api::ConfigPage {
        client_env: Environment::parse(stage.as_str()).into(),
        variables: page.variables.into(),
        schema: page.schema.into(),
        last_updated: updated.map_or_else(Default::default, Into::into),
        ..api::ConfigPage::default()
    }
}

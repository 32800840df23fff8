//! Deployments.

use perch_api::families::agents::deployments as api;
use perch_api::model::{DeploymentId, Environment, Timestamp};
use perch_api::operation::{Json, Operation};

use super::at_once;
use crate::account::Account;
use crate::router::{Answered, Call, Router};
use crate::studio::{Agent, Deployment, Order, Stage};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Active, active)
        .on(api::Publish, publish)
        .on(api::Promote, promote)
        .on(api::Rollback, roll_back)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let stage = Stage::parse(call.query.environment.as_ref().map_or("", Environment::as_str))?;
    let limit = call.query.limit.map_or(usize::MAX, |limit| limit as usize);
    let agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?;
    let deployments =
        agent.deployments.of(stage).take(limit).map(|one| shown(call.platform.account, agent, one));
    let deployments = deployments.collect();
    at_once(Json(api::Deployments { deployments, ..api::Deployments::default() }))
}

fn active(call: &Call<'_, api::Active>) -> Answered<api::Active> {
    let agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?;
    let slot = |stage| {
        let active =
            agent.deployments.active(stage).map(|one| shown(call.platform.account, agent, one));
        active.map_or_else(Default::default, Into::into)
    };
    let slots = api::ActiveSlots {
        sandbox: slot(Stage::Sandbox),
        pre_release: slot(Stage::PreRelease),
        live: slot(Stage::Live),
        ..api::ActiveSlots::default()
    };
    let active_deployments = slots.into();
    at_once(Json(api::ActiveDeployments {
        active_deployments,
        ..api::ActiveDeployments::default()
    }))
}

fn publish(call: &Call<'_, api::Publish>) -> Answered<api::Publish> {
    let Json(body) = &call.request;
    let stage = body.environment.as_ref().map(|given| Stage::parse(given.as_str()));
    let stage = stage.transpose()?.unwrap_or(Stage::Sandbox);
    let order = order(call, body.deployment_message.as_ref());
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let published = agent.deployments.publish((&agent.main, agent.merges), stage, order)?;
    at_once(Json(deployed(call.platform.account, agent, &published)))
}

fn promote(call: &Call<'_, api::Promote>) -> Answered<api::Promote> {
    let Json(body) = &call.request;
    let target = body.target_environment.as_ref().map(|given| Stage::parse(given.as_str()));
    let target = target.transpose()?;
    let order = order(call, body.deployment_message.as_ref());
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let id = call.path.deployment_id.as_str();
    let promoted = agent.deployments.promote(id, target, order)?;
    at_once(Json(deployed(call.platform.account, agent, &promoted)))
}

fn roll_back(call: &Call<'_, api::Rollback>) -> Answered<api::Rollback> {
    let Json(body) = &call.request;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.change(call.path.agent_id.as_str(), call.now_ms)?;
    let id = call.path.deployment_id.as_str();
    let back = agent.deployments.roll_back(id, body.deployment_message.clone())?;
    at_once(Json(deployed(call.platform.account, agent, &back)))
}

fn order<O: Operation>(call: &Call<'_, O>, message: Option<&String>) -> Order {
    let id = call.platform.uuid_v7(call.now_ms);
    Order { id, now_ms: call.now_ms, message: message.cloned() }
}

fn deployed(account: &Account, agent: &Agent, deployment: &Deployment) -> api::Deployed {
    api::Deployed {
        deployment: shown(account, agent, deployment).into(),
        test_run_ids: Vec::new().into(),
        ..api::Deployed::default()
    }
}

fn shown(account: &Account, agent: &Agent, deployment: &Deployment) -> api::Deployment {
    api::Deployment {
        id: DeploymentId::parse(&deployment.id).ok().map_or_else(Default::default, Into::into),
        account_id: account.id.to_owned().into(),
        agent_id: agent.id.clone().into(),
        environment: Environment::parse(deployment.stage.as_str()).into(),
        artifact_version: deployment.artifact.clone().into(),
        version: deployment.version.clone().into(),
        created_by: deployment.created_by.clone().into(),
        created_at: Timestamp::from_unix_ms(deployment.created_ms).into(),
        metadata: deployment.metadata.clone().into(),
        ..api::Deployment::default()
    }
}

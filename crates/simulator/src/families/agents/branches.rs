//! Branches and merging.

use perch_api::families::agents::branches as api;
use perch_api::model::BranchId;
use perch_api::operation::Json;
use serde_json::json;

use super::{at_once, check_name};
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::{self, Order, Resolution, Side, Stage, Unmerged, invalid, merge, no_branch};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Create, create)
        .on(api::Delete, delete)
        .on(api::Merge, merge_branch)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    let agent = agents.find(call.path.agent_id.as_str())?;
    let branches = agent.branches.iter().map(|(id, branch)| {
        let mut shown = api::Branch {
            branch_id: BranchId::parse(id).ok().map_or_else(Default::default, Into::into),
            branch_name: branch.name.clone().into(),
            ..api::Branch::default()
        };
        let created = perch_api::model::Timestamp::from_unix_ms(branch.created_ms);
        shown.extra.insert("createdAt".to_owned(), json!(created));
        shown
    });
    let branches = branches.collect();
    at_once(Json(api::Branches { branches, ..api::Branches::default() }))
}

fn create(call: &Call<'_, api::Create>) -> Answered<api::Create> {
    let Json(body) = &call.request;
    check_name(&body.branch_name)?;
    let id = call.platform.id("BRANCH");
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    agent.branch(id.clone(), body.branch_name.clone(), call.now_ms)?;
    at_once(Json(api::CreatedBranch {
        branch_id: BranchId::parse(&id).ok().map_or_else(Default::default, Into::into),
        sequence_id: agent.next_sequence().into(),
        ..api::CreatedBranch::default()
    }))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let branch = call.path.branch_id.as_str();
    studio::writable(branch)?;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.change(call.path.agent_id.as_str(), call.now_ms)?;
    agent.branches.remove(branch).ok_or_else(no_branch)?;
    at_once(Json(api::DeletedBranch {
        sequence: agent.next_sequence().into(),
        message: "Branch deleted.".to_owned().into(),
        ..api::DeletedBranch::default()
    }))
}

fn merge_branch(call: &Call<'_, api::Merge>) -> Answered<api::Merge> {
    let Json(body) = &call.request;
    studio::writable(call.path.branch_id.as_str())?;
    let resolutions = body.conflict_resolutions.as_deref().unwrap_or_default();
    let resolutions = resolutions.iter().map(resolution).collect::<Result<Vec<_>, _>>()?;
    let order = Order {
        id: call.platform.uuid_v7(call.now_ms),
        now_ms: call.now_ms,
        message: body.deployment_message.clone(),
    };
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let branch = agent.branches.get_mut(call.path.branch_id.as_str()).ok_or_else(no_branch)?;
    let merged = match merge(&branch.base, &agent.main, &branch.draft, &resolutions) {
        Ok(merged) => merged,
        Err(unmerged) => return Err(conflict(&unmerged, &agent.next_sequence())),
    };
    // What becomes of a merged branch is undocumented: here it stays and goes on from `main`.
    branch.base = merged.clone();
    branch.draft = merged.clone();
    agent.main = merged;
    agent.merges += 1;
    agent.deployments.deploy((&agent.main, agent.merges), Stage::Sandbox, order);
    at_once(Json(api::Merged {
        sequence: agent.next_sequence().into(),
        message: "Branch merged and published to sandbox.".to_owned().into(),
        test_run_ids: Vec::new().into(),
        ..api::Merged::default()
    }))
}

fn resolution(given: &api::Resolution) -> Result<Resolution, Refusal> {
    let side = match &given.strategy {
        api::Strategy::Ours => Side::Ours,
        api::Strategy::Theirs => Side::Theirs,
        api::Strategy::Base => Side::Base,
        _ => return Err(invalid("strategy must be ours, theirs or base.")),
    };
    Ok(Resolution { path: given.path.clone(), side, value: given.value.clone() })
}

/// The one body without an envelope in this family.
fn conflict(unmerged: &Unmerged, sequence: &str) -> Refusal {
    let conflicts: Vec<_> = unmerged.conflicts.iter().map(studio::Conflict::to_json).collect();
    let body = json!({
        "hasConflicts": !conflicts.is_empty(),
        "conflicts": conflicts,
        "errors": unmerged.errors,
        "sequence": sequence,
    });
    Refusal::new(400, "", "The branch does not merge.").with_body(body.to_string())
}

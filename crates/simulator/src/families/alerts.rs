//! Alert rules, and which of them are broken.

use perch_api::families::alerts as api;
use perch_api::model::{AlertRuleId, ProjectId, Timestamp, Tolerant};
use perch_api::operation::{Empty, Family, Json};

use super::agents::at_once;
use crate::alerts::Rule;
use crate::fields::Fault;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router, refused};
use crate::studio::invalid;
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::ListRules, list)
        .on(api::CreateOne, create)
        .on(api::GetRule, get)
        .on(api::UpdateOne, update)
        .on(api::DeleteRule, delete)
        .on(api::Active, active)
}

fn list(call: &Call<'_, api::ListRules>) -> Answered<api::ListRules> {
    let api::RulesQuery { enabled, metric, project_id, state } = &call.query;
    if metric.as_ref().is_some_and(|metric| !metric.is_known()) {
        return Err(invalid("metric is none that can be monitored."));
    }
    if state.as_ref().is_some_and(|state| !state.is_known()) {
        return Err(invalid("state must be ok, alert, no_data or unknown."));
    }
    let data = call.platform.alerts.read(|rules| {
        let wanted = rules.iter().filter(|rule| {
            enabled.is_none_or(|enabled| rule.enabled == enabled)
                && metric.as_ref().is_none_or(|metric| rule.metric == *metric)
                && state.as_ref().is_none_or(|state| rule.standing.state == *state)
                && is_about(rule, project_id.as_ref())
        });
        wanted.map(shown).collect()
    });
    at_once(Json(api::Rules { data, ..api::Rules::default() }))
}

fn create(call: &Call<'_, api::CreateOne>) -> Answered<api::CreateOne> {
    let Json(body) = &call.request;
    known(call.platform, body.project_id.as_ref())?;
    let id = fresh(call.platform)?;
    call.platform.alerts.change(|rules| {
        let rule = rules.create(id, body, call.now_ms)?;
        at_once(Json(shown(rule)))
    })
}

fn get(call: &Call<'_, api::GetRule>) -> Answered<api::GetRule> {
    let rule = call.platform.alerts.read(|rules| rules.get(&call.path.rule_id).map(shown))?;
    at_once(Json(rule))
}

fn update(call: &Call<'_, api::UpdateOne>) -> Answered<api::UpdateOne> {
    let Json(body) = &call.request;
    known(call.platform, body.project_id.as_ref())?;
    call.platform.alerts.change(|rules| {
        let rule = rules.update(&call.path.rule_id, body, call.now_ms)?;
        at_once(Json(shown(rule)))
    })
}

fn delete(call: &Call<'_, api::DeleteRule>) -> Answered<api::DeleteRule> {
    call.platform.alerts.change(|rules| rules.delete(&call.path.rule_id))?;
    at_once(Empty)
}

/// Filters that fit nothing list nothing: no other refusal than that of the key is documented here.
fn active(call: &Call<'_, api::Active>) -> Answered<api::Active> {
    let api::AlertsQuery { project_id, metric } = &call.query;
    let data = call.platform.alerts.read(|rules| {
        let broken = rules.iter().filter(|rule| {
            rule.standing.state == api::AlertState::Alert
                && metric.as_ref().is_none_or(|metric| rule.metric == *metric)
                && is_about(rule, project_id.as_ref())
        });
        broken.map(raised).collect()
    });
    at_once(Json(api::ActiveAlerts { data, ..api::ActiveAlerts::default() }))
}

/// An agent that is named must be one of the account's.
fn known(platform: &Platform, project: Option<&Option<ProjectId>>) -> Result<(), Refusal> {
    let Some(Some(project)) = project else { return Ok(()) };
    if lock(&platform.agents).contains(project.as_str()) {
        return Ok(());
    }
    let fault = Fault::new("project_id", "value_error", "Project not found");
    Err(refused(Family::Alerts, vec![fault]))
}

/// Rules over all agents are about each of them.
fn is_about(rule: &Rule, project: Option<&ProjectId>) -> bool {
    let same = |own: &String| project.is_none_or(|id| own.eq_ignore_ascii_case(id.as_str()));
    rule.project.as_ref().is_some_and(same) || project.is_none()
}

fn fresh(platform: &Platform) -> Result<AlertRuleId, Refusal> {
    AlertRuleId::parse(&platform.opaque("ar_"))
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))
}

/// A rule as the platform shows it.
pub(crate) fn shown(rule: &Rule) -> api::Rule {
    let standing = &rule.standing;
    api::Rule {
        id: rule.id.clone().into(),
        name: rule.name.clone().into(),
        project_id: Tolerant(rule.project.clone()),
        metric: rule.metric.clone().into(),
        operator: rule.operator.clone().into(),
        threshold_value: rule.threshold.into(),
        window_duration: rule.window.clone().into(),
        enabled: rule.enabled.into(),
        current_state: standing.state.clone().into(),
        since: Timestamp::from_unix_ms(standing.since_ms).into(),
        last_evaluated_at: Tolerant(standing.evaluated_ms.map(Timestamp::from_unix_ms)),
        current_value: Tolerant(standing.value.and_then(|value| i64::try_from(value).ok())),
        created_at: Timestamp::from_unix_ms(rule.created_ms).into(),
        updated_at: Timestamp::from_unix_ms(rule.updated_ms).into(),
        ..api::Rule::default()
    }
}

fn raised(rule: &Rule) -> api::ActiveAlert {
    let standing = &rule.standing;
    api::ActiveAlert {
        alert_rule_id: rule.id.clone().into(),
        name: rule.name.clone().into(),
        project_id: Tolerant(rule.project.clone()),
        metric: rule.metric.clone().into(),
        operator: rule.operator.clone().into(),
        threshold_value: rule.threshold.into(),
        window_duration: rule.window.clone().into(),
        since: Timestamp::from_unix_ms(standing.since_ms).into(),
        last_evaluated_at: Tolerant(standing.evaluated_ms.map(Timestamp::from_unix_ms)),
        current_value: Tolerant(standing.value.and_then(|value| i64::try_from(value).ok())),
        ..api::ActiveAlert::default()
    }
}

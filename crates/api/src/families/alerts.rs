//! Alerts: rules over what agents do, and which of them are broken now.
//!
//! Source: <https://docs.poly.ai/api-reference/alerts/introduction>. Speaks `snake_case`. The account is
//! the key's own; no path names it. At most [`MAX_RULES`] rules.

use serde::{Deserialize, Serialize};

use crate::model::{AlertRuleId, ProjectId, Timestamp, Tolerant, nullable};
use crate::operation::limit::{
    Limit,
    Rule::{Range, Words},
    body, query,
};
use crate::operation::{Empty, Json, Nothing};

/// Most rules of one account; one more gives 409.
pub const MAX_RULES: usize = 10;

crate::path_params! {
    /// A rule.
    RulePath {
        /// The rule.
        rule_id as "rule_id": AlertRuleId,
    }
}

crate::query_params! {
    /// Which rules are listed.
    RulesQuery {
        /// Only those that are switched on, or off.
        enabled: Option<bool>,
        /// Only those over this metric.
        metric: Option<AlertMetric>,
        /// Only those over this agent.
        project_id: Option<ProjectId>,
        /// Only those in this state.
        state: Option<AlertState>,
    }
}

crate::query_params! {
    /// Which alerts are listed.
    AlertsQuery {
        /// Only those over this agent.
        project_id: Option<ProjectId>,
        /// Only those over this metric.
        metric: Option<AlertMetric>,
    }
}

crate::open_enum! {
    /// What a rule looks at. Counts are absolute numbers within the window, not rates.
    AlertMetric {
        /// Milliseconds half of the turns took less than.
        LatencyMedian = "turn_latency_p50",
        /// Milliseconds 95 in 100 turns took less than.
        LatencyHigh = "turn_latency_p95",
        /// Calls to other systems that failed.
        ApiErrors = "api_errors",
        /// Functions that failed.
        FunctionErrors = "function_errors",
        /// Calls that broke down.
        CallCrashes = "call_crashes",
        /// Calls.
        CallVolume = "call_volume",
    }

    /// How a value is compared with the threshold.
    AlertOperator {
        /// More.
        Above = ">",
        /// Less.
        Below = "<",
        /// As much or more.
        AtLeast = ">=",
        /// As much or less.
        AtMost = "<=",
    }

    /// How a rule stands.
    AlertState {
        /// All is well.
        Ok = "ok",
        /// The rule is broken.
        Alert = "alert",
        /// Nothing to look at.
        NoData = "no_data",
        /// Not looked at yet.
        NotYet = "unknown",
    }

    /// How far back a rule looks.
    AlertWindow {
        /// Five minutes.
        Five = "5m",
        /// Ten minutes.
        Ten = "10m",
        /// An hour.
        Sixty = "60m",
    }
}

crate::answers! {
    /// Every rule.
    Rules {
        /// In no documented order.
        data: Vec<Rule>,
    }

    /// A rule and how it stands.
    Rule {
        /// Names the rule.
        id: Tolerant<AlertRuleId>,
        /// What people call it.
        name: Tolerant<String>,
        /// The agent it is about; nothing when about all.
        project_id: Tolerant<String>,
        /// What it looks at.
        metric: Tolerant<AlertMetric>,
        /// How it compares.
        operator: Tolerant<AlertOperator>,
        /// What it compares with.
        threshold_value: Tolerant<u64>,
        /// How far back it looks.
        window_duration: Tolerant<AlertWindow>,
        /// Whether it is switched on.
        enabled: Tolerant<bool>,
        /// How it stands.
        current_state: Tolerant<AlertState>,
        /// Since when.
        since: Tolerant<Timestamp>,
        /// When it was last looked at.
        last_evaluated_at: Tolerant<Timestamp>,
        /// What was found then.
        current_value: Tolerant<i64>,
        /// When it was made.
        created_at: Tolerant<Timestamp>,
        /// When it was last changed.
        updated_at: Tolerant<Timestamp>,
    }
}

/// A new rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateRule {
    /// What people call it.
    pub name: String,
    /// The agent it is about; null or absent for all.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub project_id: Option<Option<ProjectId>>,
    /// What it looks at.
    pub metric: AlertMetric,
    /// How it compares.
    pub operator: AlertOperator,
    /// What it compares with.
    pub threshold_value: u64,
    /// How far back it looks.
    pub window_duration: AlertWindow,
    /// On when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// What changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateRule {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The agent it is about; null for all.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub project_id: Option<Option<ProjectId>>,
    /// What it looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<AlertMetric>,
    /// How it compares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<AlertOperator>,
    /// What it compares with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_value: Option<u64>,
    /// How far back it looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_duration: Option<AlertWindow>,
    /// On or off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

crate::answers! {
    /// Every rule that is broken now.
    ActiveAlerts {
        /// In no documented order.
        data: Vec<ActiveAlert>,
    }

    /// A rule that is broken now.
    ActiveAlert {
        /// Names the rule.
        alert_rule_id: Tolerant<AlertRuleId>,
        /// What people call it.
        name: Tolerant<String>,
        /// The agent it is about; nothing when about all.
        project_id: Tolerant<String>,
        /// What it looks at.
        metric: Tolerant<AlertMetric>,
        /// How it compares.
        operator: Tolerant<AlertOperator>,
        /// What it compares with.
        threshold_value: Tolerant<u64>,
        /// How far back it looks.
        window_duration: Tolerant<AlertWindow>,
        /// Since when it is broken.
        since: Tolerant<Timestamp>,
        /// When it was last looked at.
        last_evaluated_at: Tolerant<Timestamp>,
        /// What was found then.
        current_value: Tolerant<i64>,
    }
}

/// What rules are made of.
const RULE: [Limit; 4] = [
    body("metric", Words(AlertMetric::KNOWN)),
    body("operator", Words(AlertOperator::KNOWN)),
    body("threshold_value", Range(0, i64::MAX)),
    body("window_duration", Words(AlertWindow::KNOWN)),
];

crate::operations! { OPERATIONS, Alerts, "https://docs.poly.ai/api-reference/alerts/introduction";
    /// Lists the rules.
    ListRules { Get Build "/v1/alert-rules", "alerts.rules.list",
        Workspace, Safe, Read, Viewer, 200,
        path: Nothing, query: RulesQuery, request: Empty, response: Json<Rules>,
        limits: [query("metric", Words(AlertMetric::KNOWN)), query("state", Words(AlertState::KNOWN))] }
    /// Makes a rule. Status 502 means that the monitoring behind it lags: try again.
    CreateOne { Post Build "/v1/alert-rules", "alerts.rules.create",
        Workspace, Refused, Write, Operator, 201,
        path: Nothing, query: Nothing, request: Json<CreateRule>, response: Json<Rule>,
        limits: RULE }
    /// Reads a rule.
    GetRule { Get Build "/v1/alert-rules/{rule_id}", "alerts.rules.get",
        Workspace, Safe, Read, Viewer, 200,
        path: RulePath, query: Nothing, request: Empty, response: Json<Rule> }
    /// Changes a rule.
    UpdateOne { Patch Build "/v1/alert-rules/{rule_id}", "alerts.rules.update",
        Workspace, Safe, Write, Operator, 200,
        path: RulePath, query: Nothing, request: Json<UpdateRule>, response: Json<Rule>,
        limits: RULE }
    /// Deletes a rule.
    DeleteRule { Delete Build "/v1/alert-rules/{rule_id}", "alerts.rules.delete",
        Workspace, Safe, Destructive, Operator, 204,
        path: RulePath, query: Nothing, request: Empty, response: Empty }
    /// Lists the rules that are broken now.
    Active { Get Build "/v1/alerts", "alerts.active",
        Workspace, Safe, Read, Viewer, 200,
        path: Nothing, query: AlertsQuery, request: Empty, response: Json<ActiveAlerts>,
        limits: [query("metric", Words(AlertMetric::KNOWN))] }
}

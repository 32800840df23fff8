//! Deployments: which version of an agent runs where, and how it gets there.
//!
//! Each promotion makes a new deployment with a new id: the next promotion needs that one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::AgentPath;
use crate::model::{DeploymentId, Environment, Extra, ProjectId, Timestamp, Tolerant, rows};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A deployment of an agent.
    DeploymentPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The deployment.
        deployment_id as "deploymentId": DeploymentId,
    }
}

crate::query_params! {
    /// Which deployments are listed.
    ListQuery [environment] {
        /// Where they ran; the platform insists on it.
        environment: Option<Environment>,
        /// How many; the limits are undocumented, and there is no next page.
        limit: Option<u32>,
    }
}

/// Deployments of one environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deployments {
    /// The newest first.
    #[serde(deserialize_with = "rows")]
    pub deployments: Vec<Deployment>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An agent version in an environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Deployment {
    /// Names the deployment.
    pub id: Tolerant<DeploymentId>,
    /// The workspace, in either form.
    pub account_id: Tolerant<String>,
    /// The agent, in either form.
    pub agent_id: Tolerant<String>,
    /// Where it runs.
    pub environment: Tolerant<Environment>,
    /// What was built.
    pub artifact_version: Tolerant<String>,
    /// The same for one version in every environment.
    pub version: Tolerant<String>,
    /// An e-mail address.
    pub created_by: Tolerant<String>,
    /// When it came there.
    pub created_at: Tolerant<Timestamp>,
    /// For example `deployment_message`.
    pub metadata: Tolerant<Map<String, Value>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What runs now.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ActiveDeployments {
    /// One slot per environment.
    pub active_deployments: Tolerant<ActiveSlots>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What runs in each environment; nothing where nothing was deployed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActiveSlots {
    /// In the sandbox.
    pub sandbox: Tolerant<Deployment>,
    /// Before live.
    #[serde(rename = "pre-release")]
    pub pre_release: Tolerant<Deployment>,
    /// What customers talk to.
    pub live: Tolerant<Deployment>,
    /// Environments this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What is published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishBody {
    /// Kept with the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_message: Option<String>,
    /// Where to; the sandbox when absent. A field of the body, whatever the error catalogue says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

/// Where a deployment goes next.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromoteBody {
    /// Kept with the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_message: Option<String>,
    /// Pre-release or live, later than the present one; the next one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_environment: Option<Environment>,
}

/// Why a deployment comes back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RollbackBody {
    /// Kept with the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_message: Option<String>,
}

/// What came of publishing, promoting or rolling back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Deployed {
    /// The new deployment, with a new id.
    pub deployment: Tolerant<Deployment>,
    /// Test runs it started.
    pub test_run_ids: Tolerant<Vec<String>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Deployed {
    /// Whether nothing happened because the environment has this version already.
    ///
    /// The platform says so with status 200 and an error's body; it is a success.
    pub fn was_there_already(&self) -> bool {
        self.extra.get("error_code").and_then(Value::as_str)
            == Some("DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED")
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the deployments of one environment, the newest first.
    List { Get Build "/v1/agents/{agentId}/deployments", "agents.deployments.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: ListQuery, request: Empty, response: Json<Deployments> }
    /// What runs in each environment now.
    Active { Get Build "/v1/agents/{agentId}/deployments/active", "agents.deployments.active",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<ActiveDeployments> }
    /// Publishes `main` to an environment; needless right after a merge (409).
    Publish { Post Build "/v1/agents/{agentId}/deployments/publish", "agents.deployments.publish",
        Workspace, Refused, Write, Publisher, 201,
        path: AgentPath, query: Nothing, request: Json<PublishBody>, response: Json<Deployed> }
    /// Brings a deployment into a later environment; live is what customers talk to.
    Promote { Post Build "/v1/agents/{agentId}/deployments/{deploymentId}/promote", "agents.deployments.promote",
        Workspace, Refused, Write, Publisher, 200,
        path: DeploymentPath, query: Nothing, request: Json<PromoteBody>, response: Json<Deployed> }
    /// Makes an earlier deployment the active one again, at once.
    Rollback { Post Build "/v1/agents/{agentId}/deployments/{deploymentId}/rollback", "agents.deployments.rollback",
        Workspace, Refused, Write, Publisher, 200,
        path: DeploymentPath, query: Nothing, request: Json<RollbackBody>, response: Json<Deployed> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_slots_are_empty() {
        let active: ActiveDeployments = serde_json::from_str(
            r#"{"activeDeployments":{"sandbox":{"id":"0192f0c4","environment":"sandbox"},"pre-release":null,"live":null,"canary":{"id":"x"}}}"#,
        )
        .unwrap();
        let slots = active.active_deployments.0.unwrap();
        assert!(slots.sandbox.0.is_some() && slots.pre_release.is_none() && slots.live.is_none());
        assert_eq!(slots.extra["canary"]["id"], "x");
    }

    #[test]
    fn the_error_with_status_200_is_a_success() {
        let reply: Deployed = serde_json::from_str(
            r#"{"success":false,"error_code":"DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED","data":null}"#,
        )
        .unwrap();
        assert!(reply.was_there_already());
        assert!(!Deployed::default().was_there_already());
    }
}

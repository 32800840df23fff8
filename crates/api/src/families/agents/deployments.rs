//! Deployments: which version of an agent runs where, and how it gets there.
//!
//! Each promotion makes a new deployment with a new id: the next promotion needs that one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::AgentPath;
use crate::model::{DeploymentId, Environment, ProjectId, Timestamp, Tolerant};
use crate::operation::limit::{Rule::Words, body, query};
use crate::operation::{Empty, Json, Nothing};
use crate::stream::Listed;

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

crate::answers! {
    /// Deployments of one environment.
    Deployments {
        /// The newest first.
        deployments: Vec<Deployment>,
    }

    /// An agent version in an environment.
    Deployment {
        /// Names the deployment.
        id: Tolerant<DeploymentId>,
        /// The workspace, in either form.
        account_id as "accountId": Tolerant<String>,
        /// The agent, in either form.
        agent_id as "agentId": Tolerant<String>,
        /// Where it runs.
        environment: Tolerant<Environment>,
        /// What was built.
        artifact_version as "artifactVersion": Tolerant<String>,
        /// The same for one version in every environment.
        version: Tolerant<String>,
        /// An e-mail address.
        created_by as "createdBy": Tolerant<String>,
        /// When it came there.
        created_at as "createdAt": Tolerant<Timestamp>,
        /// For example `deployment_message`.
        metadata: Tolerant<Map<String, Value>>,
    }

    /// What runs now.
    ActiveDeployments {
        /// One slot per environment.
        active_deployments as "activeDeployments": Tolerant<ActiveSlots>,
    }

    /// What runs in each environment; nothing where nothing was deployed.
    ActiveSlots {
        /// In the sandbox.
        sandbox: Tolerant<Deployment>,
        /// Before live.
        pre_release as "pre-release": Tolerant<Deployment>,
        /// What customers talk to.
        live: Tolerant<Deployment>,
    }
}

/// What is published.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RollbackBody {
    /// Kept with the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_message: Option<String>,
}

crate::answers! {
    /// What came of publishing, promoting or rolling back.
    Deployed {
        /// The new deployment, with a new id.
        deployment: Tolerant<Deployment>,
        /// Test runs it started.
        test_run_ids as "testRunIds": Tolerant<Vec<String>>,
    }
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
        path: AgentPath, query: ListQuery, request: Empty, response: Json<Deployments>,
        limits: [query("environment", Words(Environment::KNOWN))] }
    /// What runs in each environment now.
    Active { Get Build "/v1/agents/{agentId}/deployments/active", "agents.deployments.active",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<ActiveDeployments> }
    /// Publishes `main` to an environment; needless right after a merge (409).
    Publish { Post Build "/v1/agents/{agentId}/deployments/publish", "agents.deployments.publish",
        Workspace, Refused, Write, Publisher, 201,
        path: AgentPath, query: Nothing, request: Json<PublishBody>, response: Json<Deployed>,
        limits: [body("environment", Words(Environment::KNOWN))] }
    /// Brings a deployment into a later environment; live is what customers talk to.
    Promote { Post Build "/v1/agents/{agentId}/deployments/{deploymentId}/promote", "agents.deployments.promote",
        Workspace, Refused, Write, Publisher, 200,
        path: DeploymentPath, query: Nothing, request: Json<PromoteBody>, response: Json<Deployed>,
        limits: [body("targetEnvironment", Words(&["pre-release", "live"]))] }
    /// Makes an earlier deployment the active one again, at once.
    Rollback { Post Build "/v1/agents/{agentId}/deployments/{deploymentId}/rollback", "agents.deployments.rollback",
        Workspace, Refused, Write, Publisher, 200,
        path: DeploymentPath, query: Nothing, request: Json<RollbackBody>, response: Json<Deployed> }
}

impl Listed for List {
    const LIST: Option<&'static str> = Some("deployments");
    type Row = Deployment;
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

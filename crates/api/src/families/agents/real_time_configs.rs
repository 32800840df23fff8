//! Real-time configuration: variables that agents read as they run, one page per environment.
//!
//! Changes act at once, live included. Promotion does not carry them along.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::AgentPath;
use crate::model::{Environment, ProjectId, Timestamp, Tolerant};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// The configuration of one environment.
    ConfigPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The environment.
        client_env as "clientEnv": Environment,
    }
}

crate::answers! {
    /// The configuration of every environment.
    ConfigPages {
        /// One per environment.
        config_pages as "configPages": Vec<ConfigPage>,
    }

    /// The configuration of one environment.
    ConfigPage {
        /// Where it acts.
        client_env as "clientEnv": Tolerant<Environment>,
        /// What agents read.
        variables: Tolerant<Map<String, Value>>,
        /// What the variables must look like: JSON Schema, draft 7.
        schema: Tolerant<Map<String, Value>>,
        /// When either changed.
        last_updated as "lastUpdated": Tolerant<Timestamp>,
    }
}

/// A new schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutSchema {
    /// JSON Schema, draft 7.
    pub schema: Map<String, Value>,
}

/// New values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatchVariables {
    /// Merged at the top level only: an object inside replaces the whole one before.
    pub variables: Map<String, Value>,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Reads the configuration of every environment.
    List { Get Build "/v1/agents/{agentId}/real-time-configs", "agents.rtc.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<ConfigPages> }
    /// Reads the configuration of one environment.
    Get { Get Build "/v1/agents/{agentId}/real-time-configs/{clientEnv}", "agents.rtc.get",
        Workspace, Safe, Read, Viewer, 200,
        path: ConfigPath, query: Nothing, request: Empty, response: Json<ConfigPage> }
    /// Replaces the schema of one environment.
    SetSchema { Put Build "/v1/agents/{agentId}/real-time-configs/{clientEnv}/schema", "agents.rtc.schema.put",
        Workspace, Safe, Write, Publisher, 200,
        path: ConfigPath, query: Nothing, request: Json<PutSchema>, response: Json<ConfigPage> }
    /// Changes variables of one environment, with effect on the next turn.
    SetVariables { Patch Build "/v1/agents/{agentId}/real-time-configs/{clientEnv}/variables", "agents.rtc.variables.patch",
        Workspace, Safe, Write, Publisher, 200,
        path: ConfigPath, query: Nothing, request: Json<PatchVariables>, response: Json<ConfigPage> }
}

//! Connectors: what a telephone number leads to, that is voice, language, variant and environment.
//!
//! Several numbers may share one connector.

use serde::{Deserialize, Serialize};

use super::AgentPath;
use crate::model::{
    ConnectorId, Environment, Extra, PhoneNumber, ProjectId, Tolerant, nullable, rows,
};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A connector of an agent.
    ConnectorPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The connector.
        connector_id as "connectorId": ConnectorId,
    }
}

/// The connectors of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Connectors {
    /// In no documented order.
    #[serde(deserialize_with = "rows")]
    pub connectors: Vec<Connector>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A connector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Connector {
    /// Names the connector.
    pub connector_id: Tolerant<ConnectorId>,
    /// What people call it.
    pub name: Tolerant<String>,
    /// The workspace, in either form.
    pub account_id: Tolerant<String>,
    /// The agent, in either form.
    pub project_id: Tolerant<String>,
    /// Which version of the agent answers.
    pub client_env: Tolerant<Environment>,
    /// The variant that answers; empty when none is chosen.
    pub variant_id: Tolerant<String>,
    /// Language to listen in, BCP 47.
    pub asr_lang_code: Tolerant<String>,
    /// Language to speak in; follows the voice.
    pub tts_lang_code: Tolerant<String>,
    /// The voice.
    pub voice_name: Tolerant<String>,
    /// Whether calls stay with the agent.
    pub disable_handoff: Tolerant<bool>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which connectors to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchGet {
    /// At least one.
    pub connector_ids: Vec<ConnectorId>,
}

/// The connectors asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Found {
    /// Those there are.
    #[serde(deserialize_with = "rows")]
    pub found: Vec<Connector>,
    /// Ids without a connector.
    pub not_found: Tolerant<Vec<String>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Changes to several connectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchUpdate {
    /// At least one.
    pub updates: Vec<BatchUpdateItem>,
}

/// Changes to one connector: absent fields stay, null clears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchUpdateItem {
    /// Which one.
    pub connector_id: ConnectorId,
    /// The variant that answers.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<Option<String>>,
    /// Language to listen in, BCP 47.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub asr_lang_code: Option<Option<String>>,
    /// The voice; the platform tries it out, and it fixes the language spoken.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub voice_name: Option<Option<String>>,
    /// Moves it to another agent; the key must reach both.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Option<ProjectId>>,
}

/// What became of each change. The status is 200 even when all failed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchUpdated {
    /// One per change.
    #[serde(deserialize_with = "rows")]
    pub results: Vec<BatchUpdatedItem>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What became of one change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BatchUpdatedItem {
    /// Which connector.
    pub connector_id: Tolerant<ConnectorId>,
    /// Whether it was changed.
    pub success: Tolerant<bool>,
    /// The connector as it is now.
    pub data: Tolerant<Connector>,
    /// Why it was not.
    pub error: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which number's connector to find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lookup {
    /// The number.
    pub phone_number: PhoneNumber,
}

/// Changes to a connector: absent fields stay, null clears.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateConnector {
    /// The variant that answers.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<Option<String>>,
    /// Language to listen in, BCP 47.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub asr_lang_code: Option<Option<String>>,
    /// The voice; the platform tries it out, and it fixes the language spoken.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub voice_name: Option<Option<String>>,
    /// Moves it to another agent; the key must reach both.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Option<ProjectId>>,
}

/// What deleting a connector did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DeletedConnector {
    /// The connector.
    pub deleted_connector: Tolerant<String>,
    /// The numbers that led to it and lead nowhere now.
    pub deleted_phone_numbers: Tolerant<Vec<String>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the connectors of an agent.
    List { Get Build "/v1/agents/{agentId}/telephony/connectors", "agents.connectors.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<Connectors> }
    /// Reads several connectors; a read, although the method is POST.
    GetMany { Post Build "/v1/agents/{agentId}/telephony/connectors/batch", "agents.connectors.batch_get",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Json<BatchGet>, response: Json<Found> }
    /// Changes several connectors; each succeeds or fails alone.
    UpdateMany { Patch Build "/v1/agents/{agentId}/telephony/connectors/batch", "agents.connectors.batch_update",
        Workspace, Safe, Write, Publisher, 200,
        path: AgentPath, query: Nothing, request: Json<BatchUpdate>, response: Json<BatchUpdated> }
    /// Finds the connector of a number; a read, although the method is POST.
    Find { Post Build "/v1/agents/{agentId}/telephony/connectors/lookup", "agents.connectors.lookup",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Json<Lookup>, response: Json<Connector> }
    /// Reads a connector.
    Get { Get Build "/v1/agents/{agentId}/telephony/connectors/{connectorId}", "agents.connectors.get",
        Workspace, Safe, Read, Viewer, 200,
        path: ConnectorPath, query: Nothing, request: Empty, response: Json<Connector> }
    /// Deletes a connector and releases its numbers.
    Delete { Delete Build "/v1/agents/{agentId}/telephony/connectors/{connectorId}", "agents.connectors.delete",
        Workspace, Refused, Destructive, Publisher, 200,
        path: ConnectorPath, query: Nothing, request: Empty, response: Json<DeletedConnector> }
    /// Changes a connector; calls that come next notice.
    Update { Patch Build "/v1/agents/{agentId}/telephony/connectors/{connectorId}", "agents.connectors.update",
        Workspace, Safe, Write, Publisher, 200,
        path: ConnectorPath, query: Nothing, request: Json<UpdateConnector>, response: Json<Connector> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_null_and_a_value_are_three_requests() {
        for json in ["{}", r#"{"variantId":null}"#, r#"{"variantId":"VARIANT-1"}"#] {
            let body: UpdateConnector = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&body).unwrap(), json);
        }
    }
}

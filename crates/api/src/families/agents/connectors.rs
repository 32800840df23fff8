//! Connectors: what a telephone number leads to, that is voice, language, variant and environment.
//!
//! Several numbers may share one connector.

use serde::{Deserialize, Serialize};

use super::AgentPath;
use crate::model::{ConnectorId, Environment, PhoneNumber, ProjectId, Tolerant, nullable};
use crate::operation::limit::{
    Rule::{Items, Needed, Phone},
    body,
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

crate::answers! {
    /// The connectors of an agent.
    Connectors {
        /// In no documented order.
        connectors: Vec<Connector>,
    }

    /// A connector.
    Connector {
        /// Names the connector.
        connector_id as "connectorId": Tolerant<ConnectorId>,
        /// What people call it.
        name: Tolerant<String>,
        /// The workspace, in either form.
        account_id as "accountId": Tolerant<String>,
        /// The agent, in either form.
        project_id as "projectId": Tolerant<String>,
        /// Which version of the agent answers.
        client_env as "clientEnv": Tolerant<Environment>,
        /// The variant that answers; empty when none is chosen.
        variant_id as "variantId": Tolerant<String>,
        /// Language to listen in, BCP 47.
        asr_lang_code as "asrLangCode": Tolerant<String>,
        /// Language to speak in; follows the voice.
        tts_lang_code as "ttsLangCode": Tolerant<String>,
        /// The voice.
        voice_name as "voiceName": Tolerant<String>,
        /// Whether calls stay with the agent.
        disable_handoff as "disableHandoff": Tolerant<bool>,
    }
}

/// Which connectors to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BatchGet {
    /// At least one.
    pub connector_ids: Vec<ConnectorId>,
}

crate::answers! {
    /// The connectors asked for.
    Found {
        /// Those there are.
        found: Vec<Connector>,
        /// Ids without a connector.
        not_found as "notFound": Tolerant<Vec<String>>,
    }
}

/// Changes to several connectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchUpdate {
    /// At least one.
    pub updates: Vec<BatchUpdateItem>,
}

/// Changes to one connector: absent fields stay, null clears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BatchUpdateItem {
    /// Which one.
    pub connector_id: ConnectorId,
    /// The variant that answers.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub variant_id: Option<Option<String>>,
    /// Language to listen in, BCP 47.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub asr_lang_code: Option<Option<String>>,
    /// The voice; the platform tries it out, and it fixes the language spoken.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub voice_name: Option<Option<String>>,
    /// Moves it to another agent; the key must reach both.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub project_id: Option<Option<ProjectId>>,
}

crate::answers! {
    /// What became of each change. The status is 200 even when all failed.
    BatchUpdated {
        /// One per change.
        results: Vec<BatchUpdatedItem>,
    }

    /// What became of one change.
    BatchUpdatedItem {
        /// Which connector.
        connector_id as "connectorId": Tolerant<ConnectorId>,
        /// Whether it was changed.
        success: Tolerant<bool>,
        /// The connector as it is now.
        data: Tolerant<Connector>,
        /// Why it was not.
        error: Tolerant<String>,
    }
}

/// Which number's connector to find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lookup {
    /// The number.
    pub phone_number: PhoneNumber,
}

/// Changes to a connector: absent fields stay, null clears.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateConnector {
    /// The variant that answers.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub variant_id: Option<Option<String>>,
    /// Language to listen in, BCP 47.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub asr_lang_code: Option<Option<String>>,
    /// The voice; the platform tries it out, and it fixes the language spoken.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub voice_name: Option<Option<String>>,
    /// Moves it to another agent; the key must reach both.
    #[serde(default, deserialize_with = "nullable", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-nullable" = true)))]
    pub project_id: Option<Option<ProjectId>>,
}

crate::answers! {
    /// What deleting a connector did.
    DeletedConnector {
        /// The connector.
        deleted_connector as "deletedConnector": Tolerant<String>,
        /// The numbers that led to it and lead nowhere now.
        deleted_phone_numbers as "deletedPhoneNumbers": Tolerant<Vec<String>>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the connectors of an agent.
    List { Get Build "/v1/agents/{agentId}/telephony/connectors", "agents.connectors.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<Connectors> }
    /// Reads several connectors; a read, although the method is POST.
    GetMany { Post Build "/v1/agents/{agentId}/telephony/connectors/batch", "agents.connectors.batch_get",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Json<BatchGet>, response: Json<Found>,
        limits: [body("connectorIds", Items(1, usize::MAX))] }
    /// Changes several connectors; each succeeds or fails alone.
    UpdateMany { Patch Build "/v1/agents/{agentId}/telephony/connectors/batch", "agents.connectors.batch_update",
        Workspace, Safe, Write, Publisher, 200,
        path: AgentPath, query: Nothing, request: Json<BatchUpdate>, response: Json<BatchUpdated>,
        limits: [body("updates", Items(1, usize::MAX)), body("updates[].connectorId", Needed)] }
    /// Finds the connector of a number; a read, although the method is POST.
    Find { Post Build "/v1/agents/{agentId}/telephony/connectors/lookup", "agents.connectors.lookup",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Json<Lookup>, response: Json<Connector>,
        limits: [body("phoneNumber", Phone)] }
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

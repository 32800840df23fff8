//! Telephone numbers of an agent, and the connectors they lead to.

use serde::{Deserialize, Serialize};

use super::AgentPath;
use crate::model::{ConnectorId, Environment, PhoneNumber, ProjectId, Tolerant};
use crate::operation::limit::{
    Rule::{Items, Phone, Words},
    body,
};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A number of an agent.
    NumberPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The number, with its plus.
        phone_number as "phoneNumber": PhoneNumber,
    }
}

crate::query_params! {
    /// Which numbers are listed.
    ListQuery {
        /// Only those that lead to this connector.
        connectorId: Option<ConnectorId>,
    }
}

crate::answers! {
    /// The numbers of an agent.
    Numbers {
        /// In no documented order.
        phone_numbers as "phoneNumbers": Vec<Number>,
    }

    /// A number.
    Number {
        /// The number.
        number: Tolerant<PhoneNumber>,
        /// The agent, in either form.
        project_id as "projectId": Tolerant<String>,
        /// The workspace, in either form.
        account_id as "accountId": Tolerant<String>,
        /// Which version of the agent answers.
        client_env as "clientEnv": Tolerant<Environment>,
        /// Where it leads to; absent or empty when nowhere.
        connector_id as "connectorId": Tolerant<String>,
    }
}

/// Numbers to take over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// At least one.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Which version of the agent answers; live when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_env: Option<Environment>,
}

crate::answers! {
    /// Numbers taken over.
    Imported {
        /// All of them.
        imported: Tolerant<Vec<String>>,
    }
}

/// How a number is taken over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportOneBody {
    /// Which version of the agent answers; live when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_env: Option<Environment>,
}

crate::answers! {
    /// The number taken over.
    ImportedOne {
        /// The number.
        imported: Tolerant<String>,
    }
}

/// Which numbers are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NumberList {
    /// At least one.
    pub phone_numbers: Vec<PhoneNumber>,
}

crate::answers! {
    /// The numbers asked for.
    Found {
        /// Those there are.
        found: Vec<Number>,
        /// Those there are not.
        not_found as "notFound": Tolerant<Vec<String>>,
    }

    /// What became of each number. The status is 200 even when all failed.
    DeletedMany {
        /// Numbers that are gone.
        deleted: Tolerant<Vec<String>>,
        /// Numbers that are not; absent when all are.
        errors: Vec<NumberError>,
    }

    /// Why a number stayed.
    NumberError {
        /// The number.
        phone_number as "phoneNumber": Tolerant<String>,
        /// In words.
        error: Tolerant<String>,
    }

    /// The number that is gone.
    Deleted {
        /// The number.
        deleted: Tolerant<String>,
    }
}

/// Where a number is to lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Reassign {
    /// A connector of the same agent.
    pub connector_id: ConnectorId,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the numbers of an agent.
    List { Get Build "/v1/agents/{agentId}/telephony/phone-numbers", "agents.numbers.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: ListQuery, request: Empty, response: Json<Numbers> }
    /// Takes several numbers over.
    ImportMany { Post Build "/v1/agents/{agentId}/telephony/phone-numbers", "agents.numbers.import",
        Workspace, Refused, Write, Publisher, 201,
        path: AgentPath, query: Nothing, request: Json<Import>, response: Json<Imported>,
        limits: [
            body("phoneNumbers", Items(1, usize::MAX)),
            body("phoneNumbers[]", Phone),
            body("clientEnv", Words(Environment::KNOWN)),
        ] }
    /// Gives several numbers up; a DELETE with a body.
    DeleteMany { Delete Build "/v1/agents/{agentId}/telephony/phone-numbers", "agents.numbers.batch_delete",
        Workspace, Refused, Destructive, Publisher, 200,
        path: AgentPath, query: Nothing, request: Json<NumberList>, response: Json<DeletedMany>,
        limits: [body("phoneNumbers", Items(1, usize::MAX)), body("phoneNumbers[]", Phone)] }
    /// Reads several numbers; a read, although the method is POST.
    GetMany { Post Build "/v1/agents/{agentId}/telephony/phone-numbers/batch", "agents.numbers.batch_get",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Json<NumberList>, response: Json<Found>,
        limits: [body("phoneNumbers", Items(1, usize::MAX)), body("phoneNumbers[]", Phone)] }
    /// Reads a number.
    Get { Get Build "/v1/agents/{agentId}/telephony/phone-numbers/{phoneNumber}", "agents.numbers.get",
        Workspace, Safe, Read, Viewer, 200,
        path: NumberPath, query: Nothing, request: Empty, response: Json<Number> }
    /// Takes a number over.
    ImportOne { Post Build "/v1/agents/{agentId}/telephony/phone-numbers/{phoneNumber}", "agents.numbers.import_one",
        Workspace, Refused, Write, Publisher, 201,
        path: NumberPath, query: Nothing, request: Json<ImportOneBody>, response: Json<ImportedOne>,
        limits: [body("clientEnv", Words(Environment::KNOWN))] }
    /// Gives a number up.
    Delete { Delete Build "/v1/agents/{agentId}/telephony/phone-numbers/{phoneNumber}", "agents.numbers.delete",
        Workspace, Refused, Destructive, Publisher, 200,
        path: NumberPath, query: Nothing, request: Empty, response: Json<Deleted> }
    /// Makes a number lead to another connector.
    ReassignOne { Patch Build "/v1/agents/{agentId}/telephony/phone-numbers/{phoneNumber}", "agents.numbers.reassign",
        Workspace, Safe, Write, Publisher, 200,
        path: NumberPath, query: Nothing, request: Json<Reassign>, response: Json<Number> }
}

//! Attributes: what may differ from variant to variant.

use serde::{Deserialize, Serialize};

use super::branches::BranchPath;
use crate::model::{AttributeId, BranchId, Extra, ProjectId, Tolerant, rows};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// An attribute on a branch.
    AttributePath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The branch; `main` for reading only.
        branch_id as "branchId": BranchId,
        /// The attribute.
        attribute_id as "attributeId": AttributeId,
    }
}

/// The attributes of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// In no documented order.
    #[serde(deserialize_with = "rows")]
    pub attributes: Vec<Attribute>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An attribute.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attribute {
    /// Names the attribute.
    pub id: Tolerant<AttributeId>,
    /// What variants give a value to.
    pub name: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the attribute is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributeBody {
    /// Not empty.
    pub name: String,
}

/// The attribute that is gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeletedAttribute {
    /// Its name.
    pub id: Tolerant<AttributeId>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the attributes on a branch.
    List { Get Build "/v1/agents/{agentId}/branches/{branchId}/attributes", "agents.attributes.list",
        Workspace, Safe, Read, Viewer, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<Attributes> }
    /// Adds an attribute.
    Create { Post Build "/v1/agents/{agentId}/branches/{branchId}/attributes", "agents.attributes.create",
        Workspace, Refused, Write, Operator, 201,
        path: BranchPath, query: Nothing, request: Json<AttributeBody>, response: Json<Attribute> }
    /// Removes an attribute and every variant's value for it.
    Delete { Delete Build "/v1/agents/{agentId}/branches/{branchId}/attributes/{attributeId}", "agents.attributes.delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: AttributePath, query: Nothing, request: Empty, response: Json<DeletedAttribute> }
    /// Renames an attribute.
    Update { Patch Build "/v1/agents/{agentId}/branches/{branchId}/attributes/{attributeId}", "agents.attributes.update",
        Workspace, Safe, Write, Operator, 200,
        path: AttributePath, query: Nothing, request: Json<AttributeBody>, response: Json<Attribute> }
}

//! Attributes: what may differ from variant to variant.

use serde::{Deserialize, Serialize};

use super::branches::BranchPath;
use crate::model::{AttributeId, BranchId, ProjectId, Tolerant};
use crate::operation::limit::{Rule::Chars, body};
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

crate::answers! {
    /// The attributes of an agent.
    Attributes {
        /// In no documented order.
        attributes: Vec<Attribute>,
    }

    /// An attribute.
    Attribute {
        /// Names the attribute.
        id: Tolerant<AttributeId>,
        /// What variants give a value to.
        name: Tolerant<String>,
    }
}

/// What the attribute is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttributeBody {
    /// Not empty.
    pub name: String,
}

crate::answers! {
    /// The attribute that is gone.
    DeletedAttribute {
        /// Its name.
        id: Tolerant<AttributeId>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the attributes on a branch.
    List { Get Build "/v1/agents/{agentId}/branches/{branchId}/attributes", "agents.attributes.list",
        Workspace, Safe, Read, Viewer, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<Attributes> }
    /// Adds an attribute.
    Create { Post Build "/v1/agents/{agentId}/branches/{branchId}/attributes", "agents.attributes.create",
        Workspace, Refused, Write, Operator, 201,
        path: BranchPath, query: Nothing, request: Json<AttributeBody>, response: Json<Attribute>,
        limits: [body("name", Chars(1, usize::MAX))] }
    /// Removes an attribute and every variant's value for it.
    Delete { Delete Build "/v1/agents/{agentId}/branches/{branchId}/attributes/{attributeId}", "agents.attributes.delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: AttributePath, query: Nothing, request: Empty, response: Json<DeletedAttribute> }
    /// Renames an attribute.
    Update { Patch Build "/v1/agents/{agentId}/branches/{branchId}/attributes/{attributeId}", "agents.attributes.update",
        Workspace, Safe, Write, Operator, 200,
        path: AttributePath, query: Nothing, request: Json<AttributeBody>, response: Json<Attribute>,
        limits: [body("name", Chars(1, usize::MAX))] }
}

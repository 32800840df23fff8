//! Variants: the same agent with other values for its attributes, one per site or line of business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::branches::BranchPath;
use crate::model::{BranchId, ProjectId, Tolerant, VariantId};
use crate::operation::limit::{Rule::Chars, body};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A variant on a branch.
    VariantPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The branch; `main` for reading only.
        branch_id as "branchId": BranchId,
        /// The variant.
        variant_id as "variantId": VariantId,
    }
}

crate::answers! {
    /// The variants of an agent.
    Variants {
        /// In no documented order.
        variants: Vec<Variant>,
    }

    /// A variant.
    Variant {
        /// Names the variant.
        id: Tolerant<VariantId>,
        /// Unique within the agent.
        name: Tolerant<String>,
        /// Whether it answers where none is chosen. The default one cannot be removed.
        is_default as "isDefault": Tolerant<bool>,
        /// A value for every attribute.
        attribute_values as "attributeValues": Tolerant<Values>,
    }

    /// Values of attributes.
    Values {
        /// By attribute.
        values: Tolerant<BTreeMap<String, String>>,
    }
}

/// A new variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateVariant {
    /// Unique within the agent; taken names give 409.
    pub name: String,
    /// Values that differ from nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_values: Option<AttributeValues>,
    /// Makes it the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}

/// What changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateVariant {
    /// Unique within the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// All of them, replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_values: Option<AttributeValues>,
    /// Makes it the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
}

/// Values of attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AttributeValues {
    /// By attribute.
    pub values: BTreeMap<String, String>,
}

crate::answers! {
    /// The variant that is gone.
    DeletedVariant {
        /// Its name.
        id: Tolerant<VariantId>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the variants on a branch.
    List { Get Build "/v1/agents/{agentId}/branches/{branchId}/variants", "agents.variants.list",
        Workspace, Safe, Read, Viewer, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<Variants> }
    /// Adds a variant.
    Create { Post Build "/v1/agents/{agentId}/branches/{branchId}/variants", "agents.variants.create",
        Workspace, Refused, Write, Operator, 201,
        path: BranchPath, query: Nothing, request: Json<CreateVariant>, response: Json<Variant>,
        limits: [body("name", Chars(1, usize::MAX))] }
    /// Removes a variant, unless it is the default one.
    Delete { Delete Build "/v1/agents/{agentId}/branches/{branchId}/variants/{variantId}", "agents.variants.delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: VariantPath, query: Nothing, request: Empty, response: Json<DeletedVariant> }
    /// Changes a variant.
    Update { Patch Build "/v1/agents/{agentId}/branches/{branchId}/variants/{variantId}", "agents.variants.update",
        Workspace, Safe, Write, Operator, 200,
        path: VariantPath, query: Nothing, request: Json<UpdateVariant>, response: Json<Variant>,
        limits: [body("name", Chars(1, usize::MAX))] }
}

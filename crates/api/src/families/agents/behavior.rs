//! Behaviour: the agent's standing instructions, one text.

use serde::{Deserialize, Serialize};

use super::branches::BranchPath;
use crate::model::Tolerant;
use crate::operation::limit::{Rule::Chars, body};
use crate::operation::{Empty, Json, Nothing};

crate::answers! {
    /// The instructions.
    Behavior {
        /// All of them.
        behavior: Tolerant<String>,
    }
}

/// New instructions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateBehavior {
    /// Replaces the whole text, although the method is PATCH; not empty.
    pub behavior: String,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Reads the instructions on a branch.
    Get { Get Build "/v1/agents/{agentId}/branches/{branchId}/behavior", "agents.behavior.get",
        Workspace, Safe, Read, Viewer, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<Behavior> }
    /// Replaces the instructions on a branch.
    Update { Patch Build "/v1/agents/{agentId}/branches/{branchId}/behavior", "agents.behavior.update",
        Workspace, Safe, Write, Operator, 200,
        path: BranchPath, query: Nothing, request: Json<UpdateBehavior>, response: Json<Behavior>,
        limits: [body("behavior", Chars(1, usize::MAX))] }
}

//! Branches: where an agent is changed, and how the changes come into `main`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AgentPath;
use crate::model::{BranchId, Extra, ProjectId, Tolerant, rows};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A branch of an agent.
    BranchPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The branch; `main` for reading only.
        branch_id as "branchId": BranchId,
    }
}

/// The branches of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Branches {
    /// In no documented order.
    #[serde(deserialize_with = "rows")]
    pub branches: Vec<Branch>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A branch. Its fields are undocumented: look into `extra` for more than the two guessed here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Branch {
    /// Names the branch.
    pub branch_id: Tolerant<BranchId>,
    /// What people call it.
    pub branch_name: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the branch is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateBranch {
    /// 1 to 100 characters.
    pub branch_name: String,
}

/// A new branch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CreatedBranch {
    /// Names the branch.
    pub branch_id: Tolerant<BranchId>,
    /// Where in the agent's history it starts.
    pub sequence_id: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What deleting a branch did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeletedBranch {
    /// Where in the agent's history it happened.
    pub sequence: Tolerant<String>,
    /// In words.
    pub message: Tolerant<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How a branch is merged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeBranch {
    /// Kept with the sandbox deployment that follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deployment_message: Option<String>,
    /// Answers to the conflicts of an earlier attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict_resolutions: Option<Vec<Resolution>>,
}

/// What becomes of one conflict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// Where it lies, as the conflict says.
    pub path: Vec<String>,
    /// Which side wins.
    pub strategy: Strategy,
    /// A third value, where neither side's is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

crate::open_enum! {
    /// Which side of a conflict wins.
    Strategy {
        /// What `main` has.
        Ours = "ours",
        /// What the branch has.
        Theirs = "theirs",
        /// What both started from.
        Base = "base",
    }
}

/// A merge. It does not name the deployment it made: ask for the active ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Merged {
    /// Where in the agent's history it happened.
    pub sequence: Tolerant<String>,
    /// In words.
    pub message: Tolerant<String>,
    /// Test runs it started.
    pub test_run_ids: Tolerant<Vec<String>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the branches of an agent.
    List { Get Build "/v1/agents/{agentId}/branches", "agents.branches.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<Branches> }
    /// Makes a branch of `main`.
    Create { Post Build "/v1/agents/{agentId}/branches", "agents.branches.create",
        Workspace, Refused, Write, Operator, 201,
        path: AgentPath, query: Nothing, request: Json<CreateBranch>, response: Json<CreatedBranch> }
    /// Deletes a branch and what was written on it.
    Delete { Delete Build "/v1/agents/{agentId}/branches/{branchId}", "agents.branches.delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<DeletedBranch> }
    /// Merges a branch into `main` and publishes `main` to the sandbox.
    ///
    /// A conflict is an error with status 400 (409 in one table): its body parses into
    /// [`crate::error::ErrorBody::conflicts`], and the call is repeated with resolutions.
    Merge { Post Build "/v1/agents/{agentId}/branches/{branchId}/merge", "agents.branches.merge",
        Workspace, Refused, Write, Operator, 200,
        path: BranchPath, query: Nothing, request: Json<MergeBranch>, response: Json<Merged> }
}

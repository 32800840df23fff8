//! Branches: where an agent is changed, and how the changes come into `main`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AgentPath;
use crate::model::{BranchId, ProjectId, Tolerant};
use crate::operation::limit::{
    Rule::{Chars, Needed, Words},
    body,
};
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

crate::answers! {
    /// The branches of an agent.
    Branches {
        /// In no documented order.
        branches: Vec<Branch>,
    }

    /// A branch. Its fields are undocumented: look into `extra` for more than the two guessed here.
    Branch {
        /// Names the branch.
        branch_id as "branchId": Tolerant<BranchId>,
        /// What people call it.
        branch_name as "branchName": Tolerant<String>,
    }
}

/// What the branch is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateBranch {
    /// 1 to 100 characters.
    pub branch_name: String,
}

crate::answers! {
    /// A new branch.
    CreatedBranch {
        /// Names the branch.
        branch_id as "branchId": Tolerant<BranchId>,
        /// Where in the agent's history it starts.
        sequence_id as "sequenceId": Tolerant<String>,
    }

    /// What deleting a branch did.
    DeletedBranch {
        /// Where in the agent's history it happened.
        sequence: Tolerant<String>,
        /// In words.
        message: Tolerant<String>,
    }
}

/// How a branch is merged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

crate::answers! {
    /// A merge. It does not name the deployment it made: ask for the active ones.
    Merged {
        /// Where in the agent's history it happened.
        sequence: Tolerant<String>,
        /// In words.
        message: Tolerant<String>,
        /// Test runs it started.
        test_run_ids as "testRunIds": Tolerant<Vec<String>>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the branches of an agent.
    List { Get Build "/v1/agents/{agentId}/branches", "agents.branches.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: Nothing, request: Empty, response: Json<Branches> }
    /// Makes a branch of `main`.
    Create { Post Build "/v1/agents/{agentId}/branches", "agents.branches.create",
        Workspace, Refused, Write, Operator, 201,
        path: AgentPath, query: Nothing, request: Json<CreateBranch>, response: Json<CreatedBranch>,
        limits: [body("branchName", Chars(1, 100))] }
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
        path: BranchPath, query: Nothing, request: Json<MergeBranch>, response: Json<Merged>,
        limits: [
            body("conflictResolutions[].path", Needed),
            body("conflictResolutions[].strategy", Needed),
            body("conflictResolutions[].strategy", Words(Strategy::KNOWN)),
        ] }
}

//! Topics of the knowledge base: what the agent knows, and what it does about it.

use serde::{Deserialize, Deserializer, Serialize};

use super::branches::BranchPath;
use crate::model::{BranchId, ProjectId, Tolerant, TopicId, strict};
use crate::operation::limit::{
    Rule::{Chars, Items, Needed},
    body,
};
use crate::operation::{Empty, Json, Nothing};
use crate::stream::Listed;

/// Most example queries of one topic.
pub const MAX_QUERIES: usize = 100;

crate::path_params! {
    /// A topic on a branch.
    TopicPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The branch; `main` for reading only.
        branch_id as "branchId": BranchId,
        /// The topic.
        topic_id as "topicId": TopicId,
    }
}

/// Every topic on a branch: a bare list on the wire, without pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Topics(pub Vec<Topic>);

impl<'de> Deserialize<'de> for Topics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict::<Option<_>, D>(deserializer).map(|topics| Self(topics.unwrap_or_default()))
    }
}

crate::answers! {
    /// A topic.
    Topic {
        /// Names the topic.
        id: Tolerant<TopicId>,
        /// Unique within the agent.
        name: Tolerant<String>,
        /// What the agent knows.
        content: Tolerant<String>,
        /// What it does once the topic is in use.
        actions: Tolerant<String>,
        /// How visitors ask for it.
        example_queries as "exampleQueries": Tolerant<Queries>,
        /// Whether the agent uses it.
        is_active as "isActive": Tolerant<bool>,
    }

    /// Ways to ask for a topic.
    Queries {
        /// One question each.
        queries: Tolerant<Vec<String>>,
    }
}

/// A new topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateTopic {
    /// Unique within the agent; taken names give 409.
    pub name: String,
    /// What the agent knows; not empty.
    pub content: String,
    /// What it does once the topic is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<String>,
    /// How visitors ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example_queries: Option<ExampleQueries>,
    /// Whether the agent uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// What changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateTopic {
    /// Unique within the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the agent knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What it does once the topic is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions: Option<String>,
    /// All of them, replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example_queries: Option<ExampleQueries>,
    /// Whether the agent uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// Ways to ask for a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExampleQueries {
    /// At most [`MAX_QUERIES`].
    pub queries: Vec<String>,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the topics on a branch, all at once.
    List { Get Build "/v1/agents/{agentId}/branches/{branchId}/knowledge-base/topics", "agents.kb.topics.list",
        Workspace, Safe, Read, Viewer, 200,
        path: BranchPath, query: Nothing, request: Empty, response: Json<Topics> }
    /// Adds a topic.
    Create { Post Build "/v1/agents/{agentId}/branches/{branchId}/knowledge-base/topics", "agents.kb.topics.create",
        Workspace, Refused, Write, Operator, 201,
        path: BranchPath, query: Nothing, request: Json<CreateTopic>, response: Json<Topic>,
        limits: [
            body("name", Chars(1, usize::MAX)),
            body("content", Chars(1, usize::MAX)),
            body("exampleQueries.queries", Needed),
            body("exampleQueries.queries", Items(0, MAX_QUERIES)),
        ] }
    /// Reads a topic.
    Get { Get Build "/v1/agents/{agentId}/branches/{branchId}/knowledge-base/topics/{topicId}", "agents.kb.topics.get",
        Workspace, Safe, Read, Viewer, 200,
        path: TopicPath, query: Nothing, request: Empty, response: Json<Topic> }
    /// Removes a topic.
    Delete { Delete Build "/v1/agents/{agentId}/branches/{branchId}/knowledge-base/topics/{topicId}", "agents.kb.topics.delete",
        Workspace, Refused, Destructive, Operator, 204,
        path: TopicPath, query: Nothing, request: Empty, response: Empty }
    /// Changes a topic. The answer is empty: read it again to see the result.
    Update { Patch Build "/v1/agents/{agentId}/branches/{branchId}/knowledge-base/topics/{topicId}", "agents.kb.topics.update",
        Workspace, Safe, Write, Operator, 204,
        path: TopicPath, query: Nothing, request: Json<UpdateTopic>, response: Empty,
        limits: [
            body("name", Chars(1, usize::MAX)),
            body("exampleQueries.queries", Needed),
            body("exampleQueries.queries", Items(0, MAX_QUERIES)),
        ] }
}

impl Listed for List {
    const LIST: Option<&'static str> = None;
    type Row = Topic;
}

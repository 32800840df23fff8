//! Records of one agent on the build host, and what reviewers add to them.
//!
//! Source: <https://docs.poly.ai/api-reference/introduction>. The vendor took the pages about these routes
//! down in July 2026 and left the routes alive. Reading one record, its recording and trial chats
//! are rows of [`super::conversations`] and [`super::debug_chat`].

use serde::{Deserialize, Serialize};

use super::agents::AgentPath;
use super::conversations::{Detail, DetailPath};
use crate::model::Tolerant;
use crate::operation::limit::{
    Rule::{Items, Needed, Range, Words},
    body, query,
};
use crate::operation::{Empty, Json, Nothing};
use crate::stream::Listed;

crate::query_params! {
    /// Page of the list.
    ListQuery {
        /// Rows on a page, from 1; 50 when absent. The maximum is undocumented.
        limit: Option<u32>,
        /// Rows to skip.
        offset: Option<u64>,
    }
}

crate::answers! {
    /// One page of the list.
    Page {
        /// Rows without turns, metrics and function events; most fields are empty.
        conversations: Vec<Detail>,
        /// Rows on all pages.
        count: Tolerant<u64>,
        /// Rows on a page.
        limit: Tolerant<u64>,
        /// Rows skipped.
        offset: Tolerant<u64>,
    }
}

/// A reviewer's marks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Annotations {
    /// At least one. Sent twice, they may stand twice.
    pub annotations: Vec<Annotation>,
}

/// A mark on one half of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Annotation {
    /// The turn's place from 0, not its `turn_id`.
    pub turn_id: u32,
    /// Whose half.
    pub role: Role,
    /// What is wrong with it.
    pub annotation_type: AnnotationType,
}

crate::open_enum! {
    /// Whose half of a turn.
    Role {
        /// The visitor's.
        User = "user",
        /// The agent's.
        Agent = "agent",
    }

    /// What is wrong with it.
    AnnotationType {
        /// The agent knew nothing about it.
        MissingTopic = "missing_topic",
        /// It was heard wrongly.
        WrongTranscript = "wrong_transcript",
        /// The answer was wrong.
        WrongInfo = "wrong_info",
    }
}

/// A reviewer's note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// Replaces the one before; comes back in [`Detail::note`].
    pub note: String,
}

crate::answers! {
    /// That it was done.
    Done {
        /// Always true in an answer without error.
        success: Tolerant<bool>,
    }
}

crate::operations! { OPERATIONS, Data, "https://docs.poly.ai/api-reference/introduction";
    /// Lists the conversations of an agent, without their turns.
    List { Get Build "/v1/agents/{agentId}/conversations", "data.conversations.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: ListQuery, request: Empty, response: Json<Page>,
        limits: [query("limit", Range(1, i64::MAX)), query("offset", Range(0, i64::MAX))] }
    /// Adds marks to turns. Nothing reads or removes them.
    Annotate { Post Build "/v1/agents/{agentId}/conversations/{conversationId}/annotation", "data.annotations.add",
        Workspace, Refused, Write, Operator, 201,
        path: DetailPath, query: Nothing, request: Json<Annotations>, response: Json<Done>,
        limits: [
            body("annotations", Items(1, usize::MAX)),
            body("annotations[].turnId", Needed),
            body("annotations[].role", Needed),
            body("annotations[].role", Words(Role::KNOWN)),
            body("annotations[].annotationType", Needed),
        ] }
    /// Writes the note of a conversation.
    SetNote { Post Build "/v1/agents/{agentId}/conversations/{conversationId}/note", "data.note.upsert",
        Workspace, Safe, Write, Operator, 201,
        path: DetailPath, query: Nothing, request: Json<Note>, response: Json<Done> }
}

impl Listed for List {
    const LIST: Option<&'static str> = Some("conversations");
    type Row = Detail;
}

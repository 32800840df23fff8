//! Records of conversations: the list on the platform host, one in full on the build host.
//!
//! Source: <https://docs.poly.ai/api-reference/conversations/introduction>. The list speaks
//! `snake_case`, the detail `camelCase` around `snake_case` turns.

mod detail;
mod list;

pub use detail::{Detail, FunctionEvent, MetricValue, Summary};
pub use list::{Latency, ListItem, Metric, Page, Turn};

use crate::model::{AccountId, Channel, ConversationId, Environment, ProjectId, Timestamp};
use crate::operation::limit::{
    Limit,
    Rule::{Excludes, Moment, Range, With, Words},
    query, up_to,
};
use crate::operation::{Cursor, Empty, Json, Nothing, Paged, Wav};
use crate::stream::Listed;

/// Largest page of the list. The documentation contradicts itself on the default, so send a limit.
pub const MAX_LIMIT: u32 = 1_000;

/// Largest page of the oldest list.
pub const MAX_V1_LIMIT: u32 = 5_000;

crate::path_params! {
    /// The agent whose conversations are listed.
    ListPath {
        /// The workspace.
        account_id as "account_id": AccountId,
        /// The agent.
        project_id as "project_id": ProjectId,
    }
}

crate::query_params! {
    /// Filters, search and page of the list.
    ///
    /// At most one of `query_type` and `sample`; with either, both times are required. `variant_id` and
    /// `variant_name` exclude each other. While paging, everything but `cursor` stays the same.
    ListQuery {
        /// `transcript` or `semantic`.
        query_type: Option<String>,
        /// `random`.
        sample: Option<String>,
        /// What to search for.
        query: Option<String>,
        /// `user` or `agent`, with a transcript search.
        turn_type: Option<String>,
        /// Any of these channels.
        channel: Vec<Channel>,
        /// Where the agent ran; live when absent.
        client_env: Option<Environment>,
        /// Started at or after.
        start_time: Option<Timestamp>,
        /// Started before.
        end_time: Option<Timestamp>,
        /// Rows on a page, at most 1,000.
        limit: Option<u32>,
        /// Rows to skip; drifts, use the cursor.
        offset: Option<u32>,
        /// Where the next page starts; opaque.
        cursor: Option<String>,
        /// Only this variant.
        variant_id: Option<String>,
        /// Only the variant with this name.
        variant_name: Option<String>,
        /// Only running ones, or only finished ones.
        in_progress: Option<bool>,
        /// Whether turns carry their latency.
        include_latency: Option<bool>,
    }
}

crate::query_params! {
    /// Filters and page of the oldest list.
    ListV1Query {
        /// Where the agent ran; live when absent.
        client_env: Option<Environment>,
        /// Started at or after.
        start_time: Option<Timestamp>,
        /// Started before.
        end_time: Option<Timestamp>,
        /// Rows on a page, at most 5,000; 5 when absent.
        limit: Option<u32>,
        /// Rows to skip.
        offset: Option<u32>,
        /// Only this variant.
        variant_id: Option<String>,
        /// Only the variant with this name.
        variant_name: Option<String>,
        /// Only running ones, or only finished ones.
        in_progress: Option<bool>,
    }
}

crate::query_params! {
    /// Which recording.
    AudioQuery {
        /// Whose voice; both when absent.
        direction: Option<Direction>,
        /// Whether personal data is muted; without the permission to hear it, it always is.
        redacted: Option<bool>,
    }
}

crate::open_enum! {
    /// Whose voice a recording holds.
    Direction {
        /// Both.
        Combined = "combined",
        /// The visitor's.
        User = "user",
        /// The agent's.
        Agent = "agent",
    }
}

crate::path_params! {
    /// One conversation of an agent.
    DetailPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The conversation.
        conversation_id as "conversationId": ConversationId,
    }
}

/// What lists with search take.
const SEARCH: [Limit; 16] = [
    query("query_type", Words(&["transcript", "semantic"])),
    query("query_type", With("query")),
    query("query_type", With("start_time")),
    query("query_type", With("end_time")),
    query("query_type", Excludes("sample")),
    query("sample", Words(&["random"])),
    query("sample", With("start_time")),
    query("sample", With("end_time")),
    query("turn_type", Words(&["user", "agent"])),
    query("turn_type", With("query_type")),
    query("client_env", Words(Environment::KNOWN)),
    query("start_time", Moment),
    query("end_time", Moment),
    query("limit", up_to(MAX_LIMIT)),
    query("offset", Range(0, i64::MAX)),
    query("variant_id", Excludes("variant_name")),
];

crate::operations! { OPERATIONS, Conversations, "https://docs.poly.ai/api-reference/conversations/introduction";
    /// Lists, searches or samples conversations.
    List { Get Platform "/v3/{account_id}/{project_id}/conversations", "conversations.v3.list",
        Conversations, Safe, Read, Viewer, 200,
        path: ListPath, query: ListQuery, request: Empty, response: Json<Page>,
        limits: SEARCH }
    /// The same list with the credentials of old; `cursor` only where streaming is switched on.
    ListV2 { Get Platform "/v2/{account_id}/{project_id}/conversations", "conversations.v2.list",
        ConversationsLegacy, Safe, Read, Viewer, 200,
        path: ListPath, query: ListQuery, request: Empty, response: Json<Page>,
        limits: SEARCH }
    /// The oldest list, unsupported since September 2026 and still there: by time, without cursors.
    ListV1 { Get Platform "/v1/{account_id}/{project_id}/conversations", "conversations.v1.list",
        ConversationsLegacy, Safe, Read, Viewer, 200,
        path: ListPath, query: ListV1Query, request: Empty, response: Json<Page>,
        limits: [
            query("client_env", Words(Environment::KNOWN)),
            query("start_time", Moment),
            query("end_time", Moment),
            query("limit", up_to(MAX_V1_LIMIT)),
            query("offset", Range(0, i64::MAX)),
            query("variant_id", Excludes("variant_name")),
        ] }
    /// One conversation with turns, metrics and function events.
    Get { Get Build "/v1/agents/{agentId}/conversations/{conversationId}", "conversations.get",
        Workspace, Safe, Read, Viewer, 200,
        path: DetailPath, query: Nothing, request: Empty, response: Json<Detail> }
    /// The recording. Muted where the key may not hear it all; 404 where nothing was recorded.
    Audio { Get Build "/v1/agents/{agentId}/conversations/{conversationId}/audio", "conversations.audio",
        Workspace, Safe, Read, Analyst, 200,
        path: DetailPath, query: AudioQuery, request: Empty, response: Wav,
        limits: [query("direction", Words(Direction::KNOWN))] }
}

macro_rules! listed {
    ($($list:ident)+) => { $(
        impl Listed for $list {
            const LIST: Option<&'static str> = Some("conversations");
            type Row = ListItem;
        }
    )+ };
}

listed! { List ListV2 ListV1 }

macro_rules! paged {
    ($($list:ident)+) => { $(
        impl Paged for $list {
            const CURSOR: &'static Cursor =
                &Cursor { member: "cursor", parameter: "cursor", excludes: &["offset"] };

            fn next_cursor(page: &Json<Page>) -> Option<&str> {
                page.0.cursor.as_deref().filter(|cursor| !cursor.is_empty())
            }

            fn resume(query: &mut ListQuery, cursor: &str) {
                query.cursor = Some(cursor.to_owned());
                query.offset = None;
            }
        }
    )+ };
}

paged! { List ListV2 }

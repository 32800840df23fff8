//! The audio cache: utterances spoken before, kept as WAV, replaceable by recordings.

mod details;

use serde::{Deserialize, Serialize};

pub use details::{DetailsUpload, Settings};

use super::AgentPath;
use crate::model::{AudioEntryId, ProjectId, Timestamp, Tolerant};
use crate::operation::limit::{
    Rule::{Items, Range},
    body, query, up_to,
};
use crate::operation::{Empty, Json, Nothing, Wav, WavUpload};
use crate::stream::Listed;

/// Largest page of the list.
pub const MAX_LIMIT: u32 = 200;
/// Most entries of one bulk deletion.
pub const MAX_BULK: usize = 20;
/// Largest file, in bytes.
pub const MAX_FILE: usize = 6 * 1024 * 1024;

crate::path_params! {
    /// An utterance of an agent.
    EntryPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The utterance.
        entry_id as "entryId": AudioEntryId,
    }
}

crate::query_params! {
    /// Page and order of the list.
    ListQuery {
        /// Rows on a page, 1 to 200; 50 when absent.
        limit: Option<u32>,
        /// Rows to skip.
        offset: Option<u64>,
        /// `field:asc` or `field:desc`, with the field in `snake_case`: `hit_count:desc`.
        sort: Option<String>,
    }
}

crate::answers! {
    /// One page of the cache.
    Entries {
        /// The rows.
        entries: Vec<Entry>,
        /// Rows on all pages.
        total_count as "totalCount": Tolerant<u64>,
    }

    /// An utterance.
    Entry {
        /// Names the utterance.
        id: Tolerant<AudioEntryId>,
        /// What is said.
        transcript: Tolerant<String>,
        /// When it was spoken first.
        cached_at as "cachedAt": Tolerant<Timestamp>,
        /// How often it was taken from the cache.
        hit_count as "hitCount": Tolerant<u64>,
        /// Seconds.
        duration: Tolerant<f64>,
        /// Whether it was spoken anew.
        regenerated: Tolerant<bool>,
        /// Who speaks, in lower case: `eleven_labs`, `google`, `play_ht`, `cartesia`, ...
        provider: Tolerant<String>,
        /// The voice, as the provider names it.
        provider_voice_id as "providerVoiceId": Tolerant<String>,
        /// The name of an uploaded file.
        audio_filename as "audioFilename": Tolerant<String>,
        /// Whether it was uploaded.
        imported: Tolerant<bool>,
        /// BCP 47; empty when unknown.
        language_code as "languageCode": Tolerant<String>,
    }
}

/// How a voice speaks. What a provider does not know, it ignores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Tuning {
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<f64>,
    /// 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity_boost: Option<f64>,
    /// 1 is natural.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// The provider's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
    /// The provider's engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The provider's word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotion: Option<String>,
    /// 1 is natural.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<f64>,
    /// The provider's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// For voices that are described in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_description: Option<String>,
    /// Speed before quality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instant_mode: Option<bool>,
}

/// What to speak on trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Synthesize {
    /// The words.
    pub text: String,
    /// How.
    pub config: Tuning,
    /// BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Which utterances to forget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BulkDelete {
    /// 1 to 20.
    pub ids: Vec<AudioEntryId>,
}

crate::answers! {
    /// What became of each utterance.
    BulkDeleted {
        /// Forgotten.
        deleted: Tolerant<Vec<String>>,
        /// Still there.
        failed: Tolerant<Vec<String>>,
    }

    /// Whether an utterance is forgotten.
    Deleted {
        /// Always true in an answer without error.
        success: Tolerant<bool>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the utterances of an agent.
    List { Get Build "/v1/agents/{agentId}/audio-cache", "agents.audio_cache.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AgentPath, query: ListQuery, request: Empty, response: Json<Entries>,
        limits: [query("limit", up_to(MAX_LIMIT)), query("offset", Range(0, i64::MAX))] }
    /// Forgets an utterance; it is spoken anew when needed.
    Delete { Delete Build "/v1/agents/{agentId}/audio-cache/{entryId}", "agents.audio_cache.delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: EntryPath, query: Nothing, request: Empty, response: Json<Deleted> }
    /// The recording of an utterance.
    Download { Get Build "/v1/agents/{agentId}/audio-cache/{entryId}/file", "agents.audio_cache.download",
        Workspace, Safe, Read, Viewer, 200,
        path: EntryPath, query: Nothing, request: Empty, response: Wav }
    /// Replaces the recording of an utterance; customers hear it at once.
    ReplaceFile { Patch Build "/v1/agents/{agentId}/audio-cache/{entryId}/file", "agents.audio_cache.replace_file",
        Workspace, Safe, Write, Publisher, 204,
        path: EntryPath, query: Nothing, request: WavUpload, response: Empty }
    /// Replaces the recording of an utterance together with its words and tuning.
    UpdateDetails { Put Build "/v1/agents/{agentId}/audio-cache/{entryId}/details", "agents.audio_cache.update_details",
        Workspace, Safe, Write, Publisher, 204,
        path: EntryPath, query: Nothing, request: DetailsUpload, response: Empty }
    /// Speaks words on trial and stores nothing; may use up the provider's credit.
    Preview { Post Build "/v1/agents/{agentId}/audio-cache/{entryId}/synthesize", "agents.audio_cache.synthesize",
        Workspace, Refused, Write, Operator, 200,
        path: EntryPath, query: Nothing, request: Json<Synthesize>, response: Wav }
    /// Forgets several utterances; each succeeds or fails alone.
    DeleteMany { Post Build "/v1/agents/{agentId}/audio-cache/bulk-delete", "agents.audio_cache.bulk_delete",
        Workspace, Refused, Destructive, Operator, 200,
        path: AgentPath, query: Nothing, request: Json<BulkDelete>, response: Json<BulkDeleted>,
        limits: [body("ids", Items(1, MAX_BULK))] }
}

impl Listed for List {
    const LIST: Option<&'static str> = Some("entries");
    type Row = Entry;
}

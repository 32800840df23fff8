//! The voice library of a workspace.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::AccountPath;
use crate::model::{AccountId, Tolerant, VoiceId};
use crate::operation::limit::{Rule::Words, query};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A voice of a workspace.
    VoicePath {
        /// The workspace.
        account_id as "accountId": AccountId,
        /// The voice.
        voice_id as "voiceId": VoiceId,
    }
}

crate::query_params! {
    /// Which voices are listed.
    ListQuery {
        /// Only voices that speak it.
        language: Option<String>,
        /// Only such voices.
        gender: Option<Gender>,
        /// Only this provider's, in upper case: `GOOGLE`, `ELEVENLABS`, ...
        provider: Option<String>,
        /// Only the vendor's own, or only others.
        isPolyVoice: Option<bool>,
    }
}

crate::open_enum! {
    /// How a voice sounds.
    Gender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
        /// Neither.
        Neutral = "neutral",
    }
}

crate::answers! {
    /// The voices of a workspace.
    Voices {
        /// In no documented order.
        voices: Vec<Voice>,
    }

    /// A voice.
    Voice {
        /// Names the voice.
        id: Tolerant<VoiceId>,
        /// What people call it.
        name: Tolerant<String>,
        /// Who speaks, in upper case.
        provider: Tolerant<String>,
        /// The voice, as the provider names it.
        provider_voice_id as "providerVoiceId": Tolerant<String>,
        /// The provider's settings.
        config: Tolerant<Map<String, Value>>,
        /// What was sent as `voiceMetadata`.
        metadata: Tolerant<Map<String, Value>>,
        /// Whether the vendor made it.
        is_poly_voice as "isPolyVoice": Tolerant<bool>,
    }

    /// A voice, wrapped.
    OneVoice {
        /// The voice.
        voice: Tolerant<Voice>,
    }
}

/// A new voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateVoice {
    /// What people call it.
    pub name: String,
    /// Who speaks, in upper case.
    pub provider: String,
    /// The provider's settings.
    pub config: Map<String, Value>,
    /// The voice, as the provider names it.
    pub provider_voice_id: String,
    /// Comes back as `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_metadata: Option<Map<String, Value>>,
}

/// What changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateVoice {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who speaks, in upper case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Map<String, Value>>,
    /// The voice, as the provider names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_voice_id: Option<String>,
    /// Comes back as `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_metadata: Option<Map<String, Value>>,
}

crate::answers! {
    /// A sample to listen to.
    Sample {
        /// The voice.
        voice_id as "voiceId": Tolerant<VoiceId>,
        /// Where it is, for a while.
        sample_url as "sampleUrl": Tolerant<String>,
        /// For how long.
        expires_in_seconds as "expiresInSeconds": Tolerant<u64>,
        /// What is said.
        text: Tolerant<String>,
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the voices of a workspace.
    List { Get Build "/v1/accounts/{accountId}/voice-library", "agents.voices.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AccountPath, query: ListQuery, request: Empty, response: Json<Voices>,
        limits: [query("gender", Words(Gender::KNOWN))] }
    /// Adds a voice.
    Create { Post Build "/v1/accounts/{accountId}/voice-library", "agents.voices.create",
        Workspace, Refused, Write, Publisher, 200,
        path: AccountPath, query: Nothing, request: Json<CreateVoice>, response: Json<OneVoice> }
    /// Reads a voice.
    Get { Get Build "/v1/accounts/{accountId}/voice-library/{voiceId}", "agents.voices.get",
        Workspace, Safe, Read, Viewer, 200,
        path: VoicePath, query: Nothing, request: Empty, response: Json<OneVoice> }
    /// Changes a voice, for every agent that speaks with it.
    Update { Patch Build "/v1/accounts/{accountId}/voice-library/{voiceId}", "agents.voices.update",
        Workspace, Safe, Write, Publisher, 200,
        path: VoicePath, query: Nothing, request: Json<UpdateVoice>, response: Json<OneVoice> }
    /// Makes a sample of a voice.
    Listen { Get Build "/v1/accounts/{accountId}/voice-library/{voiceId}/sample", "agents.voices.sample",
        Workspace, Safe, Read, Viewer, 200,
        path: VoicePath, query: Nothing, request: Empty, response: Json<Sample> }
}

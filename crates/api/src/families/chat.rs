//! Chat over plain requests: turn by turn, no streaming, no replay.
//!
//! Source: <https://docs.poly.ai/api-reference/chat/introduction>. Key and connector token are needed
//! together; the connector fixes environment and default variant.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{AccountId, ConversationId, Extra, ProjectId, Tolerant, VariantId};
use crate::operation::{Json, Nothing};

crate::path_params! {
    /// Where a chat runs.
    ChatPath {
        /// `v1`, the only version seen.
        version as "version": String,
        /// The workspace.
        account_id as "account_id": AccountId,
        /// The agent.
        project_id as "project_id": ProjectId,
    }
}

/// How a chat starts; every field may be absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateBody {
    /// Readable by the agent from the first turn.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub integration_attributes: Map<String, Value>,
    /// Another variant than the connector's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// `webchat`, `whatsapp`, `sms` or `api`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Language to listen in, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asr_lang_code: Option<String>,
    /// Language to speak in, BCP 47.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tts_lang_code: Option<String>,
    /// Fields the prose mentions now and then and the specification does not.
    #[serde(flatten)]
    pub extra: Extra,
}

crate::answers! {
    /// A chat and its greeting.
    Created {
        /// Names the conversation in every later call.
        conversation_id: Tolerant<ConversationId>,
        /// The greeting.
        response: String,
    }
}

/// One turn of the visitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RespondBody {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// What the visitor said; empty means silence.
    #[serde(default)]
    pub message: String,
    /// For this turn only.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Fields the prose mentions now and then and the specification does not: `integration_attributes`.
    #[serde(flatten)]
    pub extra: Extra,
}

crate::answers! {
    /// The agent's turn.
    Responded {
        /// The conversation.
        conversation_id: Tolerant<ConversationId>,
        /// What the agent says.
        response: String,
        /// Whether this was the last turn.
        end_conversation: bool,
        /// Where the conversation goes on, when it was handed over.
        handoff [optional]: Option<ChatHandoff>,
    }

    /// A handover to people.
    ChatHandoff {
        /// Where to.
        destination: String,
        /// Why.
        reason: String,
    }
}

/// The conversation to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CloseBody {
    /// The conversation.
    pub conversation_id: ConversationId,
}

crate::answers! {
    /// Whether it was closed.
    Closed {
        /// Always true in an answer without error.
        success: bool,
    }
}

crate::operations! { OPERATIONS, Chat, "https://docs.poly.ai/api-reference/chat/introduction";
    /// Opens a text conversation and returns the greeting.
    Create { Post Platform "/{version}/{account_id}/{project_id}/chat/create", "chat.create",
        Chat, Refused, Write, Nobody, 200,
        path: ChatPath, query: Nothing, request: Json<CreateBody>, response: Json<Created> }
    /// Sends one turn; plan for tens of seconds.
    Respond { Post Platform "/{version}/{account_id}/{project_id}/chat/respond", "chat.respond",
        Chat, Refused, Write, Nobody, 200,
        path: ChatPath, query: Nothing, request: Json<RespondBody>, response: Json<Responded> }
    /// Ends the conversation.
    Close { Put Platform "/{version}/{account_id}/{project_id}/chat/close", "chat.close",
        Chat, Safe, Write, Nobody, 200,
        path: ChatPath, query: Nothing, request: Json<CloseBody>, response: Json<Closed> }
}

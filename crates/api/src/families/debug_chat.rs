//! Trial conversations with a deployed agent, turn by turn, with a look behind its words.
//!
//! Source: <https://docs.poly.ai/api-reference/debug-chat/introduction>. Three specifications describe the same
//! two routes, with two kinds of metadata: this is their union. The agent's functions really run.
//! An environment is reached, never a branch, whatever the prose says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::agents::AgentPath;
use super::conversations::DetailPath;
use crate::model::{ConversationId, Environment, Tolerant, VariantId};
use crate::operation::limit::{Rule::Words, body};
use crate::operation::{Json, Nothing};

/// How a trial starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateBody {
    /// Which version of the agent answers.
    pub client_env: Environment,
    /// Language to listen in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asr_lang_code: Option<String>,
    /// Language to speak in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tts_lang_code: Option<String>,
    /// Of one's own choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<ConversationId>,
    /// Which variant answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// In the words of agent functions: `chat.polyai`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Readable by the agent from the first turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_attributes: Option<Map<String, Value>>,
}

/// One turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RespondBody {
    /// The same as at the start.
    pub client_env: Environment,
    /// Language to listen in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asr_lang_code: Option<String>,
    /// Language to speak in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tts_lang_code: Option<String>,
    /// What is said; empty when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// For this turn only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
}

crate::answers! {
    /// The agent's turn.
    Reply {
        /// Names the conversation: `AS_CHAT_…`.
        conversation_id as "conversationId": Tolerant<ConversationId>,
        /// What was said.
        user_input as "userInput": Tolerant<String>,
        /// What the agent says.
        response: Tolerant<String>,
        /// What it was thinking of.
        metadata: Tolerant<Metadata>,
        /// Whether this was the last turn.
        conversation_ended as "conversationEnded": Tolerant<bool>,
        /// Whether more will follow.
        delayed_response as "delayedResponse": Tolerant<bool>,
    }

    /// What the agent was thinking of. Which fields come depends on the version.
    Metadata {
        /// Its variables.
        state: Tolerant<Map<String, Value>>,
        /// Where in a flow it is.
        current_node as "currentNode": Tolerant<String>,
        /// How it got there.
        node_trace as "nodeTrace": Tolerant<Vec<String>>,
        /// Values it wrote.
        metrics: Tolerant<BTreeMap<String, Value>>,
        /// Functions it called.
        function_events as "functionEvents": Tolerant<Vec<Value>>,
        /// Where it hands over to.
        handoff_destination as "handoffDestination": Tolerant<String>,
        /// Topics it used: the reliable sign that one was.
        retrieved_topics as "retrievedTopics": Tolerant<Vec<String>>,
        /// Documents it used.
        retrieved_sources as "retrievedSources": Tolerant<Vec<String>>,
        /// The topic it quotes.
        cited_topic as "citedTopic": Tolerant<String>,
        /// The flow it is in.
        in_flow as "inFlow": Tolerant<String>,
        /// The step it is in.
        in_step as "inStep": Tolerant<String>,
        /// What the model was asked.
        llm_requests as "llmRequests": Tolerant<Vec<Value>>,
        /// Language it listens in.
        asr_lang_code as "asrLangCode": Tolerant<String>,
        /// Language it speaks in.
        tts_lang_code as "ttsLangCode": Tolerant<String>,
        /// Its words as sound.
        agent_response_audio_url as "agentResponseAudioUrl": Tolerant<String>,
    }
}

crate::operations! { OPERATIONS, DebugChat, "https://docs.poly.ai/api-reference/debug-chat/introduction";
    /// Opens a trial and returns the greeting.
    Create { Post Build "/v1/agents/{agentId}/debug-chat", "debug_chat.create",
        Workspace, Refused, Write, Operator, 201,
        path: AgentPath, query: Nothing, request: Json<CreateBody>, response: Json<Reply>,
        limits: [body("clientEnv", Words(Environment::KNOWN))] }
    /// Sends one turn. Code `CHAT_TIMEOUT` (400): the agent was slow, and the turn may have run.
    Respond { Post Build "/v1/agents/{agentId}/debug-chat/{conversationId}", "debug_chat.respond",
        Workspace, Refused, Write, Operator, 200,
        path: DetailPath, query: Nothing, request: Json<RespondBody>, response: Json<Reply>,
        limits: [body("clientEnv", Words(Environment::KNOWN))] }
}

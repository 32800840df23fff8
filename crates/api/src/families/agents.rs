//! Agents and everything they are made of.
//!
//! Source: <https://docs.poly.ai/api-reference/agents/introduction>. All of it speaks `camelCase`, lives
//! on the build host and takes a workspace key. Behaviour, topics, attributes and variants are
//! written on a branch only: on `main` the platform answers 422. Merging a branch publishes it to
//! the sandbox in the same call; promotion moves it on from there.

pub mod attributes;
pub mod audio_cache;
pub mod behavior;
pub mod branches;
pub mod connectors;
pub mod deployments;
pub mod numbers;
pub mod outbound;
pub mod real_time_configs;
pub mod topics;
pub mod variants;
pub mod voices;

use perch_json::{Error, Name, Reader, Token};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::model::{AccountId, Lenient, ProjectId, Timestamp, Tolerant, items, strict};
use crate::operation::limit::{
    Rule::{Chars, Needed, Plain},
    body,
};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A workspace.
    AccountPath {
        /// The workspace.
        account_id as "accountId": AccountId,
    }
}

crate::path_params! {
    /// An agent.
    AgentPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
    }
}

crate::answers! {
    /// An agent.
    Agent {
        /// The workspace, in either form.
        account_id as "accountId": Tolerant<String>,
        /// Names the agent.
        agent_id as "agentId": Tolerant<ProjectId>,
        /// Shown in Studio.
        agent_name as "agentName": Tolerant<String>,
        /// When it was made.
        created_at as "createdAt": Tolerant<Timestamp>,
        /// When it was last changed.
        updated_at as "updatedAt": Tolerant<Timestamp>,
        /// Branches besides `main`.
        branch_count as "branchCount": Tolerant<u64>,
    }
}

/// Every agent of a workspace: a bare list on the wire, without pages.
///
/// An object with the key `agents` is read as well; clients in the field have met it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Agents(pub Vec<Agent>);

impl<'de> Deserialize<'de> for Agents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        strict::<Either, D>(deserializer).map(|Either(agents)| Self(agents))
    }
}

/// [`Agents`] while they are read.
struct Either(Vec<Agent>);

impl Lenient for Either {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        let mut agents = None;
        match reader.token()? {
            Token::List => agents = items(reader)?,
            Token::Object => {
                let mut first = true;
                while let Some(name) = reader.member(&["agents"], 0, &mut first)? {
                    if matches!(name, Name::Known(_)) {
                        agents = Lenient::read(reader)?.or(agents);
                    } else {
                        reader.scalar()?;
                    }
                }
            }
            // As little as a fault of the input.
            _ => return Ok(None),
        }
        Ok(Some(Self(agents.unwrap_or_default())))
    }
}

/// What a new agent starts with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAgent {
    /// Shown in Studio, 1 to 100 characters.
    pub name: String,
    /// Of one's own choice: letters, digits and hyphens. The platform makes one otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_id: Option<ProjectId>,
    /// Greeting and language.
    pub response_settings: ResponseSettings,
    /// The voice it speaks with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_settings: Option<VoiceSettings>,
    /// The model it thinks with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub llm_settings: Option<LlmSettings>,
    /// Settings without documentation; `{configs: [...]}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experimental_config: Option<Map<String, Value>>,
}

/// How an agent opens a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResponseSettings {
    /// Its first words; not empty, whatever the vendor's quick start says.
    pub greeting: String,
    /// BCP 47; `en-GB` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

/// The voice of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VoiceSettings {
    /// A voice of the workspace's library.
    pub voice_id: String,
}

/// The model of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LlmSettings {
    /// As Studio names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<String>,
}

/// What the copy is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DuplicateAgent {
    /// Of one's own choice; the platform makes one otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_agent_id: Option<ProjectId>,
    /// 1 to 100 characters.
    pub new_agent_name: String,
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Lists the agents of a workspace, all at once.
    List { Get Build "/v1/accounts/{accountId}/agents", "agents.list",
        Workspace, Safe, Read, Viewer, 200,
        path: AccountPath, query: Nothing, request: Empty, response: Json<Agents> }
    /// Makes an agent. Not to be repeated blindly: a second call makes a second agent.
    Create { Post Build "/v1/accounts/{accountId}/agents", "agents.create",
        Workspace, Refused, Write, Admin, 200,
        path: AccountPath, query: Nothing, request: Json<CreateAgent>, response: Json<Agent>,
        limits: [
            body("name", Chars(1, 100)),
            body("agentId", Plain),
            body("responseSettings.greeting", Needed),
            body("responseSettings.greeting", Chars(1, usize::MAX)),
            body("responseSettings.languageCode", Chars(1, usize::MAX)),
            body("voiceSettings.voiceId", Needed),
            body("voiceSettings.voiceId", Chars(1, usize::MAX)),
            body("experimentalConfig.configs", Needed),
        ] }
    /// Deletes an agent with its branches and deployments, for good.
    Delete { Delete Build "/v1/agents/{agentId}", "agents.delete",
        Workspace, Refused, Destructive, Admin, 204,
        path: AgentPath, query: Nothing, request: Empty, response: Empty }
    /// Copies an agent.
    Duplicate { Post Build "/v1/agents/{agentId}/duplicate", "agents.duplicate",
        Workspace, Refused, Write, Admin, 200,
        path: AgentPath, query: Nothing, request: Json<DuplicateAgent>, response: Json<Agent>,
        limits: [body("newAgentName", Chars(1, 100)), body("newAgentId", Plain)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lists_are_read() {
        for json in [
            r#"[{"agentId":"PROJECT-1"},null,{"agentId":"PROJECT-2","colour":"red"}]"#,
            r#"{"agents":[{"agentId":"PROJECT-1"},7,{"agentId":"PROJECT-2","colour":"red"}]}"#,
        ] {
            let agents: Agents = serde_json::from_str(json).unwrap();
            let ids: Vec<_> = agents.0.iter().filter_map(|agent| agent.agent_id.as_ref()).collect();
            assert_eq!(ids.len(), 2, "{json}");
            assert_eq!(agents.0[1].extra["colour"], "red");
        }
    }
}

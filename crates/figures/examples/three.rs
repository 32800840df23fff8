//! A page's program that uses three operations by their types: what its bytes are is the figure.
#![cfg(target_family = "wasm")]

use std::sync::Arc;

use perch_api::families::{chat, conversations};
use perch_api::model::{AccountId, ConversationId, ProjectId};
use perch_api::operation::{Empty, Json, Nothing};
use perch_client::{Client, ClientError, WebPlatform};
use wasm_bindgen::prelude::wasm_bindgen;

// 2.5 KB (gzip) less than the one that Rust brings along, and a tenth slower over a large page.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What can be asked of one agent.
#[wasm_bindgen]
pub struct Agent {
    client: Client,
    account: AccountId,
    project: ProjectId,
}

#[wasm_bindgen]
impl Agent {
    /// The agent behind an edge worker; nothing when an id is none.
    #[wasm_bindgen]
    pub fn open(base: &str, account: &str, project: &str) -> Option<Agent> {
        let client = Client::edge(Arc::new(WebPlatform), base);
        Some(Self {
            client,
            account: AccountId::parse(account).ok()?,
            project: ProjectId::parse(project).ok()?,
        })
    }

    /// The ids of the latest conversations.
    pub async fn latest(self, limit: u32) -> Result<Vec<String>, String> {
        let path = conversations::ListPath { account_id: self.account, project_id: self.project };
        let query = conversations::ListQuery { limit: Some(limit), ..Default::default() };
        let page = self.client.send(conversations::List, &path, &query, &Empty).await;
        let Json(page) = page.map_err(words)?;
        Ok(page.conversations.iter().map(|row| row.id.clone()).collect())
    }

    /// What was said in one of them.
    pub async fn transcript(self, conversation: String) -> Result<Vec<String>, String> {
        let conversation_id = ConversationId::parse(&conversation).map_err(|_| "no id")?;
        let path = conversations::DetailPath { agent_id: self.project, conversation_id };
        let detail = self.client.send(conversations::Get, &path, &Nothing {}, &Empty).await;
        let Json(detail) = detail.map_err(words)?;
        let turns = detail.turns.as_ref().into_iter().flatten();
        Ok(turns.filter_map(|turn| turn.user_input.0.clone()).collect())
    }

    /// Opens a chat and gives the greeting.
    pub async fn greeting(self) -> Result<String, String> {
        let path = chat::ChatPath {
            version: "v1".to_owned(),
            account_id: self.account,
            project_id: self.project,
        };
        let body = Json(chat::CreateBody::default());
        let created = self.client.send(chat::Create, &path, &Nothing {}, &body).await;
        Ok(created.map_err(words)?.0.response)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn words(error: ClientError) -> String {
    error.remedy().to_owned()
}

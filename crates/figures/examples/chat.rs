//! A page's program that holds a chat by three operations and their types: what its bytes are is the figure.
#![cfg(target_family = "wasm")]

use std::sync::Arc;

use perch_api::families::chat::{
    ChatPath, Close, CloseBody, Create, CreateBody, Respond, RespondBody,
};
use perch_api::model::{AccountId, ConversationId, Extra, ProjectId};
use perch_api::operation::{Json, Nothing};
use perch_client::{Client, ClientError, WebPlatform};
use wasm_bindgen::prelude::wasm_bindgen;

const NO_QUERY: Nothing = Nothing {};

// 2.5 KB (gzip) less than the one that Rust brings along, and a tenth slower over a large page.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A chat with one agent.
#[wasm_bindgen]
pub struct Chat {
    client: Client,
    path: ChatPath,
}

#[wasm_bindgen]
impl Chat {
    /// The agent behind an edge worker; nothing when an id is none.
    #[wasm_bindgen]
    pub fn with(base: &str, account: &str, project: &str) -> Option<Chat> {
        let path = ChatPath {
            version: "v1".to_owned(),
            account_id: AccountId::parse(account).ok()?,
            project_id: ProjectId::parse(project).ok()?,
        };
        Some(Self { client: Client::edge(Arc::new(WebPlatform), base), path })
    }

    /// Opens the chat; gives the greeting.
    pub async fn create(self) -> Result<String, String> {
        let body = Json(CreateBody::default());
        let created = self.client.send(Create, &self.path, &NO_QUERY, &body).await;
        Ok(created.map_err(words)?.0.response)
    }

    /// Says something; gives the answer.
    pub async fn respond(self, conversation: String, message: String) -> Result<String, String> {
        let conversation_id = id(&conversation)?;
        let (metadata, extra) = (Extra::new(), Extra::new());
        let body = Json(RespondBody { conversation_id, message, metadata, extra });
        let responded = self.client.send(Respond, &self.path, &NO_QUERY, &body).await;
        Ok(responded.map_err(words)?.0.response)
    }

    /// Ends the chat.
    pub async fn close(self, conversation: String) -> Result<bool, String> {
        let body = Json(CloseBody { conversation_id: id(&conversation)? });
        let closed = self.client.send(Close, &self.path, &NO_QUERY, &body).await;
        Ok(closed.map_err(words)?.0.success)
    }
}

fn id(text: &str) -> Result<ConversationId, String> {
    ConversationId::parse(text).map_err(|_| "this is no id of a conversation".to_owned())
}

#[allow(clippy::needless_pass_by_value, reason = "an argument of map_err")]
fn words(error: ClientError) -> String {
    error.remedy().to_owned()
}

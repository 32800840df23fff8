//! A simulator of one's own, and clients for it.

use std::sync::Arc;

use perch_api::families::conversations::{DetailPath, ListPath};
use perch_api::model::{AccountId, ConversationId, ProjectId, Secret, Timestamp};
use perch_client::{Client, Credentials, Hosts, HttpRequest, NativePlatform, Platform as _};
use perch_simulator::{Options, Running, Simulator};
use serde_json::Value;

pub(crate) const ACCOUNT: &str = "ws-7f3a9c21";
pub(crate) const PROJECT: &str = "PROJECT-4E5B8A10";
pub(crate) const HOST: &str = "shop.fernhill.example";

pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) platform: Arc<NativePlatform>,
}

impl World {
    pub(crate) async fn start(conversations: usize) -> Self {
        let options = Options { port: 0, conversations, ..Options::default() };
        let running = Simulator::start(options).await.unwrap();
        Self { running, platform: Arc::new(NativePlatform::new().unwrap()) }
    }

    /// A client with every credential of the simulator's defaults.
    pub(crate) fn client(&self) -> Client {
        self.client_with(None)
    }

    /// A client that may also create a session with this access token.
    pub(crate) fn client_with(&self, access: Option<Secret>) -> Client {
        let secret = |name: &str| Secret::new(format!("sim-{name}"));
        let credentials = Credentials {
            workspace: Some(secret("workspace")),
            conversations: Some(secret("conversations")),
            chat: Some((secret("chat"), secret("chat_connector"))),
            messaging: Some((secret("messaging_connector"), HOST.to_owned())),
            access,
            ..Credentials::default()
        };
        let at = self.running.addresses();
        let hosts = Hosts::custom(&at.build, &at.platform, &at.messaging, &at.webrtc);
        Client::direct(self.platform.clone(), hosts, credentials)
    }

    /// Sends a command to the control API.
    pub(crate) async fn control(&self, method: &'static str, path: &str, body: &str) -> Value {
        let request = HttpRequest {
            method,
            url: format!("{}{path}", self.running.control()),
            headers: vec![("content-type", "application/json".to_owned())],
            body: Some(body.as_bytes().to_vec()),
            timeout: std::time::Duration::from_secs(5),
            cookies: false,
        };
        let answer = self.platform.fetch(request).await.unwrap();
        let text = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {text}", answer.status);
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// How many requests a fault rule has befallen.
    pub(crate) async fn hits(&self, rule: u64) -> u64 {
        let faults = self.control("GET", "/control/faults", "").await;
        let mut rules = faults["rules"].as_array().unwrap().iter();
        rules.find(|shown| shown["id"] == rule).unwrap()["hits"].as_u64().unwrap()
    }

    /// The simulated moment, Unix milliseconds.
    pub(crate) async fn now_ms(&self) -> i64 {
        let clock = self.control("GET", "/control/clock", "").await;
        Timestamp::new(clock["now"].as_str().unwrap()).unix_ms().unwrap()
    }
}

pub(crate) fn list_path() -> ListPath {
    ListPath {
        account_id: AccountId::parse(ACCOUNT).unwrap(),
        project_id: ProjectId::parse(PROJECT).unwrap(),
    }
}

pub(crate) fn detail_path(conversation: &str) -> DetailPath {
    DetailPath {
        agent_id: ProjectId::parse(PROJECT).unwrap(),
        conversation_id: ConversationId::parse(conversation).unwrap(),
    }
}

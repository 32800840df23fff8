//! A running simulator, and small clients for it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use perch_simulator::{Options, Running, Simulator};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Monday, 23 November 2026, 14:20 UTC.
pub(crate) const NOW: i64 = 1_795_443_600_000;
pub(crate) const LIST: &str = "/v3/ws-7f3a9c21/PROJECT-4E5B8A10/conversations";
pub(crate) const CHAT: &str = "/v1/ws-7f3a9c21/PROJECT-4E5B8A10/chat";
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Sim {
    pub(crate) running: Running,
    pub(crate) http: reqwest::Client,
}

/// An answer with its body read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Sim {
    pub(crate) async fn start(conversations: usize) -> Self {
        Self::seeded(7, conversations).await
    }

    pub(crate) async fn seeded(seed: u64, conversations: usize) -> Self {
        Self::with(Options { seed, conversations, ..Options::default() }).await
    }

    /// With these options, on free ports and at the moment of all tests.
    pub(crate) async fn with(options: Options) -> Self {
        let options = Options { port: 0, now_ms: Some(NOW), ..options };
        let running = Simulator::start(options).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { running, http }
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let Some(body) = body else {
            return self.send_bytes(method, url, headers, Vec::new()).await;
        };
        let headers = [headers, &[("Content-Type", "application/json")]].concat();
        self.send_bytes(method, url, &headers, body.to_string().into_bytes()).await
    }

    pub(crate) async fn send_bytes(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.http.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, body }
    }

    /// A page of the list; `query` without the question mark.
    pub(crate) async fn list(&self, query: &str) -> Answer {
        let url = format!("{}{LIST}?{query}", self.running.platform());
        self.send("GET", &url, &[("x-api-key", "sim-conversations")], None).await
    }

    pub(crate) async fn rows(&self, query: &str) -> Vec<Value> {
        let answer = self.list(query).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.body);
        answer.body["conversations"].as_array().unwrap().clone()
    }

    pub(crate) async fn detail(&self, id: &str) -> Answer {
        let url = format!("{}/v1/agents/PROJECT-4E5B8A10/conversations/{id}", self.running.build());
        self.send("GET", &url, &[("X-API-KEY", "sim-workspace")], None).await
    }

    pub(crate) async fn chat(&self, method: &str, verb: &str, body: Value) -> Answer {
        let url = format!("{}{CHAT}/{verb}", self.running.platform());
        let headers = [("X-API-KEY", "sim-chat"), ("X-TOKEN", "sim-chat_connector")];
        self.send(method, &url, &headers, Some(body)).await
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send(method, &format!("{}{path}", self.running.control()), &[], body).await
    }

    pub(crate) async fn faults(&self, faults: Value) {
        let answer = self.control("PUT", "/control/faults", Some(faults)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub(crate) async fn access_token(&self) -> String {
        let url = format!("{}/api/v1/access-token", self.running.messaging());
        let headers = [("X-Token", "sim-messaging_connector"), ("X-Host", "shop.fernhill.example")];
        let answer = self.send("POST", &url, &headers, Some(json!({}))).await;
        assert_eq!((answer.status, &answer.body["expires_in"]), (200, &json!(86_400)));
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn session(&self, streaming: bool) -> Session {
        let token = self.access_token().await;
        let url = format!("{}/api/v1/sessions", self.running.messaging());
        let bearer = format!("Bearer {token}");
        let body = json!({ "streaming_enabled": streaming, "platform": "web" });
        let answer = self.send("POST", &url, &[("Authorization", &bearer)], Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let id = answer.body["session_id"].as_str().unwrap().to_owned();
        Session { id, token, host: self.running.messaging().replace("http", "ws") }
    }
}

pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) token: String,
    host: String,
}

impl Session {
    pub(crate) async fn dial(&self, query: &str) -> Result<Socket, u16> {
        let url = format!("{}/ws?{query}", self.host);
        match connect_async(url).await {
            Ok((stream, _)) => Ok(Socket { stream, seen: Vec::new(), frames: 0 }),
            Err(tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// A bare socket, for a driver of its own.
    pub(crate) async fn open(&self, cursor: Option<u64>) -> Result<Stream, tungstenite::Error> {
        let cursor = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let (id, token) = (&self.id, &self.token);
        let url = format!("{}/ws?session_id={id}&access_token={token}{cursor}", self.host);
        connect_async(url).await.map(|(stream, _)| stream)
    }

    pub(crate) async fn connect(&self) -> Socket {
        let query = format!("session_id={}&access_token={}", self.id, self.token);
        self.dial(&query).await.unwrap()
    }

    pub(crate) async fn resume(&self, cursor: u64) -> Socket {
        let query = format!("session_id={}&access_token={}&cursor={cursor}", self.id, self.token);
        self.dial(&query).await.unwrap()
    }
}

pub(crate) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct Socket {
    stream: Stream,
    /// Every event received, batches laid flat.
    pub(crate) seen: Vec<Value>,
    /// Frames received.
    pub(crate) frames: usize,
}

impl Socket {
    pub(crate) async fn send(&mut self, kind: &str, payload: Value) {
        let frame = json!({ "type": format!("EVENT_TYPE_{kind}"), "payload": payload });
        self.send_text(&frame.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        self.stream.send(Message::binary(bytes.to_vec())).await.unwrap();
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.send("USER_MESSAGE", json!({ "text": text })).await;
    }

    /// Reads until an event of this type came that was not there before; gives it back.
    pub(crate) async fn until(&mut self, kind: &str) -> Value {
        let kind = format!("EVENT_TYPE_{kind}");
        loop {
            let from = self.seen.len();
            assert!(self.read().await, "closed before {kind}: {:?}", self.kinds());
            if let Some(event) = self.seen[from..].iter().find(|event| event["type"] == *kind) {
                return event.clone();
            }
        }
    }

    /// Reads a streamed answer to its end; gives its chunks.
    pub(crate) async fn answer(&mut self) -> Vec<Value> {
        loop {
            let from = self.seen.len();
            assert!(self.read().await, "closed before an answer: {:?}", self.kinds());
            let last = self.seen[from..].iter().find(|e| e["payload"]["is_complete"] == true);
            if let Some(id) = last.map(|last| last["payload"]["message_id"].clone()) {
                let own = |event: &&Value| event["payload"]["message_id"] == id;
                return self.seen.iter().filter(own).cloned().collect();
            }
        }
    }

    /// Reads to the end of the connection; gives the close code.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            match tokio::time::timeout(PATIENCE, self.stream.next()).await.unwrap() {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(Message::Text(text))) => self.note(&text),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.seen
            .iter()
            .filter_map(|event| event["type"].as_str()?.strip_prefix("EVENT_TYPE_"))
            .collect()
    }

    pub(crate) fn last_sequence(&self) -> u64 {
        self.seen.iter().filter_map(|event| event["sequence"].as_u64()).max().unwrap_or(0)
    }

    /// The distinct journaled sequences received.
    pub(crate) fn sequences(&self) -> BTreeSet<u64> {
        self.seen.iter().filter_map(|event| event["sequence"].as_u64()).collect()
    }

    async fn read(&mut self) -> bool {
        match tokio::time::timeout(PATIENCE, self.stream.next()).await.unwrap() {
            Some(Ok(Message::Text(text))) => {
                self.note(&text);
                true
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => false,
            Some(Ok(_)) => true,
        }
    }

    fn note(&mut self, text: &str) {
        self.frames += 1;
        let frame: Value = serde_json::from_str(text).unwrap();
        match frame["payload"]["events"].as_array() {
            Some(events) => self.seen.extend(events.iter().cloned()),
            None => self.seen.push(frame),
        }
    }
}

/// The text of a streamed answer.
pub(crate) fn text_of(chunks: &[Value]) -> String {
    let mut chunks: Vec<_> = chunks.iter().map(|chunk| &chunk["payload"]).collect();
    chunks.sort_by_key(|payload| payload["chunk_index"].as_u64());
    chunks.dedup_by_key(|payload| payload["chunk_index"].as_u64());
    chunks.iter().filter_map(|payload| payload["text"].as_str()).collect()
}

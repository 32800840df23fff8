//! Thousands of visitors at once: each has a session and a socket, says one thing and is answered.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::SinkExt as _;
use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::program::Program;

/// Handshakes under way at a time, as from visitors who come one after the other.
const AT_A_TIME: usize = 1_000;
const PATIENCE: Duration = Duration::from_mins(1);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What was measured.
pub(crate) struct Sockets {
    /// How many were open at once and answered.
    pub(crate) count: usize,
    /// Seconds until all were open and greeted.
    pub(crate) opened_s: f64,
    /// Seconds from the first message until everybody was answered.
    pub(crate) answered_s: f64,
}

/// Opens `count` sockets, lets each say something, and waits for every answer.
pub(crate) async fn measure(program: &Program, count: usize) -> Result<Sockets> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let begun = Instant::now();
    let sockets: Vec<Socket> = stream::iter(0..count)
        .map(|_| greeted(&http, program))
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await?;
    let opened_s = begun.elapsed().as_secs_f64();
    let state: Value =
        http.get(format!("{}/control/state", program.control)).send().await?.json().await?;
    ensure!(state["sessions"] == count, "{} sessions are open", state["sessions"]);
    let begun = Instant::now();
    let answered = try_join_all(sockets.into_iter().map(answered)).await?;
    let answered_s = begun.elapsed().as_secs_f64();
    Ok(Sockets { count: answered.len(), opened_s, answered_s })
}

async fn greeted(http: &reqwest::Client, program: &Program) -> Result<Socket> {
    let url = format!("{}/api/v1/access-token", program.messaging);
    let token = http.post(url).header("X-Token", "sim-messaging_connector");
    let token: Value = token
        .header("X-Host", "shop.fernhill.example")
        .json(&json!({}))
        .send()
        .await?
        .json()
        .await?;
    let token = token["access_token"].as_str().context("no access token")?;
    let url = format!("{}/api/v1/sessions", program.messaging);
    let body = json!({ "streaming_enabled": false, "platform": "web" });
    let session = http.post(url).header("Authorization", format!("Bearer {token}")).json(&body);
    let session: Value = session.send().await?.json().await?;
    let id = session["session_id"].as_str().context("no session")?;
    let host = program.messaging.replacen("http", "ws", 1);
    let url = format!("{host}/ws?session_id={id}&access_token={token}");
    let (mut socket, _) = connect_async(url).await?;
    say(&mut socket, "REQUEST_POLY_AGENT_JOIN", json!({})).await?;
    message(&mut socket).await.context("waiting for the greeting")?;
    Ok(socket)
}

/// Gives the socket back, so that all stay open until the last is answered.
async fn answered(mut socket: Socket) -> Result<Socket> {
    say(&mut socket, "USER_MESSAGE", json!({ "text": "What is your return policy?" })).await?;
    let answer = message(&mut socket).await.context("waiting for an answer")?;
    ensure!(answer.contains("60 days"), "an answer to another question");
    Ok(socket)
}

async fn say(socket: &mut Socket, kind: &str, payload: Value) -> Result<()> {
    let frame = json!({ "type": format!("EVENT_TYPE_{kind}"), "payload": payload });
    Ok(socket.send(Message::text(frame.to_string())).await?)
}

/// The agent's next message.
async fn message(socket: &mut Socket) -> Result<String> {
    let next = async {
        while let Some(frame) = socket.next().await {
            if let Message::Text(text) = frame?
                && text.contains("EVENT_TYPE_POLY_AGENT_MESSAGE")
            {
                return Ok(text.as_str().to_owned());
            }
        }
        bail!("the socket was closed")
    };
    tokio::time::timeout(PATIENCE, next).await?
}

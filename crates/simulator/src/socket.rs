//! The messaging WebSocket: handshake, then frames both ways between a socket and its session.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::FromRequestParts as _;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::Response;
use perch_api::messaging::server::ConnectionId;
use perch_api::operation::query;
use tokio::sync::{mpsc, oneshot};

use crate::accounts::Accounts;
use crate::faults::FrameFate;
use crate::faults::answer::garbled;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::session::{Command, SOCKET_QUEUE, SessionHandle, ToSocket};
use crate::sync::lock;

/// Frames beyond this break the connection; up to it the session decides (1009 from 128 KiB).
const MAX_FRAME: usize = 1 << 20;
/// Bytes set aside for each direction of a socket; the usual 128 KiB would take a gigabyte for
/// thousands of them.
const BUFFER: usize = 8 << 10;
/// How long the other side has to answer a close.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// Answers the handshake.
pub(crate) async fn upgrade(
    accounts: &Accounts,
    mut parts: Parts,
    now_ms: i64,
) -> Result<Response, Refusal> {
    let invalid = || Refusal::new(400, "", "invalid connection parameters");
    let unauthorised = || Refusal::new(401, "", "authentication failed");
    let pairs = query::read(parts.uri.query().unwrap_or_default()).ok_or_else(invalid)?;
    let value = |name: &str| {
        let pair = pairs.iter().find(|(known, _)| known == name);
        pair.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let session_id = value("session_id").ok_or_else(invalid)?;
    let token = value("access_token").or_else(|| value("auth_token")).ok_or_else(invalid)?;
    let platform = accounts.minted(token);
    if !platform.tokens.is_valid(token, now_ms) {
        return Err(unauthorised());
    }
    let session = lock(&platform.sessions).get(session_id).cloned();
    let session = session.ok_or_else(|| Refusal::new(404, "", "session not found"))?;
    if !session.belongs_to(token) {
        return Err(unauthorised());
    }
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = upgrade.map_err(|_| invalid())?;
    let upgrade = upgrade.max_message_size(MAX_FRAME);
    let upgrade = upgrade.read_buffer_size(BUFFER).write_buffer_size(BUFFER);

    let conn = ConnectionId(platform.next_connection.fetch_add(1, Ordering::Relaxed));
    let (out, inbox) = mpsc::channel(SOCKET_QUEUE);
    let (accepted, answer) = oneshot::channel();
    let cursor = value("cursor").map(str::to_owned);
    session.send(Command::Connect { conn, cursor, out, accepted }).await;
    match answer.await {
        Ok(true) => {}
        Ok(false) => return Err(Refusal::new(429, "", "connection limit exceeded for session")),
        Err(_) => return Err(Refusal::new(404, "", "session not found")),
    }
    let (failed, platform) = (session.clone(), Arc::clone(platform));
    Ok(upgrade
        .on_failed_upgrade(move |_| {
            tokio::spawn(async move { failed.send(Command::Closed { conn }).await });
        })
        .on_upgrade(move |socket| run(platform, socket, session, conn, inbox)))
}

async fn run(
    platform: Arc<Platform>,
    mut socket: WebSocket,
    session: SessionHandle,
    conn: ConnectionId,
    mut inbox: mpsc::Receiver<ToSocket>,
) {
    loop {
        tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => {
                    session.send(Command::Frame { conn, text: text.as_str().to_owned() }).await;
                }
                Some(Ok(Message::Binary(_))) => {
                    close(&mut socket, 1003).await;
                    break;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
            order = inbox.recv() => match order {
                Some(ToSocket::Text(text)) => {
                    let text = match platform.faults.frame(platform.clock.now_ms()) {
                        FrameFate::Sent => text,
                        FrameFate::Malformed(seed) => garbled(&text, seed),
                        FrameFate::Drop => break,
                        FrameFate::HalfOpen => {
                            // The other side learns nothing, and nothing of it is heard.
                            platform.faults.wait_for_change().await;
                            break;
                        }
                    };
                    if socket.send(Message::Text(text.into())).await.is_err() {
                        break;
                    }
                }
                Some(ToSocket::Close(code)) => {
                    close(&mut socket, code).await;
                    break;
                }
                // Leaving here closes the connection without a close frame.
                Some(ToSocket::Drop) | None => break,
            },
        }
    }
    session.send(Command::Closed { conn }).await;
}

/// Closes a socket, and waits a little for the answer.
pub(crate) async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame { code, reason: "".into() };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        let answered = async { while let Some(Ok(_)) = socket.recv().await {} };
        // Whoever does not answer is cut off.
        let _ = tokio::time::timeout(CLOSE_WAIT, answered).await;
    }
}

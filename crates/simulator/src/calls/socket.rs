//! The signalling WebSocket: handshake, then frames both ways between a socket and the gateway.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::FromRequestParts as _;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::Response;
use perch_api::calls::server::ConnectionId;
use tokio::sync::{mpsc, oneshot};

use super::{Command, SOCKET_QUEUE};
use crate::accounts::Accounts;
use crate::refusal::Refusal;
use crate::session::ToSocket;
use crate::socket::close;

/// Frames beyond this break the connection; up to it the gateway decides.
const MAX_FRAME: usize = 1 << 20;

/// Answers the handshake. Anybody may connect: the token is in the offer.
pub(crate) async fn upgrade(
    accounts: &Arc<Accounts>,
    mut parts: Parts,
) -> Result<Response, Refusal> {
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let not_a_socket = |_| Refusal::new(400, "", "A WebSocket handshake is needed.");
    let upgrade = upgrade.map_err(not_a_socket)?.max_message_size(MAX_FRAME);

    let conn = ConnectionId(accounts.first().next_connection.fetch_add(1, Ordering::Relaxed));
    let (out, inbox) = mpsc::channel(SOCKET_QUEUE);
    let (accepted, answer) = oneshot::channel();
    let gateway = accounts.calls().commands(accounts);
    let full = || Refusal::new(503, "", "The gateway has all the connections it may have.");
    gateway.send(Command::Connect { conn, out, accepted }).await.map_err(|_| full())?;
    if answer.await != Ok(true) {
        return Err(full());
    }
    let failed = gateway.clone();
    Ok(upgrade
        .on_failed_upgrade(move |_| {
            let closed = Command::Closed { conn, code: 1006 };
            tokio::spawn(async move { failed.send(closed).await });
        })
        .on_upgrade(move |socket| run(socket, gateway, conn, inbox)))
}

async fn run(
    mut socket: WebSocket,
    gateway: mpsc::Sender<Command>,
    conn: ConnectionId,
    mut inbox: mpsc::Receiver<ToSocket>,
) {
    let code = loop {
        tokio::select! {
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => {
                    let text = text.as_str().to_owned();
                    if gateway.send(Command::Frame { conn, text }).await.is_err() {
                        break 1006;
                    }
                }
                Some(Ok(Message::Binary(_))) => {
                    close(&mut socket, 1003).await;
                    break 1003;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(frame))) => break frame.map_or(1005, |frame| frame.code),
                Some(Err(_)) | None => break 1006,
            },
            order = inbox.recv() => match order {
                Some(ToSocket::Text(text)) => {
                    if socket.send(Message::Text(text.into())).await.is_err() {
                        break 1006;
                    }
                }
                Some(ToSocket::Close(code)) => {
                    close(&mut socket, code).await;
                    break code;
                }
                // Leaving here closes the connection without a close frame.
                Some(ToSocket::Drop) | None => break 1006,
            },
        }
    };
    // A gateway that is gone needs no telling.
    let _ = gateway.send(Command::Closed { conn, code }).await;
}

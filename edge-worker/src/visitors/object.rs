//! The Durable Object of the visitor plane, one class under four kinds of names:
//!
//! - `session:<id>` keeps one session: the platform's token and session id, both sealed, the tickets, the
//!   budgets, the fallback chat, and a control line of every socket that is open;
//! - `caller:<site>:<address>` counts the new sessions of one address;
//! - `site:<id>` counts those of a site, keeps verified contexts until they are fetched, and knows whether
//!   the site was stopped;
//! - `lines:<site>:<number>` holds a control line of every open socket of its share of a site.
//!
//! No step waits between reading and writing, so of two that race one goes first and the other sees it.

mod context;
mod counter;
mod fallback;
mod line;
pub(super) mod question;
mod session;
mod stop;

use std::rc::Rc;

use worker::{
    DurableObject, Env, Error, Request, Response, State, WebSocket, WebSocketIncomingMessage,
    durable_object,
};

use crate::call::now;
use crate::durable::{bare, question as read, run, serve};
use crate::shield;

/// The binding's name.
pub(super) const BINDING: &str = "VISITORS";

/// A session, a counter, a site or a share of a site's sockets.
#[durable_object]
pub struct VisitorSession {
    state: Rc<State>,
}

impl DurableObject for VisitorSession {
    fn new(state: State, _: Env) -> Self {
        shield::arm();
        Self { state: Rc::new(state) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let state = Rc::clone(&self.state);
        if let Some(kind) = line::asked(&request) {
            let _pending = shield::Pending::new();
            return shield::run(|| line::attach(&state, kind))
                .unwrap_or_else(|shield::Trapped| Ok(Response::empty()?.with_status(500)));
        }
        serve(request, |operation, body| async move { handle(&state, &operation, &body).await })
            .await
    }

    /// The time of whatever is kept here is over: nothing of it stays.
    async fn alarm(&self) -> worker::Result<Response> {
        prepare(&self.state)?;
        if counter::stays(&self.state, now()).await? {
            return Response::empty();
        }
        line::close_all(&self.state, line::CLOSE_ENDED);
        self.state.storage().delete_all().await?;
        Response::empty()
    }

    /// A socket's relay asks whether the visitor may say one thing more.
    async fn websocket_message(
        &self,
        ws: WebSocket,
        _: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        shield::run(|| line::message(&self.state, &ws)).unwrap_or(Ok(()))
    }

    async fn websocket_close(
        &self,
        ws: WebSocket,
        _: usize,
        _: String,
        _: bool,
    ) -> worker::Result<()> {
        // Half-closed sockets would count as open.
        let _ = ws.close(Some(1000), Some(""));
        Ok(())
    }

    async fn websocket_error(&self, _: WebSocket, _: Error) -> worker::Result<()> {
        Ok(())
    }
}

async fn handle(state: &State, operation: &str, body: &str) -> worker::Result<(u16, String)> {
    prepare(state)?;
    match operation {
        "count" => counter::count(state, &read(body)?).await,
        "refund" => counter::refund(state),
        "open" => session::open(state, &read(body)?).await,
        "resume" => session::resume(state, &read(body)?),
        "ticket" => session::ticket(state, read(body)?),
        "redeem" => session::redeem(state, read(body)?),
        "end" => session::end(state),
        "ended" => session::ended(state).await,
        "chat-reserve" | "chat-turn" | "chat" | "chat-keep" | "chat-drop" | "chat-answer" => {
            fallback::handle(state, operation, body)
        }
        "context-keep" => context::keep(state, read(body)?),
        "context-take" => context::take(state, read(body)?),
        "standing" => stop::standing(state),
        "stop" => stop::stop(state, &read(body)?),
        #[cfg(feature = "panic-probe")]
        "panic" => crate::probe::object(),
        _ => bare(404),
    }
}

fn prepare(state: &State) -> worker::Result<()> {
    for table in [
        "CREATE TABLE IF NOT EXISTS visit (access TEXT NOT NULL, platform TEXT NOT NULL, context TEXT, limits TEXT NOT NULL, opened INTEGER NOT NULL, until INTEGER NOT NULL, ended INTEGER NOT NULL, spoken INTEGER NOT NULL, chat TEXT)",
        "CREATE TABLE IF NOT EXISTS ticket (nonce TEXT PRIMARY KEY, expires INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS budget (kind TEXT PRIMARY KEY, marks TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS reserved (until INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS turn (id TEXT PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT)",
        "CREATE TABLE IF NOT EXISTS context (handle TEXT PRIMARY KEY, sealed TEXT NOT NULL, expires INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS stop (before INTEGER NOT NULL, closed INTEGER NOT NULL)",
    ] {
        run(state, table, vec![])?;
    }
    Ok(())
}

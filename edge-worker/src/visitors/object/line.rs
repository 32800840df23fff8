//! Control lines: one WebSocket between an open visitor socket's relay and each object that may close it.
//!
//! They hibernate, so a quiet chat costs nothing here and its end is told at once. A relay never outlives
//! its lines: whatever breaks one closes the visitor's socket, who then has to come by the front door.

use worker::{Request, Response, State, WebSocket, WebSocketPair};

use super::counter::spend;
use super::question::When;
use super::session::session;
use super::{prepare, stop};
use crate::call::now;
use crate::durable::run;
use crate::policy::limits::Budget;

/// The line's close code for a session that is over.
pub(super) const CLOSE_ENDED: u16 = 4001;
/// Whom a line belongs to: the session, or the site's share of sockets.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Session {
        /// What the site's share said.
        stopped: u64,
    },
    Share,
}

/// Whether this request asks for a line.
pub(super) fn asked(request: &Request) -> Option<Kind> {
    request.headers().get("upgrade").ok().flatten()?;
    let url = request.url().ok()?;
    match url.path() {
        "/line" => Some(Kind::Session { stopped: url.query()?.parse().ok()? }),
        "/share" => Some(Kind::Share),
        _ => None,
    }
}

/// Opens a line: 101, 404 when the session is over, 429 when it has as many sockets as it may.
pub(super) fn attach(state: &State, kind: Kind) -> worker::Result<Response> {
    prepare(state)?;
    let before = match kind {
        Kind::Share => Some(stop::read(state)?.before),
        Kind::Session { stopped } => {
            let Some(session) = session(state, When { now: now(), stopped })? else {
                return Ok(Response::empty()?.with_status(404));
            };
            let open = u32::try_from(state.get_websockets().len()).unwrap_or(u32::MAX);
            if open >= session.limits.sockets {
                return Ok(Response::empty()?.with_status(429));
            }
            None
        }
    };
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    state.accept_web_socket(&server);
    let mut response = Response::from_websocket(client)?;
    if let Some(before) = before {
        response.headers_mut().set("x-stopped", &before.to_string())?;
    }
    Ok(response)
}

/// Answers `+`, or the seconds until the visitor may say something again; nothing at all when never.
pub(super) fn message(state: &State, ws: &WebSocket) -> worker::Result<()> {
    let when = When { now: now(), stopped: 0 };
    let Some(session) = session(state, when)? else {
        return ws.close(Some(CLOSE_ENDED), Some("session over"));
    };
    match may_speak(state, &session.limits, session.spoken, when.now)? {
        None => ws.send_with_str("+"),
        Some(wait) => ws.send_with_str(wait.to_string()),
    }
}

/// Counts one message of the visitor, wherever it is said; gives the seconds to wait when it may not be.
pub(super) fn may_speak(
    state: &State,
    limits: &crate::policy::limits::Limits,
    spoken: u32,
    now: u64,
) -> worker::Result<Option<u64>> {
    if spoken >= limits.messages_per_session {
        return Ok(Some(SPENT));
    }
    let wait = spend(state, limits, Budget::Message, now)?;
    if wait.is_none() {
        run(state, "UPDATE visit SET spoken = spoken + 1", vec![])?;
    }
    Ok(wait)
}

/// Closes every line.
pub(super) fn close_all(state: &State, code: u16) {
    for ws in state.get_websockets() {
        // One that is closed already needs nothing.
        let _ = ws.close(Some(code), Some("over"));
    }
}

/// Seconds to wait for what never comes again in this session: until it is over at the latest.
const SPENT: u64 = 86_400;

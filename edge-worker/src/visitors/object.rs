//! The Durable Object behind a visitor session. It keeps the platform's token and session id, the
//! open tickets and the fallback chat; the same class, under other names, counts session creation.

mod fallback;

use std::rc::Rc;

use perch_api::model::{ConversationId, Secret};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::{DurableObject, Env, Request, Response, ScheduledTime, State, durable_object};

use crate::durable::{answer, bare, question, rows, run, serve, time};
use crate::policy::gate::{Budget, Window};
use crate::shield;

/// The binding's name.
pub(super) const BINDING: &str = "VISITORS";
/// Unused tickets a session may have at once.
const TICKETS: u32 = 10;
/// Seconds to wait for one of them to expire.
const TICKET_WAIT: u64 = 5;
/// Seconds after which an idle counter's storage goes.
const GATE_SECONDS: u64 = 300;

/// Keep a new session.
#[derive(Serialize, Deserialize)]
pub(super) struct Open<T> {
    /// The platform's access token.
    pub(super) access: T,
    /// The platform's session id.
    pub(super) platform: T,
    /// Unix seconds at which all of it is deleted.
    pub(super) until: u64,
}

/// May this session go on?
#[derive(Serialize, Deserialize)]
pub(super) struct Resumed {
    pub(super) now: u64,
}

/// Note a ticket by its hash.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) nonce: String,
    pub(super) expires: u64,
    pub(super) now: u64,
}

/// Use a ticket up.
#[derive(Serialize, Deserialize)]
pub(super) struct Redeem {
    pub(super) nonce: String,
    pub(super) now: u64,
}

/// What a ticket buys. Stays between the object and the worker.
#[derive(Deserialize)]
pub(crate) struct Redeemed {
    /// The platform's access token.
    pub(crate) access: Secret,
    /// The platform's session id.
    pub(crate) platform: String,
}

/// The fallback chat's conversation.
#[derive(Serialize, Deserialize)]
pub(super) struct Chat {
    pub(super) conversation: Option<ConversationId>,
}

/// Count one new session.
#[derive(Serialize, Deserialize)]
pub(super) struct Gate {
    pub(super) limit: u32,
    pub(super) now: u64,
}

/// How long to wait.
#[derive(Serialize, Deserialize)]
pub(super) struct Gated {
    pub(super) wait: u64,
}

/// One visitor's session, or one counter of new sessions.
#[durable_object(alarm)]
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
        serve(request, |operation, body| async move { handle(&state, &operation, &body).await })
            .await
    }

    /// The session's time is over: nothing of it stays.
    async fn alarm(&self) -> worker::Result<Response> {
        self.state.storage().delete_all().await?;
        Response::empty()
    }
}

async fn handle(state: &State, operation: &str, body: &str) -> worker::Result<(u16, String)> {
    for table in [
        "CREATE TABLE IF NOT EXISTS session (access TEXT NOT NULL, platform TEXT NOT NULL, until INTEGER NOT NULL, ended INTEGER NOT NULL, chat TEXT)",
        "CREATE TABLE IF NOT EXISTS ticket (nonce TEXT PRIMARY KEY, expires INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS gate (began INTEGER NOT NULL, count INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS budget (kind TEXT PRIMARY KEY, began INTEGER NOT NULL, count INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS reserved (until INTEGER NOT NULL)",
    ] {
        run(state, table, vec![])?;
    }
    match operation {
        "open" => open(state, question(body)?).await,
        "resume" => {
            let asked: Resumed = question(body)?;
            match session(state, asked.now)? {
                Some(_) => or_wait(spend(state, Budget::Resume, asked.now)?),
                None => bare(404),
            }
        }
        "ticket" => ticket(state, question(body)?),
        "redeem" => redeem(state, question(body)?),
        "chat-reserve" | "chat-turn" | "chat" | "chat-keep" | "chat-drop" => {
            fallback::handle(state, operation, body)
        }
        "end" => {
            run(state, "UPDATE session SET ended = 1", vec![])?;
            bare(200)
        }
        "gate" => gate(state, question(body)?).await,
        _ => bare(404),
    }
}

#[derive(Deserialize)]
struct Row {
    access: Secret,
    platform: String,
    chat: Option<String>,
}

/// The session, while it lives.
fn session(state: &State, now: u64) -> worker::Result<Option<Row>> {
    let statement = "SELECT access, platform, chat FROM session WHERE ended = 0 AND until > ?";
    Ok(rows(state, statement, vec![time(now)])?.pop())
}

async fn open(state: &State, asked: Open<Secret>) -> worker::Result<(u16, String)> {
    run(state, "DELETE FROM session", vec![])?;
    run(
        state,
        "INSERT INTO session (access, platform, until, ended) VALUES (?, ?, ?, 0)",
        vec![asked.access.expose().into(), asked.platform.expose().into(), time(asked.until)],
    )?;
    set_alarm(state, asked.until).await?;
    bare(201)
}

fn ticket(state: &State, asked: Ticket) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    if session(state, asked.now)?.is_none() {
        return bare(404);
    }
    run(state, "DELETE FROM ticket WHERE expires <= ?", vec![time(asked.now)])?;
    let open: Vec<Count> = rows(state, "SELECT count(*) AS n FROM ticket", vec![])?;
    if open.first().is_some_and(|count| count.n >= TICKETS) {
        return answer(429, &Gated { wait: TICKET_WAIT });
    }
    if let Some(wait) = spend(state, Budget::Ticket, asked.now)? {
        return answer(429, &Gated { wait });
    }
    run(
        state,
        "INSERT INTO ticket (nonce, expires) VALUES (?, ?)",
        vec![asked.nonce.into(), time(asked.expires)],
    )?;
    bare(201)
}

// One statement finds and deletes: of two that race with the same ticket exactly one gets a row.
fn redeem(state: &State, asked: Redeem) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Gone {}
    let gone: Vec<Gone> = rows(
        state,
        "DELETE FROM ticket WHERE nonce = ? AND expires > ? RETURNING nonce",
        vec![asked.nonce.into(), time(asked.now)],
    )?;
    match (gone.first(), session(state, asked.now)?) {
        (Some(Gone {}), Some(row)) => {
            answer(200, &json!({ "access": row.access.expose(), "platform": row.platform }))
        }
        _ => bare(401),
    }
}

/// Counts one of the session's budget; gives the seconds to wait when it is spent.
fn spend(state: &State, kind: Budget, now: u64) -> worker::Result<Option<u64>> {
    let statement = "SELECT began, count FROM budget WHERE kind = ?";
    let before: Window =
        rows(state, statement, vec![kind.as_str().into()])?.pop().unwrap_or_default();
    match before.admit(now, kind.per_minute()) {
        Err(wait) => Ok(Some(wait)),
        Ok(after) => {
            run(
                state,
                "INSERT OR REPLACE INTO budget (kind, began, count) VALUES (?, ?, ?)",
                vec![kind.as_str().into(), time(after.began), i64::from(after.count).into()],
            )?;
            Ok(None)
        }
    }
}

fn or_wait(wait: Option<u64>) -> worker::Result<(u16, String)> {
    wait.map_or_else(|| bare(200), |wait| answer(429, &Gated { wait }))
}

async fn gate(state: &State, asked: Gate) -> worker::Result<(u16, String)> {
    let before: Window =
        rows(state, "SELECT began, count FROM gate", vec![])?.pop().unwrap_or_default();
    match before.admit(asked.now, asked.limit) {
        Err(wait) => answer(429, &Gated { wait }),
        Ok(after) => {
            run(state, "DELETE FROM gate", vec![])?;
            run(
                state,
                "INSERT INTO gate (began, count) VALUES (?, ?)",
                vec![time(after.began), i64::from(after.count).into()],
            )?;
            if after.count == 1 {
                set_alarm(state, asked.now.saturating_add(GATE_SECONDS)).await?;
            }
            bare(200)
        }
    }
}

async fn set_alarm(state: &State, seconds: u64) -> worker::Result<()> {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a date are far below 2^53")]
    let at = js_sys::Date::new(&(seconds.saturating_mul(1_000) as f64).into());
    state.storage().set_alarm(ScheduledTime::new(at)).await
}

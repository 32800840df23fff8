//! One session: opened once, taken up again, left by tickets, ended.

use serde::Deserialize;
use worker::State;

use super::counter::{or_wait, set_alarm, spend};
use super::line;
use super::question::{Kept, Open, Redeem, Ticket, Wait, When};
use crate::call::now;
use crate::durable::{answer, bare, rows, run, time};
use crate::policy::limits::{Budget, Limits};

/// Unused tickets a session may have at once.
const TICKETS: u32 = 10;
/// Seconds to wait for one of them to expire.
const TICKET_WAIT: u64 = 5;

/// Seconds that sockets have to take leave of a conversation that is over.
const ENDED_SECONDS: u64 = 30;

/// A session that lives.
pub(super) struct Session {
    pub(super) kept: Kept,
    pub(super) context: Option<String>,
    pub(super) limits: Limits,
    pub(super) spoken: u32,
    pub(super) chat: Option<String>,
}

/// The session, while it lives.
pub(super) fn session(state: &State, when: When) -> worker::Result<Option<Session>> {
    #[derive(Deserialize)]
    struct Row {
        access: String,
        platform: String,
        context: Option<String>,
        limits: String,
        spoken: u32,
        chat: Option<String>,
    }
    let statement = "SELECT access, platform, context, limits, spoken, chat FROM visit WHERE ended = 0 AND until > ? AND opened > ?";
    let found: Vec<Row> = rows(state, statement, vec![time(when.now), time(when.stopped)])?;
    found
        .into_iter()
        .next()
        .map(|row| {
            Ok(Session {
                kept: Kept { access: row.access, platform: row.platform },
                context: row.context,
                limits: serde_json::from_str(&row.limits)?,
                spoken: row.spoken,
                chat: row.chat,
            })
        })
        .transpose()
}

pub(super) async fn open(state: &State, asked: &Open) -> worker::Result<(u16, String)> {
    run(state, "DELETE FROM visit", vec![])?;
    run(
        state,
        "INSERT INTO visit (access, platform, context, limits, opened, until, ended, spoken) VALUES (?, ?, ?, ?, ?, ?, 0, 0)",
        vec![
            asked.access.as_str().into(),
            asked.platform.as_str().into(),
            asked.context.clone().into(),
            serde_json::to_string(&asked.limits)?.into(),
            time(asked.opened),
            time(asked.until),
        ],
    )?;
    set_alarm(state, asked.until).await?;
    bare(201)
}

pub(super) fn resume(state: &State, when: &When) -> worker::Result<(u16, String)> {
    let Some(session) = session(state, *when)? else { return bare(404) };
    match spend(state, &session.limits, Budget::Resume, when.now)? {
        None => answer(200, &session.kept),
        wait => or_wait(wait),
    }
}

pub(super) fn ticket(state: &State, asked: Ticket) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    let Some(session) = session(state, asked.when)? else { return bare(404) };
    run(state, "DELETE FROM ticket WHERE expires <= ?", vec![time(asked.when.now)])?;
    let open: Vec<Count> = rows(state, "SELECT count(*) AS n FROM ticket", vec![])?;
    if open.first().is_some_and(|count| count.n >= TICKETS) {
        return answer(429, &Wait { wait: TICKET_WAIT });
    }
    if let Some(wait) = spend(state, &session.limits, Budget::Ticket, asked.when.now)? {
        return answer(429, &Wait { wait });
    }
    run(
        state,
        "INSERT INTO ticket (nonce, expires) VALUES (?, ?)",
        vec![asked.nonce.into(), time(asked.expires)],
    )?;
    bare(201)
}

// One statement finds and deletes: of two that race with the same ticket exactly one gets a row.
pub(super) fn redeem(state: &State, asked: Redeem) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Gone {}
    let gone: Vec<Gone> = rows(
        state,
        "DELETE FROM ticket WHERE nonce = ? AND expires > ? RETURNING nonce",
        vec![asked.nonce.into(), time(asked.when.now)],
    )?;
    match (gone.first(), session(state, asked.when)?) {
        (Some(Gone {}), Some(session)) => answer(200, &session.kept),
        _ => bare(401),
    }
}

/// The platform said that the conversation is over. Who hears of it from the platform itself is not cut
/// off; a little later nothing of the session is left.
pub(super) async fn ended(state: &State) -> worker::Result<(u16, String)> {
    run(state, "UPDATE visit SET ended = 1", vec![])?;
    set_alarm(state, now().saturating_add(ENDED_SECONDS)).await?;
    bare(200)
}

/// Ends the session for good, with every socket of it; 404 when there was none.
pub(super) fn end(state: &State) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Row {}
    let ended: Vec<Row> = rows(
        state,
        "UPDATE visit SET ended = 1, access = '', platform = '', context = NULL WHERE ended = 0 RETURNING ended",
        vec![],
    )?;
    line::close_all(state, line::CLOSE_ENDED);
    bare(if ended.is_empty() { 404 } else { 200 })
}

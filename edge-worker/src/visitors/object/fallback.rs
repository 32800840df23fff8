//! The fallback chat of a session: at most one conversation, one turn at a time, and a budget of turns.
//!
//! A turn that has an id is remembered with its answer, so that a client whose answer was lost on the way
//! may ask again without saying the same thing twice.

use serde::Deserialize;
use worker::State;

use super::counter::{or_wait, spend};
use super::line::may_speak;
use super::question::{Chat, Outcome, Said, Say, When};
use super::session::session;
use crate::durable::{answer, bare, question, rows, run, time};
use crate::policy::limits::Budget;

/// Seconds a conversation may take to be created, or a turn to be answered; longer than the edge waits
/// for the platform.
const PENDING_SECONDS: u64 = 90;
/// Turns that are remembered; clients ask again about the last one.
const TURNS: u32 = 8;

pub(super) fn handle(state: &State, operation: &str, body: &str) -> worker::Result<(u16, String)> {
    match operation {
        "chat-reserve" => reserve(state, question(body)?),
        "chat-turn" => turn(state, &question(body)?),
        "chat-answer" => note(state, question(body)?),
        "chat" => current(state, question(body)?),
        // Ends the reservation: with its conversation, or without one when there came none.
        "chat-keep" => {
            let asked: Chat = question(body)?;
            run(state, "DELETE FROM reserved", vec![])?;
            if let Some(id) = asked.conversation {
                run(state, "UPDATE visit SET chat = ?", vec![id.as_str().into()])?;
            }
            bare(200)
        }
        // Only this one: a new one may have begun since.
        _ => {
            let asked: Chat = question(body)?;
            let id = asked.conversation.map(|id| id.as_str().to_owned());
            run(state, "UPDATE visit SET chat = NULL WHERE chat = ?", vec![id.into()])?;
            bare(200)
        }
    }
}

fn reserve(state: &State, when: When) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Row {}
    let Some(session) = session(state, when)? else { return bare(404) };
    let statement = "SELECT until FROM reserved WHERE until > ?";
    let reserved: Vec<Row> = rows(state, statement, vec![time(when.now)])?;
    if session.chat.is_some() || !reserved.is_empty() {
        return bare(409);
    }
    if let Some(wait) = spend(state, &session.limits, Budget::Chat, when.now)? {
        return or_wait(Some(wait));
    }
    run(state, "DELETE FROM reserved", vec![])?;
    run(state, "DELETE FROM turn", vec![])?;
    let until = when.now.saturating_add(PENDING_SECONDS);
    run(state, "INSERT INTO reserved (until) VALUES (?)", vec![time(until)])?;
    current(state, when)
}

/// 200 with the conversation to go on with, or with the answer that this turn got; 409 when one is under
/// way; 410 when it is not known whether the platform heard this very turn.
fn turn(state: &State, asked: &Say) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        at: u64,
        outcome: Option<String>,
    }
    let now = asked.when.now;
    let Some(session) = session(state, asked.when)? else { return bare(404) };
    let turns: Vec<Row> = rows(state, "SELECT id, at, outcome FROM turn", vec![])?;
    let known = turns.iter().find(|turn| asked.turn.as_deref() == Some(turn.id.as_str()));
    let pending =
        |turn: &&Row| turn.outcome.is_none() && now.saturating_sub(turn.at) < PENDING_SECONDS;
    if let Some(outcome) = known.and_then(|turn| turn.outcome.clone()) {
        let chat = Chat { outcome: Some(outcome), ..chat(session.chat, None)? };
        return answer(200, &chat);
    }
    if turns.iter().any(|turn| pending(&turn)) {
        return bare(409);
    }
    if known.is_some() {
        return bare(410);
    }
    if session.chat.is_none() {
        return answer(200, &chat(None, None)?);
    }
    if let Some(wait) = spend(state, &session.limits, Budget::Turn, now)? {
        return or_wait(Some(wait));
    }
    if let Some(wait) = may_speak(state, &session.limits, session.spoken, now)? {
        return or_wait(Some(wait));
    }
    if let Some(turn) = &asked.turn {
        let statement = "INSERT INTO turn (id, at) VALUES (?, ?)";
        run(state, statement, vec![turn.as_str().into(), time(now)])?;
        let statement = "DELETE FROM turn WHERE rowid NOT IN (SELECT rowid FROM turn ORDER BY rowid DESC LIMIT ?)";
        run(state, statement, vec![i64::from(TURNS).into()])?;
    }
    answer(200, &chat(session.chat, None)?)
}

fn note(state: &State, asked: Said) -> worker::Result<(u16, String)> {
    match asked.outcome {
        Outcome::Unheard => run(state, "DELETE FROM turn WHERE id = ?", vec![asked.turn.into()])?,
        // Not under way any more, and without an answer.
        Outcome::Lost => {
            run(state, "UPDATE turn SET at = 0 WHERE id = ?", vec![asked.turn.into()])?;
        }
        Outcome::Answered(outcome) => {
            let statement = "UPDATE turn SET outcome = ? WHERE id = ?";
            run(state, statement, vec![outcome.into(), asked.turn.into()])?;
        }
    }
    bare(200)
}

fn current(state: &State, when: When) -> worker::Result<(u16, String)> {
    match session(state, when)? {
        Some(session) => answer(200, &chat(session.chat, session.context)?),
        None => bare(404),
    }
}

fn chat(id: Option<String>, context: Option<String>) -> worker::Result<Chat> {
    let conversation = id.map(|id| perch_api::model::ConversationId::parse(&id)).transpose();
    let conversation = conversation.map_err(|_| "a stored conversation id cannot be read")?;
    Ok(Chat { conversation, context, outcome: None })
}

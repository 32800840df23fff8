//! The fallback chat of a session: at most one conversation, and a budget of turns.
//!
//! No step waits for anything, so of two that race one goes first and the other sees what it did.

use serde_json::json;
use worker::State;

use super::{Chat, Resumed, or_wait, session, spend};
use crate::durable::{answer, bare, question, rows, run, time};
use crate::policy::gate::Budget;

/// Seconds a conversation may take to be created; longer than the edge waits for the platform.
const RESERVED_SECONDS: u64 = 90;

pub(super) fn handle(state: &State, operation: &str, body: &str) -> worker::Result<(u16, String)> {
    match operation {
        "chat-reserve" => reserve(state, &question(body)?),
        "chat-turn" => {
            let asked: Resumed = question(body)?;
            if session(state, asked.now)?.is_none() {
                return bare(404);
            }
            match spend(state, Budget::Turn, asked.now)? {
                None => current(state, &asked),
                wait => or_wait(wait),
            }
        }
        "chat" => current(state, &question(body)?),
        // Ends the reservation: with its conversation, or without one when there came none.
        "chat-keep" => {
            let asked: Chat = question(body)?;
            run(state, "DELETE FROM reserved", vec![])?;
            if let Some(id) = asked.conversation {
                run(state, "UPDATE session SET chat = ?", vec![id.as_str().into()])?;
            }
            bare(200)
        }
        // Only this one: a new one may have begun since.
        _ => {
            let asked: Chat = question(body)?;
            let id = asked.conversation.map(|id| id.as_str().to_owned());
            run(state, "UPDATE session SET chat = NULL WHERE chat = ?", vec![id.into()])?;
            bare(200)
        }
    }
}

fn reserve(state: &State, asked: &Resumed) -> worker::Result<(u16, String)> {
    #[derive(serde::Deserialize)]
    struct Row {}
    let Some(row) = session(state, asked.now)? else { return bare(404) };
    let statement = "SELECT until FROM reserved WHERE until > ?";
    let reserved: Vec<Row> = rows(state, statement, vec![time(asked.now)])?;
    if row.chat.is_some() || !reserved.is_empty() {
        return bare(409);
    }
    if let Some(wait) = spend(state, Budget::Chat, asked.now)? {
        return or_wait(Some(wait));
    }
    run(state, "DELETE FROM reserved", vec![])?;
    let until = asked.now.saturating_add(RESERVED_SECONDS);
    run(state, "INSERT INTO reserved (until) VALUES (?)", vec![time(until)])?;
    bare(200)
}

fn current(state: &State, asked: &Resumed) -> worker::Result<(u16, String)> {
    match session(state, asked.now)? {
        Some(row) => answer(200, &json!({ "conversation": row.chat })),
        None => bare(404),
    }
}

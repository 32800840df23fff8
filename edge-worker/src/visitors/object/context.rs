//! Verified contexts on their way from a site's backend to the session they are for.

use serde::Deserialize;
use worker::State;

use super::counter::{admit, or_wait};
use super::question::{Keep, Take, Taken};
use crate::durable::{answer, bare, rows, run, time};

/// The window that counts them.
const KIND: &str = "context";
/// Most that wait at once.
const KEPT: u32 = 10_000;
/// Seconds to wait for room.
const ROOM_WAIT: u64 = 10;

pub(super) fn keep(state: &State, asked: Keep) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    run(state, "DELETE FROM context WHERE expires <= ?", vec![time(asked.now)])?;
    let kept: Vec<Count> = rows(state, "SELECT count(*) AS n FROM context", vec![])?;
    if kept.first().is_some_and(|count| count.n >= KEPT) {
        return or_wait(Some(ROOM_WAIT));
    }
    if let Some(wait) = admit(state, KIND, asked.now, asked.limit)? {
        return or_wait(Some(wait));
    }
    run(
        state,
        "INSERT INTO context (handle, sealed, expires) VALUES (?, ?, ?)",
        vec![asked.handle.into(), asked.sealed.into(), time(asked.expires)],
    )?;
    bare(201)
}

// One statement finds and deletes: a handle is good once.
pub(super) fn take(state: &State, asked: Take) -> worker::Result<(u16, String)> {
    let statement = "DELETE FROM context WHERE handle = ? AND expires > ? RETURNING sealed";
    let found: Vec<Taken> = rows(state, statement, vec![asked.handle.into(), time(asked.now)])?;
    match found.first() {
        Some(taken) => answer(200, taken),
        None => bare(404),
    }
}

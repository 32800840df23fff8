//! Stopping a site: everything that was opened before is over, and perhaps nothing new is opened.

use serde::Deserialize;
use worker::State;

use super::line;
use super::question::Standing;
use crate::durable::{answer, bare, rows, run, time};

pub(super) fn standing(state: &State) -> worker::Result<(u16, String)> {
    answer(200, &read(state)?)
}

/// Takes the new standing over. Times only grow, so a late repetition brings nobody back.
pub(super) fn stop(state: &State, asked: &Standing) -> worker::Result<(u16, String)> {
    let known = read(state)?;
    run(state, "DELETE FROM stop", vec![])?;
    run(
        state,
        "INSERT INTO stop (before, closed) VALUES (?, ?)",
        vec![time(asked.before.max(known.before)), i64::from(asked.closed).into()],
    )?;
    if asked.before > known.before {
        line::close_all(state, line::CLOSE_ENDED);
    }
    bare(200)
}

pub(super) fn read(state: &State) -> worker::Result<Standing> {
    #[derive(Deserialize)]
    struct Row {
        before: u64,
        closed: u8,
    }
    let found: Vec<Row> = rows(state, "SELECT before, closed FROM stop", vec![])?;
    Ok(found.first().map_or_else(Standing::default, |row| Standing {
        before: row.before,
        closed: row.closed != 0,
    }))
}

//! The Durable Object behind operator identity: hashes, names and times, nothing that could be used.

mod arrival;
mod sessions;
mod setup;

use std::rc::Rc;

use serde::Deserialize;
use worker::{DurableObject, Env, Request, Response, SqlStorageValue, State, durable_object};

pub(super) use self::arrival::Arrival;
pub(super) use self::sessions::{Ended, Kill, Killed, List, Opening, Shown, Touched, Which};
pub(super) use self::setup::SetUp;
use crate::durable::{bare, question, rows, run, serve};
use crate::shield;

/// The binding's name.
pub(super) const BINDING: &str = "OPERATORS";
/// The one object: a deployment is one tenant.
pub(super) const NAME: &str = "operators";

/// Operators of this deployment: their sessions.
#[durable_object(fetch)]
pub struct OperatorSessions {
    state: Rc<State>,
}

impl DurableObject for OperatorSessions {
    fn new(state: State, _: Env) -> Self {
        shield::arm();
        Self { state: Rc::new(state) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let state = Rc::clone(&self.state);
        serve(request, |operation, body| async move { handle(&state, &operation, &body) }).await
    }
}

fn handle(state: &State, operation: &str, body: &str) -> worker::Result<(u16, String)> {
    for table in [
        // The layout before sessions had a subject; whoever was signed in signs in again.
        "DROP TABLE IF EXISTS session",
        "CREATE TABLE IF NOT EXISTS operator_session (hash TEXT PRIMARY KEY, subject TEXT NOT NULL, role TEXT NOT NULL, pii INTEGER NOT NULL, provider TEXT NOT NULL, agent TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL, stepped INTEGER, absolute INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS used (hash TEXT PRIMARY KEY)",
        "CREATE TABLE IF NOT EXISTS flow (hash TEXT PRIMARY KEY, expires INTEGER NOT NULL)",
        "CREATE TABLE IF NOT EXISTS wrong (at INTEGER NOT NULL, caller TEXT NOT NULL)",
    ] {
        run(state, table, vec![])?;
    }
    match operation {
        "setup" => setup::redeem(state, question(body)?),
        "arrive" => arrival::open(state, question(body)?),
        "touch" => sessions::touch(state, question(body)?),
        "end" => {
            let ended: Ended = question(body)?;
            run(state, "DELETE FROM operator_session WHERE hash = ?", vec![ended.session.into()])?;
            bare(200)
        }
        "list" => sessions::list(state, question(body)?),
        "kill" => sessions::kill(state, question(body)?),
        _ => bare(404),
    }
}

/// How many rows a `SELECT count(*) AS n` finds.
fn count(state: &State, statement: &str, values: Vec<SqlStorageValue>) -> worker::Result<u32> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    let found: Vec<Count> = rows(state, statement, values)?;
    Ok(found.first().map_or(u32::MAX, |count| count.n))
}

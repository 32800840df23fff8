//! The Durable Object behind operator sessions: hashes and times, nothing that could be used.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::durable::{bare, question, rows, run, serve, time};
use crate::policy::attempts::{self, Outcome};
use crate::shield;

/// The binding's name.
pub(super) const BINDING: &str = "OPERATORS";
/// The one object: a deployment is one tenant.
pub(super) const NAME: &str = "operators";

/// Seconds without a request after which a session is over.
const IDLE_SECONDS: u64 = 30 * 60;

/// Redeem the set-up token and open a session.
#[derive(Serialize, Deserialize)]
pub(super) struct SetUp {
    /// Whether the worker found the token right and in time.
    pub(super) right: bool,
    /// The configured set-up token's hash.
    pub(super) setup: String,
    /// The new session id's hash.
    pub(super) session: String,
    /// Whose wrong attempts this one counts with.
    pub(super) caller: String,
    pub(super) now: u64,
    pub(super) absolute: u64,
}

/// Is the session alive? Counts as use.
#[derive(Serialize, Deserialize)]
pub(super) struct Touched {
    pub(super) session: String,
    pub(super) now: u64,
}

/// End the session.
#[derive(Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) session: String,
}

/// Operator sessions of this deployment.
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
        serve(request, |operation, body| async move {
            run(&state, "CREATE TABLE IF NOT EXISTS session (hash TEXT PRIMARY KEY, seen INTEGER NOT NULL, absolute INTEGER NOT NULL)", vec![])?;
            run(&state, "CREATE TABLE IF NOT EXISTS used (hash TEXT PRIMARY KEY)", vec![])?;
            run(&state, "CREATE TABLE IF NOT EXISTS wrong (at INTEGER NOT NULL, caller TEXT NOT NULL)", vec![])?;
            match operation.as_str() {
                "setup" => set_up(&state, question(&body)?),
                "touch" => touch(&state, question(&body)?),
                "end" => {
                    let ended: Ended = question(&body)?;
                    run(&state, "DELETE FROM session WHERE hash = ?", vec![ended.session.into()])?;
                    bare(200)
                }
                _ => bare(404),
            }
        })
        .await
    }
}

// No await from the first statement to the last: of two that race with the same token one wins.
fn set_up(state: &State, asked: SetUp) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    let count = |statement: &str, values| -> worker::Result<u32> {
        let found: Vec<Count> = rows(state, statement, values)?;
        Ok(found.first().map_or(u32::MAX, |count| count.n))
    };
    let since = asked.now.saturating_sub(attempts::SECONDS);
    run(state, "DELETE FROM wrong WHERE at <= ?", vec![time(since)])?;
    let used = "SELECT count(*) AS n FROM used WHERE hash = ?";
    let unused = count(used, vec![asked.setup.as_str().into()])? == 0;
    let mine = "SELECT count(*) AS n FROM wrong WHERE caller = ?";
    let by_caller = count(mine, vec![asked.caller.as_str().into()])?;
    let by_all = count("SELECT count(*) AS n FROM wrong", vec![])?;
    match attempts::judge(asked.right && unused, by_caller, by_all) {
        Outcome::SignedIn => {}
        Outcome::Wait => return bare(429),
        Outcome::Wrong => {
            let statement = "INSERT INTO wrong (at, caller) VALUES (?, ?)";
            run(state, statement, vec![time(asked.now), asked.caller.into()])?;
            return bare(401);
        }
    }
    run(state, "INSERT INTO used (hash) VALUES (?)", vec![asked.setup.into()])?;
    run(state, "DELETE FROM session WHERE absolute <= ?", vec![time(asked.now)])?;
    run(
        state,
        "INSERT INTO session (hash, seen, absolute) VALUES (?, ?, ?)",
        vec![asked.session.into(), time(asked.now), time(asked.absolute)],
    )?;
    bare(201)
}

fn touch(state: &State, asked: Touched) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Row {}
    let alive: Vec<Row> = rows(
        state,
        "UPDATE session SET seen = ? WHERE hash = ? AND seen > ? AND absolute > ? RETURNING seen",
        vec![
            time(asked.now),
            asked.session.as_str().into(),
            time(asked.now.saturating_sub(IDLE_SECONDS)),
            time(asked.now),
        ],
    )?;
    if alive.is_empty() {
        run(state, "DELETE FROM session WHERE hash = ?", vec![asked.session.into()])?;
        return bare(401);
    }
    bare(200)
}

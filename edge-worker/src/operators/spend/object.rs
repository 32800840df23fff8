//! The Durable Object that counts what costs money, and remembers what was asked for under which key.

use std::rc::Rc;

use serde::Deserialize;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{Ended, Reserve, Reserved, Settle};
use crate::call::variable;
use crate::durable::{answer, bare, question, rows, run, serve, time};
use crate::error::Refusal;
use crate::policy::spend::{Answer, Counted, DAY, Earlier, HOUR, Quota, Window};
use crate::shield;

/// Requests that cost money, of this deployment.
#[durable_object(fetch)]
pub struct Spending {
    state: Rc<State>,
    quota: Quota,
}

impl DurableObject for Spending {
    fn new(state: State, env: Env) -> Self {
        shield::arm();
        // A wrong value stops the worker itself; whoever asks this object has read it before.
        let quota = Quota::read(|name| variable(&env, name)).unwrap_or_default();
        Self { state: Rc::new(state), quota }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let (state, quota) = (Rc::clone(&self.state), self.quota);
        serve(request, move |operation, body| async move {
            run(&state, "CREATE TABLE IF NOT EXISTS spent (key TEXT PRIMARY KEY, asked TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER, body TEXT)", vec![])?;
            match operation.as_str() {
                "reserve" => answer(200, &reserve(&state, &quota, question(&body)?)?),
                "settle" => {
                    settle(&state, question(&body)?)?;
                    bare(200)
                }
                _ => bare(404),
            }
        })
        .await
    }
}

// No await from the first statement to the last: of many at once exactly as many pass as are left.
fn reserve(state: &State, quota: &Quota, asked: Reserve) -> worker::Result<Reserved> {
    #[derive(Deserialize)]
    struct Row {
        asked: String,
        at: u64,
        status: Option<u16>,
        body: Option<String>,
    }
    let now = asked.now;
    run(state, "DELETE FROM spent WHERE at <= ?", vec![time(now.saturating_sub(DAY))])?;
    let found: Vec<Row> = rows(
        state,
        "SELECT asked, at, status, body FROM spent WHERE key = ?",
        vec![asked.key.as_str().into()],
    )?;
    if let Some(row) = found.into_iter().next() {
        let earlier = Earlier {
            at: row.at,
            asked: row.asked,
            is_open: row.status.is_none(),
            answer: row.status.zip(row.body).map(|(status, body)| Answer { status, body }),
        };
        return Ok(match earlier.again(&asked.asked, now) {
            Ok(answer) => Reserved::Again(answer),
            Err(Refusal::KeyReused) => Reserved::Reused,
            Err(Refusal::KeyInFlight) => Reserved::Running,
            Err(_) => Reserved::Unknown,
        });
    }
    let subject = Some(asked.subject.as_str());
    let counted = Counted {
        operator_hour: window(state, subject, now, HOUR)?,
        operator_day: window(state, subject, now, DAY)?,
        all_hour: window(state, None, now, HOUR)?,
        all_day: window(state, None, now, DAY)?,
    };
    if let Err(seconds) = quota.admit(now, &counted) {
        return Ok(Reserved::Wait(seconds));
    }
    run(
        state,
        "INSERT INTO spent (key, asked, subject, at) VALUES (?, ?, ?, ?)",
        vec![asked.key.into(), asked.asked.into(), asked.subject.into(), time(now)],
    )?;
    Ok(Reserved::Fresh)
}

fn window(state: &State, subject: Option<&str>, now: u64, seconds: u64) -> worker::Result<Window> {
    #[derive(Deserialize)]
    struct Row {
        count: u32,
        oldest: Option<u64>,
    }
    let subject = subject.map_or(worker::SqlStorageValue::Null, Into::into);
    let found: Vec<Row> = rows(
        state,
        "SELECT count(*) AS count, min(at) AS oldest FROM spent WHERE at > ?1 AND (?2 IS NULL OR subject = ?2)",
        vec![time(now.saturating_sub(seconds)), subject],
    )?;
    let row = found.first();
    Ok(Window {
        // A count that cannot be read is no reason to spend.
        count: row.map_or(u32::MAX, |row| row.count),
        oldest: row.and_then(|row| row.oldest),
    })
}

fn settle(state: &State, settled: Settle) -> worker::Result<()> {
    let key = settled.key.into();
    match settled.ended {
        Ended::Refused => run(state, "DELETE FROM spent WHERE key = ?", vec![key]),
        // A status without a body: it is over, and nobody knows how.
        Ended::Unknown => run(state, "UPDATE spent SET status = 0 WHERE key = ?", vec![key]),
        Ended::Done(Answer { status, body }) => run(
            state,
            "UPDATE spent SET status = ?, body = ? WHERE key = ?",
            vec![i32::from(status).into(), body.into(), key],
        ),
    }
}

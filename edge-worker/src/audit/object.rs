//! The Durable Object that keeps the chain: one writer, so every row has exactly one before it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, SqlStorageValue, State, durable_object};

use crate::call::{now, variable};
use crate::durable::{answer, bare, question, rows, run, serve, time};
use crate::policy::audit::limits::Limits;
use crate::policy::audit::pages::{Filter, Page, Pages};
use crate::policy::audit::{Entry, Event, Extent, Head, hex};
use crate::shield;

/// The bucket that anchors go to, when the deployment has one.
const ANCHORS: &str = "AUDIT_ANCHORS";

/// The record of this deployment.
#[durable_object(alarm)]
pub struct AuditLog {
    state: Rc<State>,
    env: Env,
    limits: Limits,
    is_waiting: Rc<Cell<bool>>,
}

impl DurableObject for AuditLog {
    fn new(state: State, env: Env) -> Self {
        shield::arm();
        // A wrong value stops the worker itself; whoever asks this object has read it before.
        let limits = Limits::read(|name| variable(&env, name)).unwrap_or_default();
        Self { state: Rc::new(state), env, limits, is_waiting: Rc::default() }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let (state, limits) = (Rc::clone(&self.state), self.limits);
        let is_waiting = Rc::clone(&self.is_waiting);
        serve(request, move |operation, body| async move {
            prepare(&state)?;
            match operation.as_str() {
                "append" => {
                    append(&state, question(&body)?)?;
                    if !is_waiting.replace(true) {
                        let wait = Duration::from_secs(limits.anchor_seconds);
                        state.storage().set_alarm(wait).await?;
                    }
                    bare(200)
                }
                "extent" => answer(200, &extent(&state)?),
                "page" => answer(200, &page(&state, &question(&body)?)?),
                _ => bare(404),
            }
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let (state, env, limits) = (Rc::clone(&self.state), self.env.clone(), self.limits);
        // The next row sets the next alarm: while nothing happens there is nothing to note.
        self.is_waiting.set(false);
        let _pending = shield::Pending::new();
        let work = shield::future(async move {
            prepare(&state)?;
            retain(&state, &limits)?;
            anchor(&state, &env).await
        });
        match work.await {
            Ok(Ok(())) => Response::empty(),
            Ok(Err(error)) => Err(error),
            Err(shield::Trapped) => Err(worker::Error::RustError("trapped".to_owned())),
        }
    }
}

fn prepare(state: &State) -> worker::Result<()> {
    run(
        state,
        "CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, phase TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, session TEXT NOT NULL, role TEXT NOT NULL, tenant TEXT NOT NULL, target TEXT NOT NULL, status INTEGER NOT NULL, request TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)",
        vec![],
    )
}

// No await from reading the head to writing the row: the chain cannot fork.
fn append(state: &State, event: Event) -> worker::Result<()> {
    write(state, head(state)?.append(now(), event))
}

fn write(state: &State, entry: Entry) -> worker::Result<()> {
    run(
        state,
        "INSERT INTO entry (seq, at, phase, action, subject, session, role, tenant, target, status, request, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            time(entry.seq),
            time(entry.at),
            entry.phase.as_str().into(),
            entry.action.into(),
            entry.subject.into(),
            entry.session.into(),
            entry.role.into(),
            entry.tenant.into(),
            entry.target.into(),
            i32::from(entry.status).into(),
            entry.request.into(),
            entry.previous.into(),
            entry.hash.into(),
        ],
    )
}

fn head(state: &State) -> worker::Result<Head> {
    let last: Vec<Head> =
        rows(state, "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1", vec![])?;
    Ok(last.into_iter().next().unwrap_or_else(Head::empty))
}

fn extent(state: &State) -> worker::Result<Extent> {
    #[derive(Deserialize)]
    struct First {
        seq: Option<u64>,
    }
    let found: Vec<First> = rows(state, "SELECT min(seq) AS seq FROM entry", vec![])?;
    let first = found.first().and_then(|first| first.seq).unwrap_or(1);
    Ok(Extent { first, head: head(state)? })
}

// Pages never await either, so a page is of one moment; rows are only ever added behind it.
fn page(state: &State, asked: &Pages) -> worker::Result<Page> {
    let Filter { action, subject, tenant, phase, since, until } = &asked.filter;
    let text = |value: &Option<String>| value.clone().map_or(SqlStorageValue::Null, Into::into);
    let number = |value: Option<u64>| value.map_or(SqlStorageValue::Null, time);
    let order = if asked.newest_first { "DESC" } else { "ASC" };
    let found: Vec<Entry> = rows(
        state,
        &format!(
            "SELECT * FROM entry WHERE seq > ?1 AND seq < ?2 AND (?3 IS NULL OR action = ?3) AND (?4 IS NULL OR subject = ?4) AND (?5 IS NULL OR tenant = ?5) AND (?6 IS NULL OR phase = ?6) AND (?7 IS NULL OR at >= ?7) AND (?8 IS NULL OR at <= ?8) ORDER BY seq {order} LIMIT ?9"
        ),
        vec![
            time(asked.after),
            time(asked.before),
            text(action),
            text(subject),
            text(tenant),
            text(phase),
            number(*since),
            number(*until),
            i32::from(asked.limit).into(),
        ],
    )?;
    Ok(Page { entries: found })
}

// The checkpoint goes in before the rows go out, in one step.
fn retain(state: &State, limits: &Limits) -> worker::Result<()> {
    #[derive(Deserialize)]
    struct Last {
        seq: Option<u64>,
    }
    let now = now();
    let head = head(state)?;
    let old: Vec<Last> = rows(
        state,
        "SELECT max(seq) AS seq FROM entry WHERE at < ?",
        vec![time(limits.oldest(now))],
    )?;
    let too_old = old.first().and_then(|last| last.seq);
    let Some(cut) = limits.cut(head.seq, too_old) else { return Ok(()) };
    let removed: Vec<Head> =
        rows(state, "SELECT seq, hash FROM entry WHERE seq = ?", vec![time(cut)])?;
    // Removed by an earlier run: the same cut is still the right one.
    let Some(removed) = removed.first() else { return Ok(()) };
    write(state, head.checkpoint(now, removed))?;
    run(state, "DELETE FROM entry WHERE seq <= ?", vec![time(cut)])
}

/// Notes the head where this object cannot change it: in the log, and in the bucket if there is one.
async fn anchor(state: &State, env: &Env) -> worker::Result<()> {
    #[derive(Serialize)]
    struct Anchor<'a> {
        at: u64,
        #[serde(flatten)]
        head: &'a Head,
    }
    let head = head(state)?;
    let text = serde_json::to_string(&Anchor { at: now(), head: &head })?;
    worker::console_log!("audit anchor {text}");
    match env.bucket(ANCHORS) {
        Ok(bucket) => {
            // Padded, so that the names of the bucket stand in the chain's order.
            let name = format!("{}.json", hex(&head.seq.to_be_bytes()));
            bucket.put(name, text).execute().await.map(drop)
        }
        Err(_) => Ok(()),
    }
}

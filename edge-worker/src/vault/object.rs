//! The Durable Object behind the vault: sealed values, and what may be said about them.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, SqlStorageValue, State, durable_object};

use crate::durable::{answer, bare, question, rows, run, serve, time};
use crate::shield;

/// The binding's name.
pub(super) const BINDING: &str = "VAULT";
/// The one object: a deployment has one vault.
pub(super) const NAME: &str = "vault";

/// Values it holds at most, older ones included.
const MOST: u32 = 2_000;

/// A sealed value and what it belongs to.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) tenant: String,
    pub(super) kind: String,
    pub(super) id: String,
    /// Part of what is sealed: a value cannot be put back in place of a later one.
    pub(super) version: String,
    pub(super) sealed: String,
}

/// Keep a value in place of the one before.
#[derive(Serialize, Deserialize)]
pub(super) struct Put {
    pub(super) kept: Kept,
    pub(super) fingerprint: String,
    pub(super) by: String,
    pub(super) at: u64,
    pub(super) old_until: Option<u64>,
}

/// Keep the same value under another key.
#[derive(Serialize, Deserialize)]
pub(super) struct Resealed {
    pub(super) kept: Kept,
    /// As it was; nothing happens when it has changed since.
    pub(super) before: String,
}

/// Drop what is kept under a name.
#[derive(Serialize, Deserialize)]
pub(crate) struct Removed {
    pub(crate) tenant: String,
    pub(crate) kind: String,
    pub(crate) id: String,
}

/// What the worker knows already.
#[derive(Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) epoch: u64,
}

/// The keys as they are now.
#[derive(Serialize, Deserialize)]
pub(super) struct Read {
    pub(super) epoch: u64,
    /// All of them; nothing when the worker knows them already.
    pub(super) keys: Option<Vec<Kept>>,
}

/// What may be said about a value.
#[derive(Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) tenant: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) fingerprint: String,
    /// Who put it in.
    #[serde(rename = "by")]
    pub(crate) subject: String,
    /// Unix seconds at which that was.
    pub(crate) at: u64,
    /// Unix seconds until which it is honoured beside its successor; nothing for the current one.
    pub(crate) until: Option<u64>,
}

/// Sealed secrets of this deployment.
#[durable_object(fetch)]
pub struct Vault {
    state: Rc<State>,
}

impl DurableObject for Vault {
    fn new(state: State, _: Env) -> Self {
        shield::arm();
        Self { state: Rc::new(state) }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let state = Rc::clone(&self.state);
        serve(request, |operation, body| async move {
            prepare(&state)?;
            match operation.as_str() {
                "put" => put(&state, question(&body)?),
                "remove" => remove(&state, question(&body)?),
                "keys" => keys(&state, &question(&body)?),
                "stale" => stale(&state, &question::<String>(&body)?),
                "reseal" => reseal(&state, question(&body)?),
                "list" => list(&state, question(&body)?),
                _ => bare(404),
            }
        })
        .await
    }
}

fn prepare(state: &State) -> worker::Result<()> {
    for table in [
        "CREATE TABLE IF NOT EXISTS kept (tenant TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, sealed TEXT NOT NULL, fingerprint TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER, PRIMARY KEY (tenant, kind, id, version))",
        "CREATE TABLE IF NOT EXISTS epoch (n INTEGER NOT NULL)",
    ] {
        run(state, table, vec![])?;
    }
    Ok(())
}

// No await in any of these: of two changes one is whole before the other begins.
fn put(state: &State, asked: Put) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Count {
        n: u32,
    }
    let Put { kept, fingerprint, by, at, old_until } = asked;
    run(state, "DELETE FROM kept WHERE until <= ?", vec![time(at)])?;
    let held: Vec<Count> = rows(state, "SELECT count(*) AS n FROM kept", vec![])?;
    if held.first().is_none_or(|count| count.n >= MOST) {
        return bare(507);
    }
    let name =
        || vec![kept.tenant.as_str().into(), kept.kind.as_str().into(), kept.id.as_str().into()];
    match old_until {
        Some(until) => {
            let mut values = vec![time(until)];
            values.extend(name());
            let statement = "UPDATE kept SET until = ? WHERE tenant = ? AND kind = ? AND id = ? AND until IS NULL";
            run(state, statement, values)?;
        }
        None => drop_all(state, name())?,
    }
    let mut values: Vec<SqlStorageValue> = name();
    values.extend([
        kept.version.as_str().into(),
        kept.sealed.as_str().into(),
        fingerprint.into(),
        by.into(),
        time(at),
    ]);
    run(
        state,
        "INSERT INTO kept (tenant, kind, id, version, sealed, fingerprint, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )?;
    advance(state)?;
    bare(200)
}

fn remove(state: &State, asked: Removed) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Gone {}
    let Removed { tenant, kind, id } = asked;
    let gone: Vec<Gone> = rows(
        state,
        "DELETE FROM kept WHERE tenant = ? AND kind = ? AND id = ? RETURNING at",
        vec![tenant.into(), kind.into(), id.into()],
    )?;
    if gone.is_empty() {
        return bare(404);
    }
    advance(state)?;
    bare(200)
}

fn drop_all(state: &State, name: Vec<SqlStorageValue>) -> worker::Result<()> {
    run(state, "DELETE FROM kept WHERE tenant = ? AND kind = ? AND id = ?", name)
}

// Keys have no id; what has one is read by whoever needs it.
fn keys(state: &State, known: &Known) -> worker::Result<(u16, String)> {
    let epoch = epoch(state)?;
    if epoch == known.epoch {
        return answer(200, &Read { epoch, keys: None });
    }
    let statement =
        "SELECT tenant, kind, id, version, sealed FROM kept WHERE id = '' AND until IS NULL";
    answer(200, &Read { epoch, keys: Some(rows(state, statement, vec![])?) })
}

fn stale(state: &State, mark: &str) -> worker::Result<(u16, String)> {
    let statement = "SELECT tenant, kind, id, version, sealed FROM kept WHERE substr(sealed, 1, length(?)) <> ? LIMIT 200";
    let found: Vec<Kept> = rows(state, statement, vec![mark.into(), mark.into()])?;
    answer(200, &found)
}

fn reseal(state: &State, asked: Resealed) -> worker::Result<(u16, String)> {
    let Resealed { kept, before } = asked;
    run(
        state,
        "UPDATE kept SET sealed = ? WHERE tenant = ? AND kind = ? AND id = ? AND version = ? AND sealed = ?",
        vec![
            kept.sealed.into(),
            kept.tenant.into(),
            kept.kind.into(),
            kept.id.into(),
            kept.version.into(),
            before.into(),
        ],
    )?;
    bare(200)
}

fn list(state: &State, now: u64) -> worker::Result<(u16, String)> {
    let statement = "SELECT tenant, kind, id, fingerprint, by, at, until FROM kept WHERE until IS NULL OR until > ? ORDER BY tenant, kind, id, until IS NOT NULL, until DESC";
    let listed: Vec<Listed> = rows(state, statement, vec![time(now)])?;
    answer(200, &listed)
}

// From 1: an isolate that has looked up nothing yet knows of 0.
fn epoch(state: &State) -> worker::Result<u64> {
    #[derive(Deserialize)]
    struct Row {
        n: u64,
    }
    let row: Option<Row> = rows(state, "SELECT n FROM epoch", vec![])?.pop();
    Ok(row.map_or(1, |row| row.n))
}

fn advance(state: &State) -> worker::Result<()> {
    let next = epoch(state)?.saturating_add(1);
    run(state, "DELETE FROM epoch", vec![])?;
    run(state, "INSERT INTO epoch (n) VALUES (?)", vec![time(next)])
}

//! Sessions as rows: opened, touched, listed, ended.

use perch_api::operation::Audience;
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::{SqlStorageValue, State};

use crate::durable::{answer, bare, rows, run, time};
use crate::policy::identity::{IDLE_SECONDS, Identity, Provider};

/// Sessions one subject may have; the one unused for longest goes first.
const PER_SUBJECT: u32 = 20;
/// Sessions of everybody.
const OF_ALL: u32 = 2_000;

/// A session about to begin.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Opening {
    /// The new session id's hash.
    pub(in crate::operators) session: String,
    /// What kind of browser it is.
    pub(in crate::operators) agent: String,
    pub(in crate::operators) now: u64,
    pub(in crate::operators) absolute: u64,
}

/// Is the session alive? Counts as use.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Touched {
    pub(in crate::operators) session: String,
    pub(in crate::operators) now: u64,
}

/// End the session.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Ended {
    pub(in crate::operators) session: String,
}

/// Which sessions are there?
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct List {
    /// Only of this subject.
    pub(in crate::operators) subject: Option<String>,
    pub(in crate::operators) now: u64,
}

/// A session as lists show it.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Shown {
    /// The fingerprint.
    pub(in crate::operators) id: String,
    pub(in crate::operators) subject: String,
    pub(in crate::operators) role: String,
    pub(in crate::operators) provider: Provider,
    pub(in crate::operators) agent: String,
    pub(in crate::operators) created_at: u64,
    pub(in crate::operators) seen_at: u64,
    /// Whether it is the one that asks.
    #[serde(default)]
    pub(in crate::operators) current: bool,
}

/// End sessions of others.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Kill {
    /// Only among those of this subject.
    pub(in crate::operators) subject: Option<String>,
    pub(in crate::operators) which: Which,
}

/// Which of them.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) enum Which {
    /// The one with this fingerprint.
    One(String),
    /// All but the one with this fingerprint.
    AllBut(String),
}

/// How many were ended.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Killed {
    pub(in crate::operators) ended: u32,
}

/// Whose session it is.
pub(super) struct Person<'a> {
    pub(super) subject: &'a str,
    pub(super) role: Audience,
    pub(super) pii: bool,
}

/// Opens a session; `stepped` is when its owner last proved to be there.
pub(super) fn open(
    state: &State,
    opening: &Opening,
    person: &Person<'_>,
    provider: Provider,
    stepped: Option<u64>,
) -> worker::Result<(u16, String)> {
    let Opening { session, agent, now, absolute } = opening;
    let idle = now.saturating_sub(IDLE_SECONDS);
    run(
        state,
        "DELETE FROM operator_session WHERE absolute <= ? OR seen <= ?",
        vec![time(*now), time(idle)],
    )?;
    // The newest stay; with the new one the limits are full.
    run(
        state,
        "DELETE FROM operator_session WHERE hash IN (SELECT hash FROM operator_session WHERE subject = ? ORDER BY seen DESC LIMIT -1 OFFSET ?)",
        vec![person.subject.into(), i64::from(PER_SUBJECT.saturating_sub(1)).into()],
    )?;
    run(
        state,
        "DELETE FROM operator_session WHERE hash IN (SELECT hash FROM operator_session ORDER BY seen DESC LIMIT -1 OFFSET ?)",
        vec![i64::from(OF_ALL.saturating_sub(1)).into()],
    )?;
    run(
        state,
        "INSERT INTO operator_session (hash, subject, role, pii, provider, agent, created, seen, stepped, absolute) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        vec![
            session.as_str().into(),
            person.subject.into(),
            person.role.as_str().into(),
            i64::from(person.pii).into(),
            provider.as_str().into(),
            agent.as_str().into(),
            time(*now),
            time(*now),
            stepped.map_or(SqlStorageValue::Null, time),
            time(*absolute),
        ],
    )?;
    let identity = Identity {
        subject: person.subject.to_owned(),
        role: person.role,
        pii: person.pii,
        provider,
        session: session.clone(),
        authenticated_at: *now,
        stepped_up_at: stepped,
        absolute: *absolute,
    };
    answer(201, &identity)
}

pub(super) fn touch(state: &State, asked: Touched) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Row {
        subject: String,
        role: String,
        pii: u8,
        provider: Provider,
        created: u64,
        stepped: Option<u64>,
        absolute: u64,
    }
    let idle = time(asked.now.saturating_sub(IDLE_SECONDS));
    let found: Vec<Row> = rows(
        state,
        "UPDATE operator_session SET seen = max(seen, ?) WHERE hash = ? AND seen > ? AND absolute > ? RETURNING subject, role, pii, provider, created, stepped, absolute",
        vec![time(asked.now), asked.session.as_str().into(), idle, time(asked.now)],
    )?;
    let Some((row, role)) = found.into_iter().find_map(|row| {
        let role = Audience::parse(&row.role)?;
        Some((row, role))
    }) else {
        run(state, "DELETE FROM operator_session WHERE hash = ?", vec![asked.session.into()])?;
        return bare(401);
    };
    let identity = Identity {
        subject: row.subject,
        role,
        pii: row.pii != 0,
        provider: row.provider,
        session: asked.session,
        authenticated_at: row.created,
        stepped_up_at: row.stepped,
        absolute: row.absolute,
    };
    answer(200, &identity)
}

pub(super) fn list(state: &State, asked: List) -> worker::Result<(u16, String)> {
    let found: Vec<Shown> = rows(
        state,
        "SELECT hash AS id, subject, role, provider, agent, created AS created_at, seen AS seen_at FROM operator_session WHERE (subject = ?1 OR ?1 IS NULL) AND seen > ?2 AND absolute > ?3 ORDER BY seen DESC LIMIT 500",
        vec![or_null(asked.subject), time(asked.now.saturating_sub(IDLE_SECONDS)), time(asked.now)],
    )?;
    answer(200, &found)
}

pub(super) fn kill(state: &State, asked: Kill) -> worker::Result<(u16, String)> {
    #[derive(Deserialize)]
    struct Gone {}
    let (condition, hash) = match asked.which {
        Which::One(hash) => ("hash = ?2", hash),
        Which::AllBut(hash) => ("hash <> ?2", hash),
    };
    let gone: Vec<Gone> = rows(
        state,
        &format!(
            "DELETE FROM operator_session WHERE (subject = ?1 OR ?1 IS NULL) AND {condition} RETURNING hash"
        ),
        vec![or_null(asked.subject), hash.into()],
    )?;
    answer(200, &json!({ "ended": gone.len() }))
}

fn or_null(text: Option<String>) -> SqlStorageValue {
    text.map_or(SqlStorageValue::Null, Into::into)
}

//! Counting: what one address, one site or one session asked for within the last minute.

use serde::Deserialize;
use worker::{ScheduledTime, State};

use super::question::{Count, Wait};
use crate::durable::{answer, bare, rows, run};
use crate::policy::gate::Window;
use crate::policy::limits::{Budget, Limits};

/// Seconds after which an idle counter's storage goes.
const IDLE_SECONDS: u64 = 300;
/// The window of an object that counts one thing only.
const OWN: &str = "own";

pub(super) async fn count(state: &State, asked: &Count) -> worker::Result<(u16, String)> {
    let is_new = asked.passing && window(state, OWN)?.is_empty();
    let wait = admit(state, OWN, asked.now, asked.limit)?;
    if is_new {
        set_alarm(state, asked.now.saturating_add(IDLE_SECONDS)).await?;
    }
    or_wait(wait)
}

pub(super) fn refund(state: &State) -> worker::Result<(u16, String)> {
    let mut window = window(state, OWN)?;
    window.refund();
    keep(state, OWN, &window)?;
    bare(200)
}

/// Whether somebody was counted within the last minute: then the counter stays for another while.
pub(super) async fn stays(state: &State, now: u64) -> worker::Result<bool> {
    let stays = window(state, OWN)?.counts_at(now);
    if stays {
        set_alarm(state, now.saturating_add(IDLE_SECONDS)).await?;
    }
    Ok(stays)
}

/// Counts one of a session's budget; gives the seconds to wait when it is spent.
pub(super) fn spend(
    state: &State,
    limits: &Limits,
    kind: Budget,
    now: u64,
) -> worker::Result<Option<u64>> {
    admit(state, kind.as_str(), now, limits.per_minute(kind))
}

/// Counts one of any kind.
pub(super) fn admit(
    state: &State,
    kind: &str,
    now: u64,
    limit: u32,
) -> worker::Result<Option<u64>> {
    let mut window = window(state, kind)?;
    let wait = window.admit(now, limit).err();
    if wait.is_none() {
        keep(state, kind, &window)?;
    }
    Ok(wait)
}

/// 200, or 429 and how long to wait.
pub(super) fn or_wait(wait: Option<u64>) -> worker::Result<(u16, String)> {
    wait.map_or_else(|| bare(200), |wait| answer(429, &Wait { wait }))
}

/// Everything here is deleted at this time (Unix seconds).
pub(super) async fn set_alarm(state: &State, seconds: u64) -> worker::Result<()> {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of a date are far below 2^53")]
    let at = js_sys::Date::new(&(seconds.saturating_mul(1_000) as f64).into());
    state.storage().set_alarm(ScheduledTime::new(at)).await
}

fn window(state: &State, kind: &str) -> worker::Result<Window> {
    #[derive(Deserialize)]
    struct Row {
        marks: String,
    }
    let found: Vec<Row> =
        rows(state, "SELECT marks FROM budget WHERE kind = ?", vec![kind.into()])?;
    Ok(found.first().map(|row| Window::read(&row.marks)).unwrap_or_default())
}

fn keep(state: &State, kind: &str, window: &Window) -> worker::Result<()> {
    let statement = "INSERT OR REPLACE INTO budget (kind, marks) VALUES (?, ?)";
    run(state, statement, vec![kind.into(), window.text().into()])
}

//! The one-time set-up token.

use perch_api::operation::Audience;
use serde::{Deserialize, Serialize};
use worker::State;

use super::count;
use super::sessions::{Opening, Person, open};
use crate::durable::{bare, run, time};
use crate::policy::attempts::{self, Outcome};
use crate::policy::identity::{Provider, SETUP_SUBJECT};

/// Redeem the set-up token and open a session.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct SetUp {
    /// Whether the worker found the token right and in time.
    pub(in crate::operators) right: bool,
    /// The configured set-up token's hash.
    pub(in crate::operators) setup: String,
    /// Whose wrong attempts this one counts with.
    pub(in crate::operators) caller: String,
    pub(in crate::operators) opening: Opening,
}

// No await from the first statement to the last: of two that race with the same token one wins.
pub(super) fn redeem(state: &State, asked: SetUp) -> worker::Result<(u16, String)> {
    let now = asked.opening.now;
    let used = "SELECT count(*) AS n FROM used WHERE hash = ?";
    let unused = count(state, used, vec![asked.setup.as_str().into()])? == 0;
    match attempt(state, asked.right && unused, asked.caller, now)? {
        Outcome::SignedIn => {}
        Outcome::Wait => return bare(429),
        Outcome::Wrong => return bare(401),
    }
    run(state, "INSERT INTO used (hash) VALUES (?)", vec![asked.setup.into()])?;
    let admin = Person { subject: SETUP_SUBJECT, role: Audience::Admin, pii: true };
    // Whoever holds the one-time token is there in person.
    open(state, &asked.opening, &admin, Provider::Setup, Some(now))
}

/// Judges a try at a secret, and counts it when it is wrong.
pub(super) fn attempt(
    state: &State,
    right: bool,
    caller: String,
    now: u64,
) -> worker::Result<Outcome> {
    let since = now.saturating_sub(attempts::SECONDS);
    run(state, "DELETE FROM wrong WHERE at <= ?", vec![time(since)])?;
    let mine = "SELECT count(*) AS n FROM wrong WHERE caller = ?";
    let by_caller = count(state, mine, vec![caller.as_str().into()])?;
    let by_all = count(state, "SELECT count(*) AS n FROM wrong", vec![])?;
    let outcome = attempts::judge(right, by_caller, by_all);
    if outcome == Outcome::Wrong {
        let statement = "INSERT INTO wrong (at, caller) VALUES (?, ?)";
        run(state, statement, vec![time(now), caller.into()])?;
    }
    Ok(outcome)
}

//! Sessions of people whom an identity provider sent.

use perch_api::operation::Audience;
use serde::{Deserialize, Serialize};
use worker::State;

use super::count;
use super::sessions::{self, Opening, Person};
use crate::durable::{bare, run, time};
use crate::policy::identity::Provider;

/// Somebody comes from a provider.
#[derive(Serialize, Deserialize)]
pub(in crate::operators) struct Arrival {
    pub(in crate::operators) subject: String,
    pub(in crate::operators) role: String,
    pub(in crate::operators) pii: bool,
    pub(in crate::operators) provider: Provider,
    /// When they proved to be there, if they did just now.
    pub(in crate::operators) stepped: Option<u64>,
    /// The sign-in's name, which is good once, and its end.
    pub(in crate::operators) flow: Option<(String, u64)>,
    /// The session that this one replaces.
    pub(in crate::operators) replaced: Option<String>,
    pub(in crate::operators) opening: Opening,
}

// No await from the first statement to the last: of two that come with the same sign-in one wins.
pub(super) fn open(state: &State, asked: Arrival) -> worker::Result<(u16, String)> {
    let now = asked.opening.now;
    let Some(role) = Audience::parse(&asked.role) else { return bare(403) };
    if let Some((flow, expires)) = asked.flow {
        run(state, "DELETE FROM flow WHERE expires <= ?", vec![time(now)])?;
        let used = "SELECT count(*) AS n FROM flow WHERE hash = ?";
        if count(state, used, vec![flow.as_str().into()])? > 0 {
            return bare(401);
        }
        let statement = "INSERT INTO flow (hash, expires) VALUES (?, ?)";
        run(state, statement, vec![flow.into(), time(expires)])?;
    }
    if let Some(replaced) = asked.replaced {
        run(state, "DELETE FROM operator_session WHERE hash = ?", vec![replaced.into()])?;
    }
    let person = Person { subject: &asked.subject, role, pii: asked.pii };
    sessions::open(state, &asked.opening, &person, asked.provider, asked.stepped)
}

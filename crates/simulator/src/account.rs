//! Whose platform it is: two accounts that must never see each other's data.

use crate::conversation::{ACCOUNT_ID, ACCOUNT_SLUG, PROJECT_ID, PROJECT_SLUG};

/// A customer of the platform, with the agent that is there from the start.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: &'static str,
    /// Its other name in paths.
    pub slug: &'static str,
    /// Identifier of its agent.
    pub project_id: &'static str,
    /// The agent's other name in paths.
    pub project_slug: &'static str,
    /// What people call the agent.
    pub agent: &'static str,
    /// What the keys of this account begin with, unless a keys file says otherwise.
    pub key_prefix: &'static str,
}

/// The account everything is about.
pub const FIRST: Account = Account {
    id: ACCOUNT_ID,
    slug: ACCOUNT_SLUG,
    project_id: PROJECT_ID,
    project_slug: PROJECT_SLUG,
    agent: "Juno",
    key_prefix: "sim-",
};

/// A neighbour without a past, there so that isolation can be tried out.
pub const SECOND: Account = Account {
    id: "ws-20b6d4e8",
    slug: "quayside-books",
    project_id: "PROJECT-9C07F3D2",
    project_slug: "quayside-marlow",
    agent: "Marlow",
    key_prefix: "sim-second-",
};

impl Account {
    /// Whether `given` is this account's id or slug; letter case does not count.
    pub fn is(&self, given: &str) -> bool {
        given.eq_ignore_ascii_case(self.id) || given.eq_ignore_ascii_case(self.slug)
    }

    /// Whether `given` is the id or slug of the agent that is there from the start.
    pub fn is_project(&self, given: &str) -> bool {
        given.eq_ignore_ascii_case(self.project_id) || given.eq_ignore_ascii_case(self.project_slug)
    }
}

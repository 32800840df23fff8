//! What an admitted request of an operator is subject to, beyond being allowed.

use perch_api::operation::Match;

use super::controls::Controls;
use super::personal::{Filter, Handling};

/// The duties of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The operation's controls.
    pub controls: Controls,
    /// What happens to the answer.
    pub filter: Filter,
    /// Whether it is recorded: a change before and after, personal data before it is handed out.
    pub is_recorded: bool,
    /// Whether the operator has to have proved presence in the last minutes.
    pub needs_presence: bool,
    /// What it is done to, for the record; empty where nothing is recorded.
    pub target: String,
}

impl Duty {
    /// From what is known of the operation and of this request.
    pub fn of(controls: Controls, handling: &Handling<'_>, found: &Match<'_>) -> Self {
        let is_recorded = controls.is_change || handling.is_open;
        Self {
            controls,
            filter: handling.filter,
            is_recorded,
            needs_presence: controls.is_danger || handling.is_export,
            target: if is_recorded { target(found) } else { String::new() },
        }
    }

    /// Whether it may go at once: nothing to record, nobody to ask, nothing to read or to mask.
    pub fn is_plain(&self) -> bool {
        let is_judged = self.controls.is_handled() || self.filter == Filter::Mask;
        !self.is_recorded && !self.needs_presence && !is_judged
    }
}

// Account and project stand in the row already.
fn target(found: &Match<'_>) -> String {
    let of_tenant = ["account_id", "accountId", "project_id", "agentId"];
    let own = found.params.iter().filter(|(name, _)| !of_tenant.contains(name));
    own.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

//! What the edge asks of each operation, derived from its row.
//!
//! The row says who may send it, whether it changes something and what for. Everything else follows
//! from that by rule, so a new row is controlled without a second declaration; `policy.txt` shows the result.

use perch_api::operation::{Audience, CredentialKind, Family, OperationSpec, Retry, Safety};

/// Largest request body by default, in bytes.
pub const BODY_BYTES: u32 = 1_048_576;
/// Largest body of an upload: recordings have up to 6 MB, and a form around them.
const UPLOAD_BYTES: u32 = 8_388_608;
/// Largest body that is read before it is judged.
pub const SMALL_BYTES: u32 = 65_536;

/// The controls of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Controls {
    /// Who reaches it, and how.
    pub reach: Reach,
    /// Whether it changes something: recorded before and after.
    pub is_change: bool,
    /// Whether the operator has to prove presence again: what is deleted, goes live, costs money or concerns keys.
    pub is_danger: bool,
    /// Whether it costs money or reaches people: confirmation, idempotency key and quota.
    pub is_cost: bool,
    /// What in its answer is about a person.
    pub personal: Personal,
    /// Whether it may be sent twice.
    pub again: Again,
    /// What ties it to a configured account and project.
    pub tenancy: Tenancy,
    /// Largest request body in bytes.
    pub body_bytes: u32,
}

/// Who reaches an operation through the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Operators from this role upwards, by `/api/...`.
    Operators(Audience),
    /// Nobody by `/api/...`; the edge calls it itself for visitors.
    Visitors,
    /// Nobody by `/api/...`, and why.
    Refused(&'static str),
}

/// What in an answer is about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Nothing.
    Nothing,
    /// Telephone numbers and addresses in JSON: masked for those who may not see them.
    Masked,
    /// A recording: redacted by the platform for those who may not hear it whole.
    Audio,
    /// Anything at all: refused to those who may not see it.
    Anything,
}

/// Whether a request may be sent a second time when its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Twice is once.
    Idempotent,
    /// It might act twice.
    No,
    /// Never by the edge; the caller's idempotency key makes a repeated request the same one.
    Keyed,
}

/// What ties an operation to the configured accounts and projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenancy {
    /// The path names account or project, and it must be a configured one.
    Path,
    /// The path names the account; rows of other projects are taken out of the answer.
    Rows,
    /// The rule that is named, written or listed names the project.
    Rule,
    /// The account that the key belongs to; there is nothing smaller.
    Key,
    /// No tenant's data.
    Nobody,
}

impl Controls {
    /// The controls of a row.
    pub fn of(spec: &OperationSpec) -> Self {
        let is_change = spec.safety != Safety::Read;
        let is_cost = spec.safety == Safety::Cost;
        let is_weighty = matches!(spec.audience, Audience::Admin | Audience::Publisher);
        let is_danger = is_change && (is_weighty || spec.safety != Safety::Write);
        let tenancy = tenancy(spec);
        let is_upload = spec.sends.is_some_and(|kind| !kind.starts_with("application/"));
        Self {
            reach: reach(spec),
            is_change,
            is_danger,
            is_cost,
            personal: personal(spec),
            again: match spec.retry {
                _ if is_cost => Again::Keyed,
                Retry::Safe => Again::Idempotent,
                Retry::Refused => Again::No,
            },
            tenancy,
            body_bytes: match spec.sends {
                None => 0,
                _ if is_upload => UPLOAD_BYTES,
                _ if is_cost || tenancy == Tenancy::Rule => SMALL_BYTES,
                _ => BODY_BYTES,
            },
        }
    }

    /// Whether request and answer are read whole before they go on, because both are judged.
    pub const fn is_handled(&self) -> bool {
        self.is_cost || matches!(self.tenancy, Tenancy::Rows | Tenancy::Rule)
    }
}

fn reach(spec: &OperationSpec) -> Reach {
    if spec.audience != Audience::Nobody {
        return Reach::Operators(spec.audience);
    }
    // Every family, so that a new one is decided about here.
    match spec.family {
        Family::Messaging | Family::Chat | Family::Webrtc => Reach::Visitors,
        Family::Webhooks => {
            Reach::Refused("its answer holds a signing secret; /operator/vault/webhooks does it")
        }
        Family::Dni => Reach::Refused("takes a number from the pool for one visitor's call"),
        Family::ExternalEvents => {
            Reach::Refused("speaks for another system inside a running conversation")
        }
        Family::Agents
        | Family::Alerts
        | Family::Concurrency
        | Family::Conversations
        | Family::Data
        | Family::DebugChat
        | Family::Handoff
        | Family::Outbound
        | Family::Sms => Reach::Refused("not declared for anybody"),
    }
}

fn personal(spec: &OperationSpec) -> Personal {
    if spec.safety != Safety::Read {
        return Personal::Nothing;
    }
    match spec.family {
        Family::Conversations if spec.answers.is_some_and(|kind| kind.starts_with("audio/")) => {
            Personal::Audio
        }
        Family::Conversations | Family::Data => Personal::Masked,
        // Free-form: whatever the agent chose to write down.
        Family::Handoff => Personal::Anything,
        // The agent's own building blocks, numbers and counts; the operator's own trial chats.
        Family::Agents
        | Family::Alerts
        | Family::Chat
        | Family::Concurrency
        | Family::DebugChat
        | Family::Dni
        | Family::ExternalEvents
        | Family::Messaging
        | Family::Outbound
        | Family::Sms
        | Family::Webhooks
        | Family::Webrtc => Personal::Nothing,
    }
}

fn tenancy(spec: &OperationSpec) -> Tenancy {
    let has = |name: &str| spec.path.contains(name);
    let names_project = has("{project_id}") || has("{agentId}");
    let names_account = has("{account_id}") || has("{accountId}");
    match spec.family {
        Family::Agents if names_account && spec.id == "agents.list" => Tenancy::Rows,
        _ if names_project || names_account => Tenancy::Path,
        Family::Alerts => Tenancy::Rule,
        _ if spec.credential == CredentialKind::Anonymous => Tenancy::Nobody,
        _ => Tenancy::Key,
    }
}

#[cfg(test)]
mod golden;

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::operation::{self, Method};

    fn of(id: &str) -> Controls {
        Controls::of(operation::by_id(id).unwrap())
    }

    #[test]
    fn what_is_deleted_goes_live_costs_or_concerns_keys_is_danger() {
        for id in [
            "agents.delete",
            "agents.branches.delete",
            "agents.deployments.publish",
            "agents.deployments.promote",
            "agents.deployments.rollback",
            "agents.rtc.variables.patch",
            "agents.numbers.reassign",
            "agents.outbound.create",
            "outbound.legacy.create",
            "sms.send",
            "webhooks.update",
            "webhooks.delete",
        ] {
            assert!(of(id).is_danger, "{id}");
        }
        for id in
            ["agents.branches.create", "data.note.upsert", "webhooks.list", "conversations.get"]
        {
            assert!(!of(id).is_danger, "{id}");
        }
    }

    #[test]
    fn every_row_is_consistent() {
        for spec in operation::all() {
            let controls = Controls::of(spec);
            let id = spec.id;
            // A read by POST is a lookup with a body; no change ever looks like a read.
            assert!(
                controls.is_change || matches!(spec.method, Method::Get | Method::Post),
                "{id}"
            );
            assert!(!controls.is_change || spec.method != Method::Get, "{id}");
            assert!(!controls.is_danger || controls.is_change, "{id}");
            assert!(!controls.is_cost || controls.again == Again::Keyed, "{id}");
            assert!(spec.method != Method::Get || controls.body_bytes == 0, "{id}");
            assert_ne!(controls.reach, Reach::Refused("not declared for anybody"), "{id}");
            if spec.credential == CredentialKind::Anonymous {
                assert_eq!(controls.tenancy, Tenancy::Nobody, "{id}");
            }
        }
    }

    #[test]
    fn what_is_about_people_is_known() {
        let with = |personal| -> Vec<&str> {
            let rows = operation::all().filter(|spec| Controls::of(spec).personal == personal);
            rows.map(|spec| spec.id).collect()
        };
        assert_eq!(with(Personal::Audio), ["conversations.audio"]);
        assert_eq!(with(Personal::Anything), ["handoff.get"]);
        assert_eq!(
            with(Personal::Masked),
            [
                "conversations.v3.list",
                "conversations.v2.list",
                "conversations.v1.list",
                "conversations.get",
                "data.conversations.list"
            ]
        );
    }
}

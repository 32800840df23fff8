//! Accounts and projects: where a call goes and with whose keys.

use std::rc::Rc;

use perch_api::model::{AccountId, ProjectId};
use perch_api::operation::Host;
use serde::{Deserialize, Serialize};

use super::Bases;

/// One account whose keys this deployment holds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// What `X-Perch-Account` calls it: 1 to 64 of `A-Z a-z 0-9 - _ . :`.
    pub name: String,
    /// The workspace.
    pub account_id: AccountId,
    /// The region it lives in; the deployment's by default.
    #[serde(default)]
    pub region: String,
    /// Its set of keys: the ending of the secrets' names; absent, the names have none.
    #[serde(default)]
    pub keys: Option<String>,
    /// The same, resolved.
    #[serde(skip)]
    pub tenant: Rc<Tenant>,
}

/// One project an operator may look at.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// What the console calls it.
    pub name: String,
    /// The workspace.
    pub account_id: AccountId,
    /// The agent.
    pub project_id: ProjectId,
    /// The region its keys work in; the account's or the deployment's by default.
    #[serde(default)]
    pub region: String,
    /// A set of keys of its own, asked before the account's.
    #[serde(default, skip_serializing)]
    pub keys: Option<String>,
    /// The same, resolved.
    #[serde(skip)]
    pub tenant: Rc<Tenant>,
}

/// An account, or one project of it: what a call is made for.
///
/// It tells tenants apart in caches, limits, logs and storage, and holds no key: [`crate::keys`] does.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tenant {
    /// `region/account`, or `region/account/project`: unique, and plain enough for a log.
    pub name: String,
    /// How many bytes of the name are the account's.
    account: usize,
    /// The region's base addresses.
    bases: Rc<Bases>,
    /// Places of its sets of keys, in the order in which they are asked.
    sets: Vec<usize>,
}

impl Tenant {
    pub(super) fn new(
        region: &str,
        account: &str,
        project: Option<&str>,
        bases: Rc<Bases>,
        sets: Vec<usize>,
    ) -> Rc<Self> {
        let mut name = format!("{region}/{account}");
        let account = name.len();
        if let Some(project) = project {
            name.push('/');
            name.push_str(project);
        }
        Rc::new(Self { name, account, bases, sets })
    }

    /// The name of the account alone: `region/account`.
    pub fn account(&self) -> &str {
        self.name.get(..self.account).unwrap_or_default()
    }

    /// The account's id.
    pub fn account_id(&self) -> &str {
        self.account().split_once('/').map_or("", |(_, id)| id)
    }

    /// The project's id; nothing for the account as a whole.
    pub fn project_id(&self) -> Option<&str> {
        self.name.get(self.account..)?.strip_prefix('/')
    }

    /// The base address of a kind of host in its region.
    pub fn base(&self, host: Host) -> Option<&str> {
        self.bases.of(host)
    }

    pub(crate) fn sets(&self) -> &[usize] {
        &self.sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_parts() {
        let bases = Rc::default();
        let account = Tenant::new("us-1", "ws-1", None, Rc::clone(&bases), vec![]);
        assert_eq!((account.name.as_str(), account.account()), ("us-1/ws-1", "us-1/ws-1"));
        assert_eq!((account.account_id(), account.project_id()), ("ws-1", None));
        let project = Tenant::new("us-1", "ws-1", Some("P-1"), bases, vec![]);
        assert_eq!((project.name.as_str(), project.account()), ("us-1/ws-1/P-1", "us-1/ws-1"));
        assert_eq!((project.account_id(), project.project_id()), ("ws-1", Some("P-1")));
        let nothing = Tenant::default();
        assert_eq!((nothing.account(), nothing.account_id(), nothing.project_id()), ("", "", None));
        assert_eq!(nothing.base(Host::Build), None);
    }
}

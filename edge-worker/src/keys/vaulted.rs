//! What this isolate knows of the vault's keys: a copy that is looked up again every few seconds.

use std::cell::RefCell;
use std::rc::Rc;

use perch_api::model::Secret;

use super::Slot;
use crate::config::Tenant;

/// Seconds for which a copy is used. A key that was removed is used no longer, in no isolate.
pub const FRESH_SECONDS: u64 = 4;

/// A key of the vault; without a value when it could not be opened, which then stands for no other.
pub struct Vaulted {
    /// The name of the account or project it belongs to.
    pub tenant: String,
    /// Its place.
    pub slot: Slot,
    /// Its value.
    pub value: Option<Rc<Secret>>,
}

/// The copy.
#[derive(Default)]
struct Copy {
    keys: Vec<Vaulted>,
    epoch: u64,
    looked_at: u64,
}

thread_local! {
    static COPY: RefCell<Copy> = RefCell::default();
}

/// Whether the copy may be used at `now` (Unix seconds).
pub fn is_fresh(now: u64) -> bool {
    COPY.with_borrow(|copy| now.saturating_sub(copy.looked_at) < FRESH_SECONDS)
}

/// The state of the vault the copy was made of; 0 before the first.
pub fn epoch() -> u64 {
    COPY.with_borrow(|copy| copy.epoch)
}

/// The vault is as it was when the copy was made.
pub fn confirm(now: u64) {
    COPY.with_borrow_mut(|copy| copy.looked_at = now);
}

/// Replaces the copy.
pub fn replace(keys: Vec<Vaulted>, epoch: u64, now: u64) {
    COPY.with_borrow_mut(|copy| *copy = Copy { keys, epoch, looked_at: now });
}

/// The vault's key, a project's own before its account's, or else what `or_else` gives.
pub(super) fn value_or_else(
    tenant: &Tenant,
    slot: Slot,
    or_else: impl FnOnce() -> Option<Rc<Secret>>,
) -> Option<Rc<Secret>> {
    COPY.with_borrow(|copy| {
        let of = |name: &str| copy.keys.iter().find(|key| key.slot == slot && key.tenant == name);
        let found = of(&tenant.name).or_else(|| of(tenant.account()));
        found.map_or_else(or_else, |key| key.value.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fixture::config;
    use crate::keys;

    fn kept(tenant: &str, value: Option<&str>) -> Vaulted {
        let value = value.map(|value| Rc::new(Secret::new(value.to_owned())));
        Vaulted { tenant: tenant.to_owned(), slot: Slot::Workspace, value }
    }

    #[test]
    fn the_vault_comes_first_and_a_project_before_its_account() {
        let config = config();
        let tenant = &config.projects[0].tenant;
        let of = |slot| keys::value(&config, tenant, slot).map(|key| key.expose().to_owned());
        assert_eq!(of(Slot::Workspace).as_deref(), Some("workspace-canary"));
        replace(vec![kept(tenant.account(), Some("of the account"))], 1, 100);
        assert_eq!(of(Slot::Workspace).as_deref(), Some("of the account"));
        assert_eq!(of(Slot::Conversations).as_deref(), Some("conversations-canary"));
        let both = vec![kept(tenant.account(), Some("x")), kept(&tenant.name, Some("its own"))];
        replace(both, 2, 100);
        assert_eq!(of(Slot::Workspace).as_deref(), Some("its own"));
        replace(vec![kept("us-1/another", Some("x"))], 3, 100);
        assert_eq!(of(Slot::Workspace).as_deref(), Some("workspace-canary"));
        replace(vec![kept(&tenant.name, None)], 4, 100);
        assert_eq!(of(Slot::Workspace), None, "what cannot be opened is not replaced");
        replace(Vec::new(), 5, 100);
    }

    #[test]
    fn t82_a_copy_ages() {
        replace(Vec::new(), 7, 1_000);
        assert!(is_fresh(1_000) && is_fresh(1_003) && !is_fresh(1_004));
        confirm(1_004);
        assert!(is_fresh(1_007) && epoch() == 7);
    }
}

//! For which account and project a request is made: exactly one that is configured, or none.

use std::rc::Rc;

use crate::config::{Config, Tenant};
use crate::error::Refusal;

/// Finds the tenant.
///
/// `account` and `project` are the ids in the path, where it has any; `named` is what the caller says in
/// `X-Perch-Account`. A path without an account belongs to the named one, or to the only one there is.
/// What is not configured does not exist; what fits several has to be named.
pub fn resolve(
    config: &Config,
    account: Option<&str>,
    project: Option<&str>,
    named: Option<&str>,
) -> Result<Rc<Tenant>, Refusal> {
    let accounts = config.accounts.iter().filter(|own| {
        named.is_none_or(|name| own.name == name)
            && account.is_none_or(|id| own.account_id.as_str() == id)
    });
    let Some(id) = project else {
        return only(accounts.map(|account| &account.tenant));
    };
    only(accounts.flat_map(|account| {
        config
            .projects
            .iter()
            .filter(|own| own.project_id.as_str() == id)
            .map(|project| &project.tenant)
            .filter(|tenant| tenant.account() == account.tenant.name)
    }))
}

fn only<'a>(mut found: impl Iterator<Item = &'a Rc<Tenant>>) -> Result<Rc<Tenant>, Refusal> {
    let first = found.next().ok_or(Refusal::UnknownRoute)?;
    // A project that is listed twice, under two names, is still one.
    if found.all(|other| other.name == first.name) {
        Ok(Rc::clone(first))
    } else {
        Err(Refusal::AccountNeeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fixture::{config, with};

    fn two() -> Config {
        with(&[
            (
                "PERCH_ACCOUNTS",
                r#"[{"name":"acme","account_id":"ws-1"},{"name":"other","account_id":"ws-2"}]"#,
            ),
            (
                "PERCH_PROJECTS",
                r#"[{"name":"A","account_id":"ws-1","project_id":"P-1"},{"name":"B","account_id":"ws-2","project_id":"P-2"},
                    {"name":"C","account_id":"ws-1","project_id":"slug"},{"name":"D","account_id":"ws-2","project_id":"slug"},
                    {"name":"A again","account_id":"ws-1","project_id":"P-1"}]"#,
            ),
            ("PERCH_SITES", "[]"),
        ])
        .unwrap()
    }

    fn found(
        config: &Config,
        account: Option<&str>,
        project: Option<&str>,
        named: Option<&str>,
    ) -> Result<String, Refusal> {
        resolve(config, account, project, named).map(|tenant| tenant.name.clone())
    }

    #[test]
    fn the_only_account_needs_no_name() {
        let config = config();
        assert_eq!(found(&config, None, None, None).as_deref(), Ok("us-1/ws-1"));
        assert_eq!(found(&config, None, None, Some("ws-1")).as_deref(), Ok("us-1/ws-1"));
        for unknown in ["ws-2", "", "WS-1", "api.us.poly.ai", "http://evil.example"] {
            assert_eq!(found(&config, None, None, Some(unknown)), Err(Refusal::UnknownRoute));
        }
    }

    #[test]
    fn of_several_accounts_one_is_named() {
        let config = two();
        assert_eq!(found(&config, None, None, None), Err(Refusal::AccountNeeded));
        assert_eq!(found(&config, None, None, Some("other")).as_deref(), Ok("simulator/ws-2"));
        assert_eq!(found(&config, None, None, Some("ws-2")), Err(Refusal::UnknownRoute));
    }

    #[test]
    fn ids_in_the_path_say_it_themselves() {
        let config = two();
        let one = |account, project, named| found(&config, account, project, named);
        assert_eq!(one(Some("ws-1"), Some("P-1"), None).as_deref(), Ok("simulator/ws-1/P-1"));
        assert_eq!(one(None, Some("P-2"), None).as_deref(), Ok("simulator/ws-2/P-2"));
        assert_eq!(one(Some("ws-2"), None, None).as_deref(), Ok("simulator/ws-2"));
        assert_eq!(one(None, Some("slug"), None), Err(Refusal::AccountNeeded));
        assert_eq!(one(None, Some("slug"), Some("acme")).as_deref(), Ok("simulator/ws-1/slug"));
    }

    #[test]
    fn t62_other_tenants_do_not_exist() {
        let config = two();
        for (account, project, named) in [
            (Some("ws-1"), Some("P-2"), None),
            (Some("ws-2"), Some("P-1"), None),
            (Some("ws-3"), None, None),
            (None, Some("P-3"), None),
            (None, Some("P-2"), Some("acme")),
            (Some("ws-2"), None, Some("acme")),
            (Some("WS-1"), Some("P-1"), None),
        ] {
            let none = Err(Refusal::UnknownRoute);
            assert_eq!(
                found(&config, account, project, named),
                none,
                "{account:?} {project:?} {named:?}"
            );
        }
    }
}

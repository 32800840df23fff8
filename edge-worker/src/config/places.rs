//! From accounts, projects and sites as they are written to where each of them is and whose keys it has.

use std::rc::Rc;

use perch_api::model::Secret;
use perch_api::operation::is_correlation_id;

use super::{Account, Bases, ConfigError, Project, Regions, Site, Tenant};
use crate::keys::KeySet;

/// Regions and sets of keys, found by name.
pub(super) struct Places<F> {
    regions: Regions,
    region: String,
    secret: F,
    pub(super) key_sets: Vec<KeySet>,
}

impl<F: Fn(&str, &'static str) -> Result<Option<Secret>, ConfigError>> Places<F> {
    /// Reads the deployment's own region; `secret` reads a secret and blames the second name.
    pub(super) fn read(
        lookup: impl Fn(&str) -> Option<String>,
        secret: F,
    ) -> Result<Self, ConfigError> {
        let region = lookup("PERCH_REGION").ok_or(ConfigError("PERCH_REGION"))?;
        let simulator = if region == "simulator" {
            Some(lookup("PERCH_SIMULATOR").ok_or(ConfigError("PERCH_SIMULATOR"))?)
        } else {
            None
        };
        let regions = Regions::read(simulator.as_deref())?;
        // Simulators by region have none of this name; then every account says where it is.
        let region = match regions.find(&region) {
            Some((name, _)) => name,
            None if simulator.is_some() => region,
            None => return Err(ConfigError("PERCH_REGION")),
        };
        Ok(Self { regions, region, secret, key_sets: Vec::new() })
    }

    /// Settles the accounts that are listed.
    pub(super) fn settle_accounts(&mut self, accounts: &mut [Account]) -> Result<(), ConfigError> {
        const VARIABLE: &str = "PERCH_ACCOUNTS";
        for at in 0..accounts.len() {
            let (before, rest) = accounts.split_at_mut(at);
            let Some(account) = rest.first_mut() else { break };
            if account.region.is_empty() {
                account.region.clone_from(&self.region);
            }
            let (region, bases) = self.find(&account.region, VARIABLE)?;
            account.region = region;
            let twice = |other: &Account| {
                other.name == account.name
                    || (other.account_id == account.account_id && other.region == account.region)
            };
            if !is_correlation_id(&account.name) || before.iter().any(twice) {
                return Err(ConfigError(VARIABLE));
            }
            let sets = self.sets(&[account.keys.as_deref()], VARIABLE)?;
            let id = account.account_id.as_str();
            account.tenant = Tenant::new(&account.region, id, None, bases, sets);
        }
        Ok(())
    }

    /// Settles the projects. Without listed accounts theirs become the accounts, by their ids.
    pub(super) fn settle_projects(
        &mut self,
        accounts: &mut Vec<Account>,
        projects: &mut [Project],
    ) -> Result<(), ConfigError> {
        const VARIABLE: &str = "PERCH_PROJECTS";
        let listed = !accounts.is_empty();
        for project in projects {
            if project.region.is_empty() {
                let own = accounts.iter().find(|own| own.account_id == project.account_id);
                let region = own.map_or(&self.region, |own| &own.region);
                project.region.clone_from(region);
            }
            let (region, bases) = self.find(&project.region, VARIABLE)?;
            project.region = region;
            let known = |own: &&Account| {
                own.account_id == project.account_id && own.region == project.region
            };
            let keys = match accounts.iter().find(known) {
                Some(account) => account.keys.clone(),
                None if listed => return Err(ConfigError(VARIABLE)),
                None => {
                    let mut made = vec![Account {
                        name: project.account_id.as_str().to_owned(),
                        account_id: project.account_id.clone(),
                        region: project.region.clone(),
                        keys: None,
                        tenant: Rc::default(),
                    }];
                    self.settle_accounts(&mut made)?;
                    // One id in two regions is two accounts, which need names of their own.
                    if accounts.iter().any(|own| made.iter().any(|made| made.name == own.name)) {
                        return Err(ConfigError("PERCH_ACCOUNTS"));
                    }
                    accounts.append(&mut made);
                    None
                }
            };
            let sets = self.sets(&[project.keys.as_deref(), keys.as_deref()], VARIABLE)?;
            let (account, id) = (project.account_id.as_str(), project.project_id.as_str());
            project.tenant = Tenant::new(&project.region, account, Some(id), bases, sets);
        }
        Ok(())
    }

    /// Settles the sites. Their agents need not be among what operators may look at.
    pub(super) fn settle_sites(
        &mut self,
        accounts: &[Account],
        projects: &[Project],
        sites: &mut [Site],
    ) -> Result<(), ConfigError> {
        const VARIABLE: &str = "PERCH_SITES";
        for site in sites {
            if !site.is_sound() {
                return Err(ConfigError(VARIABLE));
            }
            let here = |region: &str| site.region.as_deref().is_none_or(|own| own == region);
            let project = projects.iter().find(|project| {
                project.account_id == site.account_id
                    && project.project_id == site.project_id
                    && here(&project.region)
            });
            let account = accounts.iter().find(|account| {
                account.account_id == site.account_id
                    && here(&account.region)
                    && project.is_none_or(|project| project.region == account.region)
            });
            let region = site
                .region
                .as_deref()
                .or(account.map(|account| account.region.as_str()))
                .unwrap_or(&self.region);
            let (region, bases) = self.find(region, VARIABLE)?;
            let keys = [
                site.keys.as_deref(),
                project.and_then(|project| project.keys.as_deref()),
                account.and_then(|account| account.keys.as_deref()),
            ];
            let sets = self.sets(&keys, VARIABLE)?;
            let (account, id) = (site.account_id.as_str(), site.project_id.as_str());
            site.tenant = Tenant::new(&region, account, Some(id), bases, sets);
        }
        Ok(())
    }

    fn find(
        &self,
        region: &str,
        variable: &'static str,
    ) -> Result<(String, Rc<Bases>), ConfigError> {
        self.regions.find(region).ok_or(ConfigError(variable))
    }

    /// Places in `key_sets` of the named sets, each read once; of the unnamed one where none is named.
    fn sets(
        &mut self,
        named: &[Option<&str>],
        variable: &'static str,
    ) -> Result<Vec<usize>, ConfigError> {
        let mut wanted: Vec<&str> = named.iter().copied().flatten().collect();
        if !wanted.iter().all(|name| is_set_name(name)) {
            return Err(ConfigError(variable));
        }
        if wanted.is_empty() {
            wanted.push("");
        }
        let mut sets = Vec::new();
        for name in wanted {
            let known = self.key_sets.iter().position(|set| set.name() == name);
            let place = known.unwrap_or(self.key_sets.len());
            if known.is_none() {
                self.key_sets.push(KeySet::read(name, &self.secret)?);
            }
            if !sets.contains(&place) {
                sets.push(place);
            }
        }
        Ok(sets)
    }
}

// As variables are spelled, so that name and ending never run into each other.
fn is_set_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::with;
    use super::*;
    use perch_api::operation::Host;

    const TWO: &str =
        r#"{"us-1":{"build":"http://127.0.0.1:1"},"uk-1":{"build":"http://127.0.0.1:2"}}"#;

    #[test]
    fn accounts_live_in_their_regions() {
        let config = with(&[
            ("PERCH_SIMULATOR", TWO),
            (
                "PERCH_ACCOUNTS",
                r#"[{"name":"us","account_id":"ws-1","region":"us-1"},{"name":"uk","account_id":"ws-1","region":"uk-1"}]"#,
            ),
            (
                "PERCH_PROJECTS",
                r#"[{"name":"A","account_id":"ws-1","project_id":"P-1"},{"name":"B","account_id":"ws-1","project_id":"P-1","region":"uk-1"}]"#,
            ),
            ("PERCH_SITES", "[]"),
        ])
        .unwrap();
        let [a, b] = config.projects.as_slice() else { panic!("two projects") };
        assert_eq!(
            (a.tenant.name.as_str(), b.tenant.name.as_str()),
            ("us-1/ws-1/P-1", "uk-1/ws-1/P-1")
        );
        assert_eq!(a.tenant.base(Host::Build), Some("http://127.0.0.1:1"));
        assert_eq!(b.tenant.base(Host::Build), Some("http://127.0.0.1:2"));
        assert_eq!(b.tenant.base(Host::Webrtc), None);
    }

    #[test]
    fn a_site_is_where_its_project_is() {
        let config = with(&[]).unwrap();
        assert_eq!(config.sites[0].tenant.name, "us-1/ws-1/PROJECT-1");
        assert_eq!(config.sites[0].tenant.base(Host::Messaging), Some("http://127.0.0.1:4103"));
        let alone = with(&[("PERCH_PROJECTS", "[]")]).unwrap();
        assert_eq!(alone.sites[0].tenant.name, "simulator/ws-1/PROJECT-1");
        assert!(alone.accounts.is_empty(), "a site opens nothing for operators");
    }

    #[test]
    fn what_does_not_fit_is_blamed_on_its_variable() {
        let account = r#"{"name":"a","account_id":"ws-1"}"#;
        for (accounts, projects, blamed) in [
            (format!("[{account},{account}]"), "[]", "PERCH_ACCOUNTS"),
            (r#"[{"name":"a b","account_id":"ws-1"}]"#.to_owned(), "[]", "PERCH_ACCOUNTS"),
            (r#"[{"name":"","account_id":"ws-1"}]"#.to_owned(), "[]", "PERCH_ACCOUNTS"),
            (
                r#"[{"name":"a","account_id":"ws-1","keys":"acme"}]"#.to_owned(),
                "[]",
                "PERCH_ACCOUNTS",
            ),
            (r#"[{"name":"a","account_id":"ws-1","keys":""}]"#.to_owned(), "[]", "PERCH_ACCOUNTS"),
            (
                format!("[{account}]"),
                r#"[{"name":"A","account_id":"ws-2","project_id":"P-1"}]"#,
                "PERCH_PROJECTS",
            ),
            (
                "[]".to_owned(),
                r#"[{"name":"A","account_id":"ws-1","project_id":"P-1","keys":"a b"}]"#,
                "PERCH_PROJECTS",
            ),
            (
                "[]".to_owned(),
                r#"[{"name":"A","account_id":"ws-1","project_id":"P-1"},{"name":"A","account_id":"ws-1","project_id":"P-1","region":"uk-1"}]"#,
                "PERCH_ACCOUNTS",
            ),
        ] {
            let given = [("PERCH_ACCOUNTS", accounts.as_str()), ("PERCH_PROJECTS", projects)];
            assert_eq!(with(&given).err(), Some(ConfigError(blamed)), "{accounts} {projects}");
        }
        let real = [
            ("PERCH_REGION", "us-1"),
            ("PERCH_ACCOUNTS", r#"[{"name":"a","account_id":"ws-1","region":"mars"}]"#),
        ];
        assert_eq!(with(&real).err(), Some(ConfigError("PERCH_ACCOUNTS")));
    }

    #[test]
    fn a_wrong_key_of_a_named_set_is_blamed_on_its_kind() {
        let given = [
            ("PERCH_ACCOUNTS", r#"[{"name":"a","account_id":"ws-1","keys":"ACME"}]"#),
            ("POLYAI_CHAT_KEY_ACME", "two\nlines"),
        ];
        assert_eq!(with(&given).err(), Some(ConfigError("POLYAI_CHAT_KEY")));
    }
}

//! The deployment's configuration, parsed once per isolate.
//!
//! Variables are public facts, secrets are wrapped the moment they are read. An error names the
//! variable and never its value.

mod bases;
mod calls;
mod identity;
mod places;
mod site;
mod tenant;

pub use bases::{Bases, Regions};
pub use calls::{Calls, Version};
pub use identity::{Access, Identity, Oidc, Operators};
use perch_api::model::Secret;
use places::Places;
use serde::Deserialize;
pub use site::Site;
pub use tenant::{Account, Project, Tenant};

use crate::keys::KeySet;
use crate::policy::audit::limits::Limits;
use crate::policy::bot_check::VERIFY_BASE;
use crate::policy::spend::Quota;
use crate::policy::{event, origin};
use crate::seal::{SealKeys, SealRing};
use crate::token::{self, KeyRing, Keys};

/// Everything the edge knows about its deployment.
pub struct Config {
    /// Sites whose visitors may chat.
    pub sites: Vec<Site>,
    /// Accounts whose keys are here.
    pub accounts: Vec<Account>,
    /// Projects operators may look at; each belongs to one of the accounts.
    pub projects: Vec<Project>,
    /// Token keys.
    pub keys: KeyRing,
    /// Sealing keys, from the same root key.
    pub seals: SealRing,
    /// The one-time sign-in, when one is open.
    pub setup: Option<Setup>,
    /// Who says who an operator is.
    pub operators: Operators,
    /// Where the bot check's provider is.
    checks: String,
    /// How long the record of operators' deeds is kept.
    pub audit: Limits,
    /// How much may be spent.
    pub spending: Quota,
    /// The platform's keys; [`crate::keys`] knows which are whose.
    pub key_sets: Vec<KeySet>,
    /// The part of requests without a fault that are recorded.
    pub event_rate: f64,
    /// How much faster time-outs run than they should; one, but against a simulator.
    pub haste: u32,
}

/// The open one-time sign-in.
pub struct Setup {
    /// The token in the link.
    pub token: Secret,
    /// Unix seconds after which it is refused.
    pub expires: u64,
}

/// Which variable is missing or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable {0} is missing or not valid")]
pub struct ConfigError(pub &'static str);

/// A set-up token is no shorter: what limits guessing lets the right one through at once.
const SETUP_BYTES: usize = 20;
/// Accounts, projects and sites of one deployment; each list has at most so many entries.
const MOST: usize = 200;

impl Config {
    /// Reads the configuration through `lookup`, which answers by variable name.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        // `name` may be a longer form of `blamed`; errors have the latter, which is fixed text.
        let named = |name: &str, blamed: &'static str| match lookup(name).map(Secret::new) {
            None => Ok(None),
            Some(value) if value.is_empty() => Ok(None),
            // Keys go into header lines: nothing in one may end a line.
            Some(value) if value.expose().bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Some(value))
            }
            Some(_) => Err(ConfigError(blamed)),
        };
        let secret = |name: &'static str| named(name, name);
        let root = |name: &'static str| {
            let Some(text) = secret(name)? else { return Ok(None) };
            let key = token::root_key(text.expose()).map_err(|_| ConfigError(name))?;
            Ok(Some((Keys::derive(&key), SealKeys::derive(&key))))
        };
        let (tokens, seals) = root("PERCH_ROOT_KEY")?.ok_or(ConfigError("PERCH_ROOT_KEY"))?;
        let (old_tokens, old_seals) = root("PERCH_ROOT_KEY_PREVIOUS")?.unzip();
        let mut places = Places::read(&lookup, named)?;
        let mut accounts: Vec<Account> = list("PERCH_ACCOUNTS", lookup("PERCH_ACCOUNTS"))?;
        let mut projects: Vec<Project> = list("PERCH_PROJECTS", lookup("PERCH_PROJECTS"))?;
        let mut sites: Vec<Site> = list("PERCH_SITES", lookup("PERCH_SITES"))?;
        places.settle_accounts(&mut accounts)?;
        places.settle_projects(&mut accounts, &mut projects)?;
        places.settle_sites(&accounts, &projects, &mut sites)?;
        let event_rate = event::rate(lookup("PERCH_EVENT_RATE").as_deref())
            .ok_or(ConfigError("PERCH_EVENT_RATE"))?;
        for site in &mut sites {
            site.take_secrets(|name| named(name, "PERCH_SITES"))?;
        }
        let known = |id: &String| sites.iter().any(|site| site.id == *id);
        if !sites.iter().flat_map(|site| site.agents.values()).all(known) {
            return Err(ConfigError("PERCH_SITES"));
        }
        Ok(Self {
            event_rate,
            sites,
            accounts,
            projects,
            keys: KeyRing { current: tokens, previous: old_tokens },
            seals: SealRing { current: seals, previous: old_seals },
            setup: match secret("PERCH_SETUP_TOKEN")? {
                None => None,
                Some(token) if token.expose().len() < SETUP_BYTES => {
                    return Err(ConfigError("PERCH_SETUP_TOKEN"));
                }
                Some(token) => Some(Setup {
                    token,
                    expires: lookup("PERCH_SETUP_EXPIRES")
                        .and_then(|text| text.parse().ok())
                        .ok_or(ConfigError("PERCH_SETUP_EXPIRES"))?,
                }),
            },
            operators: Operators::read(&lookup, secret)?,
            checks: checks(&lookup)?,
            audit: Limits::read(&lookup)?,
            spending: Quota::read(&lookup)?,
            key_sets: places.key_sets,
            haste: match lookup("PERCH_SIMULATOR_HASTE") {
                Some(text) if lookup("PERCH_REGION").as_deref() == Some("simulator") => {
                    text.parse().map_err(|_| ConfigError("PERCH_SIMULATOR_HASTE"))?
                }
                _ => 1,
            },
        })
    }

    /// The base address of the bot check's provider.
    pub fn check_base(&self) -> &str {
        &self.checks
    }

    /// The site with this id.
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    /// The site a token was made for.
    pub fn site_by_tag(&self, tag: [u8; 8]) -> Option<&Site> {
        self.sites.iter().find(|site| token::tag(&site.id) == tag)
    }

    /// What people call a tenant of operators: its project's name, or its account's.
    pub fn name_of(&self, tenant: &Tenant) -> &str {
        let project = self.projects.iter().find(|project| project.tenant.name == tenant.name);
        let account = self.accounts.iter().find(|account| account.tenant.name == tenant.name);
        let name = project.map(|project| &project.name);
        name.or(account.map(|account| &account.name)).map_or("", String::as_str)
    }

    /// Whether any site lists the origin, which is all a preflight may ask.
    pub fn lists_origin(&self, page: &str) -> bool {
        self.sites.iter().any(|site| origin::is_listed(&site.origins, page))
    }
}

// Beside the simulator, on this machine, its stand-in may be; in production there is one address.
fn checks(lookup: impl Fn(&str) -> Option<String>) -> Result<String, ConfigError> {
    const NAME: &str = "PERCH_SIMULATOR_CHECKS";
    let simulated = lookup("PERCH_REGION").is_some_and(|region| region == "simulator");
    match lookup(NAME).filter(|_| simulated) {
        None => Ok(VERIFY_BASE.to_owned()),
        Some(base) if bases::is_loopback(&base) => Ok(base),
        Some(_) => Err(ConfigError(NAME)),
    }
}

fn list<T: for<'de> Deserialize<'de>>(
    name: &'static str,
    text: Option<String>,
) -> Result<Vec<T>, ConfigError> {
    let list: Vec<T> = text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(&text).map_err(|_| ConfigError(name))
    })?;
    if list.len() <= MOST { Ok(list) } else { Err(ConfigError(name)) }
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
pub(crate) mod fixture;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{self, Slot};
    use perch_api::operation::Host;

    fn with(name: &str, value: Option<&str>) -> Result<Config, ConfigError> {
        Config::read(
            |asked| {
                if asked == name { value.map(str::to_owned) } else { fixture::vars(asked) }
            },
        )
    }

    fn refused(name: &'static str, value: Option<&str>) {
        assert_eq!(with(name, value).err(), Some(ConfigError(name)), "{value:?}");
    }

    #[test]
    fn a_full_configuration_is_read() {
        let config = fixture::config();
        let site = config.site("shop").unwrap();
        assert_eq!(site.sessions_per_minute, 20);
        assert!(config.site_by_tag(token::tag("shop")).is_some());
        assert!(config.site_by_tag(token::tag("other")).is_none());
        assert!(config.lists_origin("https://shop.example"));
        assert!(!config.lists_origin("https://shop.example.evil"));
    }

    #[test]
    fn real_regions_ignore_the_simulator() {
        let config = with("PERCH_REGION", Some("euw-1")).unwrap();
        let platform = config.projects[0].tenant.base(Host::Platform);
        assert_eq!(platform, Some("https://api.us-1.platform.polyai.app"), "its own region");
        let projects = fixture::vars("PERCH_PROJECTS").unwrap().replace(r#","region":"us-1""#, "");
        let config = fixture::with(&[("PERCH_REGION", "euw-1"), ("PERCH_PROJECTS", &projects)]);
        let config = config.unwrap();
        let project = &config.projects[0];
        assert_eq!(
            (project.region.as_str(), project.tenant.base(Host::Build)),
            ("euw-1", Some("https://api.eu.poly.ai"))
        );
    }

    #[test]
    fn errors_name_the_variable() {
        refused("PERCH_REGION", None);
        refused("PERCH_REGION", Some("mars"));
        refused("PERCH_SIMULATOR", None);
        refused("PERCH_ROOT_KEY", None);
        refused("PERCH_ROOT_KEY", Some("short"));
        refused("PERCH_ROOT_KEY_PREVIOUS", Some("short"));
        refused("PERCH_SITES", Some("{}"));
        refused("PERCH_PROJECTS", Some("[{}]"));
        refused("PERCH_SETUP_TOKEN", Some("nineteen-characters"));
        assert!(with("PERCH_SETUP_TOKEN", Some("twenty-characters-20")).unwrap().setup.is_some());
        assert!(with("PERCH_SETUP_TOKEN", Some("")).unwrap().setup.is_none());
        refused("PERCH_SETUP_EXPIRES", Some("tomorrow"));
        refused("PERCH_SETUP_EXPIRES", None);
        refused("PERCH_EVENT_RATE", Some("10%"));
        refused("POLYAI_WORKSPACE_KEY", Some("two\nlines"));
        let empty = with("POLYAI_WORKSPACE_KEY", Some("")).unwrap();
        assert!(keys::value(&empty, &empty.sites[0].tenant, Slot::Workspace).is_none());
    }

    #[test]
    fn sites_hold_exact_origins() {
        for origin in ["*", "null", "https://shop.example/", "https://*.shop.example"] {
            let json =
                fixture::vars("PERCH_SITES").unwrap().replace("https://shop.example", origin);
            refused("PERCH_SITES", Some(&json));
        }
    }
}

//! The deployment's configuration, parsed once per isolate.
//!
//! Variables are public facts, secrets are wrapped the moment they are read. An error names the
//! variable and never its value.

use perch_api::model::{AccountId, ProjectId, Secret};
use perch_api::operation::Host;
use perch_api::region::Region;
use serde::Deserialize;

use crate::policy::origin;
use crate::token::{self, KeyRing, Keys};

/// Everything the edge knows about its deployment.
pub struct Config {
    /// Where the platform is.
    pub bases: Bases,
    /// Sites whose visitors may chat.
    pub sites: Vec<Site>,
    /// Projects operators may look at.
    pub projects: Vec<Project>,
    /// Token keys.
    pub keys: KeyRing,
    /// The one-time sign-in, when one is open.
    pub setup: Option<Setup>,
    /// The platform's keys.
    pub credentials: Credentials,
}

/// One site: a visitor-facing deployment of one agent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Short name used in the script tag.
    pub id: String,
    /// Exact origins of its pages.
    pub origins: Vec<String>,
    /// The agent's workspace.
    pub account_id: AccountId,
    /// The agent.
    pub project_id: ProjectId,
    /// The host registered for the messaging connector.
    pub x_host: String,
    /// Shown as the panel's title.
    pub title: String,
    /// Shown as the speaker's name.
    pub agent_name: String,
    /// CSS colour of the launcher.
    pub accent: String,
    /// Whether answers arrive in chunks.
    #[serde(default = "yes")]
    pub streaming: bool,
    /// New sessions per minute and address.
    #[serde(default = "twenty")]
    pub sessions_per_minute: u32,
}

/// One project an operator may look at.
#[derive(Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// What the console calls it.
    pub name: String,
    /// The workspace.
    pub account_id: AccountId,
    /// The agent.
    pub project_id: ProjectId,
    /// The region its keys work in.
    pub region: String,
}

/// The open one-time sign-in.
pub struct Setup {
    /// The token in the link.
    pub token: Secret,
    /// Unix seconds after which it is refused.
    pub expires: u64,
}

/// The platform's keys; absent ones disable what needs them.
#[derive(Default)]
#[allow(missing_docs, reason = "one field per secret of the same name")]
pub struct Credentials {
    pub workspace: Option<Secret>,
    pub conversations: Option<Secret>,
    pub chat: Option<Secret>,
    pub chat_connector: Option<Secret>,
    pub messaging_connector: Option<Secret>,
    pub web_calling: Option<Secret>,
}

/// The platform's base addresses, one per kind of host. Nothing else can be dialled.
pub struct Bases([Option<String>; 4]);

/// Which variable is missing or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("variable {0} is missing or not valid")]
pub struct ConfigError(pub &'static str);

/// A set-up token is no shorter: what limits guessing lets the right one through at once.
const SETUP_BYTES: usize = 20;

impl Config {
    /// Reads the configuration through `lookup`, which answers by variable name.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let secret = |name: &'static str| match lookup(name).map(Secret::new) {
            None => Ok(None),
            Some(value) if value.is_empty() => Ok(None),
            // Keys go into header lines: nothing in one may end a line.
            Some(value) if value.expose().bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Some(value))
            }
            Some(_) => Err(ConfigError(name)),
        };
        let root = |name: &'static str| {
            let Some(text) = secret(name)? else { return Ok(None) };
            let key = token::root_key(text.expose()).map_err(|_| ConfigError(name))?;
            Ok(Some(Keys::derive(&key)))
        };
        let sites: Vec<Site> = list("PERCH_SITES", lookup("PERCH_SITES"))?;
        if !sites.iter().all(Site::is_sound) {
            return Err(ConfigError("PERCH_SITES"));
        }
        Ok(Self {
            bases: Bases::read(
                &lookup("PERCH_REGION").ok_or(ConfigError("PERCH_REGION"))?,
                lookup("PERCH_SIMULATOR").as_deref(),
            )?,
            sites,
            projects: list("PERCH_PROJECTS", lookup("PERCH_PROJECTS"))?,
            keys: KeyRing {
                current: root("PERCH_ROOT_KEY")?.ok_or(ConfigError("PERCH_ROOT_KEY"))?,
                previous: root("PERCH_ROOT_KEY_PREVIOUS")?,
            },
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
            credentials: Credentials {
                workspace: secret("POLYAI_WORKSPACE_KEY")?,
                conversations: secret("POLYAI_CONVERSATIONS_KEY")?,
                chat: secret("POLYAI_CHAT_KEY")?,
                chat_connector: secret("POLYAI_CHAT_CONNECTOR")?,
                messaging_connector: secret("POLYAI_MESSAGING_CONNECTOR")?,
                web_calling: secret("POLYAI_WEB_CALLING")?,
            },
        })
    }

    /// The site with this id.
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    /// The site a token was made for.
    pub fn site_by_tag(&self, tag: [u8; 8]) -> Option<&Site> {
        self.sites.iter().find(|site| token::tag(&site.id) == tag)
    }

    /// Whether any site lists the origin, which is all a preflight may ask.
    pub fn lists_origin(&self, page: &str) -> bool {
        self.sites.iter().any(|site| origin::is_listed(&site.origins, page))
    }
}

impl Site {
    fn is_sound(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=32).contains(&self.id.len())
            && self.id.bytes().all(plain)
            && !self.origins.is_empty()
            && self.origins.iter().all(|entry| origin::is_well_formed(entry))
            && is_header_value(&self.x_host)
    }
}

impl Bases {
    /// The base address, such as `https://api.us.poly.ai`.
    pub fn of(&self, host: Host) -> Option<&str> {
        let [build, platform, messaging, webrtc] = &self.0;
        match host {
            Host::Build => build,
            Host::Platform => platform,
            Host::Messaging => messaging,
            Host::Webrtc => webrtc,
        }
        .as_deref()
    }

    fn read(region: &str, simulator: Option<&str>) -> Result<Self, ConfigError> {
        const HOSTS: [Host; 4] = [Host::Build, Host::Platform, Host::Messaging, Host::Webrtc];
        if region != "simulator" {
            let region = Region::parse(region).map_err(|_| ConfigError("PERCH_REGION"))?;
            return Ok(Self(
                HOSTS.map(|host| region.host(host).map(|name| format!("https://{name}"))),
            ));
        }
        let name = "PERCH_SIMULATOR";
        let addresses: Addresses = serde_json::from_str(simulator.ok_or(ConfigError(name))?)
            .map_err(|_| ConfigError(name))?;
        let bases = [addresses.build, addresses.platform, addresses.messaging, addresses.webrtc];
        if bases.iter().flatten().all(|base| is_loopback(base)) {
            Ok(Self(bases))
        } else {
            Err(ConfigError(name))
        }
    }
}

#[derive(Deserialize)]
struct Addresses {
    build: Option<String>,
    platform: Option<String>,
    messaging: Option<String>,
    webrtc: Option<String>,
}

// A simulator runs on this machine; a slip here must not send a real key over a network.
fn is_loopback(base: &str) -> bool {
    let local = ["http://127.0.0.1:", "http://localhost:"];
    origin::is_well_formed(base) && local.iter().any(|start| base.starts_with(start))
}

fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn list<T: for<'de> Deserialize<'de>>(
    name: &'static str,
    text: Option<String>,
) -> Result<Vec<T>, ConfigError> {
    text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(|_| ConfigError(name)))
}

const fn yes() -> bool {
    true
}

const fn twenty() -> u32 {
    20
}

/// A complete configuration for tests of other modules.
#[cfg(test)]
pub(crate) mod fixture {
    use super::*;

    pub(crate) fn vars(name: &str) -> Option<String> {
        let value = match name {
            "PERCH_REGION" => "simulator".to_owned(),
            "PERCH_SIMULATOR" => {
                r#"{"build":"http://127.0.0.1:4101","platform":"http://127.0.0.1:4102","messaging":"http://127.0.0.1:4103","webrtc":"http://127.0.0.1:4104"}"#.to_owned()
            }
            "PERCH_SITES" => {
                r##"[{"id":"shop","origins":["https://shop.example","http://localhost:8788"],"account_id":"ws-1","project_id":"PROJECT-1","x_host":"shop.example","title":"Shop","agent_name":"Juno","accent":"#0a7","streaming":true}]"##.to_owned()
            }
            "PERCH_PROJECTS" => {
                r#"[{"name":"Shop","account_id":"ws-1","project_id":"PROJECT-1","region":"us-1"}]"#.to_owned()
            }
            "PERCH_ROOT_KEY" => token::text(&[3; 32]),
            "PERCH_SETUP_TOKEN" => "setup-canary-12345678".to_owned(),
            "PERCH_SETUP_EXPIRES" => "2000".to_owned(),
            "POLYAI_WORKSPACE_KEY" => "workspace-canary".to_owned(),
            "POLYAI_CONVERSATIONS_KEY" => "conversations-canary".to_owned(),
            _ => return None,
        };
        Some(value)
    }

    pub(crate) fn config() -> Config {
        Config::read(vars).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: Option<&'static str>) -> Result<Config, ConfigError> {
        Config::read(
            |asked| {
                if asked == name { value.map(str::to_owned) } else { fixture::vars(asked) }
            },
        )
    }

    fn refused(name: &'static str, value: Option<&'static str>) {
        assert_eq!(with(name, value).err(), Some(ConfigError(name)), "{value:?}");
    }

    #[test]
    fn a_full_configuration_is_read() {
        let config = fixture::config();
        assert_eq!(config.bases.of(Host::Messaging), Some("http://127.0.0.1:4103"));
        let site = config.site("shop").unwrap();
        assert_eq!(site.sessions_per_minute, 20);
        assert!(config.site_by_tag(token::tag("shop")).is_some());
        assert!(config.site_by_tag(token::tag("other")).is_none());
        assert!(config.lists_origin("https://shop.example"));
        assert!(!config.lists_origin("https://shop.example.evil"));
        assert!(config.credentials.chat.is_none());
    }

    #[test]
    fn real_regions_ignore_the_simulator() {
        let config = with("PERCH_REGION", Some("euw-1")).unwrap();
        assert_eq!(config.bases.of(Host::Build), Some("https://api.eu.poly.ai"));
        assert_eq!(config.bases.of(Host::Platform), Some("https://api.euw-1.platform.polyai.app"));
        let studio = with("PERCH_REGION", Some("studio")).unwrap();
        assert_eq!(studio.bases.of(Host::Messaging), None);
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
        refused("POLYAI_WORKSPACE_KEY", Some("two\nlines"));
        assert!(with("POLYAI_WORKSPACE_KEY", Some("")).unwrap().credentials.workspace.is_none());
    }

    #[test]
    fn simulators_are_local() {
        for base in [
            "https://evil.example",
            "http://127.0.0.1.evil.example:80",
            "http://127.0.0.1:41/x",
            "http://127.0.0.1",
            "http://user@localhost:1",
        ] {
            let json = Box::leak(format!(r#"{{"build":"{base}"}}"#).into_boxed_str());
            refused("PERCH_SIMULATOR", Some(json));
        }
    }

    #[test]
    fn sites_hold_exact_origins() {
        for origin in ["*", "null", "https://shop.example/", "https://*.shop.example"] {
            let json =
                fixture::vars("PERCH_SITES").unwrap().replace("https://shop.example", origin);
            refused("PERCH_SITES", Some(Box::leak(json.into_boxed_str())));
        }
    }
}

//! Sites: where visitors may chat.

use std::collections::BTreeMap;
use std::rc::Rc;

use perch_api::model::{AccountId, ProjectId, Secret};
use serde::Deserialize;

use super::{Calls, ConfigError, Tenant, yes};
use crate::policy::bot_check::BotCheck;
use crate::policy::limits::Limits;
use crate::policy::origin;
use crate::policy::theme::Theme;
use crate::policy::vouched::Source;

/// A backend's secret is no shorter: it can be guessed at from anywhere.
const SECRET_BYTES: usize = 20;

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
    /// Voice calls, when its visitors may make them.
    #[serde(default)]
    pub calls: Option<Calls>,
    /// The region of its agent; the project's, the account's or the deployment's by default.
    #[serde(default)]
    pub region: Option<String>,
    /// A set of keys of its own, asked before those of its project and account.
    #[serde(default)]
    pub keys: Option<String>,
    /// What its visitors may ask for.
    #[serde(default)]
    pub limits: Limits,
    /// How its chat looks.
    #[serde(default)]
    pub theme: Theme,
    /// Other sites with agents of their own, by the key or language that a page may choose them with.
    #[serde(default)]
    pub agents: BTreeMap<String, String>,
    /// The check that visitors are people.
    #[serde(default)]
    pub bot_check: Option<BotCheck>,
    /// Its own backend, where that vouches for things.
    #[serde(default)]
    pub context: Option<Source>,
    /// Where its calls go and with whose keys. Resolved by [`super::Config::read`]; until then it can
    /// reach nothing.
    #[serde(skip)]
    pub tenant: Rc<Tenant>,
}

impl Site {
    pub(super) fn is_sound(&self) -> bool {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=32).contains(&self.id.len())
            && self.id.bytes().all(plain)
            && !self.origins.is_empty()
            && self.origins.iter().all(|entry| origin::is_well_formed(entry))
            && is_header_value(&self.x_host)
            && self.calls.as_ref().is_none_or(Calls::is_sound)
            && self.limits.is_sound()
            && self.theme.is_sound()
            && self.bot_check.as_ref().is_none_or(BotCheck::is_sound)
    }

    /// Reads its own secrets. Their names start in one way, so that no site can name a key of the
    /// platform or of the deployment.
    pub(super) fn take_secrets(
        &mut self,
        read: impl Fn(&str) -> Result<Option<Secret>, ConfigError>,
    ) -> Result<(), ConfigError> {
        let secret = |name: &str| {
            let plain =
                |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
            if !name.starts_with("PERCH_SITE_") || !name.bytes().all(plain) {
                return Err(ConfigError("PERCH_SITES"));
            }
            read(name)
        };
        if let Some(check) = &mut self.bot_check {
            check.key = secret(&check.secret)?;
        }
        if let Some(source) = &mut self.context {
            source.key = secret(&source.secret)?.filter(|key| key.expose().len() >= SECRET_BYTES);
        }
        Ok(())
    }
}

fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

const fn twenty() -> u32 {
    20
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, ConfigError, fixture};

    #[test]
    fn a_site_names_secrets_of_its_own_and_sites_that_exist() {
        let site = |more: &str| {
            let sites = fixture::vars("PERCH_SITES").unwrap().replace("}]", &format!(",{more}}}]"));
            Config::read(|name| match name {
                "PERCH_SITES" => Some(sites.clone()),
                "PERCH_SITE_SHOP" => Some("a-secret-of-the-backend".to_owned()),
                "PERCH_SITE_SHORT" => Some("short".to_owned()),
                _ => fixture::vars(name),
            })
        };
        let key = |name: &str| {
            let config = site(&format!(r#""context":{{"secret":"{name}"}}"#)).ok()?;
            Some(config.sites[0].context.as_ref().unwrap().key.is_some())
        };
        assert_eq!(key("PERCH_SITE_SHOP"), Some(true));
        assert_eq!([key("PERCH_SITE_SHORT"), key("PERCH_SITE_NONE")], [Some(false); 2]);
        for foreign in ["PERCH_ROOT_KEY", "POLYAI_WORKSPACE_KEY", "PERCH_SITE_shop", ""] {
            assert_eq!(key(foreign), None, "{foreign}");
        }
        assert!(site(r#""agents":{"es":"shop"}"#).is_ok());
        for wrong in [
            r#""agents":{"es":"nowhere"}"#,
            r#""limits":{"sockets":11}"#,
            r#""theme":{"accent_dark":"red"}"#,
            r#""bot_check":{"provider":"turnstile","site_key":"","secret":"PERCH_SITE_X"}"#,
        ] {
            assert_eq!(site(wrong).err(), Some(ConfigError("PERCH_SITES")), "{wrong}");
        }
    }
}

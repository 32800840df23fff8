//! How operators sign in, and who of them has which role.

use perch_api::model::Secret;

use super::{ConfigError, list};
use crate::policy::claims::{Parties, Rule};
use crate::policy::jws::Alg;
use crate::policy::oidc::is_address;

/// Who operators are.
pub struct Operators {
    /// Who says who somebody is.
    pub identity: Identity,
    /// Who has which role, for those who come from a provider.
    pub rules: Vec<Rule>,
    /// Whether providers on this machine may be asked; only beside a simulator.
    pub local: bool,
}

/// Who says who somebody is. There is exactly one.
pub enum Identity {
    /// This deployment, by its one-time link.
    Setup,
    /// Cloudflare Access in front of the worker.
    Access(Access),
    /// An `OpenID` provider; a one-time link still opens a session, for the day it is out of order.
    Oidc(Box<Oidc>),
}

/// The team and the application at Cloudflare Access.
pub struct Access {
    issuer: String,
    audience: String,
    /// Where the keys are.
    pub certs: String,
}

/// The client at an `OpenID` provider.
pub struct Oidc {
    /// The provider's exact issuer.
    pub issuer: String,
    /// The client's id there.
    pub client: String,
    /// The client's secret.
    pub secret: Secret,
    /// What is asked for.
    pub scope: String,
    /// The claim that holds the groups.
    pub groups: String,
    /// The algorithm of keys that name none, if the deployment says so.
    pub assumed: Option<Alg>,
}

impl Access {
    /// The issuer and the application.
    pub fn parties(&self) -> Parties<'_> {
        Parties { issuer: &self.issuer, audience: &self.audience }
    }
}

impl Oidc {
    /// The issuer and the client.
    pub fn parties(&self) -> Parties<'_> {
        Parties { issuer: &self.issuer, audience: &self.client }
    }

    /// The algorithms ID tokens may be signed with.
    pub fn algorithms(&self) -> &[Alg] {
        match self.assumed {
            Some(Alg::Rs256) => &[Alg::Rs256],
            Some(Alg::Es256) => &[Alg::Es256],
            None => &[Alg::Rs256, Alg::Es256],
        }
    }
}

impl Operators {
    pub(super) fn read(
        lookup: impl Fn(&str) -> Option<String>,
        secret: impl Fn(&'static str) -> Result<Option<Secret>, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let local = lookup("PERCH_REGION").as_deref() == Some("simulator");
        let rules: Vec<Rule> = list("PERCH_ROLES", lookup("PERCH_ROLES"))?;
        if !rules.iter().all(Rule::is_sound) {
            return Err(ConfigError("PERCH_ROLES"));
        }
        let word = |name: &'static str| lookup(name).filter(|text| is_word(text));
        let needed = |name: &'static str| word(name).ok_or(ConfigError(name));
        let identity = match lookup("PERCH_IDENTITY").as_deref() {
            None | Some("setup") => Identity::Setup,
            Some("access") => {
                let team = lookup("PERCH_ACCESS_TEAM").filter(|team| is_team(team));
                let team = team.ok_or(ConfigError("PERCH_ACCESS_TEAM"))?;
                let issuer = format!("https://{team}.cloudflareaccess.com");
                let certs = match lookup("PERCH_ACCESS_CERTS").filter(|_| local) {
                    None => format!("{issuer}/cdn-cgi/access/certs"),
                    Some(url) if url.starts_with("http://") && is_address(&url, local) => url,
                    Some(_) => return Err(ConfigError("PERCH_ACCESS_CERTS")),
                };
                let audience = needed("PERCH_ACCESS_AUD")?;
                Identity::Access(Access { issuer, audience, certs })
            }
            Some("oidc") => {
                let issuer = lookup("PERCH_OIDC_ISSUER").filter(|url| is_address(url, local));
                let assumed = lookup("PERCH_OIDC_ALG");
                Identity::Oidc(Box::new(Oidc {
                    issuer: issuer.ok_or(ConfigError("PERCH_OIDC_ISSUER"))?,
                    client: needed("PERCH_OIDC_CLIENT_ID")?,
                    secret: secret("PERCH_OIDC_CLIENT_SECRET")?
                        .ok_or(ConfigError("PERCH_OIDC_CLIENT_SECRET"))?,
                    scope: lookup("PERCH_OIDC_SCOPE").unwrap_or_else(|| "openid email".to_owned()),
                    groups: word("PERCH_OIDC_GROUPS").unwrap_or_else(|| "groups".to_owned()),
                    assumed: match assumed {
                        None => None,
                        Some(name) => Some(Alg::parse(&name).ok_or(ConfigError("PERCH_OIDC_ALG"))?),
                    },
                }))
            }
            Some(_) => return Err(ConfigError("PERCH_IDENTITY")),
        };
        Ok(Self { identity, rules, local })
    }
}

fn is_word(text: &str) -> bool {
    (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

// One label of a host name: the rest of the address is ours.
fn is_team(team: &str) -> bool {
    let lawful = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&team.len()) && team.bytes().all(lawful) && !team.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Operators, ConfigError> {
        let lookup = |name: &str| {
            let found = vars.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Operators::read(lookup, |name| Ok(lookup(name).map(Secret::new)))
    }

    const ACCESS: [(&str, &str); 3] =
        [("PERCH_IDENTITY", "access"), ("PERCH_ACCESS_TEAM", "acme"), ("PERCH_ACCESS_AUD", "a1")];
    const OIDC: [(&str, &str); 4] = [
        ("PERCH_IDENTITY", "oidc"),
        ("PERCH_OIDC_ISSUER", "https://id.example"),
        ("PERCH_OIDC_CLIENT_ID", "perch"),
        ("PERCH_OIDC_CLIENT_SECRET", "s"),
    ];

    #[test]
    fn the_one_time_link_is_usual() {
        let usual = read(&[]).unwrap();
        assert!(
            matches!(usual.identity, Identity::Setup) && !usual.local && usual.rules.is_empty()
        );
        for (name, value) in [
            ("PERCH_IDENTITY", "Access"),
            ("PERCH_ROLES", r#"[{"role":"admin"}]"#),
            ("PERCH_ROLES", r#"[{"group":"g","role":"root"}]"#),
            ("PERCH_ROLES", "{}"),
        ] {
            assert_eq!(read(&[(name, value)]).err().map(|error| error.0), Some(name), "{value}");
        }
    }

    #[test]
    fn the_address_of_the_teams_keys_is_ours() {
        let with = |name: &'static str, value: &'static str| {
            let mut vars = ACCESS.to_vec();
            vars.insert(0, (name, value));
            read(&vars)
        };
        let Identity::Access(access) = read(&ACCESS).unwrap().identity else {
            panic!("not access")
        };
        assert_eq!(access.certs, "https://acme.cloudflareaccess.com/cdn-cgi/access/certs");
        assert_eq!(access.parties().issuer, "https://acme.cloudflareaccess.com");
        for team in ["", "a.b", "evil.example/", "a@b", "-a", "A", "a#"] {
            let refused = with("PERCH_ACCESS_TEAM", team).err();
            assert_eq!(refused, Some(ConfigError("PERCH_ACCESS_TEAM")), "{team}");
        }
        // Elsewhere than beside a simulator nobody moves it.
        let Identity::Access(access) =
            with("PERCH_ACCESS_CERTS", "http://127.0.0.1:9/certs").unwrap().identity
        else {
            panic!("not access")
        };
        assert!(access.certs.starts_with("https://acme."));
        for (certs, works) in [
            ("http://127.0.0.1:9/certs", true),
            ("http://evil.example/", false),
            ("https://evil.example/", false),
        ] {
            let mut vars = ACCESS.to_vec();
            vars.extend([("PERCH_REGION", "simulator"), ("PERCH_ACCESS_CERTS", certs)]);
            assert_eq!(read(&vars).is_ok(), works, "{certs}");
        }
    }

    #[test]
    fn a_provider_is_described_completely() {
        let Identity::Oidc(oidc) = read(&OIDC).unwrap().identity else { panic!("not oidc") };
        assert_eq!((oidc.groups.as_str(), oidc.algorithms().len()), ("groups", 2));
        for missing in ["PERCH_OIDC_ISSUER", "PERCH_OIDC_CLIENT_ID", "PERCH_OIDC_CLIENT_SECRET"] {
            let vars: Vec<_> = OIDC.into_iter().filter(|(name, _)| *name != missing).collect();
            assert_eq!(read(&vars).err(), Some(ConfigError(missing)));
        }
        let mut vars = OIDC.to_vec();
        vars.push(("PERCH_OIDC_ALG", "none"));
        assert_eq!(read(&vars).err(), Some(ConfigError("PERCH_OIDC_ALG")));
        vars.retain(|(name, _)| *name != "PERCH_OIDC_ALG" && *name != "PERCH_OIDC_ISSUER");
        vars.push(("PERCH_OIDC_ISSUER", "http://127.0.0.1:9"));
        assert!(read(&vars).is_err());
        vars.push(("PERCH_REGION", "simulator"));
        assert!(read(&vars).is_ok());
    }
}

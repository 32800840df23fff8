//! What a site says about voice calls: who answers, and how the call looks to the agent.

use perch_api::calls::message::{AgentVersion, Mode, OfferFields};
use perch_api::model::{AccountId, ProjectId};
use serde::{Deserialize, Serialize};

/// A site's voice calls. A site without this has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// How the agent hears and speaks; the gateway's default when left out.
    #[serde(default)]
    pub mode: Option<String>,
    /// A variant of the agent.
    #[serde(default)]
    pub variant_id: Option<String>,
    /// A version other than the deployed one.
    #[serde(default)]
    pub agent_version: Option<Version>,
    /// Who calls, as the agent's record shows it.
    #[serde(default)]
    pub caller: Option<String>,
    /// Who is called, as the agent's record shows it.
    #[serde(default)]
    pub callee: Option<String>,
    /// Calls of the whole site per minute.
    #[serde(default = "sixty")]
    pub per_minute: u32,
}

/// One version of an agent; both halves are needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The agent's artefact.
    pub artifact: String,
    /// The functions deployed with it.
    pub functions: String,
}

/// Longest value, in bytes.
const VALUE_BYTES: usize = 128;

impl Calls {
    /// Whether every value can stand in an offer.
    pub fn is_sound(&self) -> bool {
        let version = self.agent_version.iter().flat_map(|one| [&one.artifact, &one.functions]);
        let texts = [&self.variant_id, &self.caller, &self.callee].into_iter().flatten();
        let is_plain = |text: &String| {
            (1..=VALUE_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
        };
        let mode = self.mode.as_ref().is_none_or(|mode| Mode::parse(mode).is_accepted());
        mode && texts.chain(version).all(is_plain)
    }

    /// What goes into every offer of the site, whatever a visitor says.
    pub fn offer(&self, account: &AccountId, project: &ProjectId) -> OfferFields {
        OfferFields {
            mode: self.mode.as_deref().map(Mode::parse),
            caller: self.caller.clone(),
            callee: self.callee.clone(),
            account_id: Some(account.as_str().to_owned()),
            project_id: Some(project.as_str().to_owned()),
            variant_id: self.variant_id.clone(),
            agent_version: self.agent_version.as_ref().map(|version| AgentVersion {
                artifact_version: version.artifact.clone(),
                lambda_deployment_version: version.functions.clone(),
            }),
            ..OfferFields::default()
        }
    }
}

const fn sixty() -> u32 {
    60
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Calls> {
        serde_json::from_str(json).ok().filter(Calls::is_sound)
    }

    #[test]
    fn an_empty_object_is_enough() {
        let calls = read("{}").unwrap();
        assert_eq!((calls.per_minute, calls.mode), (60, None));
    }

    #[test]
    fn what_no_gateway_takes_is_refused() {
        for odd in [
            r#"{"mode":"telepathy"}"#,
            r#"{"caller":""}"#,
            r#"{"caller":"a\nb"}"#,
            r#"{"variant_id":7}"#,
            r#"{"authToken":"x"}"#,
            r#"{"agent_version":{"artifact":"1"}}"#,
            r#"{"agent_version":{"artifact":"1","functions":""}}"#,
        ] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!(read(&format!(r#"{{"callee":"{}"}}"#, "x".repeat(129))), None);
    }

    #[test]
    fn every_value_gets_into_the_offer() {
        let calls = read(
            r#"{"mode":"traditional","variant_id":"v","agent_version":{"artifact":"a","functions":"f"},"caller":"c","callee":"d"}"#,
        );
        let (account, project) =
            (AccountId::parse("ws-1").unwrap(), ProjectId::parse("P-1").unwrap());
        let offer = calls.unwrap().offer(&account, &project);
        assert_eq!(offer.mode, Some(Mode::Traditional));
        assert_eq!(offer.variant_id.as_deref(), Some("v"));
        assert_eq!((offer.caller.as_deref(), offer.callee.as_deref()), (Some("c"), Some("d")));
        assert_eq!(offer.account_id.as_deref(), Some("ws-1"));
        assert_eq!(offer.project_id.as_deref(), Some("P-1"));
        assert_eq!(offer.agent_version.unwrap().lambda_deployment_version, "f");
        assert!(offer.auth_token.is_none() && offer.call_sid.is_none());
    }
}

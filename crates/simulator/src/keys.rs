//! Credentials: which the simulator accepts, and how each family is checked.

use axum::http::HeaderMap;
use perch_api::model::Secret;
use perch_api::operation::{CredentialKind, Family, OperationSpec};
use serde::Deserialize;

use crate::refusal::Refusal;

/// The keys of the simulated account; absent ones are `sim-` and the name of the field.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// Workspace key: everything on the build host.
    pub workspace: Secret,
    /// Conversations key: the list on the platform host, and its own project's details.
    pub conversations: Secret,
    /// Account key of the older lists.
    pub conversations_legacy: Secret,
    /// Key with the handoff permission.
    pub handoff: Secret,
    /// Chat key, half of the chat credential.
    pub chat: Secret,
    /// Connector token, the other half.
    pub chat_connector: Secret,
    /// Connector token of messaging.
    pub messaging_connector: Secret,
    /// Token of web calls.
    pub web_calling: Secret,
}

impl Default for Keys {
    fn default() -> Self {
        let key = |name: &str| Secret::new(format!("sim-{name}"));
        Self {
            workspace: key("workspace"),
            conversations: key("conversations"),
            conversations_legacy: key("conversations_legacy"),
            handoff: key("handoff"),
            chat: key("chat"),
            chat_connector: key("chat_connector"),
            messaging_connector: key("messaging_connector"),
            web_calling: key("web_calling"),
        }
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

impl Keys {
    /// Whether `headers` carry what `spec` asks for. Messaging checks its own pair and its token.
    pub(crate) fn check(&self, spec: &OperationSpec, headers: &HeaderMap) -> Result<(), Refusal> {
        let key = header(headers, "x-api-key");
        match spec.credential {
            // A key with the conversations permission reads records, and builds nothing.
            CredentialKind::Workspace if spec.family == Family::Conversations => {
                self.one_of(key, &[&self.workspace, &self.conversations])
            }
            CredentialKind::Workspace => self.one_of(key, &[&self.workspace]),
            CredentialKind::Conversations => self.one_of(key, &[&self.conversations]),
            CredentialKind::ConversationsLegacy => self.one_of(key, &[&self.conversations_legacy]),
            CredentialKind::Handoff => self.one_of(key, &[&self.handoff]),
            CredentialKind::Chat => {
                self.one_of(key, &[&self.chat])?;
                self.one_of(header(headers, "x-token"), &[&self.chat_connector])
            }
            // The rest is checked where it is served.
            _ => Ok(()),
        }
    }

    fn one_of(&self, given: Option<&str>, accepted: &[&Secret]) -> Result<(), Refusal> {
        let Some(given) = given else {
            return Err(Refusal::new(401, "AUTH_USER_UNAUTHORISED", "No credential was sent."));
        };
        if accepted.iter().any(|key| key.ct_eq(given)) {
            return Ok(());
        }
        let all = [
            &self.workspace,
            &self.conversations,
            &self.conversations_legacy,
            &self.handoff,
            &self.chat,
            &self.chat_connector,
            &self.messaging_connector,
            &self.web_calling,
        ];
        Err(if all.iter().any(|key| key.ct_eq(given)) {
            Refusal::new(403, "ACCOUNT_INSUFFICIENT_PERMISSIONS", "This key may not do that.")
        } else {
            Refusal::new(401, "AUTH_USER_NOT_FOUND", "The credential is not known.")
        })
    }
}

/// A header's value, when it is there once as visible text and not empty.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

/// Whether an `X-Host` value belongs to `registered`: the domain itself or a sub-domain of it;
/// scheme, port and letter case do not count.
pub(crate) fn host_matches(registered: &str, given: &str) -> bool {
    let given = given.split_once("://").map_or(given, |(_, rest)| rest);
    let given = given.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let (given, registered) = (given.to_ascii_lowercase(), registered.to_ascii_lowercase());
    given == registered
        || given.strip_suffix(&registered).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_the_domain_or_below_it() {
        let registered = "shop.fernhill.example";
        for good in [
            "shop.fernhill.example",
            "SHOP.Fernhill.Example",
            "https://shop.fernhill.example",
            "http://www.shop.fernhill.example:8080/path",
        ] {
            assert!(host_matches(registered, good), "{good}");
        }
        for bad in [
            "",
            "fernhill.example",
            "evilshop.fernhill.example",
            "shop.fernhill.example.evil.example",
            ".shop.fernhill.example",
            "https://evil.example/shop.fernhill.example",
        ] {
            assert!(!host_matches(registered, bad), "{bad}");
        }
    }

    #[test]
    fn a_keys_file_may_name_some_keys_only() {
        let keys: Keys = serde_json::from_str(r#"{"chat":"c-1"}"#).unwrap();
        assert!(keys.chat.ct_eq("c-1") && keys.workspace.ct_eq("sim-workspace"));
        assert!(serde_json::from_str::<Keys>(r#"{"chatt":"c-1"}"#).is_err());
        assert_eq!(format!("{keys:?}"), "Keys(..)");
    }
}

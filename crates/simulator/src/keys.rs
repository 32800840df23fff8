//! Credentials: what an account is reached with, and how the header values are read.

pub(crate) mod ring;

use axum::http::HeaderMap;
use perch_api::model::Secret;
use serde::Deserialize;

pub use self::ring::FurtherKey;
use crate::account::{Account, FIRST};

/// The keys of an account; absent ones are the account's prefix and the name of the field.
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
    /// Key of one agent's number pool.
    pub dni: Secret,
    /// Key with the external-events permission.
    pub external_events: Secret,
    /// Chat key, half of the chat credential.
    pub chat: Secret,
    /// Connector token, the other half.
    pub chat_connector: Secret,
    /// Token of the older outbound calls.
    pub outbound: Secret,
    /// API key of text messages.
    pub sms: Secret,
    /// The connector's id beside it: no secret on the platform, and treated like one here.
    pub sms_connector: Secret,
    /// Connector token of messaging.
    pub messaging_connector: Secret,
    /// Token of web calls.
    pub web_calling: Secret,
    /// More keys: with chosen permissions, for some agents, of another region, or expired.
    pub further: Vec<FurtherKey>,
}

impl Keys {
    /// The default keys of an account.
    pub(crate) fn of(account: &Account) -> Self {
        let key = |name: &str| Secret::new(format!("{}{name}", account.key_prefix));
        Self {
            workspace: key("workspace"),
            conversations: key("conversations"),
            conversations_legacy: key("conversations_legacy"),
            handoff: key("handoff"),
            dni: key("dni"),
            external_events: key("external_events"),
            chat: key("chat"),
            chat_connector: key("chat_connector"),
            outbound: key("outbound"),
            sms: key("sms"),
            sms_connector: key("sms_connector"),
            messaging_connector: key("messaging_connector"),
            web_calling: key("web_calling"),
            further: Vec::new(),
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::of(&FIRST)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// A header's value, when it is there once as visible text and not empty.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header(headers, "authorization")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
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

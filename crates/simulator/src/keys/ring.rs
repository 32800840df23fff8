//! Every key of every account, and what each of them opens.

use axum::http::HeaderMap;
use perch_api::model::{Secret, Timestamp};
use perch_api::operation::{CredentialKind, Family, Match};
use perch_api::region::Region;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use super::{Keys, bearer, header};
use crate::refusal::Refusal;

/// A key beyond those that every account has.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurtherKey {
    /// The key itself.
    pub value: Secret,
    /// What it opens, in the words of `crates/api/operations.txt`: `workspace`, `conversations`,
    /// `conversations-legacy`, `handoff`, `external-events`, `dni`, `outbound`.
    #[serde(deserialize_with = "permissions")]
    pub permissions: Vec<CredentialKind>,
    /// The agents it may be used for, by id or slug as paths write them; empty means all.
    #[serde(default)]
    pub agents: Vec<String>,
    /// The region it was made in; the simulator's own when absent.
    #[serde(default, deserialize_with = "region")]
    pub region: Option<Region>,
    /// When it expires; never when absent.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// All keys, each with the place of its account.
pub(crate) struct Ring {
    region: Region,
    keys: Vec<Key>,
}

struct Key {
    account: usize,
    value: Secret,
    opens: Opens,
    agents: Vec<String>,
    region: Region,
    expires_ms: Option<i64>,
}

/// Half a credential opens nothing.
enum Opens {
    Kinds(Vec<CredentialKind>),
    OtherHalf(CredentialKind),
}

impl Ring {
    /// Collects the keys of all accounts, in their order, as `region` knows them.
    pub(crate) fn new<'a>(region: Region, accounts: impl Iterator<Item = &'a Keys>) -> Self {
        let keys = accounts.enumerate().flat_map(|(at, keys)| collect(at, keys, region));
        Self { region, keys: keys.collect() }
    }

    /// The region whose keys are taken.
    pub(crate) const fn region(&self) -> Region {
        self.region
    }

    /// The place of the account whose connector or web-calling token this is: those families answer
    /// in words of their own, and check once more themselves.
    pub(crate) fn owner(&self, found: &Match<'_>, headers: &HeaderMap) -> Option<usize> {
        let given = match found.spec.credential {
            CredentialKind::WebCalling => bearer(headers),
            _ => header(headers, "x-token"),
        };
        let known = self.known(given).ok()?;
        known.first().map(|key| key.account)
    }

    /// The place of the account that this request's credential opens.
    pub(crate) fn admit(
        &self,
        found: &Match<'_>,
        headers: &HeaderMap,
        now_ms: i64,
    ) -> Result<usize, Refusal> {
        let kind = found.spec.credential;
        let mut given = kind.headers().iter().map(|name| header(headers, name));
        let account = self.opened(given.next().flatten(), found, now_ms).map_err(|refusal| {
            // These two families have no 403 for a key of another kind.
            let status = match kind {
                CredentialKind::Outbound | CredentialKind::Sms => 401,
                _ => refusal.status,
            };
            Refusal { status, ..refusal }
        })?;
        let Some(other) = given.next() else { return Ok(account) };
        // Halves of two accounts make no whole.
        let is_half = |key: &&Key| {
            key.account == account && matches!(key.opens, Opens::OtherHalf(own) if own == kind)
        };
        let other = self.known(other).map_err(|refusal| match (kind, other) {
            // The other half is an id, and ids that nobody has are not found.
            (CredentialKind::Sms, Some(_)) => Refusal::new(404, "", "No such connector."),
            _ => refusal,
        })?;
        other.into_iter().find(is_half).map(|key| key.account).ok_or_else(forbidden)
    }

    fn opened(
        &self,
        given: Option<&str>,
        found: &Match<'_>,
        now_ms: i64,
    ) -> Result<usize, Refusal> {
        let mut known = self.known(given)?;
        known.retain(|key| key.expires_ms.is_none_or(|at| now_ms < at));
        if known.is_empty() {
            return Err(Refusal::new(401, "AUTH_USER_INVALID_TOKEN", "The key has expired."));
        }
        let key = known.into_iter().find(|key| key.opens(found));
        key.map(|key| key.account).ok_or_else(forbidden)
    }

    /// This region's keys with this value: one value may stand in several slots.
    fn known(&self, given: Option<&str>) -> Result<Vec<&Key>, Refusal> {
        let Some(given) = given else {
            return Err(Refusal::new(401, "AUTH_USER_UNAUTHORISED", "No credential was sent."));
        };
        let own = |key: &&Key| key.region == self.region && key.value.ct_eq(given);
        let known: Vec<_> = self.keys.iter().filter(own).collect();
        if known.is_empty() {
            let text = "The credential is not known.";
            return Err(Refusal::new(401, "AUTH_USER_NOT_FOUND", text));
        }
        Ok(known)
    }
}

impl Key {
    fn opens(&self, found: &Match<'_>) -> bool {
        let Opens::Kinds(kinds) = &self.opens else { return false };
        let needed = found.spec.credential;
        // A key with the conversations permission reads records, and builds nothing.
        let reads = needed == CredentialKind::Workspace
            && found.spec.family == Family::Conversations
            && kinds.contains(&CredentialKind::Conversations);
        let agent = found.param("agentId").or_else(|| found.param("project_id"));
        let chosen = |agent: &str| self.agents.iter().any(|own| own.eq_ignore_ascii_case(agent));
        (reads || kinds.contains(&needed)) && (self.agents.is_empty() || agent.is_none_or(chosen))
    }
}

fn collect(account: usize, keys: &Keys, region: Region) -> Vec<Key> {
    use CredentialKind as Kind;
    let key = |value: &Secret, opens| Key {
        account,
        value: value.clone(),
        opens,
        agents: Vec::new(),
        region,
        expires_ms: None,
    };
    let one = |value, kind| key(value, Opens::Kinds(vec![kind]));
    let further = keys.further.iter().map(|further| Key {
        agents: further.agents.clone(),
        region: further.region.unwrap_or(region),
        // A moment that cannot be read has passed: no key outlives a slip of the pen.
        expires_ms: further.expires_at.as_ref().map(|at| at.unix_ms().unwrap_or(i64::MIN)),
        ..key(&further.value, Opens::Kinds(further.permissions.clone()))
    });
    [
        one(&keys.workspace, Kind::Workspace),
        one(&keys.conversations, Kind::Conversations),
        one(&keys.conversations_legacy, Kind::ConversationsLegacy),
        one(&keys.handoff, Kind::Handoff),
        one(&keys.dni, Kind::Dni),
        one(&keys.external_events, Kind::ExternalEvents),
        one(&keys.chat, Kind::Chat),
        key(&keys.chat_connector, Opens::OtherHalf(Kind::Chat)),
        one(&keys.outbound, Kind::Outbound),
        one(&keys.sms, Kind::Sms),
        key(&keys.sms_connector, Opens::OtherHalf(Kind::Sms)),
        one(&keys.messaging_connector, Kind::MessagingConnector),
        one(&keys.web_calling, Kind::WebCalling),
    ]
    .into_iter()
    .chain(further)
    .collect()
}

fn forbidden() -> Refusal {
    Refusal::new(403, "ACCOUNT_INSUFFICIENT_PERMISSIONS", "This key may not do that.")
}

fn permissions<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<CredentialKind>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    let kinds = words.iter().map(|word| CredentialKind::parse(word)).collect::<Option<_>>();
    kinds.ok_or_else(|| D::Error::custom("permissions must be words of operations.txt"))
}

fn region<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Region>, D::Error> {
    Region::parse(&String::deserialize(from)?).map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use perch_api::operation::{Host, Method, find};

    use super::*;
    use crate::account::SECOND;

    const NOW: i64 = 1_795_443_600_000;
    const AGENT: &str = "/v1/agents/PROJECT-4E5B8A10/branches";
    const RECORD: &str = "/v1/agents/PROJECT-4E5B8A10/conversations/CA1";
    const CHAT: &str = "/v1/a/b/chat/create";

    fn admitted(path: &str, given: &[(&str, &str)]) -> Result<usize, u16> {
        let further = r#"{"further":[
            {"value":"both","permissions":["conversations","handoff"]},
            {"value":"old","permissions":["workspace"],"expires_at":"2026-11-23T14:20:00Z"},
            {"value":"fresh","permissions":["workspace"],"expires_at":"2026-11-23T14:20:01Z"},
            {"value":"odd","permissions":["workspace"],"expires_at":"soon"},
            {"value":"far","permissions":["workspace"],"region":"uk-1"},
            {"value":"one","permissions":["workspace"],"agents":["project-4e5b8a10"]},
            {"value":"other","permissions":["workspace"],"agents":["PROJECT-0"]}
        ]}"#;
        let keys = [serde_json::from_str(further).unwrap(), Keys::of(&SECOND)];
        let ring = Ring::new(Region::Us, keys.iter());
        let (host, method) = match path {
            CHAT => (Host::Platform, Method::Post),
            _ => (Host::Build, Method::Get),
        };
        let headers = given.iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        let found = find(host, method, path).unwrap();
        ring.admit(&found, &headers.collect(), NOW).map_err(|refusal| refusal.status)
    }

    #[test]
    fn a_key_opens_what_it_was_made_for() {
        for (path, key, expected) in [
            (AGENT, "sim-workspace", Ok(0)),
            (AGENT, "sim-second-workspace", Ok(1)),
            (AGENT, "sim-conversations", Err(403)),
            (RECORD, "sim-conversations", Ok(0)),
            (RECORD, "both", Ok(0)),
            (AGENT, "both", Err(403)),
            (AGENT, "old", Err(401)),
            (AGENT, "fresh", Ok(0)),
            (AGENT, "odd", Err(401)),
            (AGENT, "far", Err(401)),
            (AGENT, "one", Ok(0)),
            (AGENT, "other", Err(403)),
            (AGENT, "sim-chat_connector", Err(403)),
            (AGENT, "nobody's", Err(401)),
        ] {
            assert_eq!(admitted(path, &[("X-Api-Key", key)]), expected, "{path} {key}");
        }
        assert_eq!(admitted(AGENT, &[]), Err(401));
    }

    #[test]
    fn halves_of_two_accounts_make_no_whole() {
        let pair = |key, token| admitted(CHAT, &[("x-api-key", key), ("x-token", token)]);
        assert_eq!(pair("sim-chat", "sim-chat_connector"), Ok(0));
        assert_eq!(pair("sim-second-chat", "sim-second-chat_connector"), Ok(1));
        assert_eq!(pair("sim-chat", "sim-second-chat_connector"), Err(403));
        assert_eq!(pair("sim-chat", "sim-sms_connector"), Err(403));
        assert_eq!(pair("sim-chat", "x"), Err(401));
        assert_eq!(admitted(CHAT, &[("x-api-key", "sim-chat")]), Err(401));
    }

    #[test]
    fn a_further_key_must_make_sense() {
        for odd in [
            r#"{"value":"x","permissions":["everything"]}"#,
            r#"{"value":"x","permissions":[],"region":"moon-1"}"#,
            r#"{"value":"x"}"#,
            r#"{"value":"x","permissions":[],"admin":true}"#,
        ] {
            assert!(serde_json::from_str::<FurtherKey>(odd).is_err(), "{odd}");
        }
    }
}

//! Which key a call needs, and whose.
//!
//! A deployment holds sets of keys. Each set is one group of secrets: `POLYAI_WORKSPACE_KEY` and its
//! likes for the unnamed set, `POLYAI_WORKSPACE_KEY_ACME` for the set `ACME`. A tenant has the sets that
//! its project and its account name; only where neither names one it has the unnamed set, so that a key
//! which is missing is never replaced by another tenant's. What operators put into the vault ([`vaulted`])
//! comes before all of these.

pub mod vaulted;

use std::rc::Rc;

use perch_api::model::Secret;
use perch_api::operation::CredentialKind;

use crate::config::{Config, ConfigError, Tenant};
use crate::error::Refusal;

macro_rules! slots {
    ($($(#[$doc:meta])+ $name:ident = $word:literal $secret:literal;)+) => {
        /// A place for one secret value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Slot {
            $($(#[$doc])+ $name,)+
        }

        impl Slot {
            /// Every slot, in order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its word in the vault and its routes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The name of the unnamed set's secret.
            pub const fn secret(self) -> &'static str {
                match self {
                    $(Self::$name => $secret,)+
                }
            }
        }
    };
}

slots! {
    /// Workspace API key.
    Workspace = "workspace" "POLYAI_WORKSPACE_KEY";
    /// Conversations key of a project.
    Conversations = "conversations" "POLYAI_CONVERSATIONS_KEY";
    /// Account key of the older conversation lists.
    ConversationsLegacy = "conversations-legacy" "POLYAI_CONVERSATIONS_LEGACY_KEY";
    /// Key with the handoff permission.
    Handoff = "handoff" "POLYAI_HANDOFF_KEY";
    /// Key of one agent's number pool.
    Dni = "dni" "POLYAI_DNI_KEY";
    /// Key with the external-events permission.
    ExternalEvents = "external-events" "POLYAI_EXTERNAL_EVENTS_KEY";
    /// Chat key, one half of the chat credential.
    Chat = "chat" "POLYAI_CHAT_KEY";
    /// Connector token, the other half.
    ChatConnector = "chat-connector" "POLYAI_CHAT_CONNECTOR";
    /// Token of the older outbound calls.
    Outbound = "outbound" "POLYAI_OUTBOUND_TOKEN";
    /// API key of text messages.
    Sms = "sms" "POLYAI_SMS_KEY";
    /// The connector's id beside it.
    SmsConnector = "sms-connector" "POLYAI_SMS_CONNECTOR";
    /// Connector token of messaging.
    MessagingConnector = "messaging-connector" "POLYAI_MESSAGING_CONNECTOR";
    /// Token of web calls.
    WebCalling = "web-calling" "POLYAI_WEB_CALLING";
    /// Id of the key that signs verified context.
    ContextKid = "context-kid" "POLYAI_CONTEXT_KID";
    /// The key itself, as text.
    ContextSecret = "context-secret" "POLYAI_CONTEXT_SECRET";
}

/// One set of keys; absent ones disable what needs them.
#[derive(Default)]
pub struct KeySet {
    name: String,
    values: Vec<(Slot, Rc<Secret>)>,
}

impl Slot {
    /// Reads the word back; exact spelling.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|slot| slot.as_str() == word)
    }
}

impl KeySet {
    /// Reads the set with this name through `secret`, which refuses what no header can carry.
    pub(crate) fn read(
        name: &str,
        secret: impl Fn(&str, &'static str) -> Result<Option<Secret>, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let mut values = Vec::new();
        for &slot in Slot::ALL {
            let unnamed = slot.secret();
            let value = if name.is_empty() {
                secret(unnamed, unnamed)?
            } else {
                secret(&format!("{unnamed}_{name}"), unnamed)?
            };
            values.extend(value.map(|value| (slot, Rc::new(value))));
        }
        Ok(Self { name: name.to_owned(), values })
    }

    /// The ending of its secrets' names; empty for the unnamed set.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn value(&self, slot: Slot) -> Option<&Rc<Secret>> {
        self.values.iter().find(|(own, _)| *own == slot).map(|(_, value)| value)
    }
}

/// The tenant's key: what the vault has, or else what the deployment was given.
pub fn value(config: &Config, tenant: &Tenant, slot: Slot) -> Option<Rc<Secret>> {
    vaulted::value_or_else(tenant, slot, || deployed(config, tenant, slot).cloned())
}

/// The tenant's key among the deployment's secrets.
pub fn deployed<'a>(config: &'a Config, tenant: &Tenant, slot: Slot) -> Option<&'a Rc<Secret>> {
    tenant.sets().iter().find_map(|set| config.key_sets.get(*set)?.value(slot))
}

/// The slots a credential's headers are filled from, in their order.
///
/// Nothing for credentials that belong to one visitor's site or session and not to a deployment.
pub const fn slots(kind: CredentialKind) -> Option<&'static [Slot]> {
    Some(match kind {
        CredentialKind::Anonymous => &[],
        CredentialKind::Workspace => &[Slot::Workspace],
        CredentialKind::Conversations => &[Slot::Conversations],
        CredentialKind::ConversationsLegacy => &[Slot::ConversationsLegacy],
        CredentialKind::Handoff => &[Slot::Handoff],
        CredentialKind::Dni => &[Slot::Dni],
        CredentialKind::ExternalEvents => &[Slot::ExternalEvents],
        CredentialKind::Chat => &[Slot::Chat, Slot::ChatConnector],
        CredentialKind::Outbound => &[Slot::Outbound],
        CredentialKind::Sms => &[Slot::Sms, Slot::SmsConnector],
        CredentialKind::WebCalling => &[Slot::WebCalling],
        CredentialKind::MessagingConnector | CredentialKind::MessagingAccess => return None,
    })
}

/// The credential's headers, one name and one value per line.
pub fn lines(config: &Config, tenant: &Tenant, kind: CredentialKind) -> Result<String, Refusal> {
    lines_from(kind, |slot| value(config, tenant, slot))
}

/// The same with keys from anywhere.
pub fn lines_from(
    kind: CredentialKind,
    value: impl Fn(Slot) -> Option<Rc<Secret>>,
) -> Result<String, Refusal> {
    let slots = slots(kind).ok_or(Refusal::NotConfigured)?;
    let mut lines = String::with_capacity(128);
    for (name, slot) in kind.headers().iter().zip(slots) {
        let value = value(*slot).ok_or(Refusal::NotConfigured)?;
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(name);
        lines.push('\n');
        if *name == "Authorization" {
            lines.push_str("Bearer ");
        }
        lines.push_str(value.expose());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fixture::{config, with};

    #[test]
    fn keys_travel_under_their_documented_names() {
        let config = config();
        let tenant = &config.projects[0].tenant;
        let lines = |kind| lines(&config, tenant, kind);
        assert_eq!(lines(CredentialKind::Workspace).as_deref(), Ok("X-API-KEY\nworkspace-canary"));
        assert_eq!(lines(CredentialKind::Chat), Err(Refusal::NotConfigured));
        assert_eq!(lines(CredentialKind::Anonymous).as_deref(), Ok(""));
        for kind in [CredentialKind::MessagingConnector, CredentialKind::MessagingAccess] {
            assert_eq!(lines(kind), Err(Refusal::NotConfigured));
        }
    }

    #[test]
    fn every_credential_of_a_deployment_has_as_many_slots_as_headers() {
        for &kind in CredentialKind::ALL {
            if let Some(slots) = slots(kind) {
                assert_eq!(slots.len(), kind.headers().len(), "{kind:?}");
            }
        }
        let one = Rc::new(Secret::new("k".to_owned()));
        let calling = lines_from(CredentialKind::WebCalling, |_| Some(Rc::clone(&one)));
        assert_eq!(calling.as_deref(), Ok("Authorization\nBearer k"));
    }

    #[test]
    fn words_and_secrets_are_unique() {
        for (at, slot) in Slot::ALL.iter().enumerate() {
            assert_eq!(Slot::parse(slot.as_str()), Some(*slot));
            for other in &Slot::ALL[at + 1..] {
                assert!(slot.as_str() != other.as_str() && slot.secret() != other.secret());
            }
        }
        assert_eq!(Slot::parse("Workspace"), None);
    }

    #[test]
    fn a_set_of_keys_is_never_completed_from_another_tenants() {
        let config = with(&[
            (
                "PERCH_ACCOUNTS",
                r#"[{"name":"acme","account_id":"ws-1","keys":"ACME"},{"name":"other","account_id":"ws-2"}]"#,
            ),
            (
                "PERCH_PROJECTS",
                r#"[{"name":"A","account_id":"ws-1","project_id":"P-1","keys":"SHOP"},{"name":"B","account_id":"ws-2","project_id":"P-2"}]"#,
            ),
            ("PERCH_SITES", "[]"),
            ("POLYAI_WORKSPACE_KEY_ACME", "acme-workspace"),
            ("POLYAI_CHAT_KEY_ACME", "acme-chat"),
            ("POLYAI_CHAT_KEY_SHOP", "shop-chat"),
        ])
        .unwrap();
        let of = |tenant: &Tenant, slot| deployed(&config, tenant, slot).map(|key| key.expose());
        let [a, b] = config.projects.as_slice() else { panic!("two projects") };
        assert_eq!(of(&a.tenant, Slot::Chat), Some("shop-chat"), "the project's own first");
        assert_eq!(of(&a.tenant, Slot::Workspace), Some("acme-workspace"), "then the account's");
        assert_eq!(of(&a.tenant, Slot::Conversations), None, "and never the unnamed set's");
        assert_eq!(of(&config.accounts[0].tenant, Slot::Chat), Some("acme-chat"));
        assert_eq!(of(&b.tenant, Slot::Conversations), Some("conversations-canary"));
    }
}

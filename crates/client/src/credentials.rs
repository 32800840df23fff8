//! Credentials of a native or edge program; a browser has none.

use perch_api::model::Secret;
use perch_api::operation::CredentialKind;

/// The credential that an operation needs was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no {} credential is configured", .0.as_str())]
pub struct MissingCredential(pub CredentialKind);

/// One slot per kind; a slot may repeat another's value where one key has several permissions.
///
/// No `Debug`, no `Serialize`: see [`Secret`].
#[derive(Clone, Default)]
pub struct Credentials {
    /// Workspace API key or personal access token.
    pub workspace: Option<Secret>,
    /// Project key for conversation lists.
    pub conversations: Option<Secret>,
    /// Account key for the older conversation lists.
    pub conversations_legacy: Option<Secret>,
    /// Project key for handover snapshots.
    pub handoff: Option<Secret>,
    /// Key of one agent's number pool.
    pub dni: Option<Secret>,
    /// Key for external events.
    pub external_events: Option<Secret>,
    /// Chat key and its connector token.
    pub chat: Option<(Secret, Secret)>,
    /// Token of the older outbound calls.
    pub outbound: Option<Secret>,
    /// API key for text messages and the connector's id.
    pub sms: Option<(Secret, String)>,
    /// Messaging connector token and the host registered for it.
    pub messaging: Option<(Secret, String)>,
    /// The access token of one messaging session.
    pub access: Option<Secret>,
    /// Web-calling token.
    pub web_calling: Option<Secret>,
}

impl Credentials {
    /// The headers that authorise an operation.
    pub fn headers(
        &self,
        kind: CredentialKind,
    ) -> Result<Vec<(&'static str, String)>, MissingCredential> {
        let missing = MissingCredential(kind);
        let one = |slot: &Option<Secret>| {
            slot.as_ref().map(|key| vec![plain(key)]).ok_or(MissingCredential(kind))
        };
        let bearer = |slot: &Option<Secret>| {
            let token = slot.as_ref().ok_or(MissingCredential(kind))?;
            Ok(vec![format!("Bearer {}", token.expose())])
        };
        let values = match kind {
            CredentialKind::Anonymous => Vec::new(),
            CredentialKind::Workspace => one(&self.workspace)?,
            CredentialKind::Conversations => one(&self.conversations)?,
            CredentialKind::ConversationsLegacy => one(&self.conversations_legacy)?,
            CredentialKind::Handoff => one(&self.handoff)?,
            CredentialKind::Dni => one(&self.dni)?,
            CredentialKind::ExternalEvents => one(&self.external_events)?,
            CredentialKind::Outbound => one(&self.outbound)?,
            CredentialKind::Chat => {
                let (key, token) = self.chat.as_ref().ok_or(missing)?;
                vec![plain(key), plain(token)]
            }
            CredentialKind::Sms => {
                let (key, connector) = self.sms.as_ref().ok_or(missing)?;
                vec![plain(key), connector.clone()]
            }
            CredentialKind::MessagingConnector => {
                let (token, host) = self.messaging.as_ref().ok_or(missing)?;
                vec![plain(token), host.clone()]
            }
            CredentialKind::MessagingAccess => bearer(&self.access)?,
            CredentialKind::WebCalling => bearer(&self.web_calling)?,
        };
        Ok(kind.headers().iter().copied().zip(values).collect())
    }
}

fn plain(secret: &Secret) -> String {
    secret.expose().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_fills_every_one_of_its_headers() {
        let secret = |text: &str| Secret::new(text.to_owned());
        let all = Credentials {
            workspace: Some(secret("w")),
            conversations: Some(secret("c")),
            conversations_legacy: Some(secret("l")),
            handoff: Some(secret("h")),
            dni: Some(secret("d")),
            external_events: Some(secret("e")),
            outbound: Some(secret("o")),
            sms: Some((secret("s"), "connector".to_owned())),
            chat: Some((secret("k"), secret("t"))),
            messaging: Some((secret("m"), "shop.example".to_owned())),
            access: Some(secret("a")),
            web_calling: Some(secret("v")),
        };
        assert_eq!(all.headers(CredentialKind::Anonymous), Ok(Vec::new()));
        for &kind in CredentialKind::ALL.iter().filter(|kind| **kind != CredentialKind::Anonymous) {
            assert_eq!(all.headers(kind).unwrap().len(), kind.headers().len(), "{kind:?}");
            assert_eq!(Credentials::default().headers(kind), Err(MissingCredential(kind)));
        }
        let bearer = all.headers(CredentialKind::MessagingAccess).unwrap();
        assert_eq!(bearer, [("Authorization", "Bearer a".to_owned())]);
    }
}

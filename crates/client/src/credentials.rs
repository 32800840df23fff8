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
    /// Chat key and its connector token.
    pub chat: Option<(Secret, Secret)>,
    /// Messaging connector token and the host registered for it.
    pub messaging: Option<(Secret, String)>,
    /// The access token of one messaging session.
    pub access: Option<Secret>,
}

impl Credentials {
    /// The headers that authorise an operation.
    pub fn headers(
        &self,
        kind: CredentialKind,
    ) -> Result<Vec<(&'static str, String)>, MissingCredential> {
        let missing = MissingCredential(kind);
        let values = match kind {
            CredentialKind::Workspace => vec![plain(self.workspace.as_ref().ok_or(missing)?)],
            CredentialKind::Conversations => {
                vec![plain(self.conversations.as_ref().ok_or(missing)?)]
            }
            CredentialKind::Chat => {
                let (key, token) = self.chat.as_ref().ok_or(missing)?;
                vec![plain(key), plain(token)]
            }
            CredentialKind::MessagingConnector => {
                let (token, host) = self.messaging.as_ref().ok_or(missing)?;
                vec![plain(token), host.clone()]
            }
            CredentialKind::MessagingAccess => {
                vec![format!("Bearer {}", self.access.as_ref().ok_or(missing)?.expose())]
            }
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
            chat: Some((secret("k"), secret("t"))),
            messaging: Some((secret("m"), "shop.example".to_owned())),
            access: Some(secret("a")),
        };
        for &kind in CredentialKind::ALL {
            assert_eq!(all.headers(kind).unwrap().len(), kind.headers().len(), "{kind:?}");
            assert_eq!(Credentials::default().headers(kind), Err(MissingCredential(kind)));
        }
        let bearer = all.headers(CredentialKind::MessagingAccess).unwrap();
        assert_eq!(bearer, [("Authorization", "Bearer a".to_owned())]);
    }
}

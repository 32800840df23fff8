//! Credentials of the wrong kind, as far as their looks tell.
//!
//! Three kinds share one header name, and all of them are strings from a configuration: what cannot be
//! right is told before the platform answers 401 to it.

use super::{CredentialKind, InputError, InputFault, InputPart};
use crate::model::ConnectorId;

/// Checks the headers of a credential; the error says which one and what belongs there, never the value.
pub fn lawful_credential(
    kind: CredentialKind,
    headers: &[(&'static str, String)],
) -> Result<(), InputError> {
    for (at, (name, value)) in headers.iter().enumerate() {
        // Pairs are told apart by the header, for their halves have no names of their own.
        let field = match headers.len() {
            1 => kind.as_str().to_owned(),
            _ => format!("{} {name}", kind.as_str()),
        };
        let fault = |fault| Err(InputError::new(InputPart::Credential, &field, fault));
        let value = match *name {
            "Authorization" => value.strip_prefix("Bearer ").unwrap_or(value),
            _ => value,
        };
        if value.trim().is_empty() {
            return fault(InputFault::Missing);
        }
        let starts = |prefix: &str| {
            value.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
        };
        if starts("Bearer ") {
            return fault(InputFault::Unlawful("the token alone, without the word Bearer"));
        }
        if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return fault(InputFault::Unlawful("printable ASCII without spaces and line breaks"));
        }
        if starts("whsec_") {
            return fault(InputFault::Unlawful("a key, not the signing secret of a webhook"));
        }
        let (is_fine, looks) = match (kind, *name) {
            (CredentialKind::MessagingConnector, "X-Token") => (
                !value.contains('/'),
                "the code alone: of a script's address, what stands between the last slash and .js",
            ),
            (CredentialKind::MessagingConnector, _) => {
                (is_host(value), "the host registered for the token, for example shop.example")
            }
            (CredentialKind::MessagingAccess, _) => {
                (is_token(value), "the access token of a session, a JWT")
            }
            (CredentialKind::Sms, "X-TOKEN-ID") => {
                (ConnectorId::parse(value).is_ok(), "the connector's id, not its token")
            }
            _ => (true, ""),
        };
        if !is_fine {
            return fault(InputFault::Unlawful(looks));
        }
        let earlier = headers.get(..at).unwrap_or_default();
        if earlier.iter().any(|(_, other)| other == value) {
            return fault(InputFault::Unlawful("another value than that of the first header"));
        }
    }
    Ok(())
}

/// With a scheme or without, as it was registered.
fn is_host(value: &str) -> bool {
    let host = value.split_once("://").map_or(value, |(_, host)| host);
    let lawful = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(lawful)
}

/// Three parts of base64url.
fn is_token(value: &str) -> bool {
    let lawful = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte);
    let parts = value.split('.');
    parts.clone().count() == 3 && parts.clone().all(|part| part.bytes().all(lawful))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: CredentialKind, values: &[&str]) -> Option<String> {
        let values = values.iter().map(|value| (*value).to_owned());
        let headers: Vec<_> = kind.headers().iter().copied().zip(values).collect();
        let error = lawful_credential(kind, &headers).err()?;
        assert!(!error.to_string().contains("k3y"), "{error}");
        Some(format!("{error}. {}", error.remedy()))
    }

    #[test]
    fn what_cannot_be_right_is_told() {
        use CredentialKind::{
            Chat, Conversations, MessagingAccess, MessagingConnector, Sms, WebCalling, Workspace,
        };
        let advice = "Look at where the value comes from: another one belongs here.";
        let cases: [(CredentialKind, &[&str], &str); 12] = [
            (
                Workspace,
                &["Bearer k3y"],
                "workspace is not lawful (the token alone, without the word Bearer)",
            ),
            (
                WebCalling,
                &["Bearer bearer k3y"],
                "web-calling is not lawful (the token alone, without the word Bearer)",
            ),
            (
                Workspace,
                &["k3y\n"],
                "workspace is not lawful (printable ASCII without spaces and line breaks)",
            ),
            (
                Conversations,
                &["k3\u{e9}y"],
                "conversations is not lawful (printable ASCII without spaces and line breaks)",
            ),
            (
                Workspace,
                &["whsec_k3y"],
                "workspace is not lawful (a key, not the signing secret of a webhook)",
            ),
            (
                Chat,
                &["k3y", "k3y"],
                "chat X-TOKEN is not lawful (another value than that of the first header)",
            ),
            (
                Sms,
                &["k3y", "k3y/tok="],
                "sms X-TOKEN-ID is not lawful (the connector's id, not its token)",
            ),
            (
                MessagingAccess,
                &["Bearer k3y"],
                "messaging-access is not lawful (the access token of a session, a JWT)",
            ),
            (
                MessagingAccess,
                &["Bearer a.b!.c"],
                "messaging-access is not lawful (the access token of a session, a JWT)",
            ),
            (
                MessagingConnector,
                &["https://messaging.poly.ai/widget/k3y.js", "shop.example"],
                "messaging-connector X-Token is not lawful (the code alone: of a script's address, what stands between the last slash and .js)",
            ),
            (
                MessagingConnector,
                &["k3y", "https://shop.example/"],
                "messaging-connector X-Host is not lawful (the host registered for the token, for example shop.example)",
            ),
            (MessagingConnector, &["k3y", ""], "messaging-connector X-Host is missing"),
        ];
        for (kind, values, expected) in cases {
            let remedy = if expected.ends_with("missing") { "Give it a value." } else { advice };
            assert_eq!(told(kind, values), Some(format!("credential {expected}. {remedy}")));
        }
    }

    #[test]
    fn what_may_be_right_passes() {
        for &kind in CredentialKind::ALL {
            let values: &[&str] = match kind {
                CredentialKind::MessagingAccess => &["Bearer eyJh.eyJz.-_A"],
                CredentialKind::WebCalling => &["Bearer any-token+/="],
                CredentialKind::MessagingConnector => &["CODE_1.x", "https://shop.example:8443"],
                _ => &["k+/=1", "other-1"],
            };
            assert_eq!(told(kind, values), None, "{kind:?}");
        }
    }
}

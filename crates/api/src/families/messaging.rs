//! Messaging over HTTP: the token and the session that a socket needs.
//!
//! Source: <https://docs.poly.ai/api-reference/messaging/introduction>. The socket itself is
//! [`crate::messaging`].

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::model::{Secret, SessionId, Tolerant};
use crate::operation::{DecodeError, Json, Nothing, Payload, decode_json};

/// Seconds an access token lives when the answer does not say.
pub const TOKEN_SECONDS: u64 = 3_600;

/// The access token of one session: a bearer secret, so written and read by hand.
#[derive(Clone)]
pub struct AccessTokenReply {
    /// The token.
    pub access_token: Secret,
    /// Seconds until it dies; 86,400 in the documentation.
    pub expires_in: u64,
}

impl Payload for AccessTokenReply {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    fn encode(&self) -> Vec<u8> {
        json!({
            "access_token": self.access_token.expose(),
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        })
        .to_string()
        .into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Wire {
            access_token: Secret,
            #[serde(default)]
            expires_in: Value,
        }
        let wire: Wire = decode_json(bytes)?;
        Ok(Self {
            access_token: wire.access_token,
            expires_in: wire.expires_in.as_u64().unwrap_or(TOKEN_SECONDS),
        })
    }
}

/// What a new session is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateSessionBody {
    /// Whether answers arrive in chunks.
    pub streaming_enabled: bool,
    /// `web`, `ios`, `android`, `ios-web`, `android-web` or `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// `mobile`, `tablet` or `desktop`; undocumented, sent by the vendor's mobile clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_type: Option<String>,
}

crate::answers! {
    /// A session, ready for a socket.
    CreatedSession {
        /// Names the session; one session is one conversation. Without it the answer is of no use.
        session_id: Tolerant<SessionId>,
    }
}

crate::operations! { OPERATIONS, Messaging, "https://docs.poly.ai/api-reference/messaging/introduction";
    /// Mints the access token for one session from a connector token.
    AccessToken { Post Messaging "/api/v1/access-token", "messaging.access_token",
        MessagingConnector, Safe, Read, Nobody, 200,
        path: Nothing, query: Nothing, request: Json<Nothing>, response: AccessTokenReply }
    /// Creates a session; it dies after about ten idle minutes.
    CreateSession { Post Messaging "/api/v1/sessions", "messaging.sessions.create",
        MessagingAccess, Refused, Write, Nobody, 200,
        path: Nothing, query: Nothing, request: Json<CreateSessionBody>, response: Json<CreatedSession> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_reply_survives_and_tolerates() {
        let reply =
            AccessTokenReply { access_token: Secret::new("jwt".to_owned()), expires_in: 86_400 };
        let again = AccessTokenReply::decode(&reply.encode()).unwrap();
        assert!(again.access_token.ct_eq("jwt"));
        assert_eq!(again.expires_in, 86_400);
        let bare = AccessTokenReply::decode(br#"{"access_token":"jwt","extra":1}"#).unwrap();
        assert_eq!(bare.expires_in, TOKEN_SECONDS);
        assert!(AccessTokenReply::decode(b"{}").is_err());
    }

    #[test]
    fn the_minting_body_is_an_empty_object() {
        assert_eq!(Json(Nothing {}).encode(), b"{}");
    }
}

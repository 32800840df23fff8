//! Calls from a browser: what is asked over HTTP before the signalling begins.
//!
//! Source: <https://docs.poly.ai/api-reference/webrtc-gateway/introduction>.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::{Secret, Tolerant};
use crate::operation::{DecodeError, Empty, Json, Nothing, Payload, decode_json};

crate::answers! {
    /// How the gateway is.
    Health {
        /// `healthy` in the example.
        status: Tolerant<String>,
        /// Calls held now.
        active_sessions as "activeSessions": Tolerant<u64>,
    }
}

/// Servers that help a call through firewalls. Their passwords are secret, so written and read by hand.
#[derive(Clone, Default)]
pub struct IceServers(pub Vec<IceServer>);

/// One such server.
#[derive(Clone)]
pub struct IceServer {
    /// `stun:`, `turn:` and `turns:` addresses.
    pub urls: Vec<String>,
    /// Name to sign in with; holds the time it is good until.
    pub username: Option<String>,
    /// Password to it, good for 24 hours.
    pub credential: Option<Secret>,
}

impl Payload for IceServers {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    fn encode(&self) -> Vec<u8> {
        let server = |server: &IceServer| {
            let mut object = json!({ "urls": server.urls });
            if let Value::Object(fields) = &mut object {
                fields.extend(
                    server.username.iter().map(|name| ("username".to_owned(), name.clone().into())),
                );
                let secret = server.credential.iter().map(|secret| secret.expose().into());
                fields.extend(secret.map(|secret| ("credential".to_owned(), secret)));
            }
            object
        };
        json!({ "iceServers": self.0.iter().map(server).collect::<Vec<_>>() })
            .to_string()
            .into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(rename = "iceServers")]
            servers: Vec<Value>,
        }
        #[derive(Deserialize)]
        struct Server {
            urls: Value,
            username: Option<String>,
            credential: Option<Secret>,
        }
        let wire: Wire = decode_json(bytes)?;
        let servers =
            wire.servers.into_iter().filter_map(|server| Server::deserialize(server).ok());
        let servers = servers.map(|server| {
            // One address may stand alone instead of in a list.
            let urls = match server.urls {
                Value::String(url) => vec![url],
                Value::Array(urls) => {
                    urls.iter().filter_map(Value::as_str).map(str::to_owned).collect()
                }
                _ => Vec::new(),
            };
            IceServer { urls, username: server.username, credential: server.credential }
        });
        Ok(Self(servers.collect()))
    }
}

crate::operations! { OPERATIONS, Webrtc, "https://docs.poly.ai/api-reference/webrtc-gateway/introduction";
    /// Whether the gateway is well. The specification names other hosts; it lives on this one.
    Check { Get Webrtc "/health", "webrtc.health",
        Anonymous, Safe, Read, Viewer, 200,
        path: Nothing, query: Nothing, request: Empty, response: Json<Health> }
    /// Servers that help a call through firewalls; not on the vendor's pages, used by its own clients.
    ListIceServers { Get Webrtc "/api/v1/ice-servers", "webrtc.ice_servers",
        WebCalling, Safe, Read, Nobody, 200,
        path: Nothing, query: IceQuery, request: Empty, response: IceServers }
}

crate::query_params! {
    /// For clients that cannot send headers.
    IceQuery {
        /// The web-calling token, instead of the header; prefer the header.
        token: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_or_many() {
        let body = br#"{"iceServers":[{"urls":"stun:a"},null,{"urls":["turn:b","turns:b"],"username":"17:u","credential":"p"},{"urls":7}]}"#;
        let servers = IceServers::decode(body).unwrap();
        let urls: Vec<_> = servers.0.iter().map(|server| server.urls.len()).collect();
        assert_eq!(urls, [1, 2, 0]);
        let again = IceServers::decode(&servers.encode()).unwrap();
        assert!(again.0[1].credential.as_ref().unwrap().ct_eq("p"));
        assert_eq!(again.0[1].username.as_deref(), Some("17:u"));
    }
}

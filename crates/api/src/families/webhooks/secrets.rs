//! The two answers that hold a signing secret: written and read by hand, because a secret is neither
//! printed nor serialised.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Endpoint;
use crate::model::Secret;
use crate::operation::{DecodeError, Payload, decode_json, encode_json};

/// A new endpoint with its signing secret, which no later answer shows.
#[derive(Clone)]
pub struct CreatedEndpoint {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What deliveries to it are signed with.
    pub signing_secret: Secret,
}

/// A new signing secret; the old one is void already.
#[derive(Clone)]
pub struct RotatedSecret {
    /// What deliveries are signed with from now on.
    pub signing_secret: Secret,
}

#[derive(Deserialize)]
struct SecretOnly {
    signing_secret: Secret,
}

impl Payload for CreatedEndpoint {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    fn encode(&self) -> Vec<u8> {
        let mut body = serde_json::to_value(&self.endpoint).unwrap_or_default();
        if let Value::Object(fields) = &mut body {
            fields.insert("signing_secret".to_owned(), self.signing_secret.expose().into());
        }
        encode_json(&body)
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let SecretOnly { signing_secret } = decode_json(bytes)?;
        let mut endpoint: Endpoint = decode_json(bytes)?;
        // Unknown fields are kept and printed: this one must not be among them.
        endpoint.extra.remove("signing_secret");
        Ok(Self { endpoint, signing_secret })
    }
}

impl Payload for RotatedSecret {
    const CONTENT_TYPE: Option<&'static str> = Some("application/json");

    fn encode(&self) -> Vec<u8> {
        json!({ "signing_secret": self.signing_secret.expose() }).to_string().into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let SecretOnly { signing_secret } = decode_json(bytes)?;
        Ok(Self { signing_secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stays_in_its_field() {
        let body = br#"{"id":"whe_1","name":"Pager","signing_secret":"canary-7","colour":"red"}"#;
        let created = CreatedEndpoint::decode(body).unwrap();
        assert!(created.signing_secret.ct_eq("canary-7"));
        assert!(!format!("{:?}", created.endpoint).contains("canary"));
        let again = CreatedEndpoint::decode(&created.encode()).unwrap();
        assert_eq!(again.endpoint, created.endpoint);
        assert!(again.signing_secret.ct_eq("canary-7"));
        assert!(CreatedEndpoint::decode(br#"{"id":"whe_1"}"#).is_err());
    }

    #[test]
    fn a_rotation_is_the_secret_alone() {
        let rotated = RotatedSecret { signing_secret: Secret::new("s".to_owned()) };
        assert_eq!(rotated.encode(), br#"{"signing_secret":"s"}"#);
        assert!(RotatedSecret::decode(&rotated.encode()).unwrap().signing_secret.ct_eq("s"));
    }
}

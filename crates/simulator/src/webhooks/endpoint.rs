//! Where deliveries go.

use std::collections::BTreeMap;

use perch_api::families::webhooks::{CreateEndpoint, EventType, UpdateEndpoint};
use perch_api::model::{Secret, WebhookEndpointId};
use perch_api::webhook::{SigningSecret, Standing};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

/// How long a receiver may take when nobody says so, milliseconds.
const TIMEOUT_MS: u32 = 5_000;

/// An endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    /// Identifier.
    pub(crate) id: WebhookEndpointId,
    /// What people call it.
    pub(crate) name: String,
    /// Where deliveries go.
    pub(crate) url: String,
    /// Whether it is switched on.
    pub(crate) enabled: bool,
    /// What it is told of.
    pub(crate) event_types: Vec<EventType>,
    /// Sent along with every delivery.
    pub(crate) headers: BTreeMap<String, String>,
    /// How long the receiver may take, milliseconds.
    pub(crate) timeout_ms: u32,
    /// When it was made, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// When it was last changed.
    pub(crate) updated_ms: i64,
    // Into a snapshot on purpose: a receiver that knows it goes on verifying after a restore.
    #[serde(serialize_with = "exposed", deserialize_with = "filled")]
    secret: Secret,
}

impl Endpoint {
    /// A new endpoint.
    pub(crate) fn new(
        id: WebhookEndpointId,
        body: &CreateEndpoint,
        secret: Secret,
        now_ms: i64,
    ) -> Self {
        Self {
            id,
            name: body.name.clone(),
            url: body.url.clone(),
            enabled: body.enabled.unwrap_or(true),
            event_types: once(&body.event_types),
            headers: body.headers.clone().unwrap_or_default(),
            timeout_ms: body.timeout_ms.unwrap_or(TIMEOUT_MS),
            created_ms: now_ms,
            updated_ms: now_ms,
            secret,
        }
    }

    /// Changes what is said; the rest stays.
    pub(crate) fn change(&mut self, body: &UpdateEndpoint, now_ms: i64) {
        let UpdateEndpoint { name, url, event_types, headers, timeout_ms, enabled } = body.clone();
        self.name = name.unwrap_or_else(|| self.name.clone());
        self.url = url.unwrap_or_else(|| self.url.clone());
        if let Some(types) = event_types {
            self.event_types = once(&types);
        }
        self.headers = headers.unwrap_or_else(|| self.headers.clone());
        self.timeout_ms = timeout_ms.unwrap_or(self.timeout_ms);
        self.enabled = enabled.unwrap_or(self.enabled);
        self.updated_ms = now_ms;
    }

    /// Replaces the secret; the one before is void at once.
    pub(crate) fn rotate(&mut self, secret: Secret, now_ms: i64) {
        self.secret = secret;
        self.updated_ms = now_ms;
    }

    /// Whether events of a type go here.
    pub(crate) fn wants(&self, event_type: &str) -> bool {
        self.enabled && self.event_types.iter().any(|own| own.as_str() == event_type)
    }

    /// What deliveries are signed with.
    #[allow(clippy::expect_used, reason = "secrets are made here or checked when they are read")]
    pub(crate) fn signing_secret(&self) -> SigningSecret {
        SigningSecret::new("current", Standing::Current, self.secret.clone())
            .expect("a secret that was made or checked here")
    }
}

fn exposed<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

fn filled<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    let secret = Secret::deserialize(from)?;
    SigningSecret::new("read", Standing::Current, secret.clone()).map_err(D::Error::custom)?;
    Ok(secret)
}

/// Every type once, in the order of their first mention.
fn once(types: &[EventType]) -> Vec<EventType> {
    let mut seen = Vec::new();
    for one in types {
        if !seen.contains(one) {
            seen.push(one.clone());
        }
    }
    seen
}

//! `/operator/vault/webhooks`: making an endpoint and changing its signing secret.
//!
//! Both answers of the platform hold a secret. It goes into the vault before anybody is answered, and what is
//! answered has its fingerprint instead.

use perch_api::families::webhooks::{
    Create, CreateEndpoint, CreatedEndpoint, Delete, RotateSecret, RotatedSecret,
};
use perch_api::model::WebhookEndpointId;
use perch_api::operation::{Operation, Payload as _};
use wasm_bindgen::JsValue;

use super::Identity;
use super::dutiful::{change, present};
use super::vault::administrator;
use crate::call::{Call, now};
use crate::config::{Config, Tenant};
use crate::error::Refusal;
use crate::policy::summary::AGENT;
use crate::policy::tenancy;
use crate::router::Target;
use crate::vault::{self, Item, SIGNING};
use crate::{keys, upstream};

/// Seconds for which the secret before is honoured: all of the platform's attempts (0, 1, 5, 15 minutes, 1 and
/// 4 hours) and what a signature's time may be off.
const OVERLAP_SECONDS: u64 = 19_260 + 300;

/// One request on behalf of an administrator.
struct Job<'a> {
    call: &'a Call,
    who: &'a Identity,
    config: &'a Config,
    tenant: &'a Tenant,
}

/// Makes an endpoint.
pub(super) async fn create(call: &Call) -> Result<JsValue, Refusal> {
    let who = administrator(call).await?;
    let config = call.config()?;
    let tenant = tenancy::resolve(&config, None, None, call.account())?;
    present(call, &who, "webhooks.create", &tenant.name).await?;
    let asked: CreateEndpoint = call.body().await?;
    let body = serde_json::to_string(&asked).map_err(|_| Refusal::BadBody)?;
    let job = Job { call, who: &who, config: &config, tenant: &tenant };
    change(call, &who, ("webhooks.create", &tenant.name), async {
        let text = job.exchange::<Create>(Create::SPEC.path, &body).await?;
        let made =
            CreatedEndpoint::decode(text.as_bytes()).map_err(|_| Refusal::UpstreamRefused)?;
        let id = made.endpoint.id.0.clone().ok_or(Refusal::EndpointStranded)?;
        let Ok(fingerprint) = job.keep(&id, &made.signing_secret, None).await else {
            return Err(job.undo(&id).await);
        };
        let mut shown = serde_json::to_value(&made.endpoint).map_err(|_| Refusal::Internal)?;
        if let Some(fields) = shown.as_object_mut() {
            fields.insert("signing_secret_fingerprint".to_owned(), fingerprint.into());
        }
        Ok(call.json(201, "", &shown.to_string()))
    })
    .await
}

/// Changes an endpoint's signing secret; the one before is honoured for what is on its way.
pub(super) async fn rotate(call: &Call, target: &Target<'_>) -> Result<JsValue, Refusal> {
    let who = administrator(call).await?;
    let config = call.config()?;
    let tenant = tenancy::resolve(&config, None, None, call.account())?;
    let id = target.path.rsplit('/').nth(1).unwrap_or_default();
    let id = WebhookEndpointId::parse(id).map_err(|_| Refusal::UnknownRoute)?;
    present(call, &who, "webhooks.rotate_secret", id.as_str()).await?;
    let job = Job { call, who: &who, config: &config, tenant: &tenant };
    change(call, &who, ("webhooks.rotate_secret", id.as_str()), async {
        let path = RotateSecret::SPEC.path.replace("{endpoint_id}", id.as_str());
        let until = now().saturating_add(OVERLAP_SECONDS);
        let mut kept = job.rotate(&path, &id, until).await?;
        if kept.is_none() {
            // Nobody has the new secret, so another costs nothing.
            kept = job.rotate(&path, &id, until).await.unwrap_or_default();
        }
        let fingerprint = kept.ok_or(Refusal::RotationLost)?;
        let shown = serde_json::json!({
            "id": id.as_str(),
            "signing_secret_fingerprint": fingerprint,
            "previous_honoured_until": until,
        });
        Ok(call.json(200, "", &shown.to_string()))
    })
    .await
}

impl Job<'_> {
    // Nothing when the platform changed it and it could not be kept.
    async fn rotate(
        &self,
        path: &str,
        id: &WebhookEndpointId,
        until: u64,
    ) -> Result<Option<String>, Refusal> {
        let text = self.exchange::<RotateSecret>(path, "").await?;
        let Ok(rotated) = RotatedSecret::decode(text.as_bytes()) else { return Ok(None) };
        Ok(self.keep(id, &rotated.signing_secret, Some(until)).await.ok())
    }

    async fn keep(
        &self,
        id: &WebhookEndpointId,
        secret: &perch_api::model::Secret,
        old_until: Option<u64>,
    ) -> Result<String, Refusal> {
        let item = Item { tenant: &self.tenant.name, kind: SIGNING, id: id.as_str(), old_until };
        vault::put(self.call, self.config, &self.who.subject, item, secret).await
    }

    /// Deletes an endpoint whose secret nobody has. Says what is the case now.
    async fn undo(&self, id: &WebhookEndpointId) -> Refusal {
        let path = Delete::SPEC.path.replace("{endpoint_id}", id.as_str());
        match self.exchange::<Delete>(&path, "").await {
            Ok(_) => Refusal::EndpointUndone,
            Err(_) => Refusal::EndpointStranded,
        }
    }

    async fn exchange<O: Operation>(&self, path: &str, body: &str) -> Result<String, Refusal> {
        let base = self.tenant.base(O::SPEC.host).ok_or(Refusal::NotConfigured)?;
        let mut headers = keys::lines(self.config, self.tenant, O::SPEC.credential)?;
        headers.push_str("\naccept\napplication/json\nuser-agent\n");
        headers.push_str(AGENT);
        if !body.is_empty() {
            headers.push_str("\ncontent-type\napplication/json");
        }
        let method = O::SPEC.method.as_str();
        let url = format!("{base}{path}");
        let (status, text) = upstream::exchange(&url, method, &headers, body).await?;
        match status {
            200..=299 => Ok(text),
            404 => Err(Refusal::UnknownRoute),
            400 | 409 | 422 => Err(Refusal::EndpointRefused),
            429 => Err(Refusal::TooManyRequests),
            _ => Err(Refusal::UpstreamRefused),
        }
    }
}

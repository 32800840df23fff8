//! The endpoints of an account.

use perch_api::families::webhooks::{CreateEndpoint, MAX_ENDPOINTS, UpdateEndpoint};
use perch_api::model::{Secret, WebhookEndpointId};
use serde::{Deserialize, Serialize};

use super::endpoint::Endpoint;
use crate::refusal::Refusal;

/// Every endpoint, oldest first.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Endpoints(Vec<Endpoint>);

impl Endpoints {
    /// Makes an endpoint.
    pub(crate) fn create(
        &mut self,
        id: WebhookEndpointId,
        body: &CreateEndpoint,
        secret: Secret,
        now_ms: i64,
    ) -> Result<&Endpoint, Refusal> {
        if self.0.len() >= MAX_ENDPOINTS {
            let text = format!("An account has at most {MAX_ENDPOINTS} webhook endpoints.");
            return Err(Refusal::new(409, "RESOURCE_LIMIT_EXCEEDED", text));
        }
        Ok(self.0.push_mut(Endpoint::new(id, body, secret, now_ms)))
    }

    /// Changes an endpoint.
    pub(crate) fn update(
        &mut self,
        id: &WebhookEndpointId,
        body: &UpdateEndpoint,
        now_ms: i64,
    ) -> Result<&Endpoint, Refusal> {
        let endpoint = self.find_mut(id)?;
        endpoint.change(body, now_ms);
        Ok(endpoint)
    }

    /// Replaces an endpoint's secret.
    pub(crate) fn rotate(
        &mut self,
        id: &WebhookEndpointId,
        secret: Secret,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        self.find_mut(id)?.rotate(secret, now_ms);
        Ok(())
    }

    /// Deletes an endpoint.
    pub(crate) fn delete(&mut self, id: &WebhookEndpointId) -> Result<(), Refusal> {
        let at = self.0.iter().position(|endpoint| endpoint.id == *id).ok_or_else(missing)?;
        self.0.remove(at);
        Ok(())
    }

    /// The endpoint with this id, or the refusal that says so.
    pub(crate) fn find(&self, id: &WebhookEndpointId) -> Result<&Endpoint, Refusal> {
        self.get(id).ok_or_else(missing)
    }

    /// The endpoint with this id.
    pub(crate) fn get(&self, id: &WebhookEndpointId) -> Option<&Endpoint> {
        self.0.iter().find(|endpoint| endpoint.id == *id)
    }

    /// Every endpoint, oldest first.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Endpoint> {
        self.0.iter()
    }

    fn find_mut(&mut self, id: &WebhookEndpointId) -> Result<&mut Endpoint, Refusal> {
        self.0.iter_mut().find(|endpoint| endpoint.id == *id).ok_or_else(missing)
    }
}

fn missing() -> Refusal {
    Refusal::new(404, "NOT_FOUND", "No webhook endpoint has this ID.")
}

//! Endpoints and deliveries in snapshots, with the secrets that deliveries are signed with.

use perch_api::families::webhooks::MAX_ENDPOINTS;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::{Error, Value};

use super::{Delivery, Endpoints, Inner, Webhooks};
use crate::fields::is_local_address;
use crate::snapshot::Store;
use crate::sync::lock;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    endpoints: Endpoints,
    /// Number of the last delivery.
    last: u64,
    deliveries: Vec<Delivery>,
}

impl Store for Webhooks {
    fn save(&self) -> serde_json::Result<Value> {
        self.read(|Inner { endpoints, queue }| {
            let (last, deliveries) = queue.save();
            serde_json::to_value(Saved { endpoints: endpoints.clone(), last, deliveries })
        })
    }

    fn read(&self, state: &Value) -> serde_json::Result<Box<dyn FnOnce() + '_>> {
        let Saved { endpoints, last, deliveries } = Saved::deserialize(state)?;
        if endpoints.iter().count() > MAX_ENDPOINTS {
            return Err(Error::custom("more endpoints than there can be"));
        }
        let local = endpoints.iter().any(|endpoint| is_local_address(&endpoint.url));
        if local && !self.takes_local() {
            return Err(Error::custom("an endpoint on this machine, where https is needed"));
        }
        Ok(Box::new(move || {
            let mut inner = lock(&self.inner);
            inner.endpoints = endpoints;
            inner.queue.restore(last, deliveries);
        }))
    }
}

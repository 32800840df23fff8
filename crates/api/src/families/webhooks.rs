//! Webhook endpoints: where the platform reports alarms to.
//!
//! Source: <https://docs.poly.ai/api-reference/webhooks/introduction>. Speaks `snake_case`; at most
//! [`MAX_ENDPOINTS`] endpoints. The signing secret is shown twice in its life, when the endpoint is
//! made and when the secret is changed; a change acts at once.

mod secrets;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use secrets::{CreatedEndpoint, RotatedSecret};

use crate::model::{Timestamp, Tolerant, WebhookEndpointId};
use crate::operation::limit::{
    Limit,
    Rule::{Chars, Https, Items, Range, Words},
    body, query,
};
use crate::operation::{Empty, Json, Nothing};

/// Most endpoints of one account; one more gives 409.
pub const MAX_ENDPOINTS: usize = 10;

crate::path_params! {
    /// An endpoint.
    EndpointPath {
        /// The endpoint.
        endpoint_id as "endpoint_id": WebhookEndpointId,
    }
}

crate::query_params! {
    /// Which endpoints are listed.
    ListQuery {
        /// Only those that are switched on, or off.
        enabled: Option<bool>,
        /// Only those that are told of it.
        event_type: Option<EventType>,
    }
}

crate::open_enum! {
    /// What an endpoint is told of. Conversations and handovers are not among it, whatever older pages promise.
    EventType {
        /// A rule broke.
        Triggered = "alerts.triggered",
        /// It holds again.
        Resolved = "alerts.resolved",
    }
}

crate::answers! {
    /// Every endpoint.
    Endpoints {
        /// In no documented order.
        data: Vec<Endpoint>,
    }

    /// An endpoint.
    Endpoint {
        /// Names the endpoint.
        id: Tolerant<WebhookEndpointId>,
        /// What people call it.
        name: Tolerant<String>,
        /// Where deliveries go.
        url: Tolerant<String>,
        /// Whether it is switched on.
        enabled: Tolerant<bool>,
        /// What it is told of.
        event_types: Tolerant<Vec<EventType>>,
        /// Sent along with every delivery.
        headers: Tolerant<BTreeMap<String, String>>,
        /// Milliseconds a delivery may take, 1,000 to 30,000.
        timeout_ms: Tolerant<u32>,
        /// When it was made.
        created_at: Tolerant<Timestamp>,
        /// When it was last changed.
        updated_at: Tolerant<Timestamp>,
    }
}

/// A new endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateEndpoint {
    /// 1 to 255 characters.
    pub name: String,
    /// `https` only.
    pub url: String,
    /// At least one.
    pub event_types: Vec<EventType>,
    /// Sent along with every delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// Milliseconds, 1,000 to 30,000; 5,000 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// On when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// What changes; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UpdateEndpoint {
    /// 1 to 255 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// All of them, at least one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_types: Option<Vec<EventType>>,
    /// All of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
    /// Milliseconds, 1,000 to 30,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// On or off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// What endpoints are made of.
const ENDPOINT: [Limit; 5] = [
    body("name", Chars(1, 255)),
    body("url", Https),
    body("event_types", Items(1, usize::MAX)),
    body("event_types[]", Words(EventType::KNOWN)),
    body("timeout_ms", Range(1_000, 30_000)),
];

crate::operations! { OPERATIONS, Webhooks, "https://docs.poly.ai/api-reference/webhooks/introduction";
    /// Lists the endpoints. Their headers may hold secrets of other systems.
    List { Get Build "/v1/webhook-endpoints", "webhooks.list",
        Workspace, Safe, Read, Admin, 200,
        path: Nothing, query: ListQuery, request: Empty, response: Json<Endpoints>,
        limits: [query("event_type", Words(EventType::KNOWN))] }
    // For nobody: the worker makes these two calls itself, so that no signing secret reaches a browser.
    /// Makes an endpoint and shows its signing secret.
    Create { Post Build "/v1/webhook-endpoints", "webhooks.create",
        Workspace, Refused, Write, Nobody, 201,
        path: Nothing, query: Nothing, request: Json<CreateEndpoint>, response: CreatedEndpoint,
        limits: ENDPOINT }
    /// Reads an endpoint, without its secret.
    Get { Get Build "/v1/webhook-endpoints/{endpoint_id}", "webhooks.get",
        Workspace, Safe, Read, Admin, 200,
        path: EndpointPath, query: Nothing, request: Empty, response: Json<Endpoint> }
    /// Changes an endpoint.
    Update { Patch Build "/v1/webhook-endpoints/{endpoint_id}", "webhooks.update",
        Workspace, Safe, Write, Admin, 200,
        path: EndpointPath, query: Nothing, request: Json<UpdateEndpoint>, response: Json<Endpoint>,
        limits: ENDPOINT }
    /// Deletes an endpoint.
    Delete { Delete Build "/v1/webhook-endpoints/{endpoint_id}", "webhooks.delete",
        Workspace, Safe, Destructive, Admin, 204,
        path: EndpointPath, query: Nothing, request: Empty, response: Empty }
    /// Replaces the signing secret and shows the new one; deliveries carry it from now on.
    RotateSecret { Post Build "/v1/webhook-endpoints/{endpoint_id}/rotate-secret", "webhooks.rotate_secret",
        Workspace, Refused, Destructive, Nobody, 200,
        path: EndpointPath, query: Nothing, request: Empty, response: RotatedSecret }
}

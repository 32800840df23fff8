//! A delivery as an HTTP request: addressed, stamped and signed.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use perch_api::webhook::{header, sign};

use super::delivery::Message;
use super::endpoint::Endpoint;

/// Which delivery a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Its number.
    pub(crate) number: u64,
    /// Changes when all deliveries are replaced, so that answers to the old ones come to nothing.
    pub(crate) age: u64,
}

/// A request to send with POST.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The delivery.
    pub(crate) ticket: Ticket,
    /// Where it goes.
    pub(crate) url: String,
    /// Every header but those of the connection.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) message: Arc<Message>,
    /// How long the receiver may take.
    pub(crate) timeout: Duration,
}

/// The request of a delivery to an endpoint, stamped with `stamp_ms`, Unix milliseconds.
pub(super) fn request(
    ticket: Ticket,
    endpoint: &Endpoint,
    message: &Arc<Message>,
    stamp_ms: i64,
) -> Request {
    let mut headers = HeaderMap::new();
    for (name, value) in &endpoint.headers {
        if let Some((name, value)) = lawful(name, value) {
            headers.insert(name, value);
        }
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.entry(USER_AGENT).or_insert(HeaderValue::from_static("perch-simulator"));
    let stamp = stamp_ms.div_euclid(1_000);
    let signed =
        sign(&endpoint.signing_secret(), &message.event_id, message.body.as_bytes(), stamp);
    for (name, value) in signed.pairs() {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    Request {
        ticket,
        url: endpoint.url.clone(),
        headers,
        message: Arc::clone(message),
        timeout: Duration::from_millis(endpoint.timeout_ms.into()),
    }
}

/// Names of an endpoint's headers that are not sent: unlawful ones, and those the platform sets.
pub(crate) fn left_out(endpoint: &Endpoint) -> impl Iterator<Item = &str> {
    let unlawful = endpoint.headers.iter().filter(|(name, value)| lawful(name, value).is_none());
    unlawful.map(|(name, _)| name.as_str())
}

/// The platform takes any text for a header; what HTTP forbids cannot be sent.
fn lawful(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let own = [CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, UPGRADE];
    let signed = [header::TIMESTAMP, header::SIGNATURE, header::EVENT_ID];
    let name: HeaderName = name.parse().ok()?;
    let taken =
        own.contains(&name) || signed.iter().any(|own| name.as_str().eq_ignore_ascii_case(own));
    let value = HeaderValue::from_str(value).ok()?;
    (!taken).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use perch_api::families::webhooks::CreateEndpoint;
    use perch_api::model::{Secret, WebhookEndpointId};
    use serde_json::json;

    use super::*;

    #[test]
    fn own_headers_go_along_and_the_platforms_cannot_be_replaced() {
        let body: CreateEndpoint = serde_json::from_value(json!({
            "name": "Pager",
            "url": "https://shop.example/hooks",
            "event_types": ["alerts.triggered"],
            "headers": {
                "Authorization": "Bearer x",
                "x-polyai-signature": "0000",
                "Content-Type": "text/plain",
                "host": "evil.example",
                "bad name": "1",
                "X-Bad-Value": "a\r\nX-Injected: 1",
            },
        }))
        .unwrap();
        let id = WebhookEndpointId::parse("whe_1").unwrap();
        let endpoint = Endpoint::new(id, &body, Secret::new("whsec_a".to_owned()), 0);
        let message = Message {
            event_id: "e-1".into(),
            event_type: "alerts.triggered".into(),
            body: "{}".into(),
        };
        let ticket = Ticket { number: 1, age: 0 };
        let request = request(ticket, &endpoint, &Arc::new(message), 1_795_443_600_999);
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("authorization"), Some("Bearer x"));
        assert_eq!(header("content-type"), Some("application/json"));
        assert_eq!(header("x-polyai-timestamp"), Some("1795443600"));
        assert_eq!(header("x-polyai-signature").map(str::len), Some(64));
        assert_eq!(request.headers.get_all("x-polyai-signature").iter().count(), 1);
        for absent in ["host", "x-bad-value", "x-injected"] {
            assert_eq!(header(absent), None, "{absent}");
        }
        let left: Vec<_> = left_out(&endpoint).collect();
        assert_eq!(left, ["Content-Type", "X-Bad-Value", "bad name", "host", "x-polyai-signature"]);
    }
}

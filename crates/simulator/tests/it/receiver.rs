//! A receiver of webhooks on this machine, which verifies as a customer's would.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use perch_api::model::Secret;
use perch_api::webhook::{Delivery, Event, SigningSecrets, VerifyError, verify};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::harness::PATIENCE;

/// What the receiver does with a delivery.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Answers with this status.
    Status(u16),
    /// Sends the platform elsewhere.
    Redirect,
    /// Answers 200 with a body that never ends.
    Endless,
    /// Never answers.
    Silent,
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    manner: Arc<Mutex<Manner>>,
    received: mpsc::UnboundedReceiver<Received>,
}

/// A delivery as it came.
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

#[derive(Clone)]
struct Desk {
    manner: Arc<Mutex<Manner>>,
    received: mpsc::UnboundedSender<Received>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let manner = Arc::new(Mutex::new(Manner::Status(204)));
        let (sender, received) = mpsc::unbounded_channel();
        let desk = Desk { manner: Arc::clone(&manner), received: sender };
        let service = axum::Router::new().fallback(receive).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, manner, received }
    }

    pub(crate) fn behave(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    pub(crate) async fn next(&mut self) -> Received {
        tokio::time::timeout(PATIENCE, self.received.recv()).await.unwrap().unwrap()
    }

    /// Whether nothing has come that was not looked at.
    pub(crate) fn is_idle(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Reads the event as someone who knows `secret`, at `now_ms`.
    pub(crate) fn event(&self, secret: &str, now_ms: i64) -> Result<Event, VerifyError> {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let headers = headers.iter().map(|(name, value)| (*name, *value));
        let secrets = SigningSecrets::single(Secret::new(secret.to_owned())).unwrap();
        let delivery = Delivery::new(headers, &self.body);
        let verified = verify(&delivery, &secrets, now_ms / 1_000)?;
        Ok(verified.event().unwrap())
    }
}

async fn receive(
    State(desk): State<Desk>,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let manner = *desk.manner.lock().unwrap();
    let path = uri.path().to_owned();
    // The test may be over already.
    let _ = desk.received.send(Received { path, headers, body });
    match manner {
        Manner::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Manner::Redirect => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        Manner::Endless => {
            let chunks = futures_util::stream::repeat_with(|| {
                Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 4_096]))
            });
            Body::from_stream(chunks).into_response()
        }
        Manner::Silent => std::future::pending().await,
    }
}

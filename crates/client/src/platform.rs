//! All the client needs from outside: requests, sockets, time and dice.

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod web;

use std::{future::Future, pin::Pin, time::Duration};

use perch_api::model::Millis;

#[cfg(not(target_family = "wasm"))]
pub use native::NativePlatform;
#[cfg(target_family = "wasm")]
pub use web::WebPlatform;

/// What a program stands on where it runs.
#[cfg(target_family = "wasm")]
pub type OwnPlatform = WebPlatform;
/// What a program stands on where it runs.
#[cfg(not(target_family = "wasm"))]
pub type OwnPlatform = NativePlatform;

use futures_util::Stream;

use crate::socket::{Socket, SocketError};

/// A boxed future that may change threads, except in browsers, where there is one thread.
#[cfg(not(target_family = "wasm"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future; browsers have one thread, so it need not be `Send`.
#[cfg(target_family = "wasm")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The bytes of an answer as they arrive; dropping it ends the request.
#[cfg(not(target_family = "wasm"))]
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, TransportError>> + Send>>;
/// The bytes of an answer as they arrive; dropping it ends the request.
#[cfg(target_family = "wasm")]
pub type Chunks = Pin<Box<dyn Stream<Item = Result<Vec<u8>, TransportError>>>>;

/// One HTTP request, in full.
///
/// It has no `Debug`: headers may carry credentials.
#[derive(Clone)]
pub struct HttpRequest {
    /// Method in capitals.
    pub method: &'static str,
    /// Absolute, or relative to the page in a browser.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// Body, when there is one.
    pub body: Option<Vec<u8>>,
    /// How long to wait for the whole answer.
    pub timeout: Duration,
    /// Whether a browser may send cookies of the same origin along.
    pub cookies: bool,
}

/// One HTTP response, in full.
#[derive(Clone)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// Whether the status is that of a success: 200 to 299.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// The head of an answer, and its body as it arrives.
pub struct HttpStream {
    /// Status and headers; the body is empty.
    pub head: HttpResponse,
    /// The body.
    pub chunks: Chunks,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The whole answer did not come in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The connection could not be made, or broke.
    #[error("the connection failed")]
    Connect,
    /// The request cannot be sent at all, for example because its URL is none.
    #[error("the request cannot be sent")]
    Request,
}

/// Requests, time and dice, as one object.
///
/// The object is `Send + Sync` everywhere, because it holds no handle; only its futures differ by
/// target. So a [`Client`](crate::Client) may live in a view's context and in a server's state alike.
pub trait Platform: Send + Sync {
    /// Sends a request, never following a redirect.
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;

    /// Lets time pass.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;

    /// Milliseconds since the Unix epoch.
    fn now(&self) -> Millis;

    /// 64 random bits: for jitter and message ids, not for secrets.
    fn random(&self) -> u64;
}

/// A [`Platform`] that opens sockets as well; apart from it, so that who needs none links none.
pub trait Sockets: Platform {
    /// Opens a WebSocket; the URL may carry a one-use ticket, so it is never logged.
    fn connect(&self, url: String) -> BoxFuture<'_, Result<Socket, SocketError>>;
}

/// A [`Platform`] that gives answers while they arrive; apart from it, so that who never streams links none.
pub trait Streams: Platform {
    /// Sends a request, never following a redirect, and gives the answer once its head is there.
    ///
    /// The time-out of the request is that of the head; the body has none of its own.
    fn open(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpStream, TransportError>>;
}

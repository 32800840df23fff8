//! Browsers and workers: `fetch`, `WebSocket`, timers.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{Sink as _, StreamExt as _, future, pin_mut};
use gloo_net::http::{Method, RequestBuilder, Response};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use perch_api::model::Millis;
use web_sys::{AbortController, RequestCredentials, RequestRedirect};

use super::{BoxFuture, HttpRequest, HttpResponse, Platform, TransportError};
use crate::socket::{Incoming, Socket, SocketError, SocketIo};

/// The browser's own `fetch`, `WebSocket` and timers; holds nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebPlatform;

impl Platform for WebPlatform {
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(fetch(request))
    }

    fn connect(&self, url: String) -> BoxFuture<'_, Result<Socket, SocketError>> {
        Box::pin(connect(url))
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(gloo_timers::future::sleep(time))
    }

    fn now(&self) -> Millis {
        Millis(integer(js_sys::Date::now()))
    }

    fn random(&self) -> u64 {
        let half = || integer(js_sys::Math::random() * 4_294_967_296.0);
        half() << 32 | half()
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both uses lie between 0 and 2^53"
)]
fn integer(number: f64) -> u64 {
    number as u64
}

async fn fetch(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    // Dropped with this future, so a caller that goes away takes its request along.
    let abort = AbortOnDrop(AbortController::new().map_err(|_| TransportError::Request)?);
    let timeout = request.timeout;
    let work = send(request, &abort.0);
    let timer = gloo_timers::future::sleep(timeout);
    pin_mut!(work, timer);
    match future::select(work, timer).await {
        future::Either::Left((answer, _)) => answer,
        future::Either::Right(((), _)) => Err(TransportError::Timeout(timeout)),
    }
}

struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn send(
    request: HttpRequest,
    abort: &AbortController,
) -> Result<HttpResponse, TransportError> {
    let method = match request.method {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => return Err(TransportError::Request),
    };
    let cookies =
        if request.cookies { RequestCredentials::SameOrigin } else { RequestCredentials::Omit };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .credentials(cookies)
        .redirect(RequestRedirect::Error)
        .abort_signal(Some(&abort.signal()));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let built = match request.body {
        Some(body) => builder.body(js_sys::Uint8Array::from(body.as_slice())),
        None => builder.build(),
    };
    let response = built.map_err(|_| TransportError::Request)?.send().await;
    read(response.map_err(|_| TransportError::Connect)?).await
}

async fn read(response: Response) -> Result<HttpResponse, TransportError> {
    let headers = response.headers().entries().collect();
    let status = response.status();
    let body = response.binary().await.map_err(|_| TransportError::Connect)?;
    Ok(HttpResponse { status, headers, body })
}

/// Opens a socket and waits until it is open, so that a refusal is an error here and not a frame.
async fn connect(url: String) -> Result<Socket, SocketError> {
    let mut socket = WebSocket::open(&url).map_err(|_| SocketError::Url)?;
    let opened = future::poll_fn(|cx| Pin::new(&mut socket).poll_ready(cx)).await;
    match (opened, socket.state()) {
        (Ok(()), State::Open) => Ok(Socket::new(WebSocketIo(Some(socket)))),
        _ => Err(SocketError::Connect),
    }
}

/// `None` once it is closed from this side.
struct WebSocketIo(Option<WebSocket>);

impl SocketIo for WebSocketIo {
    fn poll_incoming(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        let Some(socket) = &mut self.0 else { return Poll::Pending };
        loop {
            return Poll::Ready(match ready!(socket.poll_next_unpin(cx)) {
                Some(Ok(Message::Text(text))) => Incoming::Text(text),
                Some(Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError)) => continue,
                Some(Err(WebSocketError::ConnectionClose(event))) => {
                    Incoming::Closed { code: event.code }
                }
                Some(Err(_)) | None => Incoming::Closed { code: 1006 },
            });
        }
    }

    fn send(&mut self, text: String) -> Result<(), SocketError> {
        let socket = self.0.as_mut().ok_or(SocketError::Closed)?;
        Pin::new(socket).start_send(Message::Text(text)).map_err(|_| SocketError::Closed)
    }

    fn close(&mut self, code: u16) {
        if let Some(socket) = self.0.take() {
            // Fails only for codes a page may not use; dropping the socket closes it all the same.
            let _ = socket.close(Some(code), None);
        }
    }
}

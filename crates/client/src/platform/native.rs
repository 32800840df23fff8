//! Native programs: reqwest, tokio-tungstenite, tokio's timers.

use std::{
    task::{Context, Poll, ready},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::{SinkExt as _, StreamExt as _};
use perch_api::model::Millis;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{
    Error as WsError, Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::{
    BoxFuture, HttpRequest, HttpResponse, HttpStream, Platform, Sockets, Streams, TransportError,
};
use crate::socket::{Incoming, Socket, SocketError, SocketIo};

/// Sent with every request: the platform's realtime socket refuses clients without one.
const USER_AGENT: &str = concat!("perch/", env!("CARGO_PKG_VERSION"));

/// reqwest and tokio; needs a tokio runtime around it.
#[derive(Debug, Clone)]
pub struct NativePlatform {
    http: reqwest::Client,
}

impl NativePlatform {
    /// One connection pool; clones share it.
    pub fn new() -> Result<Self, TransportError> {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(USER_AGENT)
            .build()
            .map(|http| Self { http })
            .map_err(|_| TransportError::Request)
    }
}

impl Platform for NativePlatform {
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(fetch(&self.http, request))
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }

    #[allow(clippy::disallowed_methods, reason = "the one place where native code reads the clock")]
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    fn random(&self) -> u64 {
        fastrand::u64(..)
    }
}

impl Sockets for NativePlatform {
    fn connect(&self, url: String) -> BoxFuture<'_, Result<Socket, SocketError>> {
        Box::pin(connect(url))
    }
}

impl Streams for NativePlatform {
    fn open(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        Box::pin(open(&self.http, request))
    }
}

async fn fetch(
    http: &reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    let timeout = request.timeout;
    let failure = |error| failure(&error, timeout);
    let builder = builder(http, request)?.timeout(timeout);
    let response = builder.send().await.map_err(failure)?;
    let head = head(&response);
    let body = response.bytes().await.map_err(failure)?.to_vec();
    Ok(HttpResponse { body, ..head })
}

async fn open(http: &reqwest::Client, request: HttpRequest) -> Result<HttpStream, TransportError> {
    let timeout = request.timeout;
    let sent = tokio::time::timeout(timeout, builder(http, request)?.send()).await;
    let response = sent
        .map_err(|_| TransportError::Timeout(timeout))?
        .map_err(|error| failure(&error, timeout))?;
    let head = head(&response);
    let chunks = response.bytes_stream().map(move |chunk| {
        chunk.map(|bytes| bytes.to_vec()).map_err(|error| failure(&error, timeout))
    });
    Ok(HttpStream { head, chunks: Box::pin(chunks) })
}

fn builder(
    http: &reqwest::Client,
    request: HttpRequest,
) -> Result<reqwest::RequestBuilder, TransportError> {
    let method = request.method.parse().map_err(|_| TransportError::Request)?;
    let mut builder = http.request(method, &request.url);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    Ok(match request.body {
        Some(body) => builder.body(body),
        None => builder,
    })
}

fn failure(error: &reqwest::Error, timeout: Duration) -> TransportError {
    if error.is_timeout() {
        TransportError::Timeout(timeout)
    } else if error.is_builder() {
        TransportError::Request
    } else {
        TransportError::Connect
    }
}

fn head(response: &reqwest::Response) -> HttpResponse {
    let text = |value: &reqwest::header::HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers = response
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect();
    HttpResponse { status: response.status().as_u16(), headers, body: Vec::new() }
}

async fn connect(url: String) -> Result<Socket, SocketError> {
    use tokio_tungstenite::tungstenite::{client::IntoClientRequest as _, http::HeaderValue};
    let mut request = url.into_client_request().map_err(|_| SocketError::Url)?;
    request.headers_mut().insert("user-agent", HeaderValue::from_static(USER_AGENT));
    let (stream, _) =
        tokio_tungstenite::connect_async(request).await.map_err(|error| match error {
            WsError::Http(response) => SocketError::Refused(response.status().as_u16()),
            WsError::Url(_) => SocketError::Url,
            _ => SocketError::Connect,
        })?;
    let (outgoing, mut commands) = mpsc::unbounded_channel::<Message>();
    let (events, incoming) = mpsc::unbounded_channel();
    // One task owns the stream, so that sending never needs a future of the caller's.
    tokio::spawn(async move {
        let (mut sink, mut source) = stream.split();
        let code = loop {
            tokio::select! {
                command = commands.recv() => {
                    let Some(message) = command else { break 1000 };
                    if sink.send(message).await.is_err() {
                        break 1006;
                    }
                }
                frame = source.next() => match frame {
                    Some(Ok(Message::Text(text))) => {
                        if events.send(Incoming::Text(text.as_str().to_owned())).is_err() {
                            break 1000;
                        }
                    }
                    Some(Ok(Message::Close(frame))) => break frame.map_or(1005, |frame| frame.code.into()),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break 1006,
                },
            }
        };
        let _ = sink.close().await;
        let _ = events.send(Incoming::Closed { code });
    });
    Ok(Socket::new(NativeSocket { outgoing, incoming }))
}

struct NativeSocket {
    outgoing: mpsc::UnboundedSender<Message>,
    incoming: mpsc::UnboundedReceiver<Incoming>,
}

impl SocketIo for NativeSocket {
    fn poll_incoming(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        match ready!(self.incoming.poll_recv(cx)) {
            Some(frame) => Poll::Ready(frame),
            None => Poll::Pending,
        }
    }

    fn send(&mut self, text: String) -> Result<(), SocketError> {
        self.outgoing.send(Message::text(text)).map_err(|_| SocketError::Closed)
    }

    fn close(&mut self, code: u16) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
        let _ = self.outgoing.send(Message::Close(Some(frame)));
    }
}

//! Browsers and workers: `fetch`, `WebSocket`, timers.

mod body;

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use futures_util::{Sink as _, StreamExt as _, future};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Promise, Uint8Array};
use perch_api::model::Millis;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, Request, RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::{BoxFuture, HttpRequest, HttpResponse, Platform, Sockets, TransportError};
use crate::socket::{Incoming, Socket, SocketError, SocketIo};

/// The browser's own `fetch`, `WebSocket` and timers; holds nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebPlatform;

impl WebPlatform {
    /// Never fails; only so that both platforms are made alike.
    #[allow(clippy::unnecessary_wraps, reason = "the native one may fail")]
    pub const fn new() -> Result<Self, TransportError> {
        Ok(Self)
    }
}

impl Platform for WebPlatform {
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(fetch(request))
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(Sleep::new(time))
    }

    fn now(&self) -> Millis {
        Millis(integer(js_sys::Date::now()))
    }

    fn random(&self) -> u64 {
        let half = || integer(js_sys::Math::random() * 4_294_967_296.0);
        half() << 32 | half()
    }
}

impl Sockets for WebPlatform {
    fn connect(&self, url: String) -> BoxFuture<'_, Result<Socket, SocketError>> {
        Box::pin(connect(url))
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

#[wasm_bindgen]
extern "C" {
    /// Of the page or of the worker, whichever this is.
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(request: &Request) -> Promise;
}

async fn fetch(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let (timeout, watch) = (request.timeout, Watch::start(request.timeout)?);
    let answer = send(&request, &watch.abort.0).await;
    if watch.late.get() { Err(TransportError::Timeout(timeout)) } else { answer }
}

/// A request's end: when its time is over, or when nobody waits for it any more.
struct Watch {
    // Dropped with the future, so a caller that goes away takes its request along.
    abort: AbortOnDrop,
    late: Rc<Cell<bool>>,
    _timer: Timeout,
}

impl Watch {
    fn start(timeout: Duration) -> Result<Self, TransportError> {
        let abort = AbortOnDrop(AbortController::new().map_err(|_| TransportError::Request)?);
        let late = Rc::new(Cell::new(false));
        let timer = {
            let (late, abort) = (late.clone(), abort.0.clone());
            Timeout::new(millis(timeout), move || {
                late.set(true);
                abort.abort();
            })
        };
        Ok(Self { abort, late, _timer: timer })
    }
}

/// Wakes whoever waits when its time is over; ends its timer when dropped.
struct Sleep {
    state: Rc<RefCell<(bool, Option<Waker>)>>,
    _timer: Timeout,
}

impl Sleep {
    fn new(time: Duration) -> Self {
        let state = Rc::new(RefCell::new((false, None::<Waker>)));
        let over = state.clone();
        let timer = Timeout::new(millis(time), move || {
            let waker = over.replace((true, None)).1;
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        Self { state, _timer: timer }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.borrow_mut();
        if state.0 {
            return Poll::Ready(());
        }
        state.1 = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// As long as a timer can be.
fn millis(time: Duration) -> u32 {
    u32::try_from(crate::retry::millis(time)).unwrap_or(u32::MAX)
}

struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn send(
    request: &HttpRequest,
    abort: &AbortController,
) -> Result<HttpResponse, TransportError> {
    let response = answered(request, abort).await?;
    let body = response.array_buffer().ok().ok_or(TransportError::Connect)?;
    let body = settled(body).await.ok_or(TransportError::Connect)?;
    Ok(HttpResponse { body: Uint8Array::new(&body).to_vec(), ..head(&response) })
}

async fn answered(
    request: &HttpRequest,
    abort: &AbortController,
) -> Result<Response, TransportError> {
    // Cloudflare's runtime has neither cookies nor this way to refuse redirects, and throws at both. There
    // a redirect is an answer like others, which no caller takes for a success.
    let request = built(request, abort, Place::Browser)
        .or_else(|_| built(request, abort, Place::Worker))
        .map_err(|_| TransportError::Request)?;
    let response = settled(global_fetch(&request)).await.ok_or(TransportError::Connect)?;
    Ok(response.unchecked_into())
}

fn head(response: &Response) -> HttpResponse {
    let headers =
        Array::from(&response.headers()).iter().filter_map(|pair| header(&pair)).collect();
    HttpResponse { status: response.status(), headers, body: Vec::new() }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Browser,
    Worker,
}

fn built(request: &HttpRequest, abort: &AbortController, place: Place) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let cookies =
        if request.cookies { RequestCredentials::SameOrigin } else { RequestCredentials::Omit };
    let init = RequestInit::new();
    init.set_method(request.method);
    init.set_headers(&headers);
    if place == Place::Browser {
        init.set_credentials(cookies);
        init.set_redirect(RequestRedirect::Error);
    } else {
        init.set_redirect(RequestRedirect::Manual);
    }
    init.set_signal(Some(&abort.signal()));
    if let Some(body) = &request.body {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    Request::new_with_str_and_init(&request.url, &init)
}

async fn settled(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}

fn header(pair: &JsValue) -> Option<(String, String)> {
    let pair = Array::from(pair);
    Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
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

//! One of the four listeners: faults, matching, answer, correlation id, log.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use perch_api::model::Timestamp;
use perch_api::operation::{Family, Host, Method, Miss, OperationSpec, find};
use perch_api::region::Region;

use crate::accounts::Accounts;
use crate::calls;
use crate::faults::answer::spoil;
use crate::faults::line::Cut;
use crate::faults::{Breach, Fault, SIGNALLING, SOCKET};
use crate::keys::header;
use crate::platform::Platform;
use crate::refusal::{Refusal, Shape};
use crate::requests::RequestEntry;
use crate::router::{Content, Raw, Router, body};
use crate::socket;

const CORRELATION: &str = "x-polyai-correlation-id";

/// What a listener needs.
#[derive(Clone)]
pub(crate) struct HostState {
    /// The kind of host.
    pub(crate) host: Host,
    /// Those whose requests it takes.
    pub(crate) accounts: Arc<Accounts>,
    /// The handlers.
    pub(crate) router: Arc<Router>,
}

/// The axum service of a host: every request goes through the operation table.
pub(crate) fn service(state: HostState) -> axum::Router {
    axum::Router::new().fallback(serve).with_state(state)
}

async fn serve(State(state): State<HostState>, request: Request) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let correlation_id = match header(request.headers(), CORRELATION) {
        Some(id) if id.len() <= 64 && id.bytes().all(is_id) => id.to_owned(),
        _ => state.accounts.first().uuid(),
    };
    let clock = &state.accounts.first().clock;
    let at_ms = clock.now_ms();
    let mut trouble = Trouble::default();
    let (operation, answer) = answer(&state, request, &mut trouble).await;
    let took_ms = clock.now_ms() - at_ms;
    let code =
        answer.as_ref().err().map(|(refusal, _)| refusal.code).filter(|code| !code.is_empty());
    let mut response = match answer {
        Ok(response) => response,
        Err((refusal, shape)) => refused(&refusal, shape, &correlation_id),
    };
    // A socket's faults befall its frames.
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response = spoil(response, trouble.answer, clock).await;
    }
    if let Ok(id) = HeaderValue::from_str(&correlation_id) {
        response.headers_mut().insert(CORRELATION, id);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Ok(methods) = HeaderValue::from_str(&allowed(state.host, &path))
    {
        response.headers_mut().insert(ALLOW, methods);
    }
    let status = response.status().as_u16();
    state.accounts.first().requests.push(RequestEntry {
        n: 0,
        host: state.host.as_str(),
        method,
        path,
        status,
        operation,
        code,
        faults: trouble.names,
        at: Timestamp::from_unix_ms(at_ms),
        took_ms,
        correlation_id,
    });
    response
}

type Answered = Result<Response, (Refusal, Shape)>;

/// What befalls a request: what is to happen to its answer, and what all of it is called.
#[derive(Default)]
struct Trouble {
    answer: Vec<(Fault, u64)>,
    names: Vec<&'static str>,
}

/// Answers; leaves in `trouble` what is to happen to the answer.
async fn answer(
    state: &HostState,
    request: Request,
    trouble: &mut Trouble,
) -> (Option<&'static str>, Answered) {
    let platform = state.accounts.first();
    let now_ms = platform.clock.now_ms();
    let (parts, body) = request.into_parts();
    if state.host == Host::Messaging && parts.uri.path() == "/ws" {
        let refused = |refusal| (refusal, Shape::Message);
        let answer = match misbehave(platform, SOCKET, &parts, trouble).await {
            Err(refusal) => Err(refused(refusal)),
            Ok(()) => socket::upgrade(&state.accounts, parts, now_ms).await.map_err(refused),
        };
        return (Some(SOCKET), answer);
    }
    if state.host == Host::Webrtc && parts.uri.path() == "/api/v1/webrtc/signal" {
        let refused = |refusal| (refusal, Shape::Error);
        let answer = match misbehave(platform, SIGNALLING, &parts, trouble).await {
            Err(refusal) => Err(refused(refusal)),
            Ok(()) => calls::upgrade(&state.accounts, parts).await.map_err(refused),
        };
        return (Some(SIGNALLING), answer);
    }
    let path = parts.uri.path();
    let found = match Method::parse(parts.method.as_str())
        .map(|m| find(host_of(state.host, path), m, path))
    {
        Some(Ok(found)) if is_served(state.accounts.region(), found.spec) => found,
        Some(Err(Miss::Method)) | None => {
            let text = "The method is not supported here.";
            return (None, Err((Refusal::new(405, "METHOD_NOT_ALLOWED", text), Shape::Envelope)));
        }
        Some(_) => {
            let text = "Nothing is served at this address.";
            return (None, Err((Refusal::new(404, "NOT_FOUND", text), Shape::Envelope)));
        }
    };
    let shape = Shape::of(found.spec);
    let answer = async {
        misbehave(platform, found.spec.id, &parts, trouble).await?;
        let body = to_bytes(body, body::limit(found.spec));
        let body = body.await.map_err(|_| body::too_large(found.spec))?;
        let query = parts.uri.query().unwrap_or_default();
        let raw = Raw { query, headers: &parts.headers, body: &body, now_ms };
        state.router.answer(&state.accounts, &found, &raw)
    };
    let answer = match answer.await {
        Ok(answer) => {
            platform.clock.sleep(answer.after_ms).await;
            let mut response = Response::new(match answer.body {
                Content::Whole(bytes) => Body::from(bytes),
                Content::Parts(parts) => {
                    Body::from_stream(stream::iter(parts.map(Ok::<_, Infallible>)))
                }
            });
            if let Ok(status) = StatusCode::from_u16(found.spec.success) {
                *response.status_mut() = status;
            }
            if let Some(content_type) = answer.content_type {
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            Ok(response)
        }
        Err(refusal) => Err((refusal, shape)),
    };
    (Some(found.spec.id), answer)
}

/// The vendor's file puts the gateway's health on the platform host as well.
fn host_of(host: Host, path: &str) -> Host {
    if host == Host::Platform && path == "/health" { Host::Webrtc } else { host }
}

/// The methods that an address knows, as `Allow` lists them.
fn allowed(host: Host, path: &str) -> String {
    let known =
        Method::ALL.iter().filter(|method| find(host_of(host, path), **method, path).is_ok());
    known.map(|method| method.as_str()).collect::<Vec<_>>().join(", ")
}

/// The self-serve cluster has no alerts, no webhooks and no messaging host.
const fn is_served(region: Region, spec: &OperationSpec) -> bool {
    !matches!(
        (region, spec.family),
        (Region::Studio, Family::Alerts | Family::Webhooks | Family::Messaging)
    )
}

/// Waits and fails as the fault switches say.
async fn misbehave(
    platform: &Platform,
    id: &str,
    parts: &Parts,
    trouble: &mut Trouble,
) -> Result<(), Refusal> {
    let fate = platform.faults.fate(id, platform.clock.now_ms());
    *trouble = Trouble { answer: fate.answer, names: fate.names };
    if fate.delay_ms > 0 {
        platform.clock.sleep(fate.delay_ms).await;
    }
    match fate.breach {
        None => return Ok(()),
        Some(Breach::Refusal(refusal)) => return Err(refusal),
        Some(Breach::HalfOpen) => platform.faults.wait_for_change().await,
        Some(Breach::Drop) => {}
    }
    if let Some(ConnectInfo(cut)) = parts.extensions.get::<ConnectInfo<Cut>>() {
        cut.cut();
    }
    // For the list of requests alone: nothing can be written any more.
    Err(Refusal::new(502, "", "The connection was broken."))
}

fn refused(refusal: &Refusal, shape: Shape, correlation_id: &str) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, refusal.body(shape, correlation_id));
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

fn json(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

const fn is_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

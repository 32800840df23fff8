//! The edge's own calls to the platform. Every address starts with a configured base.

use perch_api::families::chat::ChatPath;
use perch_api::families::messaging::{
    AccessToken, CreateSession, CreateSessionBody, CreatedSession,
};
use perch_api::families::webrtc::{IceServers, ListIceServers};
use perch_api::model::{Secret, SessionId};
use perch_api::operation::{CredentialKind, Empty, Json, Nothing, Operation, Payload, query};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::config::{Config, Site, Tenant};
use crate::error::Refusal;
use crate::glue;
use crate::keys::{self, Slot};
use crate::policy::bot_check::VERIFY_PATH;
use crate::policy::leak;
use crate::policy::summary::AGENT;
use crate::visitors::Redeemed;

/// Where the signed token of a verified context travels in the body that creates a session.
const CONTEXT_FIELD: &str = "context_token";

/// A platform session and the token that is bound to it.
pub(crate) struct Opened {
    pub(crate) access: Secret,
    pub(crate) session: SessionId,
    pub(crate) expires_in: u64,
}

/// Mints an access token for the site and creates a session with it. `vouched` is the signed token of what
/// the site's backend vouches for.
pub(crate) async fn open_session(
    config: &Config,
    site: &Site,
    vouched: Option<&Secret>,
) -> Result<Opened, Refusal> {
    let connector = keys::value(config, &site.tenant, Slot::MessagingConnector);
    let connector = connector.ok_or(Refusal::NotConfigured)?;
    let [token, host] = CredentialKind::MessagingConnector.headers() else {
        return Err(Refusal::Internal);
    };
    let lines = format!("{token}\n{}\n{host}\n{}", connector.expose(), site.x_host);
    let path = AccessToken::SPEC.path.to_owned();
    let minted = call::<AccessToken>(&site.tenant, &path, &lines, &Json(Nothing {})).await?;
    let lines = format!("Authorization\nBearer {}", minted.access_token.expose());
    let body = CreateSessionBody {
        streaming_enabled: site.streaming,
        platform: Some("web".to_owned()),
        ..CreateSessionBody::default()
    };
    let mut body = serde_json::to_value(body).map_err(|_| Refusal::Internal)?;
    if let (Some(fields), Some(vouched)) = (body.as_object_mut(), vouched) {
        // The platform documents the token and not the field it comes in: the name is to be confirmed.
        fields.insert(CONTEXT_FIELD.to_owned(), vouched.expose().into());
    }
    let path = CreateSession::SPEC.path.to_owned();
    let Json(CreatedSession { session_id, .. }) =
        send::<CreateSession>(&site.tenant, &path, &lines, &body.to_string()).await?;
    let session = session_id.0.ok_or(Refusal::UpstreamRefused)?;
    Ok(Opened { access: minted.access_token, session, expires_in: minted.expires_in })
}

/// One call of the chat family for the site's agent.
pub(crate) async fn chat<O: Operation<Path = ChatPath>>(
    config: &Config,
    site: &Site,
    body: &O::Request,
) -> Result<O::Response, Refusal> {
    let lines = keys::lines(config, &site.tenant, CredentialKind::Chat)?;
    let path = O::SPEC
        .path
        .replace("{version}", "v1")
        .replace("{account_id}", site.account_id.as_str())
        .replace("{project_id}", site.project_id.as_str());
    call::<O>(&site.tenant, &path, &lines, body).await
}

/// The servers that help the site's calls through firewalls.
pub(crate) async fn ice_servers(config: &Config, site: &Site) -> Result<IceServers, Refusal> {
    let lines = keys::lines(config, &site.tenant, CredentialKind::WebCalling)?;
    let path = ListIceServers::SPEC.path.to_owned();
    call::<ListIceServers>(&site.tenant, &path, &lines, &Empty).await
}

/// The address of the platform's socket.
pub(crate) fn socket_url(base: &str, kept: &Redeemed, cursor: Option<u64>) -> String {
    let cursor = cursor.map(|cursor| cursor.to_string());
    let pairs = [
        Some(("session_id", kept.platform.expose())),
        Some(("access_token", kept.access.expose())),
        cursor.as_deref().map(|cursor| ("cursor", cursor)),
    ];
    format!("{base}/ws?{}", query::write(pairs.into_iter().flatten()))
}

/// Whether the platform certainly did not take what it was sent: it said no, or nobody was there.
pub(crate) fn was_not_heard(refusal: Refusal) -> bool {
    matches!(
        refusal,
        Refusal::TooManyRequests | Refusal::SessionEnded | Refusal::UpstreamRedirected
    )
}

/// Asks the bot check's provider; nothing when no answer came.
pub(crate) async fn verify_check(config: &Config, form: &str) -> Option<(u16, String)> {
    let url = format!("{}{VERIFY_PATH}", config.check_base());
    let headers = format!(
        "user-agent\n{AGENT}\ncontent-type\napplication/x-www-form-urlencoded\naccept\napplication/json"
    );
    let sent = glue::exchange(&url, "POST", &headers, form);
    let answer = JsFuture::from(sent).await.ok()?;
    status_and_text(&answer)
}

async fn call<O: Operation>(
    tenant: &Tenant,
    path: &str,
    credentials: &str,
    body: &O::Request,
) -> Result<O::Response, Refusal> {
    let body = String::from_utf8(body.encode()).map_err(|_| Refusal::Internal)?;
    send::<O>(tenant, path, credentials, &body).await
}

async fn send<O: Operation>(
    tenant: &Tenant,
    path: &str,
    credentials: &str,
    body: &str,
) -> Result<O::Response, Refusal> {
    let base = tenant.base(O::SPEC.host).ok_or(Refusal::NotConfigured)?;
    let kind = O::Request::CONTENT_TYPE.unwrap_or("application/json");
    let headers = format!(
        "{credentials}\nuser-agent\n{AGENT}\ncontent-type\n{kind}\naccept\napplication/json"
    );
    let method = O::SPEC.method.as_str();
    let (status, text) = exchange(&format!("{base}{path}"), method, &headers, body).await?;
    match status {
        200..=299 => {}
        429 => return Err(Refusal::TooManyRequests),
        // The platform forgets conversations; nothing can be said in one any more.
        404 | 410 if O::SPEC.path.contains("/chat/") => return Err(Refusal::SessionEnded),
        _ => return Err(Refusal::UpstreamRefused),
    }
    // Whatever is read of it may be shown to a visitor.
    if leak::is_echo(credentials, &text) {
        return Err(Refusal::UpstreamRefused);
    }
    O::Response::decode(text.as_bytes()).map_err(|_| Refusal::UpstreamRefused)
}

/// One exchange that is read whole: status and text. Redirects are refused.
pub(crate) async fn exchange(
    url: &str,
    method: &str,
    headers: &str,
    body: &str,
) -> Result<(u16, String), Refusal> {
    let sent = glue::exchange(url, method, headers, body);
    let answer = JsFuture::from(sent).await.map_err(|_| Refusal::Internal)?;
    if let Some(failure) = answer.as_string() {
        return Err(match failure.as_str() {
            "timeout" => Refusal::UpstreamTimeout,
            _ => Refusal::UpstreamUnreachable,
        });
    }
    match status_and_text(&answer).ok_or(Refusal::Internal)? {
        (300..=399, _) => Err(Refusal::UpstreamRedirected),
        answer => Ok(answer),
    }
}

/// What the runtime gives for an answer; nothing for a failure, which is a text.
fn status_and_text(answer: &JsValue) -> Option<(u16, String)> {
    let parts: &js_sys::Array = answer.dyn_ref()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status has three digits; the cast saturates at anything else"
    )]
    let status = parts.get(0).as_f64()? as u16;
    Some((status, parts.get(1).as_string()?))
}

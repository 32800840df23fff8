//! `/visitor/socket`: a used-up ticket becomes a relayed socket.

use js_sys::{Array, Promise};
use perch_api::model::Secret;
use perch_api::operation::{Host, query};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use worker::Stub;

use super::object::BINDING;
use super::object::question::{Kept, Redeem};
use super::sealed::{self, Field};
use super::{Visit, object_name, read, site};
use crate::call::{Call, now};
use crate::config::Config;
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::glue;
use crate::policy::leak::Spellings;
use crate::policy::{frames, origin};
use crate::token::{self, Purpose};
use crate::upstream;

pub(super) async fn socket(
    call: &Call,
    config: &Config,
    page: &str,
    raw: &str,
) -> Result<JsValue, Refusal> {
    let asked = Asked::read(raw)?;
    let bought = redeem(call, config, page, (Purpose::Ticket, &asked.ticket)).await?;
    let Bought { visit, object, kept } = bought;
    let base = visit.site.tenant.base(Host::Messaging).ok_or(Refusal::NotConfigured)?;
    let url = upstream::socket_url(base, &kept, asked.cursor);
    let (life, over) = life(&visit);
    let spelled = Spellings::of(&kept.access).lines();
    let lines = lines(call, &visit, object)?;
    opened(glue::relay(&url, spelled.expose(), &lines, &call.context, life, over)).await
}

/// What a chat's ticket buys. It never leaves the worker.
pub(crate) struct Redeemed {
    /// The platform's access token.
    pub(crate) access: Secret,
    /// The platform's session id.
    pub(crate) platform: Secret,
}

/// The objects that may close a socket of this visit: its site's share and its session.
pub(super) fn lines(call: &Call, visit: &Visit<'_>, session: Stub) -> Result<Array, Refusal> {
    let share = site::share(call, visit.site, visit.claims.session)?;
    Ok(Array::of2(&share.into_rpc::<JsValue>(), &session.into_rpc::<JsValue>()))
}

/// The relay's response; a number is the status of a line that was refused.
pub(super) async fn opened(relay: Promise) -> Result<JsValue, Refusal> {
    let answer = JsFuture::from(relay).await.map_err(|_| Refusal::Internal)?;
    match answer.as_f64() {
        None => Ok(answer),
        Some(404.0) => Err(Refusal::TicketInvalid),
        Some(429.0) => Err(Refusal::TooManyRequests),
        Some(_) => Err(Refusal::LimiterDown),
    }
}

/// What a ticket bought.
pub(super) struct Bought<'a> {
    pub(super) visit: Visit<'a>,
    pub(super) object: Stub,
    pub(super) kept: Redeemed,
}

/// Uses a ticket of this purpose up, for a request that wants to be a socket.
pub(super) async fn redeem<'a>(
    call: &Call,
    config: &'a Config,
    page: &str,
    (purpose, ticket): (Purpose, &str),
) -> Result<Bought<'a>, Refusal> {
    if !config.lists_origin(page) {
        return Err(Refusal::OriginNotAllowed);
    }
    if call.header("upgrade").is_none_or(|value| !value.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::UpgradeRequired);
    }
    let visit = read(config, purpose, ticket, page).ok_or(Refusal::TicketInvalid)?;
    if !origin::is_listed(&visit.site.origins, page) {
        return Err(Refusal::OriginNotAllowed);
    }
    let object = stub(&call.env, BINDING, &object_name(visit.claims.session))?;
    let nonce = token::fingerprint(&visit.claims.nonce);
    let redeem = Redeem { nonce, when: visit.when(call).await? };
    let answer = ask(&object, "redeem", &redeem).await.map_err(|_| Refusal::LimiterDown)?;
    let kept: Kept = match answer.status {
        200 => answer.read()?,
        401 => return Err(Refusal::TicketInvalid),
        _ => return Err(Refusal::LimiterDown),
    };
    let session = visit.claims.session;
    let open = |field, sealed: &str| sealed::open(config, visit.site, field, session, sealed);
    let kept = Redeemed {
        access: open(Field::Access, &kept.access)?,
        platform: open(Field::Platform, &kept.platform)?,
    };
    Ok(Bought { visit, object, kept })
}

/// How many milliseconds a socket may live, and the code it then closes with.
pub(super) fn life(visit: &Visit<'_>) -> (f64, u16) {
    let (life, over) = frames::life(now(), visit.claims.absolute);
    #[allow(clippy::cast_precision_loss, reason = "hours in milliseconds")]
    let life = life.saturating_mul(1_000) as f64;
    (life, over)
}

struct Asked {
    ticket: String,
    cursor: Option<u64>,
}

impl Asked {
    fn read(raw: &str) -> Result<Self, Refusal> {
        let mut asked = Self { ticket: String::new(), cursor: None };
        for (name, value) in query::read(raw).ok_or(Refusal::BadPath)? {
            match name.as_str() {
                "ticket" if asked.ticket.is_empty() => asked.ticket = value,
                "cursor" if asked.cursor.is_none() => {
                    asked.cursor = Some(value.parse().map_err(|_| Refusal::QueryNotAllowed)?);
                }
                _ => return Err(Refusal::QueryNotAllowed),
            }
        }
        Ok(asked)
    }
}

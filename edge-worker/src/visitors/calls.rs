//! `/visitor/call/...`: a ticket, the signalling socket it buys, and servers that help through firewalls.

use std::cell::RefCell;
use std::collections::BTreeMap;

use perch_api::operation::{Host, Payload as _, query};
use wasm_bindgen::JsValue;

use super::object::BINDING;
use super::object::question::Count;
use super::{Visit, cors, session, socket};
use crate::call::{Call, now};
use crate::config::{Calls, Config, Site};
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::glue;
use crate::keys::{self, Slot};
use crate::policy::{ice, signalling::Opened};
use crate::token::Purpose;
use crate::upstream;

/// The gateway's socket.
const SIGNAL: &str = "/api/v1/webrtc/signal";

pub(super) async fn ticket(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let calls = calls(visit.site)?;
    let gate = stub(&call.env, BINDING, &format!("gate:calls:{}", visit.site.id))?;
    let count = Count { limit: calls.per_minute, now: now(), passing: true };
    let counted = ask(&gate, "count", &count).await.map_err(|_| Refusal::LimiterDown)?;
    match counted.status {
        200 => session::ticket(call, visit, Purpose::CallTicket).await,
        429 => session::wait_answer(call, &counted),
        _ => Err(Refusal::LimiterDown),
    }
}

pub(super) async fn socket(
    call: &Call,
    config: &Config,
    page: &str,
    raw: &str,
) -> Result<JsValue, Refusal> {
    let ticket = match query::read(raw).ok_or(Refusal::BadPath)?.as_slice() {
        [(name, ticket)] if name == "ticket" => ticket.clone(),
        _ => return Err(Refusal::QueryNotAllowed),
    };
    let bought = socket::redeem(call, config, page, (Purpose::CallTicket, &ticket)).await?;
    let visit = bought.visit;
    let site = visit.site;
    let calls = calls(site)?;
    let base = site.tenant.base(Host::Webrtc).ok_or(Refusal::NotConfigured)?;
    let token =
        keys::value(config, &site.tenant, Slot::WebCalling).ok_or(Refusal::NotConfigured)?;
    let marks = config.keys.call_keys(&visit.claims.session);
    let opened = Opened::write(&token, &marks, calls, (&site.account_id, &site.project_id));
    let (life, over) = socket::life(&visit);
    let lines = socket::lines(call, &visit, bought.object)?;
    socket::opened(glue::call(&format!("{base}{SIGNAL}"), &opened, &lines, life, over)).await
}

/// The gateway's list, at most [`ice::KEPT_SECONDS`] old: its passwords are good for a day and made for
/// browsers.
pub(super) async fn ice_servers(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    thread_local! {
        static KEPT: RefCell<BTreeMap<String, (u64, String)>> = const { RefCell::new(BTreeMap::new()) };
    }
    let site = visit.site;
    calls(site)?;
    let fresh = |(at, _): &&(u64, String)| now().saturating_sub(*at) < ice::KEPT_SECONDS;
    let kept = KEPT.with_borrow(|all| all.get(&site.id).filter(fresh).map(|one| one.1.clone()));
    if let Some(body) = kept {
        return Ok(call.json(200, &cors(call), &body));
    }
    let token = keys::value(visit.config, &site.tenant, Slot::WebCalling);
    let token = token.ok_or(Refusal::NotConfigured)?;
    let servers = ice::presentable(upstream::ice_servers(visit.config, site).await?, &token);
    let body = String::from_utf8(servers.encode()).map_err(|_| Refusal::Internal)?;
    // One for each configured site at most.
    KEPT.with_borrow_mut(|all| all.insert(site.id.clone(), (now(), body.clone())));
    Ok(call.json(200, &cors(call), &body))
}

fn calls(site: &Site) -> Result<&Calls, Refusal> {
    site.calls.as_ref().ok_or(Refusal::CallsOff)
}

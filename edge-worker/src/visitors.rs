//! The visitor plane: exact origins, signed tokens, no cookies.

mod calls;
mod chat;
mod check;
mod context;
mod object;
mod sealed;
mod session;
mod site;
mod socket;

pub(crate) use context::vouch;
pub(crate) use object::question::Standing;
pub(crate) use site::{standing, stop as stop_site};
pub(crate) use socket::Redeemed;

use wasm_bindgen::JsValue;

use crate::call::{Call, now};
use crate::config::{Config, Site};
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::policy::origin;
use crate::router::{Target, Visitor};
use crate::token::{self, Claims, Purpose};
use crate::vault;

/// Serves a visitor route.
pub(crate) async fn handle(
    call: &Call,
    route: Visitor,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let config = call.config()?;
    vault::fresh(call, &config).await?;
    if route == Visitor::Check {
        // A frame's first request names no page; its query does.
        return check::page(call, &config, target.query);
    }
    let page = call.origin().ok_or(Refusal::OriginNotAllowed)?;
    match route {
        Visitor::Check => Err(Refusal::UnknownRoute),
        Visitor::End => session::end(call, &signed(call, &config, page)?).await,
        Visitor::Session => session::session(call, &config, page).await,
        Visitor::Ticket => {
            session::ticket(call, &signed(call, &config, page)?, Purpose::Ticket).await
        }
        Visitor::Socket => socket::socket(call, &config, page, target.query).await,
        Visitor::ChatCreate => chat::create(call, &signed(call, &config, page)?).await,
        Visitor::ChatRespond => chat::respond(call, &signed(call, &config, page)?).await,
        Visitor::ChatClose => chat::close(call, &signed(call, &config, page)?).await,
        Visitor::CallTicket => calls::ticket(call, &signed(call, &config, page)?).await,
        Visitor::CallSocket => calls::socket(call, &config, page, target.query).await,
        Visitor::IceServers => calls::ice_servers(call, &signed(call, &config, page)?).await,
    }
}

/// The answer to a CORS preflight. Which site the page is for is not known yet, so any listed origin
/// may ask; the request itself is checked against its own site.
pub(crate) fn preflight(call: &Call) -> Result<JsValue, Refusal> {
    let config = call.config()?;
    let page = call.origin().filter(|page| config.lists_origin(page));
    let page = page.ok_or(Refusal::OriginNotAllowed)?;
    let headers = format!(
        "access-control-allow-origin\n{page}\nvary\nOrigin\naccess-control-allow-methods\nPOST\n\
         access-control-allow-headers\nauthorization, content-type\naccess-control-max-age\n600"
    );
    Ok(call.respond(204, &headers, None))
}

/// A refusal in the words of the plane: visitors' pages must be able to read theirs.
pub(crate) fn refuse(call: &Call, refusal: Refusal) -> JsValue {
    call.refuse(refusal, &cors(call))
}

/// CORS lines for the page of this request: its own origin when listed, `Vary` always.
pub(crate) fn cors(call: &Call) -> String {
    if Target::parse(call.url()).is_none_or(|target| !target.path.starts_with("/visitor/")) {
        return String::new();
    }
    let listed = |page: &&str| call.config().is_ok_and(|config| config.lists_origin(page));
    match call.origin().filter(listed) {
        Some(page) => format!(
            "\nvary\nOrigin\naccess-control-allow-origin\n{page}\naccess-control-expose-headers\nretry-after, x-request-id"
        ),
        None => "\nvary\nOrigin".to_owned(),
    }
}

/// Who calls, and for which site.
struct Visit<'a> {
    site: &'a Site,
    claims: Claims,
    config: &'a Config,
}

/// Reads the bearer token. It is good only on the origin it was made for, while that is listed.
fn signed<'a>(call: &Call, config: &'a Config, page: &str) -> Result<Visit<'a>, Refusal> {
    if !config.lists_origin(page) {
        return Err(Refusal::OriginNotAllowed);
    }
    let header = call.header("authorization").ok_or(Refusal::TokenInvalid)?;
    let token = header.strip_prefix("Bearer ").ok_or(Refusal::TokenInvalid)?;
    let visit = read(config, Purpose::Visitor, token, page).ok_or(Refusal::TokenInvalid)?;
    call.facts.borrow_mut().tenant.clone_from(&visit.site.id);
    Ok(visit)
}

fn read<'a>(config: &'a Config, purpose: Purpose, token: &str, page: &str) -> Option<Visit<'a>> {
    let claims = config.keys.verify(purpose, token, now()).ok()?;
    let site = config.site_by_tag(claims.site)?;
    let here = claims.origin == token::tag(page) && origin::is_listed(&site.origins, page);
    here.then_some(Visit { site, claims, config })
}

/// Ends one visitor's session and closes its sockets; false when there is none.
pub(crate) async fn end_session(call: &Call, id: &str) -> Result<bool, Refusal> {
    let session = token::bytes::<16>(id).ok_or(Refusal::UnknownRoute)?;
    let object = stub(&call.env, object::BINDING, &object_name(session))?;
    match ask(&object, "end", &()).await?.status {
        200 => Ok(true),
        404 => Ok(false),
        _ => Err(Refusal::LimiterDown),
    }
}

/// Has the object of a visitor's session panic.
#[cfg(feature = "panic-probe")]
pub(crate) async fn panic_in(call: &Call, id: &str) -> Result<u16, Refusal> {
    let session = token::bytes::<16>(id).ok_or(Refusal::UnknownRoute)?;
    let object = stub(&call.env, object::BINDING, &object_name(session))?;
    Ok(ask(&object, "panic", &()).await?.status)
}

/// The name of a session's object.
fn object_name(session: [u8; 16]) -> String {
    format!("session:{}", token::text(&session))
}

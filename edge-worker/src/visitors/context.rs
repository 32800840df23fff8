//! Verified context: `/site/{id}/context` for a site's backend, and what becomes of the claims.

use perch_api::model::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::object::BINDING;
use super::object::question::{Count, Keep, Take, Taken, Wait};
use super::{sealed, site};
use crate::call::{Call, now, random};
use crate::config::{Config, Site};
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::keys::{self, Slot};
use crate::policy::vouched::{self, HANDLE_SECONDS};
use crate::token;

/// Wrong secrets of one address in a minute before its next ones are not looked at.
const WRONG_PER_MINUTE: u32 = 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vouched {
    claims: Map<String, Value>,
}

#[derive(Serialize)]
struct Handed {
    handle: String,
    expires_in: u64,
}

/// Keeps a backend's claims until its visitor's widget comes with the handle.
pub(crate) async fn vouch(call: &Call, id: &str) -> Result<JsValue, Refusal> {
    let config = call.config()?;
    let site = config.site(id).ok_or(Refusal::UnknownRoute)?;
    let source = site.context.as_ref().ok_or(Refusal::UnknownRoute)?;
    let secret = source.key.as_ref().ok_or(Refusal::NotConfigured)?;
    call.facts.borrow_mut().tenant.clone_from(&site.id);
    // A browser names its page: whoever sends the secret from one has published it.
    if call.origin().is_some() {
        return Err(Refusal::ContextRefused);
    }
    if !vouched::is_backend(call.header("authorization").as_deref(), secret) {
        return wrong(call, site).await;
    }
    let given: Vouched = call.body().await?;
    if !vouched::is_lawful(&given.claims) {
        return Err(Refusal::ContextInvalid);
    }
    let handle: [u8; 16] = random()?;
    let name = token::fingerprint(&handle);
    let claims = serde_json::to_string(&given.claims).map_err(|_| Refusal::Internal)?;
    let keep = Keep {
        sealed: sealed::seal(&config, site, sealed::Field::Handed, handle, &Secret::new(claims))?,
        handle: name,
        expires: now().saturating_add(HANDLE_SECONDS),
        now: now(),
        limit: site.limits.contexts_per_minute,
    };
    let answer = ask(&site::own(call, site)?, "context-keep", &keep).await;
    let answer = answer.map_err(|_| Refusal::LimiterDown)?;
    match answer.status {
        201 => {
            let handed = Handed { handle: token::text(&handle), expires_in: HANDLE_SECONDS };
            let body = serde_json::to_string(&handed).map_err(|_| Refusal::Internal)?;
            Ok(call.json(201, "", &body))
        }
        429 => {
            let wait = answer.read::<Wait>()?.wait;
            Ok(call.refuse(Refusal::TooManyRequests, &format!("\nretry-after\n{wait}")))
        }
        _ => Err(Refusal::LimiterDown),
    }
}

/// Counts a wrong secret. Never one of the right secret: whoever guesses cannot lock the backend out.
async fn wrong(call: &Call, site: &Site) -> Result<JsValue, Refusal> {
    let object = stub(&call.env, BINDING, &format!("guess:{}:{}", site.id, call.caller()))?;
    let count = Count { limit: WRONG_PER_MINUTE, now: now(), passing: true };
    let answer = ask(&object, "count", &count).await.map_err(|_| Refusal::LimiterDown)?;
    if answer.status != 429 {
        return Err(Refusal::ContextRefused);
    }
    let wait = answer.read::<Wait>()?.wait;
    Ok(call.refuse(Refusal::TooManyRequests, &format!("\nretry-after\n{wait}")))
}

/// The claims behind a handle, once. A handle that is used or too old is no reason to refuse a chat: it
/// then begins without claims, and the answer says so.
pub(super) async fn take(
    call: &Call,
    config: &Config,
    site: &Site,
    handle: Option<&str>,
) -> Result<Option<Map<String, Value>>, Refusal> {
    let (Some(_), Some(handle)) = (&site.context, handle) else { return Ok(None) };
    let Some(handle) = token::bytes::<16>(handle) else { return Ok(None) };
    let take = Take { handle: token::fingerprint(&handle), now: now() };
    let answer = ask(&site::own(call, site)?, "context-take", &take).await;
    let answer = answer.map_err(|_| Refusal::LimiterDown)?;
    match answer.status {
        200 => {
            let taken: Taken = answer.read()?;
            let claims = sealed::open(config, site, sealed::Field::Handed, handle, &taken.sealed)?;
            serde_json::from_str(claims.expose()).map(Some).map_err(|_| Refusal::Internal)
        }
        404 => Ok(None),
        _ => Err(Refusal::LimiterDown),
    }
}

/// The signed token that tells the platform, made in the moment it is sent. Our session id is its
/// context id.
pub(super) fn token(
    config: &Config,
    site: &Site,
    session: [u8; 16],
    claims: Option<&Map<String, Value>>,
    at: u64,
) -> Option<Secret> {
    let key = |slot| keys::value(config, &site.tenant, slot);
    let (kid, secret) = (key(Slot::ContextKid)?, key(Slot::ContextSecret)?);
    vouched::token(kid.expose(), &secret, &token::text(&session), claims?, at)
}

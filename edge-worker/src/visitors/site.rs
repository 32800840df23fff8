//! A site's own affairs: whether it was stopped, and how many new sessions it takes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::Stub;

use super::object::BINDING;
use super::object::question::{Count, Standing, Wait};
use crate::call::{Call, now};
use crate::config::{Config, Site};
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;

/// The binding of the first, cheap limiter, where the deployment has one.
const FLOOD: &str = "PERCH_FLOOD";
/// Seconds for which an isolate believes what it knows of a site. Below the five within which a stop has
/// to work.
const FRESH_SECONDS: u64 = 3;
/// Objects that a site's open sockets are shared among.
const SHARES: u8 = 8;

thread_local! {
    // One entry per configured site.
    static KNOWN: RefCell<BTreeMap<[u8; 8], (u64, Standing)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether the site's visitors may go on.
pub(crate) async fn standing(call: &Call, site: &Site) -> Result<Standing, Refusal> {
    let tag = crate::token::tag(&site.id);
    let fresh = KNOWN.with_borrow(|known| {
        known.get(&tag).filter(|(at, _)| now().saturating_sub(*at) < FRESH_SECONDS).copied()
    });
    if let Some((_, standing)) = fresh {
        return Ok(standing);
    }
    let standing: Standing = limiter(ask(&own(call, site)?, "standing", &()).await, 200)?.read()?;
    KNOWN.with_borrow_mut(|known| known.insert(tag, (now(), standing)));
    Ok(standing)
}

/// Ends every session of the site that is open now, and opens it for new ones or closes it.
pub(crate) async fn stop(call: &Call, site: &Site, standing: Standing) -> Result<(), Refusal> {
    let mut objects = vec![own(call, site)?];
    for share in 0..SHARES {
        objects.push(stub(&call.env, BINDING, &share_name(site, share))?);
    }
    for object in &objects {
        limiter(ask(object, "stop", &standing).await, 200)?;
    }
    KNOWN.with_borrow_mut(|known| known.remove(&crate::token::tag(&site.id)));
    Ok(())
}

/// The object that counts and stops the site.
pub(super) fn own(call: &Call, site: &Site) -> Result<Stub, Refusal> {
    stub(&call.env, BINDING, &format!("site:{}", site.id))
}

/// The object that holds the control line of this session's sockets for the site.
pub(super) fn share(call: &Call, site: &Site, session: [u8; 16]) -> Result<Stub, Refusal> {
    let [first, ..] = session;
    stub(&call.env, BINDING, &share_name(site, first.checked_rem(SHARES).unwrap_or_default()))
}

fn share_name(site: &Site, share: u8) -> String {
    format!("lines:{}:{share}", site.id)
}

/// New sessions that were counted and may still come to nothing.
pub(super) struct Counted(Vec<Stub>);

impl Counted {
    /// Gives them back: the visitor is not to pay for the platform's failure.
    pub(super) async fn refund(self) {
        for object in self.0 {
            // A count too many is gone in a minute.
            let _ = ask(&object, "refund", &()).await;
        }
    }
}

/// Whether the caller's address may open one more session here.
pub(super) async fn admit_caller(
    call: &Call,
    site: &Site,
) -> Result<Result<Counted, u64>, Refusal> {
    let address = call.caller();
    let key = format!("{}|{address}", site.id);
    if !passes_flood(call, &key).await {
        return Ok(Err(10));
    }
    let object = stub(&call.env, BINDING, &format!("caller:{}:{address}", site.id))?;
    count(Counted(Vec::new()), object, site.sessions_per_minute, true).await
}

/// Whether the whole site may open one more.
pub(super) async fn admit_site(
    call: &Call,
    site: &Site,
    counted: Counted,
) -> Result<Result<Counted, u64>, Refusal> {
    count(counted, own(call, site)?, site.limits.site_sessions_per_minute, false).await
}

async fn count(
    mut counted: Counted,
    object: Stub,
    limit: u32,
    passing: bool,
) -> Result<Result<Counted, u64>, Refusal> {
    let answer = ask(&object, "count", &Count { limit, now: now(), passing }).await;
    let answer = answer.map_err(|_| Refusal::LimiterDown)?;
    match answer.status {
        200 => {
            counted.0.push(object);
            Ok(Ok(counted))
        }
        429 => {
            counted.refund().await;
            Ok(Err(answer.read::<Wait>()?.wait))
        }
        _ => Err(Refusal::LimiterDown),
    }
}

/// The limiter of the network, which counts per place and roughly; it takes the floods off the objects.
/// Without one, or when it fails, the exact limits behind it decide alone.
async fn passes_flood(call: &Call, key: &str) -> bool {
    let ask = || -> Result<Promise, JsValue> {
        let limiter = Reflect::get(call.env.unchecked_ref(), &FLOOD.into())?;
        let limit: Function = Reflect::get(&limiter, &"limit".into())?.dyn_into()?;
        let question = js_sys::Object::new();
        Reflect::set(&question, &"key".into(), &key.into())?;
        limit.call1(&limiter, &question)?.dyn_into()
    };
    let Ok(promise) = ask() else { return true };
    let Ok(answer) = JsFuture::from(promise).await else { return true };
    Reflect::get(&answer, &"success".into()).ok().and_then(|value| value.as_bool()) != Some(false)
}

/// The object's answer, which must have this status: what is not counted does not pass.
pub(super) fn limiter(answer: Result<Answer, Refusal>, status: u16) -> Result<Answer, Refusal> {
    answer.ok().filter(|answer| answer.status == status).ok_or(Refusal::LimiterDown)
}

/// The site an id names, or the one its list of agents has for this key or language.
///
/// A key that is not listed names nothing; a language that is not listed changes nothing.
pub(super) fn choose<'a>(
    config: &'a Config,
    site: &'a Site,
    agent: Option<&str>,
    language: Option<&str>,
) -> Option<&'a Site> {
    if let Some(agent) = agent {
        return config.site(site.agents.get(agent)?);
    }
    let language = language.unwrap_or_default().to_ascii_lowercase();
    let primary = language.split('-').next().unwrap_or_default();
    let listed = [language.as_str(), primary].into_iter().find_map(|tag| site.agents.get(tag));
    listed.map_or(Some(site), |id| config.site(id))
}

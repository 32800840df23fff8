//! Cloudflare Access in front of the worker: every request of an operator carries its token.
//!
//! A worker that is reached by another way gets none, so nothing is answered there. Tokens that were
//! verified are remembered by their hashes until they end.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::documents::verified;
use super::object::Arrival;
use super::session;
use crate::call::{Call, now};
use crate::config::{Access, Config, Identity as Source};
use crate::error::Refusal;
use crate::policy::claims::{Person, role};
use crate::policy::identity::{Identity, Provider};
use crate::policy::jws::Alg;
use crate::token;

const HEADER: &str = "cf-access-jwt-assertion";
// Tokens remembered per isolate; beyond, all are verified again.
const KEPT: usize = 1_000;

thread_local! {
    static VERIFIED: RefCell<BTreeMap<String, Rc<Person>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether the request's token, where one is asked for, was verified before and is the session's.
pub(super) fn admits(call: &Call, config: &Config, identity: &Identity) -> bool {
    let Source::Access(_) = &config.operators.identity else { return true };
    let person = call.header(HEADER).and_then(|header| remembered(&header));
    person.is_some_and(|person| agree(config, identity, &person))
}

/// Refuses a request without a good token, where one is asked for.
pub(super) async fn require(call: &Call, config: &Config) -> Result<(), Refusal> {
    match &config.operators.identity {
        Source::Access(access) => person(call, access).await.map(drop),
        _ => Ok(()),
    }
}

/// Opens a session for whom the token names.
pub(super) async fn sign_in(call: &Call, config: &Config) -> Result<JsValue, Refusal> {
    let Source::Access(access) = &config.operators.identity else {
        return Err(Refusal::BadBody);
    };
    let person = person(call, access).await?;
    let (role, pii) = role(&config.operators.rules, &person).ok_or(Refusal::NoRole)?;
    let (session, mut opening) = session::opening(call, now())?;
    opening.absolute = opening.absolute.min(person.expires);
    let arrival = Arrival {
        subject: person.subject.clone(),
        role: role.as_str().to_owned(),
        pii,
        provider: Provider::Access,
        // The token does not say when its owner was there.
        stepped: None,
        flow: None,
        replaced: session::known(call, config).ok().map(|known| token::fingerprint(&known.id())),
        opening,
    };
    let (identity, stored) = session::arrive(call, config, &session, &arrival).await?;
    session::welcome(call, config, &identity, &stored)
}

async fn person(call: &Call, access: &Access) -> Result<Rc<Person>, Refusal> {
    let token = call.header(HEADER).ok_or(Refusal::AccessRequired)?;
    if let Some(person) = remembered(&token) {
        return Ok(person);
    }
    // The keys of Access say RS256 themselves.
    let claims = verified(&token, &access.certs, &[Alg::Rs256], None).await;
    let claims = claims.map_err(|refusal| match refusal {
        Refusal::ProviderRefused => Refusal::AccessRequired,
        other => other,
    })?;
    let person = claims.access(access.parties(), now()).map_err(|_| Refusal::AccessRequired)?;
    let person = Rc::new(person);
    VERIFIED.with_borrow_mut(|verified| {
        if verified.len() >= KEPT {
            verified.clear();
        }
        verified.insert(token::fingerprint(token.as_bytes()), Rc::clone(&person));
    });
    Ok(person)
}

fn remembered(token: &str) -> Option<Rc<Person>> {
    let name = token::fingerprint(token.as_bytes());
    let person = VERIFIED.with_borrow(|verified| verified.get(&name).cloned());
    person.filter(|person| now() < person.expires)
}

// Also the role: who left a group has another one with the next token.
fn agree(config: &Config, identity: &Identity, person: &Person) -> bool {
    let mapped = || role(&config.operators.rules, person);
    identity.provider != Provider::Access
        || identity.subject == person.subject && mapped() == Some((identity.role, identity.pii))
}

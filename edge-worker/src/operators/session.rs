//! `/operator/session`: sign-in with the one-time token, who am I, sign-out.
//!
//! The cookie is signed and carries session id and role, so most requests are decided in the isolate.
//! Whether the session was ended or fell idle is asked of its Durable Object at most every
//! [`FRESH_SECONDS`]: that is how long a revoked session can live on in another isolate.

use std::cell::RefCell;
use std::collections::BTreeMap;

use perch_api::operation::Audience;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen::JsValue;

use super::object::{BINDING, Ended, NAME, SetUp, Touched};
use crate::call::{Call, now, random};
use crate::config::Config;
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::policy::cookie;
use crate::router::{Method, Target};
use crate::token::{self, Claims, Purpose};

/// Seconds after which a session is looked up again.
const FRESH_SECONDS: u64 = 30;
/// Seconds a session lives, however busy.
const ABSOLUTE_SECONDS: u64 = 12 * 3_600;
// Looked-up sessions kept per isolate; beyond, all are looked up again.
const KEPT: usize = 1_000;

thread_local! {
    static CHECKED: RefCell<BTreeMap<[u8; 16], u64>> = const { RefCell::new(BTreeMap::new()) };
}

/// A session whose cookie is authentic.
pub(crate) struct Known {
    pub(crate) role: Audience,
    id: [u8; 16],
    absolute: u64,
}

/// Reads the cookie.
pub(crate) fn known(call: &Call, config: &Config) -> Result<Known, Refusal> {
    let header = call.cookie().ok_or(Refusal::NotSignedIn)?;
    let value = cookie::read(header).ok_or(Refusal::NotSignedIn)?;
    let claims =
        config.keys.verify(Purpose::Operator, value, now()).map_err(|_| Refusal::NotSignedIn)?;
    let role = Audience::ALL.get(usize::from(claims.role)).copied().ok_or(Refusal::NotSignedIn)?;
    Ok(Known { role, id: claims.session, absolute: claims.absolute })
}

impl Known {
    /// Whether it was found alive a moment ago.
    pub(crate) fn is_fresh(&self) -> bool {
        CHECKED.with_borrow(|checked| {
            checked.get(&self.id).is_some_and(|at| now().saturating_sub(*at) < FRESH_SECONDS)
        })
    }

    /// Asks the object, unless that was done a moment ago.
    pub(crate) async fn check(&self, call: &Call) -> Result<(), Refusal> {
        if self.is_fresh() {
            return Ok(());
        }
        let object = stub(&call.env, BINDING, NAME)?;
        let touched = Touched { session: token::fingerprint(&self.id), now: now() };
        match ask(&object, "touch", &touched).await?.status {
            200 => {
                CHECKED.with_borrow_mut(|checked| {
                    if checked.len() >= KEPT {
                        checked.clear();
                    }
                    checked.insert(self.id, now());
                });
                Ok(())
            }
            401 => {
                CHECKED.with_borrow_mut(|checked| checked.remove(&self.id));
                Err(Refusal::NotSignedIn)
            }
            _ => Err(Refusal::Internal),
        }
    }
}

/// Serves the route.
pub(super) async fn handle(
    call: &Call,
    method: Method,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let config = call.config()?;
    match method {
        Method::Post if !cookie::is_stored(target.scheme, target.authority) => {
            Err(Refusal::InsecureOrigin)
        }
        Method::Post => sign_in(call, &config).await,
        Method::Delete => sign_out(call, &config).await,
        _ => {
            let known = known(call, &config)?;
            known.check(call).await?;
            Ok(call.json(200, "", &profile(&config, known.role, known.absolute)?))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    setup_token: perch_api::model::Secret,
}

async fn sign_in(call: &Call, config: &Config) -> Result<JsValue, Refusal> {
    let given: SignIn = call.body().await?;
    let setup = config.setup.as_ref().ok_or(Refusal::SetupInvalid)?;
    let at = now();
    let right = setup.token.ct_eq(given.setup_token.expose()) && at < setup.expires;
    let id = random::<16>()?;
    let object = stub(&call.env, BINDING, NAME)?;
    let question = SetUp {
        right,
        setup: token::fingerprint(setup.token.expose().as_bytes()),
        session: token::fingerprint(&id),
        caller: call.caller(),
        now: at,
        absolute: at.saturating_add(ABSOLUTE_SECONDS),
    };
    match ask(&object, "setup", &question).await?.status {
        201 => {}
        401 => return Err(Refusal::SetupInvalid),
        429 => return Ok(call.refuse(Refusal::TooManyRequests, "\nretry-after\n60")),
        _ => return Err(Refusal::Internal),
    }
    let role = Audience::Admin;
    let place = Audience::ALL.iter().position(|other| *other == role).unwrap_or_default();
    let claims = Claims {
        session: id,
        site: [0; 8],
        origin: [0; 8],
        nonce: [0; 16],
        role: u8::try_from(place).unwrap_or_default(),
        issued: at,
        expires: question.absolute,
        absolute: question.absolute,
    };
    let value = config.keys.sign(Purpose::Operator, &claims);
    let header = format!("\nset-cookie\n{}", cookie::write(&value, ABSOLUTE_SECONDS));
    Ok(call.json(200, &header, &profile(config, role, question.absolute)?))
}

async fn sign_out(call: &Call, config: &Config) -> Result<JsValue, Refusal> {
    if let Ok(known) = known(call, config) {
        CHECKED.with_borrow_mut(|checked| checked.remove(&known.id));
        let object = stub(&call.env, BINDING, NAME)?;
        let ended = Ended { session: token::fingerprint(&known.id) };
        if ask(&object, "end", &ended).await?.status != 200 {
            return Err(Refusal::Internal);
        }
    }
    let headers = format!("cache-control\nno-store\nset-cookie\n{}", cookie::write("", 0));
    Ok(call.respond(204, &headers, None))
}

fn profile(config: &Config, role: Audience, absolute: u64) -> Result<String, Refusal> {
    #[derive(Serialize)]
    struct Profile<'a> {
        subject: &'a str,
        role: &'a str,
        pii: bool,
        expires_in: u64,
        projects: &'a [crate::config::Project],
    }
    serde_json::to_string(&json!(Profile {
        subject: "setup",
        role: role.as_str(),
        pii: Audience::Analyst.admits(role),
        expires_in: absolute.saturating_sub(now()),
        projects: &config.projects,
    }))
    .map_err(|_| Refusal::Internal)
}

//! `/operator/session`: sign-in with the one-time token or by what Cloudflare Access says, who am I, sign-out.
//!
//! The cookie holds a signed session id and nothing else. Who that is, and whether the session still
//! lives, is asked of the Durable Object at most every [`FRESH_SECONDS`]: that is how long a session
//! that was ended elsewhere can live on in this isolate.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::access;
use super::object::{Arrival, BINDING, Ended, NAME, Opening, SetUp, Touched};
use crate::audit::{Deed, record};
use crate::call::{Call, now, random};
use crate::config::Config;
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;
use crate::policy::audit::Phase;
use crate::policy::identity::{ABSOLUTE_SECONDS, Identity};
use crate::policy::{agent, cookie};
use crate::router::{Method, Target};
use crate::token::{self, Claims, Purpose};

/// Seconds after which a session is looked up again.
const FRESH_SECONDS: u64 = 5;
// Looked-up sessions kept per isolate; beyond, all are looked up again.
const KEPT: usize = 1_000;

type Checked = BTreeMap<[u8; 16], (u64, Rc<Identity>)>;

thread_local! {
    static CHECKED: RefCell<Checked> = const { RefCell::new(BTreeMap::new()) };
}

/// A session whose cookie is authentic.
pub(crate) struct Known {
    id: [u8; 16],
}

/// Reads the cookie.
pub(crate) fn known(call: &Call, config: &Config) -> Result<Known, Refusal> {
    let header = call.cookie().ok_or(Refusal::NotSignedIn)?;
    let value = cookie::read(header).ok_or(Refusal::NotSignedIn)?;
    let claims =
        config.keys.verify(Purpose::Operator, value, now()).map_err(|_| Refusal::NotSignedIn)?;
    Ok(Known { id: claims.session })
}

/// Who calls, looked up when that was not done a moment ago.
pub(crate) async fn identify(call: &Call) -> Result<Rc<Identity>, Refusal> {
    let config = call.config()?;
    known(call, &config)?.check(call, &config).await
}

/// Forgets what this isolate knows of the sessions for which `gone` holds.
pub(super) fn forget(gone: impl Fn(&Identity) -> bool) {
    CHECKED.with_borrow_mut(|checked| checked.retain(|_, (_, identity)| !gone(identity)));
}

impl Known {
    /// The session's id.
    pub(super) fn id(&self) -> [u8; 16] {
        self.id
    }

    /// Who it is, if that was found out a moment ago.
    pub(crate) fn fresh(&self, call: &Call, config: &Config) -> Option<Rc<Identity>> {
        let fresh = CHECKED.with_borrow(|checked| {
            let (at, identity) = checked.get(&self.id)?;
            (now().saturating_sub(*at) < FRESH_SECONDS).then(|| Rc::clone(identity))
        });
        fresh.filter(|identity| access::admits(call, config, identity))
    }

    /// Asks the object, unless that was done a moment ago.
    pub(crate) async fn check(
        &self,
        call: &Call,
        config: &Config,
    ) -> Result<Rc<Identity>, Refusal> {
        access::require(call, config).await?;
        if let Some(identity) = self.fresh(call, config) {
            return Ok(identity);
        }
        let object = stub(&call.env, BINDING, NAME)?;
        let touched = Touched { session: token::fingerprint(&self.id), now: now() };
        let answer = ask(&object, "touch", &touched).await?;
        match answer.status {
            200 => {
                let identity = self.keep(&answer)?;
                let admitted = access::admits(call, config, &identity);
                if admitted { Ok(identity) } else { Err(Refusal::NotSignedIn) }
            }
            401 => {
                CHECKED.with_borrow_mut(|checked| checked.remove(&self.id));
                Err(Refusal::NotSignedIn)
            }
            _ => Err(Refusal::Internal),
        }
    }

    fn keep(&self, answer: &Answer) -> Result<Rc<Identity>, Refusal> {
        let identity: Rc<Identity> = Rc::new(answer.read()?);
        CHECKED.with_borrow_mut(|checked| {
            if checked.len() >= KEPT {
                checked.clear();
            }
            checked.insert(self.id, (now(), Rc::clone(&identity)));
        });
        Ok(identity)
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
            let identity = known(call, &config)?.check(call, &config).await?;
            Ok(call.json(200, "", &profile(&config, &identity)?))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    // Without it, somebody comes from Cloudflare Access.
    setup_token: Option<perch_api::model::Secret>,
}

async fn sign_in(call: &Call, config: &Config) -> Result<JsValue, Refusal> {
    access::require(call, config).await?;
    let given: SignIn = call.body().await?;
    let Some(given) = given.setup_token else { return access::sign_in(call, config).await };
    let setup = config.setup.as_ref().ok_or(Refusal::SetupInvalid)?;
    let at = now();
    let right = setup.token.ct_eq(given.expose()) && at < setup.expires;
    let (session, opening) = opening(call, at)?;
    let question = SetUp {
        right,
        setup: token::fingerprint(setup.token.expose().as_bytes()),
        caller: call.caller(),
        opening,
    };
    let object = stub(&call.env, BINDING, NAME)?;
    let answer = ask(&object, "setup", &question).await?;
    match answer.status {
        201 => {
            let (identity, stored) = opened(call, config, &session, &answer).await?;
            welcome(call, config, &identity, &stored)
        }
        401 => Err(Refusal::SetupInvalid),
        429 => Ok(call.refuse(Refusal::TooManyRequests, "\nretry-after\n60")),
        _ => Err(Refusal::Internal),
    }
}

/// Opens a session for somebody whom a provider sent; who it is, and the cookie.
pub(super) async fn arrive(
    call: &Call,
    config: &Config,
    session: &Known,
    arrival: &Arrival,
) -> Result<(Rc<Identity>, String), Refusal> {
    let object = stub(&call.env, BINDING, NAME)?;
    let answer = ask(&object, "arrive", arrival).await?;
    match answer.status {
        201 => opened(call, config, session, &answer).await,
        401 => Err(Refusal::ProviderRefused),
        _ => Err(Refusal::Internal),
    }
}

/// The answer that hands a new session's cookie over.
pub(super) fn welcome(
    call: &Call,
    config: &Config,
    identity: &Identity,
    stored: &str,
) -> Result<JsValue, Refusal> {
    Ok(call.json(200, &format!("\nset-cookie\n{stored}"), &profile(config, identity)?))
}

/// A new session's id, and what its object has to know of it.
pub(super) fn opening(call: &Call, at: u64) -> Result<(Known, Opening), Refusal> {
    let id = random::<16>()?;
    let opening = Opening {
        session: token::fingerprint(&id),
        agent: agent::class(&call.header("user-agent").unwrap_or_default()),
        now: at,
        absolute: at.saturating_add(ABSOLUTE_SECONDS),
    };
    Ok((Known { id }, opening))
}

/// Who has a new session, and its cookie, once it is recorded that there is one.
async fn opened(
    call: &Call,
    config: &Config,
    session: &Known,
    answer: &Answer,
) -> Result<(Rc<Identity>, String), Refusal> {
    let identity = session.keep(answer)?;
    let deed = Deed {
        phase: Phase::Done,
        action: "sessions.open",
        tenant: "",
        target: identity.provider.as_str(),
        status: 200,
    };
    record(call, Some(&identity), deed).await?;
    let claims = Claims {
        session: session.id,
        site: [0; 8],
        origin: [0; 8],
        nonce: [0; 16],
        role: 0,
        issued: identity.authenticated_at,
        expires: identity.absolute,
        absolute: identity.absolute,
    };
    let value = config.keys.sign(Purpose::Operator, &claims);
    Ok((identity, cookie::write(&value, ABSOLUTE_SECONDS)))
}

async fn sign_out(call: &Call, config: &Config) -> Result<JsValue, Refusal> {
    if let Ok(known) = known(call, config) {
        let who = known.check(call, config).await.ok();
        CHECKED.with_borrow_mut(|checked| checked.remove(&known.id));
        let object = stub(&call.env, BINDING, NAME)?;
        let ended = Ended { session: token::fingerprint(&known.id) };
        if ask(&object, "end", &ended).await?.status != 200 {
            return Err(Refusal::Internal);
        }
        let deed = Deed {
            phase: Phase::Done,
            action: "sessions.close",
            tenant: "",
            target: "",
            status: 204,
        };
        // Getting out must not depend on anything.
        if who.is_some() && record(call, who.as_deref(), deed).await.is_err() {
            worker::console_error!("audit: the end of a session is not recorded, {}", call.id);
        }
    }
    let headers = format!("cache-control\nno-store\nset-cookie\n{}", cookie::write("", 0));
    Ok(call.respond(204, &headers, None))
}

fn profile(config: &Config, identity: &Identity) -> Result<String, Refusal> {
    #[derive(Serialize)]
    struct Profile<'a> {
        subject: &'a str,
        role: &'a str,
        pii: bool,
        provider: crate::policy::identity::Provider,
        expires_in: u64,
        step_up_left: u64,
        projects: &'a [crate::config::Project],
    }
    serde_json::to_string(&Profile {
        subject: &identity.subject,
        role: identity.role.as_str(),
        pii: identity.pii,
        provider: identity.provider,
        expires_in: identity.absolute.saturating_sub(now()),
        step_up_left: identity.step_up_left(now()),
        projects: &config.projects,
    })
    .map_err(|_| Refusal::Internal)
}

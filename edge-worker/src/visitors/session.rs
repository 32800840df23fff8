//! `/visitor/session` and `/visitor/ticket`.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::object::{BINDING, Gate, Gated, Open, Resumed, Ticket};
use super::{Visit, cors, object_name, read};
use crate::call::{Call, now, random};
use crate::config::{Config, Site};
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;
use crate::policy::origin;
use crate::token::{self, Claims, Purpose};
use crate::upstream;

/// Seconds a visitor token lives; a new one costs a resume.
const TOKEN_SECONDS: u64 = 600;
/// Seconds a ticket lives.
const TICKET_SECONDS: u64 = 30;
/// Seconds a session lives at most, below the platform token's day.
const SESSION_SECONDS: u64 = 23 * 3_600;
/// New sessions of a whole site per minute, whoever asks.
const SITE_SESSIONS_PER_MINUTE: u32 = 600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    site: String,
    #[serde(default)]
    resume: Option<String>,
}

#[derive(Serialize)]
struct Granted<'a> {
    token: String,
    expires_in: u64,
    resume: String,
    session: String,
    resumed: bool,
    site: Shown<'a>,
}

#[derive(Serialize)]
struct Issued {
    ticket: String,
    expires_in: u64,
}

/// What the widget may know about its site.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    title: &'a str,
    agent_name: &'a str,
    accent: &'a str,
    streaming: bool,
}

pub(super) async fn session(call: &Call, config: &Config, page: &str) -> Result<JsValue, Refusal> {
    if !config.lists_origin(page) {
        return Err(Refusal::OriginNotAllowed);
    }
    let asked: Asked = call.body().await?;
    let site = config.site(&asked.site).ok_or(Refusal::UnknownRoute)?;
    call.facts.borrow_mut().tenant.clone_from(&site.id);
    if !origin::is_listed(&site.origins, page) {
        return Err(Refusal::OriginNotAllowed);
    }
    if let Some(handle) = &asked.resume
        && let Some(visit) = read(config, Purpose::Resume, handle, page)
        && visit.site.id == site.id
    {
        let object = stub(&call.env, BINDING, &object_name(visit.claims.session))?;
        let answer = ask(&object, "resume", &Resumed { now: now() }).await?;
        match answer.status {
            200 => return grant(call, config, site, &visit.claims, true),
            404 => {}
            429 => return wait(call, &answer),
            _ => return Err(Refusal::Internal),
        }
    }
    if let Some(answer) = over_limit(call, site).await? {
        return wait(call, &answer);
    }
    let opened = upstream::open_session(config, site).await?;
    let at = now();
    let claims = Claims {
        session: random()?,
        site: token::tag(&site.id),
        origin: token::tag(page),
        nonce: [0; 16],
        role: 0,
        issued: at,
        expires: at,
        absolute: at.saturating_add(SESSION_SECONDS.min(opened.expires_in)),
    };
    let object = stub(&call.env, BINDING, &object_name(claims.session))?;
    let open = Open {
        access: opened.access.expose(),
        platform: opened.session.as_str(),
        until: claims.absolute,
    };
    if ask(&object, "open", &open).await?.status != 201 {
        return Err(Refusal::Internal);
    }
    grant(call, config, site, &claims, false)
}

/// Issues a ticket, which says by its purpose what it buys.
pub(super) async fn ticket(
    call: &Call,
    visit: &Visit<'_>,
    purpose: Purpose,
) -> Result<JsValue, Refusal> {
    let at = now();
    let claims = Claims {
        nonce: random()?,
        issued: at,
        expires: at.saturating_add(TICKET_SECONDS),
        ..visit.claims
    };
    let object = stub(&call.env, BINDING, &object_name(claims.session))?;
    let ticket =
        Ticket { nonce: token::fingerprint(&claims.nonce), expires: claims.expires, now: at };
    let answer = ask(&object, "ticket", &ticket).await?;
    match answer.status {
        201 => {}
        404 => return Err(Refusal::SessionEnded),
        429 => return wait(call, &answer),
        _ => return Err(Refusal::Internal),
    }
    let issued =
        Issued { ticket: visit.config.keys.sign(purpose, &claims), expires_in: TICKET_SECONDS };
    json(call, 201, &issued)
}

pub(super) fn json(call: &Call, status: u16, body: &impl Serialize) -> Result<JsValue, Refusal> {
    let body = serde_json::to_string(body).map_err(|_| Refusal::Internal)?;
    Ok(call.json(status, &cors(call), &body))
}

/// The refusal for an object's 429, with the seconds it names.
pub(super) fn wait(call: &Call, answer: &Answer) -> Result<JsValue, Refusal> {
    let Gated { wait } = answer.read()?;
    let headers = format!("{}\nretry-after\n{wait}", cors(call));
    Ok(call.refuse(Refusal::TooManyRequests, &headers))
}

/// Counts the caller and the site; gives the refusing answer when either is over its limit.
async fn over_limit(call: &Call, site: &Site) -> Result<Option<Answer>, Refusal> {
    let address = call.caller();
    for (name, limit) in [
        (format!("gate:{}:{address}", site.id), site.sessions_per_minute),
        (format!("gate:{}", site.id), SITE_SESSIONS_PER_MINUTE),
    ] {
        let object = stub(&call.env, BINDING, &name)?;
        let answer = ask(&object, "gate", &Gate { limit, now: now() }).await?;
        if answer.status == 429 {
            return Ok(Some(answer));
        }
        if answer.status != 200 {
            return Err(Refusal::Internal);
        }
    }
    Ok(None)
}

fn grant(
    call: &Call,
    config: &Config,
    site: &Site,
    session: &Claims,
    resumed: bool,
) -> Result<JsValue, Refusal> {
    let at = now();
    let token = Claims { issued: at, expires: at.saturating_add(TOKEN_SECONDS), ..*session };
    let resume = Claims { issued: at, expires: session.absolute, ..*session };
    let granted = Granted {
        token: config.keys.sign(Purpose::Visitor, &token),
        expires_in: TOKEN_SECONDS.min(session.absolute.saturating_sub(at)),
        resume: config.keys.sign(Purpose::Resume, &resume),
        session: token::text(&session.session),
        resumed,
        site: Shown {
            id: &site.id,
            title: &site.title,
            agent_name: &site.agent_name,
            accent: &site.accent,
            streaming: site.streaming,
        },
    };
    json(call, if resumed { 200 } else { 201 }, &granted)
}

//! `/visitor/session`, `/visitor/ticket` and `/visitor/end`.

use perch_api::model::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::object::BINDING;
use super::object::question::{Open, Ticket, Wait, When};
use super::{Visit, check, context, cors, object_name, read, sealed, site};
use crate::call::{Call, now, random};
use crate::config::{Config, Site};
use crate::durable::{Answer, ask, stub};
use crate::error::Refusal;
use crate::policy::origin;
use crate::policy::theme::Theme;
use crate::token::{self, Claims, Purpose};
use crate::upstream;

/// Seconds a visitor token lives; a new one costs a resume.
const TOKEN_SECONDS: u64 = 600;
/// Seconds a ticket lives.
const TICKET_SECONDS: u64 = 30;
/// Seconds a session lives at most, below the platform token's day.
const SESSION_SECONDS: u64 = 23 * 3_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    site: String,
    /// The session to take up again.
    #[serde(default)]
    resume: Option<String>,
    /// Only that one: no new session when it is over.
    #[serde(default)]
    renew: bool,
    /// Another agent of the site, by its key.
    #[serde(default)]
    agent: Option<String>,
    /// The visitor's language, for sites with an agent for each.
    #[serde(default)]
    language: Option<String>,
    /// The handle of what the site's backend vouches for.
    #[serde(default)]
    context: Option<String>,
    /// The solved bot check.
    #[serde(default)]
    check: Option<check::Solved>,
}

#[derive(Serialize)]
struct Granted<'a> {
    token: String,
    expires_in: u64,
    resume: String,
    session: String,
    resumed: bool,
    /// Whether the agent was told what the site's backend vouches for.
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
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
    /// Whether visitors may call.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    calls: bool,
    theme: &'a Theme,
}

pub(super) async fn session(call: &Call, config: &Config, page: &str) -> Result<JsValue, Refusal> {
    if !config.lists_origin(page) {
        return Err(Refusal::OriginNotAllowed);
    }
    let asked: Asked = call.body().await?;
    let family = config.site(&asked.site).ok_or(Refusal::UnknownRoute)?;
    let site = site::choose(config, family, asked.agent.as_deref(), asked.language.as_deref())
        .ok_or(Refusal::UnknownRoute)?;
    call.facts.borrow_mut().tenant.clone_from(&site.id);
    if !origin::is_listed(&site.origins, page) {
        return Err(Refusal::OriginNotAllowed);
    }
    if let Some(handle) = &asked.resume
        && let Some(visit) = read(config, Purpose::Resume, handle, page)
        && (visit.site.id == family.id || family.agents.values().any(|id| *id == visit.site.id))
    {
        let when = visit.when(call).await?;
        let object = stub(&call.env, BINDING, &object_name(visit.claims.session))?;
        let answer = ask(&object, "resume", &when).await.map_err(|_| Refusal::LimiterDown)?;
        match answer.status {
            200 => return grant(call, config, visit.site, &visit.claims, true, None),
            404 => {}
            429 => return wait_answer(call, &answer),
            _ => return Err(Refusal::LimiterDown),
        }
    }
    if asked.renew {
        return Err(Refusal::SessionEnded);
    }
    create(call, config, page, site, &asked).await
}

async fn create(
    call: &Call,
    config: &Config,
    page: &str,
    site: &Site,
    asked: &Asked,
) -> Result<JsValue, Refusal> {
    if site::standing(call, site).await?.closed {
        return Err(Refusal::SiteClosed);
    }
    if let Some(needed) = check::needed(call, config, site, page, asked.check.as_ref())? {
        return Ok(needed);
    }
    let counted = match site::admit_caller(call, site).await? {
        Ok(counted) => counted,
        Err(seconds) => return Ok(wait(call, seconds)),
    };
    if let Some(refused) = check::passed(call, config, site, page, asked.check.as_ref()).await? {
        return Ok(refused);
    }
    let counted = match site::admit_site(call, site, counted).await? {
        Ok(counted) => counted,
        Err(seconds) => return Ok(wait(call, seconds)),
    };
    let claims = context::take(call, config, site, asked.context.as_deref()).await?;
    let session = random()?;
    match open(call, config, page, site, session, claims.as_ref()).await {
        Ok(made) => {
            let verified = asked.context.as_ref().map(|_| claims.is_some());
            grant(call, config, site, &made, false, verified)
        }
        Err(refusal) => {
            counted.refund().await;
            Err(refusal)
        }
    }
}

/// Creates the platform's session and keeps it, sealed, under a new id of ours.
async fn open(
    call: &Call,
    config: &Config,
    page: &str,
    site: &Site,
    session: [u8; 16],
    context: Option<&Map<String, Value>>,
) -> Result<Claims, Refusal> {
    let at = now();
    let vouched = context::token(config, site, session, context, at);
    let opened = upstream::open_session(config, site, vouched.as_ref()).await?;
    let claims = Claims {
        session,
        site: token::tag(&site.id),
        origin: token::tag(page),
        nonce: [0; 16],
        role: 0,
        issued: at,
        expires: at,
        absolute: at.saturating_add(SESSION_SECONDS.min(opened.expires_in)),
    };
    let object = stub(&call.env, BINDING, &object_name(session))?;
    let platform = Secret::new(opened.session.as_str().to_owned());
    let context = context.map(|claims| serde_json::to_string(claims).map(Secret::new));
    let context = context.transpose().map_err(|_| Refusal::Internal)?;
    let open = Open {
        access: sealed::seal(config, site, sealed::Field::Access, session, &opened.access)?,
        platform: sealed::seal(config, site, sealed::Field::Platform, session, &platform)?,
        context: context
            .map(|claims| sealed::seal(config, site, sealed::Field::Context, session, &claims))
            .transpose()?,
        limits: site.limits,
        opened: at,
        until: claims.absolute,
    };
    site::limiter(ask(&object, "open", &open).await, 201)?;
    Ok(claims)
}

/// Issues a ticket, which says by its purpose what it buys.
pub(super) async fn ticket(
    call: &Call,
    visit: &Visit<'_>,
    purpose: Purpose,
) -> Result<JsValue, Refusal> {
    let when = visit.when(call).await?;
    let claims = Claims {
        nonce: random()?,
        issued: when.now,
        expires: when.now.saturating_add(TICKET_SECONDS),
        ..visit.claims
    };
    let object = stub(&call.env, BINDING, &object_name(claims.session))?;
    let ticket = Ticket { nonce: token::fingerprint(&claims.nonce), expires: claims.expires, when };
    let answer = ask(&object, "ticket", &ticket).await.map_err(|_| Refusal::LimiterDown)?;
    match answer.status {
        201 => {}
        404 => return Err(Refusal::SessionEnded),
        429 => return wait_answer(call, &answer),
        _ => return Err(Refusal::LimiterDown),
    }
    let issued =
        Issued { ticket: visit.config.keys.sign(purpose, &claims), expires_in: TICKET_SECONDS };
    json(call, 201, &issued)
}

/// The visitor is done: nothing of the session may be used again, and its sockets close.
pub(super) async fn end(call: &Call, visit: &Visit<'_>) -> Result<JsValue, Refusal> {
    let object = stub(&call.env, BINDING, &object_name(visit.claims.session))?;
    let answer = ask(&object, "end", &()).await.map_err(|_| Refusal::LimiterDown)?;
    match answer.status {
        // Ending what is over changes nothing.
        200 | 404 => Ok(call.respond(204, &format!("cache-control\nno-store{}", cors(call)), None)),
        _ => Err(Refusal::LimiterDown),
    }
}

pub(super) fn json(call: &Call, status: u16, body: &impl Serialize) -> Result<JsValue, Refusal> {
    let body = serde_json::to_string(body).map_err(|_| Refusal::Internal)?;
    Ok(call.json(status, &cors(call), &body))
}

/// The refusal for an object's 429, with the seconds it names.
pub(super) fn wait_answer(call: &Call, answer: &Answer) -> Result<JsValue, Refusal> {
    Ok(wait(call, answer.read::<Wait>()?.wait))
}

/// The refusal of what is asked for too often.
pub(super) fn wait(call: &Call, seconds: u64) -> JsValue {
    let headers = format!("{}\nretry-after\n{seconds}", cors(call));
    call.refuse(Refusal::TooManyRequests, &headers)
}

impl Visit<'_> {
    /// Now, and what the site says of sessions that were opened earlier.
    pub(super) async fn when(&self, call: &Call) -> Result<When, Refusal> {
        let standing = site::standing(call, self.site).await?;
        Ok(When { now: now(), stopped: standing.before })
    }
}

fn grant(
    call: &Call,
    config: &Config,
    site: &Site,
    session: &Claims,
    resumed: bool,
    verified: Option<bool>,
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
        verified,
        site: Shown {
            id: &site.id,
            title: &site.title,
            agent_name: &site.agent_name,
            accent: &site.accent,
            streaming: site.streaming,
            calls: site.calls.is_some(),
            theme: &site.theme,
        },
    };
    json(call, if resumed { 200 } else { 201 }, &granted)
}

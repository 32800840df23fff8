//! The bot check before a new session, where its site asks for one.
//!
//! A session that needs a check is refused with a challenge: a signed token of ours that lives five
//! minutes. Its hash goes through the provider's script as `cdata` and comes back in the verified answer,
//! so an answer is good for the page, the site and the challenge it was solved for. The provider's script
//! runs in a frame of the edge's own, not in the customer's page.

use perch_api::operation::query;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::cors;
use crate::call::{Call, now, random};
use crate::config::{Config, Site};
use crate::error::Refusal;
use crate::policy::bot_check::{
    self, ANSWER_BYTES, BotCheck, CHALLENGE_SECONDS, Expected, OnOutage, Outcome, SCRIPT_PATH,
};
use crate::policy::origin;
use crate::router::Target;
use crate::token::{self, Claims, Purpose};
use crate::upstream;

const PAGE: &str = include_str!("check.html");

/// What the visitor sends back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Solved {
    /// Our challenge.
    challenge: String,
    /// The provider's answer to it.
    answer: String,
}

#[derive(Serialize)]
struct Posed<'a> {
    provider: &'a str,
    /// The page to frame; it reports the answer to its parent.
    frame: String,
    /// To be sent back with the answer.
    challenge: &'a str,
}

/// The refusal that asks for the check, when one is needed and none is sent.
pub(super) fn needed(
    call: &Call,
    config: &Config,
    site: &Site,
    page: &str,
    solved: Option<&Solved>,
) -> Result<Option<JsValue>, Refusal> {
    match (&site.bot_check, solved) {
        (Some(_), None) => challenge(call, config, site, page, Refusal::BotCheckNeeded).map(Some),
        _ => Ok(None),
    }
}

/// Verifies the answer; gives the refusal when it does not hold.
pub(super) async fn passed(
    call: &Call,
    config: &Config,
    site: &Site,
    page: &str,
    solved: Option<&Solved>,
) -> Result<Option<JsValue>, Refusal> {
    let (Some(check), Some(solved)) = (&site.bot_check, solved) else { return Ok(None) };
    let failed = || challenge(call, config, site, page, Refusal::BotCheckFailed).map(Some);
    let ours = config.keys.verify(Purpose::Challenge, &solved.challenge, now());
    let here =
        |claims: Claims| claims.site == token::tag(&site.id) && claims.origin == token::tag(page);
    if !ours.is_ok_and(here) || solved.answer.is_empty() || solved.answer.len() > ANSWER_BYTES {
        return failed();
    }
    let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
    let own = target.authority.split(':').next().unwrap_or_default();
    let expected = Expected {
        action: &check.action,
        hostname: check.hostname.as_deref().unwrap_or(own),
        cdata: &token::fingerprint(solved.challenge.as_bytes()),
    };
    match verify(call, config, check, &solved.answer, &expected).await? {
        Outcome::Passed => Ok(None),
        Outcome::Failed => failed(),
        Outcome::Misconfigured => Err(Refusal::NotConfigured),
        Outcome::Down if check.on_outage == OnOutage::Open => Ok(None),
        Outcome::Down => Err(Refusal::BotCheckDown),
    }
}

/// Asks the provider; once more when that came to nothing, under the same name, so that the answer is not
/// taken for used.
async fn verify(
    call: &Call,
    config: &Config,
    check: &BotCheck,
    answer: &str,
    expected: &Expected<'_>,
) -> Result<Outcome, Refusal> {
    let key = check.key.as_ref().ok_or(Refusal::NotConfigured)?;
    let name = bot_check::idempotency_key(random()?);
    let mut form =
        vec![("secret", key.expose()), ("response", answer), ("idempotency_key", name.as_str())];
    let address = call.header("cf-connecting-ip");
    if let Some(address) = &address {
        form.push(("remoteip", address));
    }
    let form = query::write(form);
    for _ in 0..2 {
        let outcome = match upstream::verify_check(config, &form).await {
            Some((status, text)) => bot_check::judge(status, &text, expected),
            None => Outcome::Down,
        };
        if outcome != Outcome::Down {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Down)
}

/// `GET /visitor/check`: the page that frames the provider's script for one listed page.
pub(super) fn page(call: &Call, config: &Config, raw: &str) -> Result<JsValue, Refusal> {
    let mut asked = query::read(raw).ok_or(Refusal::BadPath)?.into_iter();
    let (Some((first, id)), Some((second, page)), None) =
        (asked.next(), asked.next(), asked.next())
    else {
        return Err(Refusal::QueryNotAllowed);
    };
    if first != "site" || second != "page" {
        return Err(Refusal::QueryNotAllowed);
    }
    let site = config.site(&id).ok_or(Refusal::UnknownRoute)?;
    let check = site.bot_check.as_ref().ok_or(Refusal::UnknownRoute)?;
    if !origin::is_listed(&site.origins, &page) {
        return Err(Refusal::OriginNotAllowed);
    }
    let base = config.check_base();
    let nonce = token::text(&random::<16>()?);
    let body = PAGE
        .replace("NONCE", &nonce)
        .replace("SITE_KEY", &check.site_key)
        .replace("ACTION", &check.action)
        .replace("PAGE", &page)
        .replace("SCRIPT", &format!("{base}{}", SCRIPT_PATH.replace('&', "&amp;")));
    let headers = format!(
        "content-type\ntext/html; charset=utf-8\ncache-control\nno-store\ncontent-security-policy\n\
         default-src 'none'; script-src 'nonce-{nonce}' {base}; style-src 'nonce-{nonce}'; \
         frame-src {base}; connect-src {base}; img-src {base} data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors {page}"
    );
    Ok(call.respond(200, &headers, Some(&body)))
}

/// A refusal with a new challenge in it.
fn challenge(
    call: &Call,
    config: &Config,
    site: &Site,
    page: &str,
    refusal: Refusal,
) -> Result<JsValue, Refusal> {
    let at = now();
    let expires = at.saturating_add(CHALLENGE_SECONDS);
    let claims = Claims {
        session: [0; 16],
        site: token::tag(&site.id),
        origin: token::tag(page),
        nonce: random()?,
        role: 0,
        issued: at,
        expires,
        absolute: expires,
    };
    let challenge = config.keys.sign(Purpose::Challenge, &claims);
    let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
    let asked = query::write([("site", site.id.as_str()), ("page", page)]);
    let cdata = token::fingerprint(challenge.as_bytes());
    let check = Posed {
        provider: "turnstile",
        frame: format!("{}://{}/visitor/check?{asked}#{cdata}", target.scheme, target.authority),
        challenge: &challenge,
    };
    let check = serde_json::to_string(&check).map_err(|_| Refusal::Internal)?;
    let body = refusal.body(&call.id);
    let open = body.strip_suffix('}').unwrap_or(&body);
    Ok(call.json(refusal.status(), &cors(call), &format!(r#"{open},"check":{check}}}"#)))
}

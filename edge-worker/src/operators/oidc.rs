//! Signing in at an `OpenID` provider: there by `/operator/oidc`, back by `/signed-in`.
//!
//! With `?again=1` the provider is to ask for a fresh proof, which then counts as presence.

use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::documents::{document, verified};
use super::object::Arrival;
use super::session::{self, known};
use crate::call::{Call, now, random};
use crate::config::{Identity, Oidc};
use crate::error::Refusal;
use crate::policy::claims::role;
use crate::policy::cookie;
use crate::policy::identity::Provider;
use crate::policy::oidc::{Discovery, FLOW_SECONDS, Flow, authorization, basic, code, exchange};
use crate::policy::summary::AGENT;
use crate::router::Target;
use crate::token::{self, Claims, Purpose};
use crate::upstream;

/// Where the browser comes back.
const BACK: &str = "/signed-in";

/// Sends the browser to the provider.
pub(super) async fn begin(call: &Call, target: &Target<'_>) -> Result<JsValue, Refusal> {
    let config = call.config()?;
    let Identity::Oidc(oidc) = &config.operators.identity else {
        return Err(Refusal::UnknownRoute);
    };
    if !cookie::is_stored(target.scheme, target.authority) {
        return Err(Refusal::InsecureOrigin);
    }
    let again = match target.query {
        "" => false,
        "again=1" => true,
        _ => return Err(Refusal::QueryNotAllowed),
    };
    let found = discovery(oidc, config.operators.local).await?;
    let at = now();
    let expires = at.saturating_add(FLOW_SECONDS);
    let claims = Claims {
        session: random()?,
        site: [0; 8],
        origin: [0; 8],
        // The session that ends when this succeeds.
        nonce: known(call, &config).map_or([0; 16], |known| known.id()),
        role: u8::from(again),
        issued: at,
        expires,
        absolute: expires,
    };
    let value = config.keys.sign(Purpose::Flow, &claims);
    let asked = (oidc.client.as_str(), &*redirect(target), oidc.scope.as_str());
    let url = authorization(&found.authorization_endpoint, &Flow(&value), asked, again);
    let stored = cookie::write_flow(&value, FLOW_SECONDS);
    Ok(forward(call, &url, &stored))
}

/// Takes the browser back, exchanges the code and opens a session.
pub(super) async fn finish(call: &Call, target: &Target<'_>) -> Result<JsValue, Refusal> {
    #[derive(Deserialize)]
    struct Tokens {
        id_token: String,
    }
    let refused = |_| Refusal::ProviderRefused;
    let config = call.config()?;
    let Identity::Oidc(oidc) = &config.operators.identity else {
        return Err(Refusal::UnknownRoute);
    };
    let value = call.cookie().and_then(cookie::read_flow).ok_or(Refusal::ProviderRefused)?;
    let begun =
        config.keys.verify(Purpose::Flow, value, now()).map_err(|_| Refusal::ProviderRefused)?;
    let flow = Flow(value);
    let code = code(target.query, &flow, &oidc.issuer).map_err(refused)?;
    let found = discovery(oidc, config.operators.local).await?;
    let form = exchange(&code, &redirect(target), &flow);
    let headers = format!(
        "user-agent\n{AGENT}\naccept\napplication/json\ncontent-type\napplication/x-www-form-urlencoded\nauthorization\n{}",
        basic(&oidc.client, oidc.secret.expose())
    );
    let tokens: Tokens =
        match upstream::exchange(&found.token_endpoint, "POST", &headers, &form).await {
            Ok((200, text)) => serde_json::from_str(&text).map_err(|_| Refusal::ProviderRefused)?,
            Ok((400..=499, _)) => return Err(Refusal::ProviderRefused),
            _ => return Err(Refusal::ProviderUnreachable),
        };
    let claims =
        verified(&tokens.id_token, &found.jwks_uri, oidc.algorithms(), oidc.assumed).await?;
    let at = now();
    let is_fresh = claims.is_fresh(begun.issued);
    if begun.role == 1 && !is_fresh {
        return Err(Refusal::ProviderRefused);
    }
    let person =
        claims.id_token(oidc.parties(), &flow.nonce(), &oidc.groups, at).map_err(refused)?;
    let (role, pii) = role(&config.operators.rules, &person).ok_or(Refusal::NoRole)?;
    let (session, opening) = session::opening(call, at)?;
    let arrival = Arrival {
        subject: person.subject,
        role: role.as_str().to_owned(),
        pii,
        provider: Provider::Oidc,
        stepped: is_fresh.then_some(at),
        flow: Some((flow.used(), begun.expires)),
        replaced: (begun.nonce != [0; 16]).then(|| token::fingerprint(&begun.nonce)),
        opening,
    };
    let (_, stored) = session::arrive(call, &config, &session, &arrival).await?;
    if let Some(replaced) = &arrival.replaced {
        session::forget(|other| other.session == *replaced);
    }
    Ok(forward(call, "/console/", &stored))
}

async fn discovery(oidc: &Oidc, local: bool) -> Result<Discovery, Refusal> {
    let issuer = oidc.issuer.trim_end_matches('/');
    let url = format!("{issuer}/.well-known/openid-configuration");
    let read = |text: &str| Discovery::read(text, &oidc.issuer, local);
    let text = document(&url, false, |text| read(text).is_ok()).await?;
    read(&text).map_err(|_| Refusal::ProviderUnreachable)
}

// The provider compares it with those it was told of, so that an odd `Host` leads nowhere.
fn redirect(target: &Target<'_>) -> String {
    format!("{}://{}{BACK}", target.scheme, target.authority)
}

fn forward(call: &Call, url: &str, stored: &str) -> JsValue {
    let headers = format!("location\n{url}\ncache-control\nno-store\nset-cookie\n{stored}");
    call.respond(302, &headers, None)
}

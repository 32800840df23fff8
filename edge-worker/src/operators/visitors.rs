//! `/operator/visitors/{session}` and `/operator/sites/{id}`: ending chats.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::dutiful::change;
use super::session::identify;
use crate::call::{Call, now};
use crate::config::Site;
use crate::error::Refusal;
use crate::policy::identity::Identity;
use crate::router::{Method, Target};
use crate::visitors::{self, Standing};
use perch_api::operation::Audience;

/// What is asked of a site.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// End every chat that is open now.
    #[serde(default)]
    end_all: bool,
    /// Whether new ones are refused.
    closed: bool,
}

#[derive(Serialize)]
struct Shown {
    closed: bool,
    /// When all chats were ended last (Unix seconds); zero for never.
    ended_before: u64,
}

/// Ends one visitor's session, on its open sockets, too.
pub(super) async fn end(call: &Call, target: &Target<'_>) -> Result<JsValue, Refusal> {
    let identity = identify(call).await?;
    covered(&identity, Audience::Operator)?;
    let session = target.last_segment();
    change(call, &identity, ("visitors.end", session), async {
        if visitors::end_session(call, session).await? {
            Ok(call.respond(204, "cache-control\nno-store", None))
        } else {
            Err(Refusal::UnknownRoute)
        }
    })
    .await
}

/// Says how a site stands, or stops it.
pub(super) async fn site(
    call: &Call,
    method: Method,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let identity = identify(call).await?;
    let config = call.config()?;
    let site = config.site(target.last_segment()).ok_or(Refusal::UnknownRoute)?;
    if method == Method::Put {
        covered(&identity, Audience::Admin)?;
        let wish: Wish = call.body().await?;
        let before = if wish.end_all { now() } else { 0 };
        let action = match (wish.closed, wish.end_all) {
            (true, _) => "sites.close",
            (false, true) => "sites.end_all",
            (false, false) => "sites.open",
        };
        return change(call, &identity, (action, &site.id), async {
            visitors::stop_site(call, site, Standing { before, closed: wish.closed }).await?;
            shown(call, site).await
        })
        .await;
    }
    shown(call, site).await
}

async fn shown(call: &Call, site: &Site) -> Result<JsValue, Refusal> {
    let standing = visitors::standing(call, site).await?;
    let shown = Shown { closed: standing.closed, ended_before: standing.before };
    let body = serde_json::to_string(&shown).map_err(|_| Refusal::Internal)?;
    Ok(call.json(200, "", &body))
}

fn covered(identity: &Identity, needed: Audience) -> Result<(), Refusal> {
    if needed.admits(identity.role) { Ok(()) } else { Err(Refusal::RoleTooLow) }
}

//! The operator plane: same origin only, a cookie, and the platform's operations by table.

mod access;
mod documents;
mod dutiful;
mod handled;
mod object;
mod oidc;
mod proxy;
mod record;
pub(crate) mod session;
mod sessions;
mod spend;
mod status;
mod vault;
mod visitors;
mod webhooks;

pub(crate) use proxy::{Proxied, proxy};
use wasm_bindgen::JsValue;

use crate::call::Call;
use crate::error::Refusal;
use crate::policy::cross_site::{self, Provenance};
pub(crate) use crate::policy::identity::Identity;
use crate::router::{Method, Operator, Target};

/// Serves a route of the plane, for pages of the same origin.
pub(crate) async fn handle(
    call: &Call,
    route: Operator,
    method: Method,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    // Back from a provider's page; the sign-in's own cookie and state tell whose it is.
    if route != Operator::SignedIn {
        same_origin(call, method, target)?;
    }
    match route {
        Operator::SignIn => oidc::begin(call, target).await,
        Operator::SignedIn => oidc::finish(call, target).await,
        Operator::Session => session::handle(call, method, target).await,
        Operator::Sessions => sessions::handle(call, method).await,
        Operator::OneSession => sessions::end(call, target).await,
        Operator::Audit | Operator::AuditExport => record::handle(call, route, target).await,
        Operator::Metrics => status::metrics(call).await,
        Operator::VisitorSession => visitors::end(call, target).await,
        Operator::Site => visitors::site(call, method, target).await,
        Operator::Vault => vault::list(call).await,
        Operator::VaultKey => vault::key(call, method, target).await,
        Operator::Webhooks => {
            crate::vault::fresh(call, &*call.config()?).await?;
            webhooks::create(call).await
        }
        Operator::WebhookRotation => {
            crate::vault::fresh(call, &*call.config()?).await?;
            webhooks::rotate(call, target).await
        }
    }
}

fn same_origin(call: &Call, method: Method, target: &Target<'_>) -> Result<(), Refusal> {
    let from = Provenance { marker: call.marker(), site: call.fetch_site(), origin: call.origin() };
    cross_site::check(method, (target.scheme, target.authority), &from)
}

//! The operator plane: same origin only, a cookie, and the platform's operations by table.

mod dutiful;
mod handled;
mod object;
mod proxy;
mod record;
pub(crate) mod session;
mod sessions;
mod spend;
mod status;
mod visitors;

pub(crate) use proxy::{Proxied, proxy};
use wasm_bindgen::JsValue;

use crate::audit::Deed;
use crate::call::Call;
use crate::error::Refusal;
use crate::policy::audit::Phase;
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
    same_origin(call, method, target)?;
    let is_change = !matches!(method, Method::Get | Method::Head);
    // Whoever is not signed in changes nothing but that, and signing in is recorded where it succeeds.
    let Some(who) = (if is_change { session::identify(call).await.ok() } else { None }) else {
        return serve(call, route, method, target).await;
    };
    let name = call.facts.borrow().route.clone();
    let deed = Deed {
        phase: Phase::Intent,
        action: &format!("{name}.{}", method.as_str().to_ascii_lowercase()),
        tenant: "",
        target: target.path,
        status: 0,
    };
    dutiful::change(call, &who, deed, async || serve(call, route, method, target).await).await
}

async fn serve(
    call: &Call,
    route: Operator,
    method: Method,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    match route {
        Operator::Session => session::handle(call, method, target).await,
        Operator::Sessions => sessions::handle(call, method).await,
        Operator::OneSession => sessions::end(call, target).await,
        Operator::Audit | Operator::AuditExport => record::handle(call, route, target).await,
        Operator::Metrics => status::metrics(call).await,
        Operator::VisitorSession => visitors::end(call, target).await,
        Operator::Site => visitors::site(call, method, target).await,
    }
}

fn same_origin(call: &Call, method: Method, target: &Target<'_>) -> Result<(), Refusal> {
    let from = Provenance { marker: call.marker(), site: call.fetch_site(), origin: call.origin() };
    cross_site::check(method, (target.scheme, target.authority), &from)
}

//! What administrators may see of the running edge. For everybody else these routes do not exist.

use perch_api::operation::Audience;
use wasm_bindgen::JsValue;

use super::session;
use crate::call::Call;
use crate::error::Refusal;
use crate::{flow, glue};

/// The counters of the isolate that happens to answer.
pub(super) async fn metrics(call: &Call) -> Result<JsValue, Refusal> {
    administrator(call).await?;
    Ok(call.json(200, "", &glue::counted(&call.context, &flow::hosts())))
}

// Debugging routes are not even confirmed to exist.
async fn administrator(call: &Call) -> Result<(), Refusal> {
    let hidden = |_| Refusal::UnknownRoute;
    let config = call.config().map_err(hidden)?;
    let known = session::known(call, &config).map_err(hidden)?;
    let identity = known.check(call, &config).await.map_err(hidden)?;
    call.known(&identity);
    if identity.role == Audience::Admin { Ok(()) } else { Err(Refusal::UnknownRoute) }
}

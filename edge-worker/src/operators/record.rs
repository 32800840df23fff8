//! `/operator/audit`: the record of what operators did, for administrators.

use wasm_bindgen::JsValue;

use super::session::identify;
use crate::audit::{Deed, exported, record, shown};
use crate::call::{Call, now};
use crate::error::Refusal;
use crate::policy::audit::Phase;
use crate::router::{Operator, Target};

/// Serves a page of it, or all of it. Taking it away is recorded in it.
pub(super) async fn handle(
    call: &Call,
    route: Operator,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let identity = identify(call).await?;
    let mut deed =
        Deed { phase: Phase::Read, action: "audit.export", tenant: "", target: "", status: 200 };
    if !identity.is_admin() {
        return Err(Refusal::RoleTooLow);
    }
    if route == Operator::Audit {
        return shown(call, target.query).await;
    }
    if !target.query.is_empty() {
        return Err(Refusal::QueryNotAllowed);
    }
    if identity.step_up_left(now()) == 0 {
        deed.phase = Phase::Refused;
        deed.status = Refusal::StepUpNeeded.status();
        record(call, Some(&identity), deed).await?;
        return Err(Refusal::StepUpNeeded);
    }
    record(call, Some(&identity), deed).await?;
    exported(call).await
}

//! `/operator/audit`: the record of what operators did, for administrators.

use wasm_bindgen::JsValue;

use super::dutiful::present;
use super::vault::administrator;
use crate::audit::{Deed, exported, record, shown};
use crate::call::Call;
use crate::error::Refusal;
use crate::policy::audit::Phase;
use crate::router::{Operator, Target};

/// The action under which taking all of it away is recorded.
const EXPORT: &str = "audit.export";

/// Serves a page of it, or all of it. Taking it away is recorded in it.
pub(super) async fn handle(
    call: &Call,
    route: Operator,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let identity = administrator(call).await?;
    if route == Operator::Audit {
        return shown(call, target.query).await;
    }
    if !target.query.is_empty() {
        return Err(Refusal::QueryNotAllowed);
    }
    present(call, &identity, EXPORT, "").await?;
    let deed = Deed { phase: Phase::Read, action: EXPORT, tenant: "", target: "", status: 200 };
    record(call, Some(&identity), deed).await?;
    exported(call).await
}

//! An admitted request with duties: presence proved, recorded before and after, and only then answered.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::Identity;
use crate::audit::{Deed, record};
use crate::call::{Call, now};
use crate::error::Refusal;
use crate::glue;
use crate::masking;
use crate::policy::admit::Admitted;
use crate::policy::audit::Phase;
use crate::policy::personal::Filter;

/// Does what `send` does, under the duties of the request.
///
/// A change is recorded before it is sent, and its outcome before it is answered. Personal data is recorded
/// before it is handed out. What cannot be recorded is refused; only an outcome that cannot be
/// recorded is answered all the same, because it has happened: its intent stands in the record.
pub(super) async fn carry_out(
    call: &Call,
    who: &Identity,
    admitted: &Admitted,
    send: impl AsyncFnOnce() -> Result<JsValue, Refusal>,
) -> Result<JsValue, Refusal> {
    let duty = &admitted.duty;
    if duty.needs_presence && who.step_up_left(now()) == 0 {
        let refusal = Refusal::StepUpNeeded;
        note(call, who, admitted, Phase::Refused, refusal.status()).await?;
        return Err(refusal);
    }
    if !duty.is_recorded {
        let answer = send().await?;
        return match duty.filter {
            Filter::None => Ok(answer),
            Filter::Mask => masking::masked(&answer),
        };
    }
    if !duty.controls.is_change {
        let answer = send().await?;
        if let Err(refusal) = note(call, who, admitted, Phase::Read, status(&answer)).await {
            glue::discard(&answer);
            return Err(refusal);
        }
        return Ok(answer);
    }
    // A caller who goes away now must not take the outcome's row along.
    let _held = glue::hold(&call.context);
    note(call, who, admitted, Phase::Intent, 0).await?;
    let answer = send().await;
    let status = match &answer {
        Ok(answer) => status(answer),
        Err(refusal) => refusal.status(),
    };
    if note(call, who, admitted, Phase::Done, status).await.is_err() {
        worker::console_error!("audit: the outcome of {} is not recorded", call.id);
    }
    answer
}

/// Makes a change at the edge itself, recorded before and after like one at the platform. `target` is an id.
pub(super) async fn change(
    call: &Call,
    who: &Identity,
    (action, target): (&str, &str),
    make: impl Future<Output = Result<JsValue, Refusal>>,
) -> Result<JsValue, Refusal> {
    let deed = |phase, status| Deed { phase, action, tenant: "", target, status };
    let _held = glue::hold(&call.context);
    record(call, Some(who), deed(Phase::Intent, 0)).await?;
    let answer = make.await;
    let status = answer.as_ref().map_or_else(|refusal| refusal.status(), status);
    if record(call, Some(who), deed(Phase::Done, status)).await.is_err() {
        worker::console_error!("audit: the outcome of {} is not recorded", call.id);
    }
    answer
}

/// Lets only those go on who proved presence a moment ago; others are recorded.
pub(super) async fn present(
    call: &Call,
    who: &Identity,
    action: &str,
    target: &str,
) -> Result<(), Refusal> {
    if who.step_up_left(now()) > 0 {
        return Ok(());
    }
    let refusal = Refusal::StepUpNeeded;
    let (phase, status) = (Phase::Refused, refusal.status());
    record(call, Some(who), Deed { phase, action, tenant: "", target, status }).await?;
    Err(refusal)
}

/// A row about this request.
pub(super) async fn note(
    call: &Call,
    who: &Identity,
    admitted: &Admitted,
    phase: Phase,
    status: u16,
) -> Result<(), Refusal> {
    let deed = Deed {
        phase,
        action: admitted.spec.id,
        tenant: &admitted.tenant.name,
        target: &admitted.duty.target,
        status,
    };
    record(call, Some(who), deed).await
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a status has three digits; the cast saturates at anything else"
)]
fn status(answer: &JsValue) -> u16 {
    let status = Reflect::get(answer, &"status".into()).ok();
    status.and_then(|status| status.as_f64()).unwrap_or_default() as u16
}

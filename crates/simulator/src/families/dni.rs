//! Numbers lent to visitors.

use perch_api::families::dni::{Reserve, ReserveNumber, Reserved};
use perch_api::operation::Json;

use crate::dni::no_route;
use crate::router::{Answered, Call, Router};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router.on(ReserveNumber, reserve)
}

fn reserve(call: &Call<'_, ReserveNumber>) -> Answered<ReserveNumber> {
    let Json(Reserve { attributes }) = &call.request;
    // The key names the agent: the one that was there from the start.
    if !lock(&call.platform.agents).contains(call.platform.account.project_id) {
        return Err(no_route());
    }
    let mut pool = lock(&call.platform.numbers);
    let number = pool.reserve(attributes.clone(), call.now_ms)?.e164.clone();
    Ok((Json(Reserved { dni: number.into(), ..Reserved::default() }), 0))
}

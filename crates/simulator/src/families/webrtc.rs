//! Calls from browsers: what is asked over HTTP; the socket is in `crate::calls`.

use perch_api::families::webrtc::{Check, Health, ListIceServers};
use perch_api::operation::Json;

use crate::calls::turn;
use crate::keys::bearer;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};

pub(super) fn routes(router: Router) -> Router {
    router.on(Check, check).on(ListIceServers, ice_servers)
}

#[allow(clippy::unnecessary_wraps, reason = "what handlers give")]
fn check(call: &Call<'_, Check>) -> Answered<Check> {
    let health = Health {
        status: "healthy".to_owned().into(),
        active_sessions: (call.platform.calls.active() as u64).into(),
        ..Health::default()
    };
    Ok((Json(health), 0))
}

fn ice_servers(call: &Call<'_, ListIceServers>) -> Answered<ListIceServers> {
    // The header wins.
    let token = bearer(call.headers).or(call.query.token.as_deref()).unwrap_or_default();
    let keys = &call.platform.keys;
    if !keys.web_calling.ct_eq(token) && !keys.messaging_connector.ct_eq(token) {
        return Err(Refusal::new(401, "", "invalid auth token"));
    }
    Ok((turn::servers(call.now_ms), 0))
}

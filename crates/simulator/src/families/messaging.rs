//! The two plain requests of messaging; the socket is in `crate::socket`.

use perch_api::families::messaging::{
    AccessToken, AccessTokenReply, CreateSession, CreatedSession,
};
use perch_api::model::{Extra, Secret, SessionId};
use perch_api::operation::Json;

use crate::keys::{bearer, header, host_matches};
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::session;
use crate::tokens::TOKEN_SECONDS;

/// Domains registered for the connector; local names are there for development.
const HOSTS: [&str; 3] = ["shop.fernhill.example", "localhost", "127.0.0.1"];

pub(super) fn routes(router: Router) -> Router {
    router.on(AccessToken, access_token).on(CreateSession, create_session)
}

fn access_token(call: &Call<'_, AccessToken>) -> Answered<AccessToken> {
    let unauthorised = |text: &str| Refusal::new(401, "", text);
    let (Some(token), Some(host)) =
        (header(call.headers, "x-token"), header(call.headers, "x-host"))
    else {
        return Err(unauthorised("Missing authentication headers"));
    };
    if !call.platform.keys.messaging_connector.ct_eq(token) {
        return Err(unauthorised("Connector token does not exist"));
    }
    if !HOSTS.iter().any(|registered| host_matches(registered, host)) {
        return Err(unauthorised("Failed to validate connector"));
    }
    let access_token = Secret::new(call.platform.tokens.mint(call.now_ms));
    Ok((AccessTokenReply { access_token, expires_in: TOKEN_SECONDS }, 0))
}

fn create_session(call: &Call<'_, CreateSession>) -> Answered<CreateSession> {
    // The platform answers a missing header with 400 and a malformed one with 401.
    if !call.headers.contains_key("authorization") {
        return Err(Refusal::new(400, "", "Missing access token"));
    }
    let token = bearer(call.headers);
    let token = token.ok_or_else(|| Refusal::new(401, "", "Missing authentication headers"))?;
    if !call.platform.tokens.is_valid(token, call.now_ms) {
        return Err(Refusal::new(401, "", "Invalid access token"));
    }
    let Json(body) = &call.request;
    let failed = || Refusal::new(500, "", "Failed to create session");
    let id = call.platform.uuid();
    session::create(call.platform, &id, token, body.streaming_enabled).ok_or_else(failed)?;
    let session_id = SessionId::parse(&id).map_err(|_| failed())?;
    Ok((Json(CreatedSession { session_id: session_id.into(), extra: Extra::new() }), 0))
}

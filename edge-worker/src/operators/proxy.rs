//! `/api/...`: an admitted operation, the right key, and streams both ways.

use std::rc::Rc;

use js_sys::Promise;
use perch_api::operation::CORRELATION_HEADER;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::dutiful::carry_out;
use super::{Identity, handled, same_origin, session, spend};
use crate::call::Call;
use crate::config::Config;
use crate::error::Refusal;
use crate::glue;
use crate::keys;
use crate::policy::admit::{Admitted, admit};
use crate::policy::summary::AGENT;
use crate::router::{Method, Route, Target, route};

/// What a request turned into: on its way, or waiting for the session's object.
pub(crate) enum Proxied {
    /// Sent; wasm has no more part in it.
    Sent(Promise),
    /// Something has to be waited for first; then [`Pending::send`].
    Unchecked(Pending),
}

/// A request whose session has to be looked up first, or that has duties.
pub(crate) struct Pending {
    session: session::Known,
    config: Rc<Config>,
    method: Method,
}

/// Decides about a request, without waiting for anything.
pub(crate) fn proxy(
    call: &Call,
    method: Method,
    target: &Target<'_>,
    asked: (&str, &str),
) -> Result<Proxied, Refusal> {
    same_origin(call, method, target)?;
    let config = call.config()?;
    let session = session::known(call, &config)?;
    if let Some(identity) = session.fresh() {
        let admitted = admitted(call, &config, &identity, method, asked, target.query)?;
        if !admitted.duty.is_plain() {
            return Ok(Proxied::Unchecked(Pending { session, config, method }));
        }
        return send(call, &config, method, &admitted).map(Proxied::Sent);
    }
    Ok(Proxied::Unchecked(Pending { session, config, method }))
}

impl Pending {
    /// Looks the session up, decides, does its duties, sends.
    pub(crate) async fn send(&self, call: &Call) -> Result<JsValue, Refusal> {
        let identity = self.session.check(call).await?;
        let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
        let Route::Api { host, path } = route(self.method, &target)? else {
            return Err(Refusal::UnknownRoute);
        };
        let admitted =
            admitted(call, &self.config, &identity, self.method, (host, path), target.query)?;
        let controls = &admitted.duty.controls;
        if controls.is_cost {
            return spend::handle(call, &self.config, &identity, &admitted).await;
        }
        if controls.is_handled() {
            return handled::handle(call, &self.config, &identity, &admitted).await;
        }
        let sent = async || {
            let sent = send(call, &self.config, self.method, &admitted)?;
            JsFuture::from(sent).await.map_err(|_| Refusal::Internal)
        };
        carry_out(call, &identity, &admitted, sent).await
    }
}

fn admitted(
    call: &Call,
    config: &Config,
    identity: &Identity,
    method: Method,
    (host, path): (&str, &str),
    query: &str,
) -> Result<Admitted, Refusal> {
    call.known(identity);
    let admitted = admit(config, identity, method, (host, path, query), call.account())?;
    let mut facts = call.facts.borrow_mut();
    facts.operation = admitted.spec.id;
    config.name_of(&admitted.tenant).clone_into(&mut facts.tenant);
    Ok(admitted)
}

fn send(
    call: &Call,
    config: &Config,
    method: Method,
    admitted: &Admitted,
) -> Result<Promise, Refusal> {
    let credentials = keys::lines(config, &admitted.tenant, admitted.spec.credential)?;
    let order = [
        method.as_str(),
        &admitted.url,
        &call.id,
        "user-agent",
        AGENT,
        CORRELATION_HEADER,
        call.correlation(),
        "traceparent",
        &call.trace().header(),
        &credentials,
    ]
    .join("\n");
    Ok(glue::forward(&call.request, &call.context, &order, call.secure))
}

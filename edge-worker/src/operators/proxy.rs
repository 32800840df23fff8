//! `/api/...`: an admitted operation, the right key, and streams both ways.

use std::rc::Rc;

use js_sys::{Promise, Reflect};
use perch_api::operation::{CORRELATION_HEADER, OperationSpec, Safety};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::dutiful::carry_out;
use super::{Identity, handled, same_origin, session, spend};
use crate::call::{Call, now};
use crate::config::Config;
use crate::error::Refusal;
use crate::keys::vaulted;
use crate::policy::admit::{Admitted, admit};
use crate::policy::cache::{self, FRESH_MS, Key, STALE_MS};
use crate::policy::controls::{Again, Controls};
use crate::policy::lanes::Held;
use crate::policy::summary::AGENT;
use crate::policy::times::{Class, Times};
use crate::router::{Method, Route, Target, route};
use crate::{flow, glue, keys, token, vault};

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
    let fresh = session.fresh(call, &config).filter(|_| vaulted::is_fresh(now()));
    if let Some(identity) = fresh {
        let admitted = admitted(call, &config, &identity, method, asked, target.query)?;
        if !admitted.duty.is_plain() {
            return Ok(Proxied::Unchecked(Pending { session, config, method }));
        }
        return send(call, &config, &identity, method, &admitted).map(Proxied::Sent);
    }
    Ok(Proxied::Unchecked(Pending { session, config, method }))
}

impl Pending {
    /// Looks the session up, decides, does its duties, sends.
    pub(crate) async fn send(&self, call: &Call) -> Result<JsValue, Refusal> {
        let identity = self.session.check(call, &self.config).await?;
        vault::fresh(call, &self.config).await?;
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
            let sent = send(call, &self.config, &identity, self.method, &admitted)?;
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
    identity: &Identity,
    method: Method,
    admitted: &Admitted,
) -> Result<Promise, Refusal> {
    let Admitted { url, spec, tenant, duty } = admitted;
    let credentials = keys::lines(config, tenant, spec.credential)?;
    let base = tenant.base(spec.host).ok_or(Refusal::NotConfigured)?;
    let lane = match flow::enter(base, &format!("{} {}", tenant.name, spec.credential.as_str())) {
        Ok(lane) => lane,
        Err(held) => return Ok(Promise::resolve(&hold(call, held))),
    };
    let order = [
        method.as_str(),
        url,
        &call.id,
        &limits(config, spec, &duty.controls),
        &lane.number().to_string(),
        &keeping(call, identity, admitted, &credentials),
        &spec.credential.headers().len().to_string(),
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

// What JavaScript has to keep: body, answer, idle and whole time in milliseconds, largest body in bytes,
// and whether the request may be sent again.
fn limits(config: &Config, spec: &OperationSpec, controls: &Controls) -> String {
    let Times { body_ms, answer_ms, idle_ms, total_ms } =
        Class::of(spec).times().hurried(config.haste);
    let again = u8::from(controls.again == Again::Idempotent);
    format!("{body_ms} {answer_ms} {idle_ms} {total_ms} {} {again}", controls.body_bytes)
}

// What becomes of the answer in the isolate's cache; see cache.js.
fn keeping(call: &Call, identity: &Identity, admitted: &Admitted, credentials: &str) -> String {
    let Admitted { url, spec, tenant, .. } = admitted;
    let tag = || format!("{}:{}", tenant.account(), spec.family.as_str());
    if spec.safety != Safety::Read {
        return format!("drop {}", tag());
    }
    if !cache::is_kept(spec) {
        return String::new();
    }
    let name = Key {
        tenant: &tenant.name,
        role: identity.role.as_str(),
        pii: identity.pii,
        operation: spec.id,
        url,
        credentials,
        accept: &call.header("accept").unwrap_or_default(),
        language: &call.header("accept-language").unwrap_or_default(),
    }
    .name();
    format!("keep {} {FRESH_MS} {STALE_MS} {}", token::text(&name), tag())
}

fn hold(call: &Call, held: Held) -> JsValue {
    let (refusal, ms) = match held {
        Held::Resting(ms) => {
            // For the event; a note takes any member.
            let _ = Reflect::set(&call.context, &"breaker".into(), &"open".into());
            (Refusal::UpstreamResting, ms)
        }
        Held::Busy(ms) => (Refusal::UpstreamBusy, ms),
    };
    call.refuse(refusal, &format!("\nretry-after\n{}", ms.div_ceil(1_000)))
}

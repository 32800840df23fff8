//! `/api/...`: an admitted operation, the right key, and streams both ways.

use std::rc::Rc;

use js_sys::Promise;
use perch_api::operation::CORRELATION_HEADER;

use super::{same_origin, session};
use crate::call::Call;
use crate::config::Config;
use crate::error::Refusal;
use crate::glue;
use crate::policy::admit::{Admitted, admit, credential_lines};
use crate::policy::summary::AGENT;
use crate::router::{Method, Target};

/// What a request turned into: on its way, or waiting for the session's object.
pub(crate) enum Proxied {
    /// Sent; wasm has no more part in it.
    Sent(Promise),
    /// The session has to be looked up first; then [`Pending::send`].
    Unchecked(Pending),
}

/// A request that may go as soon as its session is known to be live.
pub(crate) struct Pending {
    pub(crate) session: session::Known,
    config: Rc<Config>,
    admitted: Admitted,
    method: Method,
}

/// Decides about a request, without waiting for anything.
pub(crate) fn proxy(
    call: &Call,
    method: Method,
    target: &Target<'_>,
    (host, path): (&str, &str),
) -> Result<Proxied, Refusal> {
    same_origin(call, method, target)?;
    let config = call.config()?;
    let known = session::known(call, &config)?;
    let admitted = admit(&config, known.role, method, (host, path, target.query))?;
    let pending = Pending { session: known, config, admitted, method };
    if pending.session.is_fresh() {
        pending.send(call).map(Proxied::Sent)
    } else {
        Ok(Proxied::Unchecked(pending))
    }
}

impl Pending {
    /// Sends it.
    pub(crate) fn send(&self, call: &Call) -> Result<Promise, Refusal> {
        let credentials = credential_lines(self.admitted.credential, &self.config.credentials)?;
        let order = [
            self.method.as_str(),
            &self.admitted.url,
            &call.id,
            "user-agent",
            AGENT,
            CORRELATION_HEADER,
            call.correlation(),
            &credentials,
        ]
        .join("\n");
        Ok(glue::forward(&call.request, &order, call.secure))
    }
}

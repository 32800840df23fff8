//! The operator plane: same origin only, a cookie, and the platform's operations by table.

mod object;
mod proxy;
mod session;

pub(crate) use proxy::{Proxied, proxy};
pub(crate) use session::handle;

use crate::call::Call;
use crate::error::Refusal;
use crate::policy::cross_site::{self, Provenance};
use crate::router::{Method, Target};

fn same_origin(call: &Call, method: Method, target: &Target<'_>) -> Result<(), Refusal> {
    let from = Provenance { marker: call.marker(), site: call.fetch_site(), origin: call.origin() };
    cross_site::check(method, (target.scheme, target.authority), &from)
}

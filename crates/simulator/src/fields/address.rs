//! Addresses of receivers.

use url::{Host, Url};

/// Whether a text is the address of a receiver on this machine that is spoken to with `http`.
pub(crate) fn is_local_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    local && url.scheme() == "http"
}

/// What holds for an address: `https`, or `http` on this machine.
pub(super) fn address(text: &str) -> Result<(), &'static str> {
    if is_local_address(text) {
        return Ok(());
    }
    Url::parse(text).map_err(|_| "Input should be a valid URL")?;
    if text.starts_with("https://") { Ok(()) } else { Err("URL scheme should be 'https'") }
}

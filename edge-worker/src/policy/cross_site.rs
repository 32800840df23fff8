//! What keeps other sites' pages away from the operator plane, besides the `SameSite` cookie.

use crate::error::Refusal;
use crate::router::Method;

/// What the browser says about a request.
pub struct Provenance<'a> {
    /// `X-Perch`, which a form or an image cannot send and a preflight would refuse.
    pub marker: Option<&'a str>,
    /// `Sec-Fetch-Site`.
    pub site: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
}

/// Refuses what did not start on the console's own pages; `own` is the edge's origin.
pub fn check(method: Method, own: (&str, &str), from: &Provenance<'_>) -> Result<(), Refusal> {
    if !matches!(from.site, None | Some("same-origin" | "none")) {
        return Err(Refusal::CrossSite);
    }
    let (scheme, authority) = own;
    let is_own = |origin: &str| {
        origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://")) == Some(authority)
    };
    if !from.origin.is_none_or(is_own) {
        return Err(Refusal::CrossSite);
    }
    if method != Method::Get && method != Method::Head && from.marker != Some("1") {
        return Err(Refusal::HeaderMissing);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: (&str, &str) = ("https", "console.test:8787");

    fn try_it(
        method: Method,
        marker: Option<&str>,
        site: Option<&str>,
        origin: Option<&str>,
    ) -> Option<Refusal> {
        check(method, OWN, &Provenance { marker, site, origin }).err()
    }

    #[test]
    fn own_pages_pass() {
        let own = Some("https://console.test:8787");
        assert_eq!(try_it(Method::Get, None, None, None), None);
        assert_eq!(try_it(Method::Get, None, Some("none"), None), None);
        assert_eq!(try_it(Method::Post, Some("1"), Some("same-origin"), own), None);
        assert_eq!(try_it(Method::Delete, Some("1"), None, None), None);
    }

    #[test]
    fn every_change_needs_the_header() {
        for method in [Method::Post, Method::Put, Method::Patch, Method::Delete, Method::Options] {
            for marker in [None, Some(""), Some("0"), Some("1, 1"), Some("true")] {
                assert_eq!(
                    try_it(method, marker, None, None),
                    Some(Refusal::HeaderMissing),
                    "{method:?}"
                );
            }
        }
    }

    #[test]
    fn other_sites_do_not_pass() {
        for site in ["cross-site", "same-site", "Same-Origin", "", "same-origin, none"] {
            assert_eq!(
                try_it(Method::Get, Some("1"), Some(site), None),
                Some(Refusal::CrossSite),
                "{site}"
            );
        }
        for origin in [
            "null",
            "https://console.test",
            "http://console.test:8787",
            "https://console.test:8787/",
            "https://console.test:87870",
            "https://evil.test",
            "https",
            "https://",
            "",
        ] {
            assert_eq!(
                try_it(Method::Get, Some("1"), None, Some(origin)),
                Some(Refusal::CrossSite),
                "{origin}"
            );
        }
    }
}

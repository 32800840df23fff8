//! Header allow-lists. What is not named here does not cross the edge, in either direction.

use perch_api::operation::is_correlation_id;

/// Request headers that travel to the platform with every request, in lower case.
///
/// Absent here and below on purpose: cookies, `authorization` and every key header (the edge sets its
/// own), `host`, `origin`, forwarding and hop-by-hop headers, `expect`, and `accept-encoding` (the
/// runtime's own business).
pub const REQUEST: [&str; 2] = ["accept", "accept-language"];
/// Those that travel with a GET, unless its answer is kept for others, too.
pub const REQUEST_GET: [&str; 3] = ["if-none-match", "if-range", "range"];
/// Those that travel with a body.
pub const REQUEST_BODY: [&str; 1] = ["content-type"];

/// Response headers that travel back to the operator with every answer, in lower case.
///
/// Absent here and below on purpose: `set-cookie`, `server`, the platform's CORS, CSP and caching
/// wishes, `location`, `content-encoding` (bodies are read, so they are unpacked), and anything hop-by-hop.
pub const RESPONSE: [&str; 3] = ["content-type", "etag", "x-polyai-correlation-id"];
/// Those that travel with anything but a JSON body of status 200. Each look-up costs.
pub const RESPONSE_ODD: [&str; 5] =
    ["accept-ranges", "content-disposition", "content-language", "content-range", "retry-after"];

/// What the platform is to call an exchange: the caller's word for it where it is a plain one, else ours.
///
/// So both ends, and the worker's own log, can be searched for the same name. Nothing else that a caller
/// says about an exchange reaches the platform's logs.
pub fn correlation<'a>(given: Option<&'a str>, own: &'a str) -> &'a str {
    given.filter(|id| is_correlation_id(id)).unwrap_or(own)
}

/// On every response but a socket upgrade.
pub const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Two years, sub-domains left to the owner of the domain. Sent over https only.
pub const STRICT_TRANSPORT: (&str, &str) = ("strict-transport-security", "max-age=63072000");

/// The console's own policy: scripts from its origin, wasm, nothing inline, nothing framed.
pub const CONSOLE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' blob:; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t24_t25_nothing_dangerous_is_listed() {
        let sent = [REQUEST.as_slice(), &REQUEST_GET, &REQUEST_BODY].concat();
        let received = [RESPONSE.as_slice(), &RESPONSE_ODD].concat();
        for name in [
            "cookie",
            "authorization",
            "host",
            "origin",
            "referer",
            "expect",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy-authorization",
            "x-api-key",
            "x-token",
            "x-host",
            "x-polyai-auth-token",
            "x-forwarded-for",
            "x-forwarded-host",
            "cf-connecting-ip",
            "true-client-ip",
            "forwarded",
            "x-real-ip",
            "content-encoding",
            "content-length",
            "user-agent",
        ] {
            assert!(!sent.contains(&name), "{name}");
        }
        for name in [
            "set-cookie",
            "server",
            "location",
            "access-control-allow-origin",
            "vary",
            "via",
            "access-control-allow-credentials",
            "content-security-policy",
            "connection",
            "transfer-encoding",
            "content-encoding",
            "x-powered-by",
            "www-authenticate",
            "alt-svc",
            "cache-control",
            "strict-transport-security",
            "x-api-key",
            "clear-site-data",
            "refresh",
            "link",
        ] {
            assert!(!received.contains(&name), "{name}");
        }
    }

    #[test]
    fn a_plain_name_is_the_callers_and_any_other_ours() {
        let longest = "x".repeat(64);
        for plain in ["web-7f3a.c:9_Z", "1", &longest] {
            assert_eq!(correlation(Some(plain), "own-1"), plain);
        }
        let longer = "x".repeat(65);
        for odd in ["", " ", "a b", "a\tb", "a,b", "a\"b", "<a>", "\u{e9}", "a/b", "a%0d", &longer]
        {
            assert_eq!(correlation(Some(odd), "own-1"), "own-1", "{odd:?}");
        }
        assert_eq!(correlation(None, "own-1"), "own-1");
    }

    #[test]
    fn lists_are_lower_case_and_sorted() {
        for list in [REQUEST.as_slice(), &REQUEST_GET, &REQUEST_BODY, &RESPONSE, &RESPONSE_ODD] {
            assert!(list.is_sorted());
            assert!(
                list.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
            );
        }
    }

    #[test]
    fn the_console_runs_no_inline_script() {
        assert!(!CONSOLE_CSP.contains("unsafe-inline"));
        assert!(!CONSOLE_CSP.contains("'unsafe-eval'"));
        assert!(CONSOLE_CSP.contains("frame-ancestors 'none'"));
    }
}

//! The operator's cookie.

/// The cookie's name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const NAME: &str = "__Host-perch";

/// The cookie of a sign-in under way at a provider.
const FLOW: &str = "__Host-perch-flow";

/// The cookie's value in a `Cookie` header. Two cookies of the name are none: one may be planted.
pub fn read(header: &str) -> Option<&str> {
    only(header, NAME)
}

/// The value of the cookie of a sign-in under way.
pub fn read_flow(header: &str) -> Option<&str> {
    only(header, FLOW)
}

/// The `Set-Cookie` value of a sign-in under way. The provider's page leads back to it, so it cannot be strict.
pub fn write_flow(value: &str, seconds: u64) -> String {
    format!("{FLOW}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

fn only<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let mut values = header
        .split(';')
        .filter_map(|part| part.trim_matches(' ').split_once('='))
        .filter_map(|(name, value)| (name == wanted).then_some(value));
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// The `Set-Cookie` value that stores a session for `seconds`; zero removes it.
pub fn write(value: &str, seconds: u64) -> String {
    format!("{NAME}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

/// Whether a browser stores such a cookie from this origin: over https, or from this very machine.
pub fn is_stored(scheme: &str, authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    scheme == "https" || matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_origins_are_https_or_local() {
        for authority in ["localhost", "localhost:8787", "127.0.0.1:8787", "[::1]", "[::1]:8787"] {
            assert!(is_stored("http", authority), "{authority}");
        }
        for authority in [
            "192.168.1.5:8787",
            "edge.example",
            "localhost.evil.example:80",
            "127.0.0.2",
            "[::2]:1",
            "",
        ] {
            assert!(!is_stored("http", authority), "{authority}");
            assert!(is_stored("https", authority), "{authority}");
        }
    }

    #[test]
    fn the_one_cookie_is_found() {
        assert_eq!(read("__Host-perch=abc"), Some("abc"));
        assert_eq!(read("a=b; __Host-perch=abc; c=d"), Some("abc"));
        for none in [
            "",
            "a=b",
            "perch=abc",
            "__host-perch=abc",
            "x__Host-perch=abc",
            "__Host-perch",
            "__Host-perch=a; __Host-perch=b",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn a_sign_in_under_way_has_a_cookie_of_its_own() {
        let both = "__Host-perch=a; __Host-perch-flow=b";
        assert_eq!((read(both), read_flow(both)), (Some("a"), Some("b")));
        assert_eq!(read_flow("__Host-perch-flow=a; __Host-perch-flow=b"), None);
        assert_eq!(
            write_flow("v", 600),
            "__Host-perch-flow=v; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn the_cookie_carries_every_attribute() {
        assert_eq!(
            write("v", 60),
            "__Host-perch=v; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Strict"
        );
    }
}

//! The operator's cookie.

/// The cookie's name; the prefix makes browsers insist on `Secure`, `Path=/` and no `Domain`.
pub const NAME: &str = "__Host-perch";

/// The cookie's value in a `Cookie` header. Two cookies of the name are none: one may be planted.
pub fn read(header: &str) -> Option<&str> {
    let mut values = header
        .split(';')
        .filter_map(|part| part.trim_matches(' ').split_once('='))
        .filter_map(|(name, value)| (name == NAME).then_some(value));
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
    fn the_cookie_carries_every_attribute() {
        assert_eq!(
            write("v", 60),
            "__Host-perch=v; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Strict"
        );
    }
}

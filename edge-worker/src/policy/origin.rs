//! Exact origins: a list entry matches byte by byte or not at all.

/// Whether a text is an origin worth listing: `https://host[:port]`, or `http` for local work.
///
/// Lower case, no path, no user, no wildcard, no default port, no trailing dot: the one spelling a
/// browser sends. `null` is never an origin here.
pub fn is_well_formed(origin: &str) -> bool {
    let (default_port, rest) = if let Some(rest) = origin.strip_prefix("https://") {
        ("443", rest)
    } else if let Some(rest) = origin.strip_prefix("http://") {
        ("80", rest)
    } else {
        return false;
    };
    let (host, port) = match rest.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (rest, None),
    };
    let port_ok = port.is_none_or(|port| {
        port != default_port && !port.starts_with('0') && port.parse::<u16>().is_ok()
    });
    port_ok && host.split('.').all(is_label)
}

/// Whether the page's origin is exactly one of the listed.
pub fn is_listed(listed: &[String], origin: &str) -> bool {
    listed.iter().any(|entry| entry == origin)
}

fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty()
        && label.len() <= 63
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t11_only_the_exact_origin_is_listed() {
        let listed = vec!["https://good.com".to_owned(), "http://localhost:8788".to_owned()];
        assert!(is_listed(&listed, "https://good.com"));
        assert!(is_listed(&listed, "http://localhost:8788"));
        for origin in [
            "null",
            "",
            "https://good.com.evil.com",
            "https://evil-good.com",
            "https://sub.good.com",
            "http://good.com",
            "https://good.com:443",
            "https://good.com:8443",
            "https://GOOD.com",
            "https://good.com.",
            "https://good.com/",
            "https://xn--god-jna.com",
            "https://göod.com",
            "https://good.com,https://evil.com",
            "https://good.com https://evil.com",
            "https://good.co",
            "http://localhost:8787",
            "https://user@good.com",
            "https://good.com\0",
        ] {
            assert!(!is_listed(&listed, origin), "{origin:?}");
        }
    }

    #[test]
    fn a_list_holds_browser_spellings_only() {
        for origin in [
            "https://shop.fernhill.example",
            "http://localhost:8788",
            "http://127.0.0.1:1",
            "https://xn--caf-dma.example",
            "http://a.test:443",
        ] {
            assert!(is_well_formed(origin), "{origin}");
        }
        for origin in [
            "null",
            "*",
            "https://*",
            "https://*.good.com",
            "https://good.com/",
            "https://good.com.",
            "HTTPS://good.com",
            "https://Good.com",
            "https://good.com:443",
            "http://good.com:80",
            "https://",
            "https://a:b@c",
            "https://good.com:0",
            "https://good.com:08",
            "https://good.com:99999",
            "ftp://a",
            "https://-a.com",
            "https://a_b.com",
            "https://good.com?x",
            "https://[::1]",
        ] {
            assert!(!is_well_formed(origin), "{origin}");
        }
    }
}

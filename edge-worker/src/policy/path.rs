//! The spelling of paths and queries.
//!
//! Escapes, dot segments and odd separators exist to be read differently by two parties. The edge
//! takes one spelling only, so there is nothing to disagree about.

use crate::error::Refusal;

/// Longest accepted path in bytes.
const MAX_PATH: usize = 2048;
/// Longest accepted query in bytes.
const MAX_QUERY: usize = 8192;

/// Checks a raw path: plain segments, none empty but the last, none of dots only.
pub fn check(path: &str) -> Result<(), Refusal> {
    let body = path.strip_prefix('/').ok_or(Refusal::BadPath)?;
    // The plus of a telephone number is the one escape: nobody reads it as anything else.
    let is_spelled = |part: &str| part.bytes().all(|byte| byte == b'/' || is_plain(byte));
    if path.len() > MAX_PATH || !path.split("%2B").all(is_spelled) {
        return Err(Refusal::BadPath);
    }
    let mut rest = body;
    while let Some((segment, tail)) = rest.split_once('/') {
        if segment.is_empty() || is_dots(segment) {
            return Err(Refusal::BadPath);
        }
        rest = tail;
    }
    if is_dots(rest) { Err(Refusal::BadPath) } else { Ok(()) }
}

/// Checks a raw query: printable ASCII, well-formed escapes, no control character behind an escape.
pub fn check_query(query: &str) -> Result<(), Refusal> {
    if query.len() > MAX_QUERY {
        return Err(Refusal::BadPath);
    }
    let mut bytes = query.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let high = bytes.next().and_then(hex).ok_or(Refusal::BadPath)?;
                let low = bytes.next().and_then(hex).ok_or(Refusal::BadPath)?;
                if high < 2 || (high, low) == (7, 15) {
                    return Err(Refusal::BadPath);
                }
            }
            b'#' | b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'^' => {
                return Err(Refusal::BadPath);
            }
            b'!'..=b'~' => {}
            _ => return Err(Refusal::BadPath),
        }
    }
    Ok(())
}

// RFC 3986 "unreserved", and nothing more: ids, versions and file names need no other byte.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn is_dots(segment: &str) -> bool {
    segment == "." || segment == ".."
}

const fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte & 15),
        b'a'..=b'f' | b'A'..=b'F' => Some((byte & 15).saturating_add(9)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_paths_pass() {
        for path in [
            "/",
            "/health",
            "/console/",
            "/v3/ws-1/PROJECT-4E5B/x.y_z~",
            "/a..b/.well",
            "/...",
            "/a/%2B44",
        ] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn t22_tricks_do_not_pass() {
        for path in [
            "",
            "a",
            "//",
            "/a//b",
            "/./a",
            "/a/..",
            "/../a",
            "/a/../b",
            "/a/.",
            "/%2e%2e/a",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a;b",
            "/a@b",
            "/a#b",
            "/a:b",
            "/a b",
            "/a\0",
            "/a\r\nb",
            "/%00",
            "/%c0%ae",
            "/ä",
            "/a%",
            "/a+b",
            "/a%2bb",
            "/a%252B",
            "/%2B%2",
            "/a,b",
            "/a?b",
        ] {
            assert_eq!(check(path), Err(Refusal::BadPath), "{path:?}");
        }
        assert_eq!(check(&format!("/{}", "a".repeat(MAX_PATH))), Err(Refusal::BadPath));
    }

    #[test]
    fn queries_take_escapes_but_no_tricks() {
        for query in
            ["", "a=1&b=2", "q=caf%C3%A9%20au", "t=2026-11-23T10:00:00Z", "a=%2F%23", "q=a+b'c"]
        {
            assert_eq!(check_query(query), Ok(()), "{query}");
        }
        for query in [
            "a=%0d%0a", "a=%00", "a=%7f", "a=%1F", "a=%", "a=%2", "a=%zz", "a#b", "a=\\", "a b",
            "ä",
        ] {
            assert_eq!(check_query(query), Err(Refusal::BadPath), "{query:?}");
        }
    }

    proptest! {
        #[test]
        fn t22_an_accepted_path_means_one_thing(path in ".{0,40}") {
            if check(&path).is_ok() {
                prop_assert!(path.starts_with('/') && !path.contains("//") && path.is_ascii());
                prop_assert!(!path.bytes().any(|byte| b"%\\;#@?: ".contains(&byte) || byte < 32));
                prop_assert!(path.split('/').all(|segment| segment != "." && segment != ".."));
            }
        }
    }
}

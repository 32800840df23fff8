//! Finding a secret in a text that somebody else wrote.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use perch_api::model::Secret;
use perch_api::operation::query;

/// The ways in which a repeated secret is known to come back, in small letters.
pub struct Spellings(Vec<Secret>);

impl Spellings {
    /// Those of one secret: as it is, as part of an address, as bytes, inside a JSON string, and as a
    /// part of something that was encoded as a whole.
    pub fn of(secret: &Secret) -> Self {
        let plain = secret.expose();
        let spelled = |before: &str| {
            let mut text = String::with_capacity(plain.len().saturating_mul(6));
            for byte in plain.bytes() {
                // Writing to a string cannot fail.
                let _ = write!(text, "{before}{byte:02x}");
            }
            text
        };
        // A pair with a name of no length: `=value`, percent-encoded.
        let pair = query::write([("", plain)]);
        let mut all = vec![
            plain.to_owned(),
            pair.trim_start_matches('=').to_owned(),
            spelled(""),
            spelled("%"),
            spelled("\\u00"),
        ];
        for shift in 0..3 {
            let mut bytes = vec![0; shift];
            bytes.extend_from_slice(plain.as_bytes());
            for text in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
                all.push(inner(&text, shift).to_owned());
            }
        }
        all.retain(|one| one.len() >= SHORTEST.min(plain.len().max(1)));
        for one in &mut all {
            one.make_ascii_lowercase();
        }
        all.sort_unstable();
        all.dedup();
        Self(all.into_iter().map(Secret::new).collect())
    }

    /// Whether one of them is in the text, in letters of any size.
    pub fn are_in(&self, text: &str) -> bool {
        let small = text.to_ascii_lowercase();
        self.0.iter().any(|one| small.contains(one.expose()))
    }

    /// All of them, one per line, for who looks through a stream.
    pub fn lines(&self) -> Secret {
        let all: Vec<&str> = self.0.iter().map(Secret::expose).collect();
        Secret::new(all.join("\n"))
    }
}

/// Whether a text repeats one of the credentials it was asked with: names and values, one per line.
pub fn is_echo(credentials: &str, text: &str) -> bool {
    // A host that is registered with a key is no secret.
    const PLAIN: &str = "x-host";
    let mut lines = credentials.split('\n');
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        let key = value.strip_prefix("Bearer ").unwrap_or(value);
        if !name.eq_ignore_ascii_case(PLAIN)
            && Spellings::of(&Secret::new(key.to_owned())).are_in(text)
        {
            return true;
        }
    }
    false
}

/// A shorter piece would be found in many a text.
const SHORTEST: usize = 4;

// Letters that also hold bits of the neighbours are left out at both ends.
fn inner(text: &str, shift: usize) -> &str {
    let start = if shift == 0 { 0 } else { shift.saturating_add(1) };
    text.get(start..text.len().saturating_sub(1)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn t30_usual_spellings_are_found() {
        let spellings = Spellings::of(&Secret::new("Tok+en/1".to_owned()));
        for text in [
            "Tok+en/1",
            "xtok+EN/1y",
            "Tok%2Ben%2F1",
            "VG9rK2VuLzE=",
            "546f6b2b656e2f31",
            "%54%6f%6b%2b%65%6e%2f%31",
            "\\u0054\\u006F\\u006b\\u002b\\u0065\\u006e\\u002f\\u0031",
        ] {
            assert!(spellings.are_in(text), "{text}");
        }
        for text in ["", "Tok", "Tok+en/", "1/ne+koT"] {
            assert!(!spellings.are_in(text), "{text}");
        }
        assert!(!Spellings::of(&Secret::new(String::new())).are_in("anything"));
        assert_eq!(spellings.lines().expose().lines().next(), Some("%54%6f%6b%2b%65%6e%2f%31"));
    }

    #[test]
    fn t30_credentials_are_found_and_hosts_are_not() {
        let lines =
            "X-API-KEY\nkey-0123456789\nX-Host\nshop.example\nAuthorization\nBearer abcdefghij";
        for text in ["no key-0123456789 here", "ABCDEFGHIJ", "a2V5LTAxMjM0NTY3ODk="] {
            assert!(is_echo(lines, text), "{text}");
        }
        for text in ["", "shop.example", "Bearer", "key-", "X-API-KEY"] {
            assert!(!is_echo(lines, text), "{text}");
        }
        assert!(!is_echo("", "anything"));
    }

    proptest! {
        #[test]
        fn t30_a_secret_inside_something_encoded_is_found(
            secret in "[!-~]{12,60}",
            before in prop::collection::vec(any::<u8>(), 0..20),
            after in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let spellings = Spellings::of(&Secret::new(secret.clone()));
            let whole = [&before, secret.as_bytes(), &after].concat();
            prop_assert!(spellings.are_in(&STANDARD_NO_PAD.encode(&whole)));
            prop_assert!(spellings.are_in(&URL_SAFE_NO_PAD.encode(&whole)));
        }
    }
}

//! Finding a secret in a text that somebody else wrote.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use perch_api::model::Secret;
use perch_api::operation::query;

/// The ways in which a repeated secret is known to come back, in small letters.
pub(in crate::policy) struct Spellings(Vec<Secret>);

impl Spellings {
    pub(in crate::policy) fn of(secret: &Secret) -> Self {
        let plain = secret.expose();
        let mut hex = String::with_capacity(plain.len().saturating_mul(2));
        for byte in plain.bytes() {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        // A pair with a name of no length: `=value`, percent-encoded.
        let pair = query::write([("", plain)]);
        let all = [
            plain.to_owned(),
            pair.trim_start_matches('=').to_owned(),
            STANDARD_NO_PAD.encode(plain),
            URL_SAFE_NO_PAD.encode(plain),
            hex,
        ];
        let all = all.into_iter().filter(|one| !one.is_empty());
        Self(all.map(|one| Secret::new(one.to_ascii_lowercase())).collect())
    }

    /// Whether one of them is in the text, in letters of any size.
    pub(in crate::policy) fn are_in(&self, text: &str) -> bool {
        let small = text.to_ascii_lowercase();
        self.0.iter().any(|one| small.contains(one.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_are_found() {
        let spellings = Spellings::of(&Secret::new("Tok+en/1".to_owned()));
        for text in ["Tok+en/1", "xtok+EN/1y", "Tok%2Ben%2F1", "VG9rK2VuLzE=", "546f6b2b656e2f31"] {
            assert!(spellings.are_in(text), "{text}");
        }
        for text in ["", "Tok", "Tok+en/", "1/ne+koT"] {
            assert!(!spellings.are_in(text), "{text}");
        }
        assert!(!Spellings::of(&Secret::new(String::new())).are_in("anything"));
    }
}

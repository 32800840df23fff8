//! The keys that may have been meant.

use std::borrow::Cow;

use base64::{
    Engine as _,
    alphabet::{STANDARD, URL_SAFE},
    prelude::BASE64_STANDARD,
};

use super::{
    About, Diagnosis,
    form::{Finding, Form, Forms},
    reading::base64,
};
use crate::webhook::{SigningSecret, SigningSecrets, Standing, sign::hex, verify::nibble};

/// Most secrets that are tried.
const MAX_SECRETS: usize = 16;

/// A key, whose secret it is, and how it was made from it.
pub(super) struct Key<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) findings: Vec<Finding>,
    /// Name of the secret, nothing for words that stand for nothing.
    pub(super) name: Option<&'a str>,
    /// The secret as it is, and accepted.
    pub(super) plain: bool,
}

impl Key<'_> {
    pub(super) fn price(&self) -> u32 {
        self.findings.iter().map(|finding| finding.price).sum()
    }
}

/// Every key worth a try.
pub(super) fn keys(secrets: &SigningSecrets) -> Vec<Key<'_>> {
    let mut keys = Vec::new();
    for secret in secrets.iter().take(MAX_SECRETS) {
        let standing = standing(secret);
        for Form { value, finding } in forms(secret.key()) {
            let plain = finding.is_none() && standing.is_none();
            let findings = standing.iter().cloned().chain(finding).collect();
            keys.push(Key { bytes: value, findings, name: Some(&secret.name), plain });
        }
    }
    for word in ["", "undefined", "null", "None"] {
        let text = if word.is_empty() {
            "The key was empty.".to_owned()
        } else {
            format!("The key was the word `{word}`.")
        };
        let finding = Finding::new(About::Secret, Diagnosis::SecretEmpty, 4, text);
        let bytes = Cow::Borrowed(word.as_bytes());
        keys.push(Key { bytes, findings: vec![finding], name: None, plain: false });
    }
    keys
}

fn standing(secret: &SigningSecret) -> Option<Finding> {
    let name = &secret.name;
    match secret.standing {
        Standing::Current | Standing::Previous => None,
        Standing::Retired => Some(Finding::new(
            About::Secret,
            Diagnosis::RetiredSecret,
            2,
            format!("The secret `{name}`, which is retired, gives this signature."),
        )),
        Standing::Foreign => Some(Finding::new(
            About::Secret,
            Diagnosis::WrongSecret,
            2,
            format!("The secret `{name}`, which is another endpoint's, gives this signature."),
        )),
    }
}

/// What programs make of one secret.
fn forms(key: &[u8]) -> Vec<Form<Cow<'_, [u8]>>> {
    use Diagnosis::{
        SecretBase64Decoded, SecretCase, SecretEncoded, SecretHexDecoded, SecretPadded,
        SecretPrefixAdded, SecretPrefixStripped, SecretQuoted, SecretTrailingNewline,
    };
    let mut forms = Forms::plain(About::Secret, key);
    let joined = |parts: [&[u8]; 3]| parts.concat();
    let cut = key.strip_suffix(b"\n").map(|key| key.strip_suffix(b"\r").unwrap_or(key));
    forms.maybe(cut, SecretTrailingNewline, 2, "The configured secret ends with a line break.");
    let trimmed = key.trim_ascii();
    forms.add(trimmed, SecretPadded, 2, "The configured secret has white space around it.");
    let unquoted = trimmed
        .strip_prefix(b"\"")
        .and_then(|key| key.strip_suffix(b"\""))
        .or_else(|| trimmed.strip_prefix(b"'").and_then(|key| key.strip_suffix(b"'")));
    forms.maybe(unquoted, SecretQuoted, 2, "The configured secret has quotes around it.");
    let rest = trimmed.strip_prefix(b"whsec_");
    forms.maybe(rest, SecretPrefixStripped, 3, "The key was the secret without its whsec_.");
    if rest.is_none() {
        let added = joined([b"whsec_", trimmed, b""]);
        forms.add(added, SecretPrefixAdded, 3, "The key was the secret with whsec_ before it.");
    }
    let (bare, behind) =
        (rest.unwrap_or(trimmed), if rest.is_some() { " behind whsec_" } else { "" });
    if let Ok(text) = std::str::from_utf8(bare) {
        let words = format!("The key was the secret{behind} decoded as hex.");
        forms.maybe(unhex(bare), SecretHexDecoded, 3, &words);
        let words = format!("The key was the secret{behind} decoded as base64.");
        let decoded = |alphabet| base64(alphabet, text).ok().filter(|key| !key.is_empty());
        forms.maybe(decoded(&STANDARD), SecretBase64Decoded, 3, &words);
        forms.maybe(decoded(&URL_SAFE), SecretBase64Decoded, 3, &words);
    }
    let ended = joined([key, b"\n", b""]);
    forms.add(ended, SecretTrailingNewline, 3, "The sender's secret ends with a line break.");
    let ended = joined([key, b"\r\n", b""]);
    forms.add(ended, SecretTrailingNewline, 4, "The sender's secret ends with CR and LF.");
    let quoted = joined([b"\"", key, b"\""]);
    forms.add(quoted, SecretQuoted, 4, "The sender's secret has quotes around it.");
    let padded = joined([key, b" ", b""]);
    forms.add(padded, SecretPadded, 4, "The sender's secret ends with a space.");
    let encoded = BASE64_STANDARD.encode(key).into_bytes();
    forms.add(encoded, SecretEncoded, 5, "The key was the secret encoded as base64.");
    forms.add(hex(key).into_bytes(), SecretEncoded, 5, "The key was the secret encoded as hex.");
    let lower = key.to_ascii_lowercase();
    forms.add(lower, SecretCase, 5, "The key was the secret in lower case.");
    let upper = key.to_ascii_uppercase();
    forms.add(upper, SecretCase, 5, "The key was the secret in upper case.");
    forms.list
}

fn unhex(text: &[u8]) -> Option<Vec<u8>> {
    let lawful = !text.is_empty() && text.len().is_multiple_of(2);
    (lawful && text.iter().all(u8::is_ascii_hexdigit)).then(|| {
        text.chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | nibble(*digit)))
            .collect()
    })
}

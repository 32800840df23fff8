//! Every way to read a signature header as bytes.

use base64::{
    Engine as _,
    alphabet::{Alphabet, STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{About, Diagnosis, form::Finding};
use crate::webhook::verify::nibble;

/// Fewer bytes than this prove nothing.
const LEAST: usize = 8;

/// Most tokens of one header that are read.
const MAX_TOKENS: usize = 32;

/// Longest header that is read.
const MAX_BYTES: usize = 16 * 1024;

/// Bytes that a signature header may stand for.
pub(super) struct Reading {
    pub(super) bytes: Vec<u8>,
    pub(super) findings: Vec<Finding>,
}

impl Reading {
    /// Whether a MAC is what this reading shows, wholly or as far as it goes.
    pub(super) fn fits(&self, tag: &[u8]) -> bool {
        tag.starts_with(&self.bytes)
    }
}

/// Reads the values of the signature headers.
pub(super) fn readings<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<Reading> {
    let mut readings = Vec::new();
    for value in values.take(MAX_TOKENS) {
        let value = value.get(..MAX_BYTES.min(value.len())).unwrap_or(value);
        let text = String::from_utf8_lossy(value);
        let mut findings = Vec::new();
        let whole = peel(&text, &mut findings);
        if let Some(reading) = decode(whole, findings.clone()) {
            readings.push(reading);
            continue;
        }
        if let Some(reading) = unfold(whole, &findings) {
            readings.push(reading);
            continue;
        }
        let parts = whole.split([' ', ',', ';', '\t']).filter(|part| !part.is_empty());
        for part in parts.take(MAX_TOKENS) {
            let mut findings = findings.clone();
            let text = "It is one of several in the header.";
            findings.push(finding(Diagnosis::SignatureList, 3, text));
            let part = peel(part, &mut findings);
            readings.extend(decode(part, findings));
        }
    }
    readings
}

/// One signature that was broken by white space, when what is left has the length of one.
fn unfold(text: &str, findings: &[Finding]) -> Option<Reading> {
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if joined.len() == text.len() {
        return None;
    }
    let mut findings = findings.to_vec();
    let text = "There is white space within it.";
    note(&mut findings, Diagnosis::SignatureWhitespace, 2, text);
    decode(&joined, findings).filter(|reading| matches!(reading.bytes.len(), 20 | 32 | 64))
}

fn finding(diagnosis: Diagnosis, price: u32, text: &str) -> Finding {
    Finding::new(About::Signature, diagnosis, price, text)
}

/// Takes off white space, quotes and prefixes, in any order, noting each.
fn peel<'a>(text: &'a str, findings: &mut Vec<Finding>) -> &'a str {
    const PREFIXES: [&str; 13] = [
        "hmac-sha256=",
        "hmac-sha256 ",
        "sha256=",
        "sha256:",
        "sha256 ",
        "sha1=",
        "sha512=",
        "v0=",
        "v1=",
        "v1,",
        "v1:",
        "hex:",
        "signature=",
    ];
    let mut rest = text;
    // Each round takes something off, or is the last.
    loop {
        let trimmed = rest.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let unquoted = trimmed.trim_matches(['"', '\'', '`']);
        let lower = unquoted.get(..16.min(unquoted.len())).unwrap_or("").to_ascii_lowercase();
        let prefix = PREFIXES.iter().find(|prefix| lower.starts_with(**prefix));
        let next = prefix.map_or(unquoted, |prefix| unquoted.get(prefix.len()..).unwrap_or(""));
        if trimmed.len() != rest.len() {
            note(findings, Diagnosis::SignatureWhitespace, 2, "There is white space around it.");
        }
        if unquoted.len() != trimmed.len() {
            note(findings, Diagnosis::SignatureQuoted, 2, "There are quotes around it.");
        }
        if let Some(prefix) = prefix {
            let text = format!("It begins with `{}`.", prefix.trim_end());
            note(findings, Diagnosis::SignaturePrefixed, 2, &text);
        }
        if next.len() == rest.len() {
            return rest;
        }
        rest = next;
    }
}

fn note(findings: &mut Vec<Finding>, diagnosis: Diagnosis, price: u32, text: &str) {
    if findings.iter().all(|finding| finding.diagnosis != diagnosis) {
        findings.push(finding(diagnosis, price, text));
    }
}

/// Hex first: a text of hex digits is also base64, but hardly meant so.
fn decode(text: &str, mut findings: Vec<Finding>) -> Option<Reading> {
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.len() >= 2 * LEAST {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            findings.push(finding(Diagnosis::SignatureUpperCase, 2, "It has upper-case digits."));
        }
        let bytes: Vec<u8> = text
            .as_bytes()
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | nibble(*digit)))
            .collect();
        if !matches!(bytes.len(), 20 | 32 | 64) || text.len() % 2 == 1 {
            let text = format!("It has {} hex digits where 64 belong.", text.len());
            findings.push(finding(Diagnosis::SignatureTruncated, 3, &text));
        }
        return Some(Reading { bytes, findings });
    }
    let (diagnosis, bytes) = if let Ok(bytes) = base64(&STANDARD, text) {
        (Diagnosis::SignatureBase64, bytes)
    } else {
        (Diagnosis::SignatureBase64Url, base64(&URL_SAFE, text).ok()?)
    };
    if bytes.len() < LEAST {
        return None;
    }
    findings.push(finding(diagnosis, 3, "It is written as base64."));
    if !matches!(bytes.len(), 20 | 32 | 64) {
        let text = format!("It has {} bytes where 32 belong.", bytes.len());
        findings.push(finding(Diagnosis::SignatureTruncated, 4, &text));
    }
    Some(Reading { bytes, findings })
}

/// Base64 with or without padding, and whatever bits are left over at the end.
pub(super) fn base64(alphabet: &Alphabet, text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config).decode(text)
}

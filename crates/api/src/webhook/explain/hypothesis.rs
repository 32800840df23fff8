//! One hypothesis, and the MAC it gives.

use std::borrow::Cow;

use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::{
    About, Diagnosis,
    form::{Finding, Form},
    layout::{Layout, Piece},
    reading::Reading,
    secret::Key,
};
use crate::webhook::sign::hex;

/// What the MAC is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Sha256,
    Sha1,
    Sha512,
    /// SHA-256 of key and message.
    KeyFirst,
    /// SHA-256 of message and key.
    KeyLast,
}

/// A hypothesis that gives the signature.
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    /// Name of the secret.
    pub(super) secret: Option<String>,
    /// The time that was signed, if any was.
    pub(super) stamp: Option<Vec<u8>>,
    /// How many bytes of the MAC were there to compare.
    pub(super) bytes: usize,
}

/// One hypothesis.
pub(super) struct Parts<'g, 'a> {
    pub(super) key: &'g Key<'a>,
    pub(super) mac: &'g Hmac<Sha256>,
    pub(super) body: &'g Form<Cow<'a, [u8]>>,
    pub(super) stamp: &'g Form<Cow<'a, [u8]>>,
    pub(super) layout: &'g Form<Layout>,
    pub(super) algorithm: &'g Form<Algorithm>,
    pub(super) id: &'a [u8],
}

impl Parts<'_, '_> {
    /// The MAC under this hypothesis.
    pub(super) fn tag(&self) -> Vec<u8> {
        let key = &self.key.bytes;
        match self.algorithm.value {
            Algorithm::Sha256 => {
                let mut mac = self.mac.clone();
                self.feed(|bytes| mac.update(bytes));
                mac.finalize().into_bytes().to_vec()
            }
            Algorithm::Sha1 => self.slow(Hmac::<Sha1>::new_from_slice(key).ok()),
            Algorithm::Sha512 => self.slow(Hmac::<Sha512>::new_from_slice(key).ok()),
            Algorithm::KeyFirst => {
                let mut hash = Sha256::new_with_prefix(key);
                self.feed(|bytes| hash.update(bytes));
                hash.finalize().to_vec()
            }
            Algorithm::KeyLast => {
                let mut hash = Sha256::new();
                self.feed(|bytes| hash.update(bytes));
                hash.chain_update(key).finalize().to_vec()
            }
        }
    }

    fn slow<M: Mac>(&self, mac: Option<M>) -> Vec<u8> {
        let Some(mut mac) = mac else { return Vec::new() };
        self.feed(|bytes| mac.update(bytes));
        mac.finalize().into_bytes().to_vec()
    }

    fn feed(&self, mut to: impl FnMut(&[u8])) {
        for piece in self.layout.value {
            match piece {
                Piece::Stamp => to(&self.stamp.value),
                Piece::Body => to(&self.body.value),
                Piece::Id => to(self.id),
                Piece::BodyHash => to(hex(&Sha256::digest(&self.body.value)).as_bytes()),
                Piece::Text(text) => to(text.as_bytes()),
            }
        }
    }

    pub(super) fn found(&self, reading: &Reading, length: usize) -> Found {
        let signs_time = self.layout.value.contains(&Piece::Stamp);
        let signs_body =
            self.layout.value.iter().any(|piece| matches!(piece, Piece::Body | Piece::BodyHash));
        let mut findings = self.key.findings.clone();
        findings.extend(self.algorithm.finding.clone());
        findings.extend(self.layout.finding.clone());
        findings.extend(self.stamp.finding.clone().filter(|_| signs_time));
        findings.extend(self.body.finding.clone().filter(|_| signs_body));
        findings.extend(reading.findings.iter().cloned());
        let told = reading.findings.iter().any(|f| f.diagnosis == Diagnosis::SignatureTruncated);
        if reading.bytes.len() < length && !told {
            let text = format!("It has {} bytes where {length} belong.", reading.bytes.len());
            let finding = Finding::new(About::Signature, Diagnosis::SignatureTruncated, 3, text);
            findings.push(finding);
        }
        Found {
            findings,
            secret: self.key.name.map(str::to_owned),
            stamp: signs_time.then(|| self.stamp.value.to_vec()),
            bytes: reading.bytes.len(),
        }
    }
}

/// Algorithms whose MACs have a length that was read.
pub(super) fn algorithms(readings: &[Reading]) -> Vec<Form<Algorithm>> {
    let reads = |lengths: std::ops::RangeInclusive<usize>| {
        readings.iter().any(|reading| lengths.contains(&reading.bytes.len()))
    };
    let mut list = Vec::new();
    if reads(0..=32) {
        list.push(Form { value: Algorithm::Sha256, finding: None });
    }
    let mut add = |value, diagnosis, price, text: &str| {
        let finding = Finding::new(About::Algorithm, diagnosis, price, text);
        list.push(Form { value, finding: Some(finding) });
    };
    if reads(20..=20) {
        add(Algorithm::Sha1, Diagnosis::AlgorithmSha1, 3, "HMAC-SHA1 gives this signature.");
    }
    if reads(64..=64) {
        add(Algorithm::Sha512, Diagnosis::AlgorithmSha512, 3, "HMAC-SHA512 gives this signature.");
    }
    if reads(32..=32) {
        let text = "SHA-256 over key and message, without HMAC, gives this signature.";
        add(Algorithm::KeyFirst, Diagnosis::AlgorithmPlainHash, 5, text);
        let text = "SHA-256 over message and key, without HMAC, gives this signature.";
        add(Algorithm::KeyLast, Diagnosis::AlgorithmPlainHash, 5, text);
    }
    list
}

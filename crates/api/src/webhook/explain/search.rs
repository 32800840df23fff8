//! The search: combinations in the order of their price, one MAC each.

use std::borrow::Cow;

use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use super::{
    About, Case, Diagnosis, Effort, body,
    form::{Finding, Form},
    layout::{self, Layout, Piece},
    reading::{self, Reading},
    secret::{self, Key},
    stamp,
};
use crate::webhook::{header, sign::hex, verify::keyed};

/// The highest price that is still an explanation: three or four things wrong at once.
const MAX_PRICE: u32 = 8;

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

/// Everything that is tried, part by part.
pub(super) struct Ground<'a> {
    pub(super) readings: Vec<Reading>,
    pub(super) keys: Vec<Key<'a>>,
    /// One for each key, with the key absorbed: saves two blocks of each MAC.
    macs: Vec<Hmac<Sha256>>,
    pub(super) bodies: Vec<Form<Cow<'a, [u8]>>>,
    pub(super) stamps: Vec<Form<Cow<'a, [u8]>>>,
    pub(super) layouts: Vec<Form<Layout>>,
    algorithms: Vec<Form<Algorithm>>,
    id: &'a [u8],
}

/// How much was tried.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) hypotheses: usize,
    bytes: usize,
    pub(super) cut_short: bool,
}

impl Tally {
    /// Takes one more try over so many bytes into account; says no when the effort is spent.
    pub(super) fn spend(&mut self, effort: Effort, bytes: usize) -> bool {
        let bytes = self.bytes.saturating_add(bytes);
        if bytes > effort.bytes {
            self.cut_short = true;
            return false;
        }
        self.bytes = bytes;
        self.hypotheses += 1;
        true
    }
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

/// One choice of each part, by place: price, then key, body, stamp, layout, algorithm.
type Choice = (u32, [u16; 5]);

impl<'a> Ground<'a> {
    /// Lists what there is to try.
    pub(super) fn survey(case: &Case<'a>) -> Self {
        let readings = readings(case);
        let keys = secret::keys(case.secrets);
        let macs = keys.iter().map(|key| keyed(&key.bytes)).collect();
        let id = case.delivery.all(header::EVENT_ID).next().unwrap_or_default();
        let algorithms = algorithms(&readings);
        Self {
            readings,
            keys,
            macs,
            bodies: body::bodies(case),
            stamps: stamp::stamps(case),
            layouts: layout::layouts(!id.is_empty()),
            algorithms,
            id,
        }
    }

    /// Every combination within the price, cheapest first, in a fixed order.
    fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        for (which_layout, layout) in (0_u16..).zip(&self.layouts) {
            let signs = |piece| layout.value.contains(&piece);
            let signs_body = signs(Piece::Body) || signs(Piece::BodyHash);
            let signs_time = signs(Piece::Stamp);
            let (bodies, stamps) = (most(signs_body), most(signs_time));
            for (which_algorithm, algorithm) in (0_u16..).zip(&self.algorithms) {
                let price = layout.price() + algorithm.price();
                for (which_key, key) in (0_u16..).zip(&self.keys) {
                    let price = price + key.price();
                    if price > MAX_PRICE {
                        continue;
                    }
                    for (which_stamp, stamp) in (0_u16..).zip(&self.stamps).take(stamps) {
                        let price = price + if signs_time { stamp.price() } else { 0 };
                        for (which_body, body) in (0_u16..).zip(&self.bodies).take(bodies) {
                            let price = price + body.price();
                            if price <= MAX_PRICE {
                                let places = [
                                    which_key,
                                    which_body,
                                    which_stamp,
                                    which_layout,
                                    which_algorithm,
                                ];
                                choices.push((price, places));
                            }
                        }
                    }
                }
            }
        }
        choices.sort_unstable();
        choices
    }

    fn parts(&self, choice: [u16; 5]) -> Option<Parts<'_, 'a>> {
        let [key, body, stamp, layout, algorithm] = choice.map(usize::from);
        Some(Parts {
            key: self.keys.get(key)?,
            mac: self.macs.get(key)?,
            body: self.bodies.get(body)?,
            stamp: self.stamps.get(stamp)?,
            layout: self.layouts.get(layout)?,
            algorithm: self.algorithms.get(algorithm)?,
            id: self.id,
        })
    }

    /// The first reading that a MAC fits.
    pub(super) fn fits(&self, tag: &[u8]) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.fits(tag))
    }

    /// Secrets as they are, with their states: what the scans try.
    pub(super) fn plain(&self) -> impl Iterator<Item = (&Key<'a>, &Hmac<Sha256>)> {
        self.keys.iter().zip(&self.macs).filter(|(key, _)| key.plain)
    }
}

/// How many forms of a part are tried: one, when the part is not signed at all.
const fn most(signed: bool) -> usize {
    if signed { usize::MAX } else { 1 }
}

/// Readings of the signature header; of any other header, should that one be missing.
fn readings(case: &Case<'_>) -> Vec<Reading> {
    let direct = reading::readings(case.delivery.all(header::SIGNATURE));
    if !direct.is_empty() || case.delivery.all(header::SIGNATURE).next().is_some() {
        return direct;
    }
    let mut found = Vec::new();
    for (name, value) in case.delivery.headers().iter().take(100) {
        for mut reading in reading::readings(std::iter::once(*value)) {
            if reading.bytes.len() < 20 {
                continue;
            }
            let name: String = name.chars().filter(char::is_ascii_graphic).take(60).collect();
            let text = format!("The signature is in the header `{name}`.");
            let renamed = Finding::new(About::Headers, Diagnosis::HeaderRenamed, 2, text);
            // The name matters more than how the value is written under it.
            reading.findings.iter_mut().for_each(|finding| finding.price = 1);
            reading.findings.push(renamed);
            found.push(reading);
        }
    }
    found
}

/// Algorithms whose MACs have a length that was read.
fn algorithms(readings: &[Reading]) -> Vec<Form<Algorithm>> {
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

/// Tries combinations until one gives the signature.
pub(super) fn search(ground: &Ground<'_>, effort: Effort, tally: &mut Tally) -> Option<Found> {
    for (_, choice) in ground.choices() {
        let parts = ground.parts(choice)?;
        if tally.hypotheses >= effort.hypotheses || !tally.spend(effort, parts.body.value.len()) {
            tally.cut_short = true;
            return None;
        }
        let tag = parts.tag();
        if let Some(reading) = ground.fits(&tag) {
            return Some(parts.found(reading, tag.len()));
        }
    }
    None
}

/// One hypothesis.
struct Parts<'g, 'a> {
    key: &'g Key<'a>,
    mac: &'g Hmac<Sha256>,
    body: &'g Form<Cow<'a, [u8]>>,
    stamp: &'g Form<Cow<'a, [u8]>>,
    layout: &'g Form<Layout>,
    algorithm: &'g Form<Algorithm>,
    id: &'a [u8],
}

impl Parts<'_, '_> {
    /// The MAC under this hypothesis.
    fn tag(&self) -> Vec<u8> {
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

    fn found(&self, reading: &Reading, length: usize) -> Found {
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

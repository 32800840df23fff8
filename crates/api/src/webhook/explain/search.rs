//! The search: combinations in the order of their price, one MAC each.

use std::borrow::Cow;

use hmac::Hmac;
use sha2::Sha256;

use super::{
    About, Case, Diagnosis, Effort, body,
    form::{Finding, Form},
    hypothesis::{Algorithm, Found, Parts, algorithms},
    layout::{self, Layout, Piece},
    reading::{self, Reading},
    secret::{self, Key},
    stamp,
};
use crate::webhook::{header, verify::keyed};

/// The highest price that is still an explanation: three or four things wrong at once.
const MAX_PRICE: u32 = 8;

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

/// One choice of each part, by place: key, body, stamp, layout, algorithm.
type Choice = [u16; 5];

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

    /// Every combination of exactly this price, in a fixed order.
    ///
    /// Price by price, since a search is mostly over before the dear ones, and those are the many.
    fn choices(&self, wanted: u32) -> Vec<Choice> {
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
                    if price > wanted {
                        continue;
                    }
                    for (which_stamp, stamp) in (0_u16..).zip(&self.stamps).take(stamps) {
                        let price = price + if signs_time { stamp.price() } else { 0 };
                        if price > wanted {
                            continue;
                        }
                        for (which_body, body) in (0_u16..).zip(&self.bodies).take(bodies) {
                            if price + body.price() == wanted {
                                choices.push([
                                    which_key,
                                    which_body,
                                    which_stamp,
                                    which_layout,
                                    which_algorithm,
                                ]);
                            }
                        }
                    }
                }
            }
        }
        choices.sort_unstable();
        choices
    }

    fn parts(&self, choice: Choice) -> Option<Parts<'_, 'a>> {
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

/// Tries combinations until one gives the signature.
pub(super) fn search(ground: &Ground<'_>, effort: Effort, tally: &mut Tally) -> Option<Found> {
    for choice in (0..=MAX_PRICE).flat_map(|price| ground.choices(price)) {
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

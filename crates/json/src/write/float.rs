//! Floats, as short as they can be told from their neighbours.

use super::Writer;
use crate::big::{Big, nearest, parts, power};

impl Writer {
    #[inline(never)]
    pub(super) fn float(&mut self, float: f64) {
        if !float.is_finite() {
            return self.push("null");
        }
        if float.is_sign_negative() {
            self.push("-");
        }
        let size = float.abs();
        let (digits, exponent) = decimal(size).unwrap_or_else(|| shortest(size));
        self.decimal(digits, exponent);
    }

    /// `digits` times ten to the `exponent`, with a point or an exponent to tell it from a whole number.
    fn decimal(&mut self, mut digits: u64, mut exponent: i32) {
        while exponent < 0 && digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
        if exponent > 0 || places > 25 {
            self.whole(false, digits);
            self.push("e");
            return self.whole(exponent < 0, exponent.unsigned_abs().into());
        }
        let start = self.text.len();
        self.whole(false, digits);
        while self.text.len() - start <= places {
            self.text.insert(start, '0');
        }
        let point = self.text.len() - places;
        self.text.insert(point, '.');
        if places == 0 {
            self.push("0");
        }
    }
}

/// Most floats people write: a whole number below 2^53 over a power of ten, found by exact division.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a whole number below 2^53; equal is what is wanted"
)]
fn decimal(float: f64) -> Option<(u64, i32)> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    for places in 0..=17 {
        let scaled = (float * power(places)).round();
        if scaled >= LIMIT {
            break;
        }
        if scaled / power(places) == float {
            return Some((scaled as u64, -places));
        }
    }
    None
}

/// 15 to 17 exact digits: the first that read as the same float.
fn shortest(float: f64) -> (u64, i32) {
    let (digits, exponent) = seventeen(float);
    for (unit, dropped) in [(100, 2), (10, 1)] {
        let rounded = (digits + unit / 2) / unit;
        let mut text = Writer::default();
        text.decimal(rounded, exponent + dropped);
        if nearest(text.text.as_bytes()).to_bits() == float.to_bits() {
            let (mut digits, mut exponent) = (rounded, exponent + dropped);
            while digits.is_multiple_of(10) {
                digits /= 10;
                exponent += 1;
            }
            return (digits, exponent);
        }
    }
    (digits, exponent)
}

/// The first 17 digits, rounded.
fn seventeen(float: f64) -> (u64, i32) {
    let (whole, two) = parts(float);
    let (mut value, mut unit) = (Big::new(whole), Big::new(1));
    let side = if two > 0 { &mut value } else { &mut unit };
    side.times_two(two.unsigned_abs());
    let mut exponent = 0;
    let mut tenfold = unit.clone();
    tenfold.times(10, 0);
    while value >= tenfold {
        unit = tenfold.clone();
        tenfold.times(10, 0);
        exponent += 1;
    }
    while value < unit {
        value.times(10, 0);
        exponent -= 1;
    }
    let mut digits = 0;
    for _ in 0..17 {
        digits *= 10;
        while value >= unit {
            value.minus(&unit);
            digits += 1;
        }
        value.times(10, 0);
    }
    // What is left is ten times the remainder.
    unit.times(5, 0);
    (digits + u64::from(value >= unit), exponent - 16)
}

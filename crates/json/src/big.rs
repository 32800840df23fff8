//! Numbers of any length, for the few floats that need them to be exact: no tables, no speed.

use std::cmp::Ordering;

/// A natural number, lowest part first, without zeros at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Big(Vec<u32>);

impl Big {
    pub(crate) fn new(value: u64) -> Self {
        let mut big = Self(Vec::new());
        big.push(value);
        big
    }

    fn push(&mut self, mut carry: u64) {
        while carry != 0 {
            self.0.push(low(carry));
            carry >>= 32;
        }
    }

    /// Times `factor`, and `plus` on top.
    pub(crate) fn times(&mut self, factor: u32, plus: u32) {
        let mut carry = u64::from(plus);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = low(carry);
            carry >>= 32;
        }
        self.push(carry);
    }

    pub(crate) fn times_ten(&mut self, exponent: u32) {
        for _ in 0..exponent / 9 {
            self.times(1_000_000_000, 0);
        }
        self.times(10_u32.pow(exponent % 9), 0);
    }

    pub(crate) fn times_two(&mut self, exponent: u32) {
        self.times(1 << (exponent % 32), 0);
        if !self.0.is_empty() {
            let mut parts = vec![0; usize::try_from(exponent / 32).unwrap_or(0)];
            parts.append(&mut self.0);
            self.0 = parts;
        }
    }

    /// Takes `other` away, which is not larger.
    pub(crate) fn minus(&mut self, other: &Self) {
        let mut borrow = 0;
        let others = other.0.iter().copied().chain(std::iter::repeat(0));
        for (part, other) in self.0.iter_mut().zip(others) {
            let difference = i64::from(*part) - i64::from(other) - borrow;
            borrow = i64::from(difference < 0);
            *part = low(difference.cast_unsigned());
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "that is what it is for")]
const fn low(value: u64) -> u32 {
    value as u32
}

/// Ten to the `exponent`, exact up to 22.
pub(crate) fn power(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// A positive float as a whole number and a power of two.
pub(crate) fn parts(float: f64) -> (u64, i32) {
    let bits = float.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), bits >> 52 & 0x7ff);
    match i32::try_from(exponent) {
        Ok(0) | Err(_) => (fraction, -1074),
        Ok(exponent) => (fraction | 1 << 52, exponent - 1075),
    }
}

/// Digits kept of a number; no float and no middle between two has as many.
const MAX_DIGITS: usize = 800;

/// The float nearest to a number by JSON's grammar, its sign left out; infinite when it is too large.
#[inline(never)]
pub(crate) fn nearest(text: &[u8]) -> f64 {
    let (mut value, mut approximate) = (Big::new(0), 0_u64);
    let (mut kept, mut exponent, mut dropped) = (0_usize, 0_i32, 0_i32);
    let (mut behind_point, mut cut) = (false, false);
    let mut rest = text.iter();
    for byte in rest.by_ref() {
        match byte {
            b'.' => behind_point = true,
            b'e' | b'E' => break,
            b'0'..=b'9' => {
                let digit = u32::from(byte - b'0');
                if kept < MAX_DIGITS {
                    value.times(10, digit);
                    kept += usize::from(!value.is_zero());
                    exponent -= i32::from(behind_point);
                } else {
                    cut |= digit != 0;
                    exponent += i32::from(!behind_point);
                }
                if kept <= 17 {
                    approximate = approximate * 10 + u64::from(digit);
                } else if kept <= MAX_DIGITS && dropped < 783 {
                    dropped += 1;
                }
            }
            _ => {}
        }
    }
    if cut {
        // Past every middle: whatever is left out only says that there is more.
        value.times(10, 1);
        exponent -= 1;
        dropped += 1;
    }
    exponent = exponent.saturating_add(written_exponent(rest.as_slice()));
    if value.is_zero() {
        return 0.0;
    }
    let length = i32::try_from(kept).unwrap_or(0) + exponent;
    match length {
        311.. => f64::INFINITY,
        ..=-330 => 0.0,
        _ => settle(&value, exponent, guess(approximate, exponent.saturating_add(dropped))),
    }
}

fn written_exponent(text: &[u8]) -> i32 {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit());
    let size = digits.fold(0_i32, |size, digit| {
        size.saturating_mul(10).saturating_add(i32::from(digit - b'0')).min(1 << 20)
    });
    if text.first() == Some(&b'-') { -size } else { size }
}

/// Within a few floats of the right one.
#[allow(clippy::cast_precision_loss, reason = "it is a guess")]
fn guess(digits: u64, mut exponent: i32) -> f64 {
    let mut guess = digits as f64;
    while exponent != 0 {
        let step = exponent.clamp(-22, 22);
        guess = if step > 0 { guess * power(step) } else { guess / power(-step) };
        exponent -= step;
    }
    guess.min(f64::MAX)
}

/// Steps from float to float until `value` times ten to the `exponent` is nearer to none other.
fn settle(value: &Big, exponent: i32, mut float: f64) -> f64 {
    while float.is_finite() {
        let odd = float.to_bits() & 1 == 1;
        match against_middle(value, exponent, float) {
            Ordering::Greater => float = float.next_up(),
            Ordering::Equal if odd => return float.next_up(),
            _ if float == 0.0 => break,
            _ => match against_middle(value, exponent, float.next_down()) {
                Ordering::Less => float = float.next_down(),
                Ordering::Equal if odd => return float.next_down(),
                _ => break,
            },
        }
    }
    float
}

/// How `value` times ten to the `exponent` compares with the middle between a float and the next.
fn against_middle(value: &Big, exponent: i32, float: f64) -> Ordering {
    let (whole, two) = parts(float);
    let (mut value, mut middle) = (value.clone(), Big::new(2 * whole + 1));
    let ten = if exponent > 0 { &mut value } else { &mut middle };
    ten.times_ten(exponent.unsigned_abs());
    let two = two - 1;
    let side = if two > 0 { &mut middle } else { &mut value };
    side.times_two(two.unsigned_abs());
    value.cmp(&middle)
}

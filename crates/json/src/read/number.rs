//! Numbers: whole ones as they are, others as the nearest `f64`.

use super::{Reader, Token};
use crate::{Error, big};

impl<'de> Reader<'de> {
    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<Token<'de>, Error> {
        let start = self.at;
        let negative = self.eat(b'-');
        let mut digits = Digits::default();
        let first = self.peek();
        self.digits(&mut digits, false)?;
        let leading_zero = first == b'0' && self.at > start + 1 + usize::from(negative);
        if leading_zero {
            self.at = start;
            return Err(Error);
        }
        let mut whole = true;
        if self.eat(b'.') {
            whole = false;
            self.digits(&mut digits, true)?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            whole = false;
            self.exponent(&mut digits)?;
        }
        if whole && !digits.overflown {
            let signed = || 0_i64.checked_sub_unsigned(digits.value);
            match (negative, digits.value) {
                (false, value) => return Ok(Token::Unsigned(value)),
                // Minus zero is a float.
                (true, 0) => {}
                (true, _) => {
                    if let Some(value) = signed() {
                        return Ok(Token::Signed(value));
                    }
                }
            }
        }
        let text = self.text.as_bytes().get(start..self.at).unwrap_or_default();
        let float = digits.float().unwrap_or_else(|| big::nearest(text));
        Ok(Token::Float(if negative { -float } else { float }))
    }

    /// One digit or more.
    fn digits(&mut self, digits: &mut Digits, fraction: bool) -> Result<(), Error> {
        let start = self.at;
        while let digit @ 0..=9 = self.peek().wrapping_sub(b'0') {
            digits.push(digit, fraction);
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Error) }
    }

    fn exponent(&mut self, digits: &mut Digits) -> Result<(), Error> {
        let negative = self.eat(b'-');
        if !negative {
            self.eat(b'+');
        }
        let mut exponent = Digits::default();
        self.digits(&mut exponent, false)?;
        let size = i32::try_from(exponent.value).unwrap_or(i32::MAX).min(1 << 20);
        let size = if exponent.overflown { 1 << 20 } else { size };
        digits.exponent += if negative { -size } else { size };
        Ok(())
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }
}

/// `value` times ten to the `exponent`.
#[derive(Default)]
struct Digits {
    value: u64,
    exponent: i32,
    /// There are more digits than fit.
    overflown: bool,
}

impl Digits {
    fn push(&mut self, digit: u8, fraction: bool) {
        let next = self.value.checked_mul(10).and_then(|value| value.checked_add(digit.into()));
        match next {
            Some(value) if !self.overflown => {
                self.value = value;
                self.exponent -= i32::from(fraction);
            }
            _ => self.overflown = true,
        }
    }

    /// The float, where one multiplication or division of exact floats gives it.
    #[allow(clippy::cast_precision_loss, reason = "below 2^53 nothing is lost")]
    fn float(&self) -> Option<f64> {
        if self.overflown {
            return None;
        }
        if self.value >= 1 << 53 {
            let places = u32::try_from(-self.exponent).ok().filter(|places| *places <= 18)?;
            return divide(self.value, 10_u64.pow(places));
        }
        let value = self.value as f64;
        match self.exponent {
            0 => Some(value),
            exponent @ 1..=22 => Some(value * big::power(exponent)),
            exponent @ -22..=-1 => Some(value / big::power(-exponent)),
            _ => None,
        }
    }
}

/// The float nearest to a fraction, bit by bit: for the 16 and 17 digits of floats written in full.
#[allow(clippy::cast_precision_loss, reason = "54 bits, rounded to 53 before")]
fn divide(value: u64, by: u64) -> Option<f64> {
    let (value_shift, by_shift) = (value.leading_zeros(), by.leading_zeros());
    if value_shift == 0 {
        return None;
    }
    // Both get their highest bit into the same place, one below the top.
    let (mut rest, by) = (value << (value_shift - 1), by << (by_shift - 1));
    let mut exponent = i64::from(by_shift) - i64::from(value_shift);
    if rest < by {
        rest <<= 1;
        exponent -= 1;
    }
    let mut quotient = 0_u64;
    for _ in 0..54 {
        quotient <<= 1;
        if rest >= by {
            rest -= by;
            quotient |= 1;
        }
        rest <<= 1;
    }
    let half = quotient & 1 == 1;
    quotient >>= 1;
    if half && (rest != 0 || quotient & 1 == 1) {
        quotient += 1;
    }
    let scale = u64::try_from(1023 + exponent - 52).ok()?;
    Some(quotient as f64 * f64::from_bits(scale << 52))
}

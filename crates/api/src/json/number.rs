//! Numbers as text.

/// A number as it was written; always a valid one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl Number {
    /// `text` is one by JSON's grammar.
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The number as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number, if it is whole, not negative, and fits.
    pub(super) fn whole(&self) -> Option<u64> {
        let text = self.0.strip_prefix('-');
        let (mantissa, exponent) = match text.unwrap_or(&self.0).split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text.unwrap_or(&self.0), 0),
        };
        let (units, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let mut whole = 0_u64;
        for digit in units.bytes().chain(fraction.bytes()) {
            whole = whole.checked_mul(10)?.checked_add(u64::from(digit.checked_sub(b'0')?))?;
        }
        let mut shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        while shift != 0 && whole != 0 {
            if shift < 0 {
                whole = whole.is_multiple_of(10).then_some(whole / 10)?;
                shift += 1;
            } else {
                whole = whole.checked_mul(10)?;
                shift -= 1;
            }
        }
        (text.is_none() || whole == 0).then_some(whole)
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_in_every_spelling() {
        for (text, whole) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-0.0e3", Some(0)),
            ("7", Some(7)),
            ("-7", None),
            ("5.0", Some(5)),
            ("5.50", None),
            ("1.25e2", Some(125)),
            ("1.25E+1", None),
            ("500e-2", Some(5)),
            ("505e-2", None),
            ("1e-3", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("1e19", Some(10_000_000_000_000_000_000)),
            ("1e20", None),
            ("1e2147483648", None),
            ("0e2147483647", Some(0)),
        ] {
            assert_eq!(Number::new(text).whole(), whole, "{text}");
        }
    }
}

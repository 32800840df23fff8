//! Random numbers out of one injected number: repeatable, cheap, and no secret.

/// The `SplitMix64` generator.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A generator that always gives the same numbers for the same `entropy`.
    pub(crate) fn new(entropy: u64) -> Self {
        Self(entropy)
    }

    /// The next number.
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An id in the shape of a version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.roll(), self.roll());
        let fields = [
            (high >> 32, 8),
            (high >> 16, 4),
            (0x4000 | high & 0xfff, 4),
            (0x8000 | low >> 50, 4),
            (low, 12),
        ];
        let mut out = String::with_capacity(36);
        for (bits, digits) in fields {
            if !out.is_empty() {
                out.push('-');
            }
            for at in (0..digits).rev() {
                // `format!` would bring more to download than these lines.
                let nibble = u32::try_from(bits >> (4 * at) & 0xf).unwrap_or(0);
                out.extend(char::from_digit(nibble, 16));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_itself_and_looks_like_a_uuid() {
        let (mut one, mut two) = (Dice::new(7), Dice::new(7));
        let id = one.uuid();
        assert_eq!(id, two.uuid());
        assert_ne!(id, one.uuid());
        assert_eq!(id.len(), 36);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(matches!(id.as_bytes()[19], b'8'..=b'b'));
    }
}

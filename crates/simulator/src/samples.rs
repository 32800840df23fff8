//! Addresses of voice samples that work for a while: signed, so that none has to be remembered.

use std::fmt::Write as _;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How long an address works, in seconds.
pub(crate) const SECONDS: u64 = 900;

/// Signs addresses.
pub(crate) struct Samples {
    key: [u8; 32],
}

impl Samples {
    /// Signs with this key.
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The address of a voice's sample below the control listener's.
    pub(crate) fn path(&self, voice: &str, now_ms: i64) -> String {
        let until = now_ms / 1_000 + i64::try_from(SECONDS).unwrap_or(0);
        let signature = self.mac(voice, until).finalize().into_bytes();
        let mut path = format!("/media/voices/{voice}.wav?expires={until}&signature=");
        for byte in signature {
            // Writing to a string cannot fail.
            let _ = write!(path, "{byte:02x}");
        }
        path
    }

    /// Whether an address was made here and still works.
    pub(crate) fn admits(&self, voice: &str, until: i64, signature: &str, now_ms: i64) -> bool {
        let byte = |at: usize| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..signature.len()).step_by(2).map(byte).collect();
        let signed = bytes.is_some_and(|bytes| self.mac(voice, until).verify_slice(&bytes).is_ok());
        signed && now_ms < until.saturating_mul(1_000)
    }

    fn mac(&self, voice: &str, until: i64) -> Hmac<Sha256> {
        #[allow(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::new_from_slice(&self.key).expect("any key");
        mac.update(format!("{voice} {until}").as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_works_for_its_voice_and_a_while() {
        let samples = Samples::new([7; 32]);
        let path = samples.path("VOICE-1", 5_000);
        let signature = path.split("signature=").nth(1).unwrap();
        assert!(path.starts_with("/media/voices/VOICE-1.wav?expires=905&"));
        let admits =
            |voice, until, signature, now_ms| samples.admits(voice, until, signature, now_ms);
        assert!(admits("VOICE-1", 905, signature, 904_999));
        assert!(!admits("VOICE-1", 905, signature, 905_000), "over");
        assert!(!admits("VOICE-2", 905, signature, 5_000), "another voice");
        assert!(!admits("VOICE-1", 906, signature, 5_000), "a later end");
        for odd in ["", "0", "zz", "é", &signature[1..], &signature[2..]] {
            assert!(!admits("VOICE-1", 905, odd, 5_000), "{odd}");
        }
        assert!(!Samples::new([8; 32]).admits("VOICE-1", 905, signature, 5_000));
    }
}

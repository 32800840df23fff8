//! Credentials that cannot be printed.

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A key, token or signing secret.
///
/// It has no `Debug`, `Display` or `Serialize`, so it cannot reach a log, an error or a response by
/// accident; the memory is cleared on drop. The one way out is [`Secret::expose`].
///
/// ```compile_fail
/// let secret = perch_api::model::Secret::new("k".to_owned());
/// println!("{secret:?}");
/// ```
/// ```compile_fail
/// let secret = perch_api::model::Secret::new("k".to_owned());
/// println!("{secret}");
/// ```
/// ```compile_fail
/// let secret = perch_api::model::Secret::new("k".to_owned());
/// serde_json::to_string(&secret).unwrap();
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the secret over; the caller's copy is moved, not cloned.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself: only for the header or body that must carry it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether both are the same, in time that depends on the lengths only.
    pub fn ct_eq(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// Whether there is nothing in it, as with a variable that was left blank.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_needs_every_byte() {
        let secret = Secret::new("correct horse".to_owned());
        assert!(secret.ct_eq("correct horse"));
        assert!(!secret.ct_eq("correct horsf"));
        assert!(!secret.ct_eq("correct hors"));
        assert!(!secret.ct_eq(""));
    }
}

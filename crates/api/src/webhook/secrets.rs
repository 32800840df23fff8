//! The secrets a receiver knows, and what each of them is still good for.

use crate::model::Secret;

/// What a known secret is to the endpoint that received a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The one in use.
    Current,
    /// Rotated out a while ago and still accepted: retries of older events carry its signatures.
    Previous,
    /// No longer accepted; known only so that an explanation can name it.
    Retired,
    /// Of another endpoint or environment; known only so that an explanation can name it.
    Foreign,
}

impl Standing {
    /// Reads `current`, `previous`, `retired` or `foreign`.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "current" => Self::Current,
            "previous" => Self::Previous,
            "retired" => Self::Retired,
            "foreign" => Self::Foreign,
            _ => return None,
        })
    }

    /// Whether a signature by such a secret counts.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Current | Self::Previous)
    }
}

/// Why a secret was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// An unset variable, most likely. An empty key would let anyone sign.
    #[error("the signing secret is empty")]
    Empty,
    /// `whsec_` and nothing after it.
    #[error("the signing secret is a prefix without a key")]
    PrefixOnly,
    /// A Standard Webhooks secret whose key is no base64.
    #[error("the signing secret is no base64 after its whsec_ prefix")]
    NotBase64,
}

/// A secret with a name that may be shown.
#[derive(Clone)]
pub struct SigningSecret {
    /// What explanations call it, for example `shop, live`. Never the secret or a part of it.
    pub name: Box<str>,
    /// What it is good for.
    pub standing: Standing,
    pub(super) secret: Secret,
}

impl SigningSecret {
    /// Takes a secret over, refusing those that protect nothing.
    ///
    /// The text is the key, byte for byte: the platform's `whsec_` prefix belongs to it.
    pub fn new(name: &str, standing: Standing, secret: Secret) -> Result<Self, SecretFault> {
        let text = secret.expose().trim();
        if text.is_empty() {
            return Err(SecretFault::Empty);
        }
        if text == "whsec_" {
            return Err(SecretFault::PrefixOnly);
        }
        Ok(Self { name: name.into(), standing, secret })
    }

    /// The key's bytes.
    pub(super) fn key(&self) -> &[u8] {
        self.secret.expose().as_bytes()
    }
}

/// The secrets a receiver knows, in the order in which they are tried.
#[derive(Clone, Default)]
pub struct SigningSecrets(Vec<SigningSecret>);

impl SigningSecrets {
    /// One current secret, as before any rotation.
    pub fn single(secret: Secret) -> Result<Self, SecretFault> {
        Ok(Self(vec![SigningSecret::new("current", Standing::Current, secret)?]))
    }

    /// Adds a secret.
    #[must_use]
    pub fn with(mut self, secret: SigningSecret) -> Self {
        self.0.push(secret);
        self
    }

    /// Every known secret.
    pub fn iter(&self) -> std::slice::Iter<'_, SigningSecret> {
        self.0.iter()
    }

    /// Those whose signatures count.
    pub(super) fn accepted(&self) -> impl Iterator<Item = &SigningSecret> {
        self.0.iter().filter(|secret| secret.standing.is_accepted())
    }
}

impl<'a> IntoIterator for &'a SigningSecrets {
    type Item = &'a SigningSecret;
    type IntoIter = std::slice::Iter<'a, SigningSecret>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_protect_nothing_are_refused() {
        let new = |text: &str| {
            SigningSecret::new("s", Standing::Current, Secret::new(text.to_owned())).err()
        };
        assert_eq!(new(""), Some(SecretFault::Empty));
        assert_eq!(new(" \n"), Some(SecretFault::Empty));
        assert_eq!(new("whsec_"), Some(SecretFault::PrefixOnly));
        assert_eq!(new("whsec_x"), None);
    }
}

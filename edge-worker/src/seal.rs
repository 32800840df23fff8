//! Secrets at rest: AES-256-GCM under a key of their purpose, bound to the record they belong to.
//!
//! An envelope is `version | key id | nonce | ciphertext and tag`, as URL-safe base64. What it is for, the
//! tenant, kind and id of its record and the key id are authenticated with it, each with its length, so an
//! envelope that was moved to another record does not open there.
//! Storage that was read gives nothing away; storage that was written to cannot swap secrets.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hkdf::Hkdf;
use perch_api::model::Secret;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What is sealed; each purpose has a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Keys and signing secrets in the vault.
    Vault,
    /// The platform's tokens in a visitor session's storage.
    Visitor,
}

/// The record that a sealed secret belongs to. It opens in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The name of its tenant ([`crate::config::Tenant::name`]).
    pub tenant: &'a str,
    /// What it is, for example `workspace`.
    pub kind: &'a str,
    /// Which one of that kind; also its version, where a record changes in place.
    pub id: &'a str,
}

/// Sealing keys derived from one root key.
pub struct SealKeys {
    id: [u8; KEY_ID],
    vault: Aes256Gcm,
    visitor: Aes256Gcm,
}

/// The keys in use: the current ones seal, both open while a rotation lasts.
pub struct SealRing {
    /// Seals and opens.
    pub current: SealKeys,
    /// Opens only.
    pub previous: Option<SealKeys>,
}

/// An opened envelope.
pub struct Opened {
    /// What was sealed.
    pub secret: Secret,
    /// Whether an older key sealed it: then seal it again, so that the older key can go.
    pub is_stale: bool,
}

/// The envelope does not open here: wrong record, unknown key, or not what was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open")]
pub struct Unopened;

/// Length of a nonce. It must be random: two envelopes under one nonce betray each other.
pub const NONCE: usize = 12;
/// Longest value that is sealed, in bytes.
pub const MAX_PLAIN: usize = 16_384;

const VERSION: u8 = 1;
const KEY_ID: usize = 6;
const TAG: usize = 16;

impl SealKeys {
    /// Derives the keys: HKDF-SHA-256 with one expansion per use and one for the key id.
    pub fn derive(root: &[u8; 32]) -> Self {
        let extracted = Hkdf::<Sha256>::new(Some(b"perch seals v1"), root);
        let cipher = |info: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            expand(&extracted, info, key.as_mut_slice());
            Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key.as_slice()))
        };
        let mut id = [0; KEY_ID];
        expand(&extracted, b"key id", &mut id);
        Self { id, vault: cipher(b"vault"), visitor: cipher(b"visitor") }
    }

    const fn cipher(&self, to: Use) -> &Aes256Gcm {
        match to {
            Use::Vault => &self.vault,
            Use::Visitor => &self.visitor,
        }
    }
}

impl SealRing {
    /// What every envelope of the current keys begins with, and no other.
    pub fn mark(&self) -> String {
        let mut start = vec![VERSION];
        start.extend_from_slice(&self.current.id);
        let mut mark = BASE64.encode(start);
        // The last letter also holds bits of what follows.
        mark.pop();
        mark
    }

    /// Seals a value for its record, with a nonce that nobody has used.
    pub fn seal(
        &self,
        to: Use,
        record: Record<'_>,
        nonce: [u8; NONCE],
        value: &Secret,
    ) -> Result<String, Unopened> {
        let plain = value.expose().as_bytes();
        if plain.len() > MAX_PLAIN {
            return Err(Unopened);
        }
        let keys = &self.current;
        let aad = associated(record, keys.id);
        let payload = Payload { msg: plain, aad: &aad };
        let sealed = keys.cipher(to).encrypt(Nonce::from_slice(&nonce), payload);
        let mut envelope = vec![VERSION];
        envelope.extend_from_slice(&keys.id);
        envelope.extend_from_slice(&nonce);
        envelope.extend_from_slice(&sealed.map_err(|_| Unopened)?);
        Ok(BASE64.encode(envelope))
    }

    /// Opens an envelope that was sealed for this record.
    pub fn open(&self, from: Use, record: Record<'_>, envelope: &str) -> Result<Opened, Unopened> {
        // Four letters for three bytes; before anything is decoded.
        if envelope.len() / 4 > (1 + KEY_ID + NONCE + MAX_PLAIN + TAG).div_ceil(3) {
            return Err(Unopened);
        }
        let bytes = BASE64.decode(envelope).map_err(|_| Unopened)?;
        let (&version, rest) = bytes.split_first().ok_or(Unopened)?;
        let (id, rest) = rest.split_first_chunk::<KEY_ID>().ok_or(Unopened)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Unopened)?;
        if version != VERSION {
            return Err(Unopened);
        }
        let is_stale = self.current.id != *id;
        let keys = if is_stale {
            self.previous.as_ref().filter(|keys| keys.id == *id).ok_or(Unopened)?
        } else {
            &self.current
        };
        let aad = associated(record, *id);
        let payload = Payload { msg: sealed, aad: &aad };
        let plain = keys.cipher(from).decrypt(Nonce::from_slice(nonce), payload);
        let text = String::from_utf8(plain.map_err(|_| Unopened)?).map_err(|_| Unopened)?;
        Ok(Opened { secret: Secret::new(text), is_stale })
    }
}

// One block of output at most, so the one error there is cannot happen; zeros would open nothing.
fn expand(from: &Hkdf<Sha256>, info: &[u8], out: &mut [u8]) {
    if from.expand(info, out).is_err() {
        out.fill(0);
    }
}

// Lengths first: no two records give the same bytes, wherever their fields are cut.
fn associated(record: Record<'_>, key: [u8; KEY_ID]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    for field in [record.tenant.as_bytes(), record.kind.as_bytes(), record.id.as_bytes(), &key] {
        bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
        bytes.extend_from_slice(field);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECORD: Record<'_> = Record { tenant: "us-1/ws-1", kind: "workspace", id: "" };

    #[test]
    fn t81_the_mark_tells_old_envelopes_from_new() {
        let (old, new) = (ring(1, None), ring(2, Some(1)));
        let value = Secret::new("v".to_owned());
        for nonce in [[0; NONCE], [255; NONCE]] {
            let sealed = |ring: &SealRing| ring.seal(Use::Vault, RECORD, nonce, &value).unwrap();
            assert!(sealed(&new).starts_with(&new.mark()) && sealed(&old).starts_with(&old.mark()));
            assert!(!sealed(&old).starts_with(&new.mark()));
        }
    }

    fn ring(root: u8, previous: Option<u8>) -> SealRing {
        SealRing {
            current: SealKeys::derive(&[root; 32]),
            previous: previous.map(|root| SealKeys::derive(&[root; 32])),
        }
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn sealed(ring: &SealRing, record: Record<'_>, text: &str) -> String {
        ring.seal(Use::Vault, record, [9; NONCE], &secret(text)).unwrap()
    }

    fn opened(ring: &SealRing, record: Record<'_>, envelope: &str) -> Option<(String, bool)> {
        let opened = ring.open(Use::Vault, record, envelope).ok()?;
        Some((opened.secret.expose().to_owned(), opened.is_stale))
    }

    #[test]
    fn what_was_sealed_is_opened() {
        let ring = ring(1, None);
        for text in ["", "k", "whsec_canary-123", "\u{e9}\u{1f98a}", &"x".repeat(MAX_PLAIN)] {
            let envelope = sealed(&ring, RECORD, text);
            assert!(text.len() < 8 || !envelope.contains(text));
            assert_eq!(opened(&ring, RECORD, &envelope), Some((text.to_owned(), false)));
        }
        let long = secret(&"x".repeat(MAX_PLAIN + 1));
        assert!(ring.seal(Use::Vault, RECORD, [9; NONCE], &long).is_err());
        assert!(opened(&ring, RECORD, &"A".repeat(2 * MAX_PLAIN)).is_none());
    }

    #[test]
    fn t80_an_envelope_opens_in_its_own_record_only() {
        let ring = ring(1, None);
        let envelope = sealed(&ring, RECORD, "canary");
        for moved in [
            Record { tenant: "us-1/ws-2", ..RECORD },
            Record { tenant: "us-1/ws-1/P-1", ..RECORD },
            Record { kind: "conversations", ..RECORD },
            Record { id: "1", ..RECORD },
            // The same bytes, cut elsewhere.
            Record { tenant: "us-1/ws-1w", kind: "orkspace", id: "" },
            Record { tenant: "us-1/ws-1", kind: "workspac", id: "e" },
        ] {
            assert!(opened(&ring, moved, &envelope).is_none(), "{moved:?}");
        }
        assert!(ring.open(Use::Visitor, RECORD, &envelope).is_err(), "another purpose's key");
    }

    #[test]
    fn t80_every_flipped_byte_is_noticed() {
        let ring = ring(1, Some(2));
        let envelope = BASE64.decode(sealed(&ring, RECORD, "canary")).unwrap();
        for at in 0..envelope.len() {
            for flip in [1, 0x80] {
                let mut forged = envelope.clone();
                forged[at] ^= flip;
                assert!(opened(&ring, RECORD, &BASE64.encode(&forged)).is_none(), "{at}");
            }
            assert!(opened(&ring, RECORD, &BASE64.encode(&envelope[..at])).is_none());
        }
        let longer = BASE64.encode([envelope.as_slice(), b"\0"].concat());
        assert!(opened(&ring, RECORD, &longer).is_none());
    }

    #[test]
    fn t81_while_the_root_key_changes_both_open_and_the_new_one_seals() {
        let (old, both, new) = (ring(1, None), ring(2, Some(1)), ring(2, None));
        let before = sealed(&old, RECORD, "canary");
        assert_eq!(opened(&both, RECORD, &before), Some(("canary".to_owned(), true)));
        assert!(opened(&new, RECORD, &before).is_none(), "the rotation is over");
        let after = sealed(&both, RECORD, "canary");
        assert_eq!(opened(&both, RECORD, &after), Some(("canary".to_owned(), false)));
        assert_eq!(opened(&new, RECORD, &after), Some(("canary".to_owned(), false)));
        assert!(opened(&old, RECORD, &after).is_none());
        // The id inside decides, not the order in which keys are tried.
        let swapped = SealRing { current: SealKeys::derive(&[1; 32]), previous: both.previous };
        assert!(opened(&swapped, RECORD, &after).is_none());
    }

    proptest! {
        #[test]
        fn t80_no_other_record_opens_it(
            a in ("[a-c/]{0,4}", "[a-c/]{0,4}", "[a-c/]{0,4}"),
            b in ("[a-c/]{0,4}", "[a-c/]{0,4}", "[a-c/]{0,4}"),
        ) {
            let ring = ring(1, None);
            let envelope = sealed(&ring, Record { tenant: &a.0, kind: &a.1, id: &a.2 }, "canary");
            let found = opened(&ring, Record { tenant: &b.0, kind: &b.1, id: &b.2 }, &envelope);
            prop_assert_eq!(found.is_some(), a == b);
        }

        #[test]
        fn no_text_opens(text in "[A-Za-z0-9_-]{0,120}") {
            prop_assert!(ring(1, Some(2)).open(Use::Vault, RECORD, &text).is_err());
        }
    }
}

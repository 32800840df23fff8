//! Signed tokens with a fixed layout: `<prefix>.<key id>.<payload>.<mac>`.
//!
//! Not a JWT: there is no algorithm field to confuse, no JSON to parse before the signature is
//! checked, and each purpose has a key of its own, so a token never passes for another kind.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

type HmacSha256 = Hmac<Sha256>;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Calls of the visitor plane.
    Visitor,
    /// Coming back to a session after a reload.
    Resume,
    /// Opening one socket.
    Ticket,
    /// The operator's cookie.
    Operator,
    /// Opening one socket for a call.
    CallTicket,
    /// Naming a call's session at the gateway.
    CallSession,
    /// What a bot check is bound to.
    Challenge,
    /// A sign-in under way at an `OpenID` provider.
    Flow,
}

impl Purpose {
    const ALL: [Self; 8] = [
        Self::Visitor,
        Self::Resume,
        Self::Ticket,
        Self::Operator,
        Self::CallTicket,
        Self::CallSession,
        Self::Challenge,
        Self::Flow,
    ];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Visitor => "pv1",
            Self::Resume => "pr1",
            Self::Ticket => "pt1",
            Self::Operator => "po1",
            Self::CallTicket => "pk1",
            Self::CallSession => "ps1",
            Self::Challenge => "pc1",
            Self::Flow => "pf1",
        }
    }
}

/// What a token says. Times are unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The session's random id.
    pub session: [u8; 16],
    /// For visitors the site ([`tag`] of its id); zero for operators.
    pub site: [u8; 8],
    /// For visitors the page's origin ([`tag`] of it); zero for operators.
    pub origin: [u8; 8],
    /// Makes a ticket unique; of a sign-in under way the session that it replaces, if there is one; zero elsewhere.
    pub nonce: [u8; 16],
    /// Of a sign-in under way whether a fresh proof is asked for; zero elsewhere.
    pub role: u8,
    /// When it was made.
    pub issued: u64,
    /// When it ends.
    pub expires: u64,
    /// When the session behind it ends, however often the token is renewed.
    pub absolute: u64,
}

/// Why a token is refused. Callers answer all of them alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token is not valid")]
pub struct Invalid;

/// Signing keys derived from one root key, one per purpose.
pub struct Keys {
    id: String,
    // Keyed once: verifying a token then costs two compressions less.
    macs: [HmacSha256; 8],
}

/// The keys in use: the current ones sign, both verify while a rotation lasts.
pub struct KeyRing {
    /// Signs and verifies.
    pub current: Keys,
    /// Verifies only.
    pub previous: Option<Keys>,
}

const VERSION: u8 = 1;
const PAYLOAD: usize = 1 + 16 + 8 + 8 + 16 + 1 + 8 + 8 + 8;
/// How far another machine's clock may be ahead, in seconds.
const SKEW: u64 = 60;

impl Keys {
    /// Derives the keys: HKDF-SHA-256 with one expansion per purpose and one for the key id.
    pub fn derive(root: &[u8; 32]) -> Self {
        let extracted = mac_of(b"perch tokens v1", root);
        let expand = |info: &str| {
            let mut mac = keyed(&extracted);
            mac.update(info.as_bytes());
            mac.update(&[1]);
            mac.finalize().into_bytes()
        };
        let id = expand("key id");
        Self {
            id: BASE64.encode(id.get(..6).unwrap_or_default()),
            macs: Purpose::ALL.map(|purpose| keyed(&expand(purpose.prefix()))),
        }
    }

    fn mac(&self, purpose: Purpose) -> HmacSha256 {
        let [visitor, resume, ticket, operator, call_ticket, call_session, challenge, flow] =
            &self.macs;
        match purpose {
            Purpose::Visitor => visitor,
            Purpose::Resume => resume,
            Purpose::Ticket => ticket,
            Purpose::Operator => operator,
            Purpose::CallTicket => call_ticket,
            Purpose::CallSession => call_session,
            Purpose::Challenge => challenge,
            Purpose::Flow => flow,
        }
        .clone()
    }
}

impl KeyRing {
    /// Writes a token.
    pub fn sign(&self, purpose: Purpose, claims: &Claims) -> String {
        let mut token = format!(
            "{}.{}.{}",
            purpose.prefix(),
            self.current.id,
            BASE64.encode(claims.to_bytes())
        );
        let mut mac = self.current.mac(purpose);
        mac.update(token.as_bytes());
        token.push('.');
        BASE64.encode_string(mac.finalize().into_bytes(), &mut token);
        token
    }

    /// The keys that mark the calls of one visitor session, the current one first.
    pub fn call_keys(&self, session: &[u8; 16]) -> Vec<[u8; 32]> {
        let keys = [Some(&self.current), self.previous.as_ref()].into_iter().flatten();
        keys.map(|keys| {
            let mut mac = keys.mac(Purpose::CallSession);
            mac.update(session);
            mac.finalize().into_bytes().into()
        })
        .collect()
    }

    /// Reads a token back: signature first, then the times.
    pub fn verify(&self, purpose: Purpose, token: &str, now: u64) -> Result<Claims, Invalid> {
        let (signed, mac) = token.rsplit_once('.').ok_or(Invalid)?;
        let mut parts = signed.split('.');
        if parts.next() != Some(purpose.prefix()) {
            return Err(Invalid);
        }
        let id = parts.next().ok_or(Invalid)?;
        let payload = parts.next().ok_or(Invalid)?;
        if parts.next().is_some() {
            return Err(Invalid);
        }
        let keys = [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|keys| keys.id == id)
            .ok_or(Invalid)?;
        let mut expected = keys.mac(purpose);
        expected.update(signed.as_bytes());
        let mut given = [0; 32];
        decode_exact(mac, &mut given)?;
        // `verify_slice` compares in constant time.
        expected.verify_slice(&given).map_err(|_| Invalid)?;
        let mut bytes = [0; PAYLOAD];
        decode_exact(payload, &mut bytes)?;
        let claims = Claims::from_bytes(&bytes).ok_or(Invalid)?;
        let live = claims.issued <= now.saturating_add(SKEW)
            && now < claims.expires
            && now < claims.absolute;
        if live { Ok(claims) } else { Err(Invalid) }
    }
}

impl Claims {
    fn to_bytes(self) -> [u8; PAYLOAD] {
        let mut bytes = Vec::with_capacity(PAYLOAD);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.session);
        bytes.extend_from_slice(&self.site);
        bytes.extend_from_slice(&self.origin);
        bytes.extend_from_slice(&self.nonce);
        bytes.push(self.role);
        for time in [self.issued, self.expires, self.absolute] {
            bytes.extend_from_slice(&time.to_be_bytes());
        }
        // The fields above are `PAYLOAD` bytes long by construction, so this never is the default.
        bytes.try_into().unwrap_or([0; PAYLOAD])
    }

    fn from_bytes(bytes: &[u8; PAYLOAD]) -> Option<Self> {
        let (&version, rest) = bytes.split_first()?;
        if version != VERSION {
            return None;
        }
        let (&session, rest) = rest.split_first_chunk()?;
        let (&site, rest) = rest.split_first_chunk()?;
        let (&origin, rest) = rest.split_first_chunk()?;
        let (&nonce, rest) = rest.split_first_chunk()?;
        let (&role, rest) = rest.split_first()?;
        let (&issued, rest) = rest.split_first_chunk()?;
        let (&expires, rest) = rest.split_first_chunk()?;
        let (&absolute, rest) = rest.split_first_chunk()?;
        rest.is_empty().then_some(Self {
            session,
            site,
            origin,
            nonce,
            role,
            issued: u64::from_be_bytes(issued),
            expires: u64::from_be_bytes(expires),
            absolute: u64::from_be_bytes(absolute),
        })
    }
}

/// A short name for a public text, such as a site id or an origin.
pub fn tag(text: &str) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(text).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// The hash under which a random value is stored, so that storage holds nothing usable.
pub fn fingerprint(bytes: &[u8]) -> String {
    BASE64.encode(Sha256::digest(bytes))
}

/// The URL-safe text of random bytes.
pub fn text(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Reads back the text of so many bytes.
pub fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    decode_exact(text, &mut bytes).ok()?;
    Some(bytes)
}

/// Reads a root key: 32 bytes as URL-safe base64 without padding.
pub fn root_key(text: &str) -> Result<[u8; 32], Invalid> {
    let mut root = [0; 32];
    decode_exact(text.trim_end_matches('='), &mut root)?;
    Ok(root)
}

fn keyed(key: &[u8]) -> HmacSha256 {
    // HMAC takes keys of every length; the fallback exists only because the signature has an error.
    HmacSha256::new_from_slice(key)
        .unwrap_or_else(|_| HmacSha256::new(&hmac::digest::Key::<HmacSha256>::default()))
}

/// HMAC-SHA-256.
pub(crate) fn mac_of(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Whether `start` is how the HMAC-SHA-256 of the message begins, in constant time.
pub(crate) fn begins_mac_of(key: &[u8], message: &[u8], start: &[u8; 16]) -> bool {
    let mut mac = keyed(key);
    mac.update(message);
    mac.verify_truncated_left(start).is_ok()
}

// The engine refuses padding and stray bits, so each value has one spelling.
fn decode_exact(text: &str, out: &mut [u8]) -> Result<(), Invalid> {
    let bytes = BASE64.decode(text).map_err(|_| Invalid)?;
    if bytes.len() != out.len() {
        return Err(Invalid);
    }
    out.copy_from_slice(&bytes);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring(root: u8, previous: Option<u8>) -> KeyRing {
        KeyRing {
            current: Keys::derive(&[root; 32]),
            previous: previous.map(|root| Keys::derive(&[root; 32])),
        }
    }

    fn claims() -> Claims {
        Claims {
            session: [7; 16],
            site: tag("shop"),
            origin: tag("https://shop.example"),
            nonce: [9; 16],
            role: 3,
            issued: 1_000,
            expires: 1_600,
            absolute: 9_000,
        }
    }

    #[test]
    fn what_was_signed_is_read_back() {
        let ring = ring(1, None);
        for purpose in Purpose::ALL {
            let token = ring.sign(purpose, &claims());
            assert_eq!(ring.verify(purpose, &token, 1_599), Ok(claims()));
            assert!(token.starts_with(purpose.prefix()));
        }
    }

    #[test]
    fn t05_a_token_serves_its_own_purpose_only() {
        let ring = ring(1, None);
        for made in Purpose::ALL {
            let token = ring.sign(made, &claims());
            for used in Purpose::ALL.into_iter().filter(|used| *used != made) {
                assert_eq!(ring.verify(used, &token, 1_100), Err(Invalid));
                // Renaming the prefix does not help: the key differs.
                let renamed = token.replacen(made.prefix(), used.prefix(), 1);
                assert_eq!(ring.verify(used, &renamed, 1_100), Err(Invalid));
            }
        }
    }

    #[test]
    fn t01_every_flipped_byte_is_noticed() {
        let ring = ring(1, None);
        let token = ring.sign(Purpose::Visitor, &claims());
        for at in 0..token.len() {
            for flip in [1, 2, 32] {
                let mut bytes = token.clone().into_bytes();
                bytes[at] ^= flip;
                let Ok(forged) = String::from_utf8(bytes) else { continue };
                assert_eq!(
                    ring.verify(Purpose::Visitor, &forged, 1_100),
                    Err(Invalid),
                    "{at} {flip}"
                );
            }
        }
        for forged in [
            "",
            ".",
            "...",
            "pv1",
            "pv1.x.y",
            &format!("{token}."),
            &format!(".{token}"),
            &format!("{token}="),
            &token.replace('.', ""),
            &token[..token.len() - 1],
        ] {
            assert_eq!(ring.verify(Purpose::Visitor, forged, 1_100), Err(Invalid), "{forged}");
        }
    }

    #[test]
    fn t04_times_bound_it() {
        let ring = ring(1, None);
        let token = ring.sign(Purpose::Visitor, &claims());
        let at = |now| ring.verify(Purpose::Visitor, &token, now).is_ok();
        assert!(!at(939), "issued in the future");
        assert!(at(940), "within the allowed skew");
        assert!(at(1_599));
        assert!(!at(1_600));
        let old = Claims { expires: 99_999, ..claims() };
        let token = ring.sign(Purpose::Visitor, &old);
        assert!(ring.verify(Purpose::Visitor, &token, 8_999).is_ok());
        assert!(ring.verify(Purpose::Visitor, &token, 9_000).is_err(), "absolute age");
    }

    #[test]
    fn t06_rotation_accepts_both_and_then_only_the_new_key() {
        let token = ring(1, None).sign(Purpose::Visitor, &claims());
        assert!(ring(2, Some(1)).verify(Purpose::Visitor, &token, 1_100).is_ok());
        assert!(ring(2, None).verify(Purpose::Visitor, &token, 1_100).is_err());
        let new = ring(2, Some(1)).sign(Purpose::Visitor, &claims());
        assert!(ring(2, None).verify(Purpose::Visitor, &new, 1_100).is_ok());
        assert!(ring(1, None).verify(Purpose::Visitor, &new, 1_100).is_err());
    }

    #[test]
    fn t03_the_mac_is_rfc_4231() {
        let mac = mac_of(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(&mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn root_keys_are_32_bytes() {
        assert!(root_key(&text(&[5; 32])).is_ok());
        for wrong in [
            "",
            "short",
            &text(&[5; 31]),
            &text(&[5; 33]),
            "not base64 at all, sorry, no no no no no no",
        ] {
            assert!(root_key(wrong).is_err());
        }
    }

    proptest! {
        #[test]
        fn t01_no_text_is_a_token(text in ".{0,80}") {
            prop_assert!(ring(1, None).verify(Purpose::Visitor, &text, 1_100).is_err());
        }
    }
}

//! Signed tokens and sealed values.

use perch_api::model::Secret;
use perch_edge_worker::seal::{NONCE, Record, SealKeys, SealRing, Use};
use perch_edge_worker::token::{Claims, KeyRing, Keys, Purpose, root_key};

use super::{byte, number, text};

const PURPOSES: [Purpose; 4] =
    [Purpose::Visitor, Purpose::Resume, Purpose::Ticket, Purpose::Operator];

thread_local! {
    static RING: KeyRing = KeyRing { current: Keys::derive(&[3; 32]), previous: Some(Keys::derive(&[4; 32])) };
    static SEALS: SealRing = SealRing { current: SealKeys::derive(&[3; 32]), previous: Some(SealKeys::derive(&[4; 32])) };
}

/// Any text is no token; any claims come back as they were signed; any change is noticed.
pub fn token(mut data: &[u8]) {
    let now = number(&mut data);
    let claims = Claims {
        session: std::array::from_fn(|_| byte(&mut data)),
        site: std::array::from_fn(|_| byte(&mut data)),
        origin: [7; 8],
        nonce: [9; 16],
        role: byte(&mut data),
        issued: number(&mut data),
        expires: number(&mut data),
        absolute: number(&mut data),
    };
    let purpose = PURPOSES[usize::from(byte(&mut data)) % PURPOSES.len()];
    let (at, flip) = (usize::from(byte(&mut data)), byte(&mut data));
    let noise = String::from_utf8_lossy(data);
    let _ = root_key(&noise);
    RING.with(|ring| {
        for purpose in PURPOSES {
            assert!(ring.verify(purpose, &noise, now).is_err(), "noise is a token: {noise}");
        }
        let signed = ring.sign(purpose, &claims);
        let live = claims.issued <= now.saturating_add(60)
            && now < claims.expires
            && now < claims.absolute;
        assert_eq!(ring.verify(purpose, &signed, now).is_ok(), live);
        let mut changed = signed.clone().into_bytes();
        let at = at % changed.len();
        changed[at] ^= flip;
        if let Ok(changed) = String::from_utf8(changed) {
            assert_eq!(ring.verify(purpose, &changed, now).is_ok(), live && changed == signed);
        }
        for other in PURPOSES.into_iter().filter(|other| *other != purpose) {
            assert!(ring.verify(other, &signed, now).is_err());
        }
    });
}

/// A value opens in its own record, unchanged, and in no other.
pub fn seal(mut data: &[u8]) {
    let (tenant, kind, id) = (text(&mut data), text(&mut data), text(&mut data));
    let record = Record { tenant: &tenant, kind: &kind, id: &id };
    let (at, flip, cut) =
        (usize::from(byte(&mut data)), byte(&mut data), usize::from(byte(&mut data)));
    let value = String::from_utf8_lossy(data).into_owned();
    SEALS.with(|ring| {
        assert!(ring.open(Use::Vault, record, &value).is_err(), "noise opens: {value}");
        let Ok(sealed) =
            ring.seal(Use::Vault, record, [at as u8; NONCE], &Secret::new(value.clone()))
        else {
            return;
        };
        let opened = ring.open(Use::Vault, record, &sealed).expect("it opens");
        assert!(opened.secret.expose() == value && !opened.is_stale);
        assert!(ring.open(Use::Visitor, record, &sealed).is_err());
        // The same text cut into fields elsewhere is another record.
        let whole = format!("{tenant}{kind}");
        let cut =
            (0..=cut.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
        let (left, right) = whole.split_at(cut);
        let moved = ring.open(Use::Vault, Record { tenant: left, kind: right, id: &id }, &sealed);
        assert_eq!(moved.is_ok(), left == tenant, "{left} | {right}");
        let mut changed = sealed.clone().into_bytes();
        let at = at % changed.len();
        changed[at] ^= flip;
        if let Ok(changed) = String::from_utf8(changed) {
            assert_eq!(ring.open(Use::Vault, record, &changed).is_ok(), changed == sealed);
        }
    });
}

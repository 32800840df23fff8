//! T03: Wycheproof's vectors against the primitives that the worker signs and seals with.
//!
//! The crates are used exactly as `seal` and `token` use them: whole tags, 96-bit nonces, 256-bit keys.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use wycheproof::TestResult;

#[test]
fn t03_aes_256_gcm_seals_and_opens_as_the_vectors_say() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let cipher = Aes256Gcm::new_from_slice(&test.key).unwrap();
            let nonce = Nonce::from_slice(&test.nonce);
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = cipher.decrypt(nonce, Payload { msg: &sealed, aad: &test.aad });
            if test.result == TestResult::Invalid {
                assert!(opened.is_err(), "{}: {}", test.tc_id, test.comment);
                invalid += 1;
                continue;
            }
            assert_eq!(opened.unwrap(), test.pt.as_slice(), "{}: {}", test.tc_id, test.comment);
            let made = cipher.encrypt(nonce, Payload { msg: &test.pt, aad: &test.aad });
            assert_eq!(made.unwrap(), sealed, "{}: {}", test.tc_id, test.comment);
            valid += 1;
        }
    }
    assert!(valid >= 30 && invalid >= 20, "{valid} valid, {invalid} invalid");
}

#[test]
fn t03_hmac_sha_256_accepts_and_refuses_as_the_vectors_say() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&test.key).unwrap();
            mac.update(&test.msg);
            // Ours are never cut short; the vectors of shorter tags show that a short one is no whole one.
            let is_whole = group.tag_size == 256;
            let accepted = mac.clone().verify_slice(&test.tag).is_ok();
            let expected = is_whole && test.result != TestResult::Invalid;
            assert_eq!(accepted, expected, "{}: {}", test.tc_id, test.comment);
            if expected { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid >= 30 && invalid >= 60, "{valid} valid, {invalid} invalid");
}

#[test]
fn t03_hkdf_sha_256_derives_as_the_vectors_say() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    let mut seen = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let mut out = vec![0; test.size];
        let made = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm).expand(&test.info, &mut out);
        assert_eq!(made.is_ok(), test.result != TestResult::Invalid, "{}", test.tc_id);
        if made.is_ok() {
            assert_eq!(out, test.okm.as_slice(), "{}: {}", test.tc_id, test.comment);
        }
        seen += 1;
    }
    assert!(seen >= 50, "{seen}");
}

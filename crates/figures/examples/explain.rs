//! Explains a webhook delivery that no known secret signed: all that is tried is tried in vain.
#![cfg(target_family = "wasm")]

use perch_api::model::Secret;
use perch_api::webhook::explain::{Case, Effort, explain};
use perch_api::webhook::{Delivery, SigningSecret, SigningSecrets, Standing, sign};
use wasm_bindgen::prelude::wasm_bindgen;

const NOW: i64 = 1_788_256_801;

/// Explains once, with a body of about 4 KB and default effort; gives the number of hypotheses tried.
#[wasm_bindgen]
pub fn hypotheses() -> Option<u32> {
    let secret = |name: &str, standing| {
        SigningSecret::new(name, standing, Secret::new(["whsec_", name].concat())).ok()
    };
    let mut body = String::from(r#"{"type":"alert.triggered","data":{"lines":["#);
    for line in 0..80 {
        body += if line > 0 { "," } else { "" };
        body += r#""the rule holds for every conversation""#;
    }
    body += "]}}";
    let signed = sign(&secret("unknown", Standing::Current)?, "evt_1", body.as_bytes(), NOW);
    let secrets = SigningSecrets::default()
        .with(secret("current", Standing::Current)?)
        .with(secret("previous", Standing::Previous)?)
        .with(secret("staging", Standing::Foreign)?);
    let delivery = Delivery::new(signed.pairs(), body.as_bytes());
    let case = Case { delivery: &delivery, secrets: &secrets, recent: &[], now: NOW + 5 };
    u32::try_from(explain(&case, Effort::default()).hypotheses).ok()
}

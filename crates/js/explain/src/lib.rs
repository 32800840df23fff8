//! Why a signed delivery fails, for JavaScript: a module of its own, because few programs need it.

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

use perch_api::json::{Object, Value};
use perch_api::model::Secret;
use perch_api::webhook::explain::{About, Case, Confidence, Effort, Explanation, explain};
use perch_api::webhook::{Delivery, SigningSecret, SigningSecrets, Standing};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// What is known around a delivery that fails.
#[wasm_bindgen]
#[derive(Default)]
pub struct Known {
    secrets: SigningSecrets,
    recent: Vec<(Vec<String>, Vec<u8>)>,
}

#[wasm_bindgen]
impl Known {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// A secret and what it is good for: `current`, `previous`, `retired` or `foreign`.
    pub fn secret(&mut self, name: &str, standing: &str, secret: String) -> Result<(), JsValue> {
        let standing = Standing::parse(standing).unwrap_or(Standing::Retired);
        let secret = SigningSecret::new(name, standing, Secret::new(secret))
            .map_err(|fault| unusable(&fault.to_string()))?;
        self.secrets = std::mem::take(&mut self.secrets).with(secret);
        Ok(())
    }

    /// Another delivery, newest first; headers are names and values in turn.
    pub fn recent(&mut self, headers: Vec<String>, body: Vec<u8>) {
        self.recent.push((headers, body));
    }

    /// Explains a delivery at `now`, in Unix seconds.
    pub fn explain(&self, headers: Vec<String>, body: &[u8], now: f64) -> Result<JsValue, JsValue> {
        let explanation = self.explanation(&headers, body, now);
        Ok(serde_wasm_bindgen::to_value(&Explained::new(&explanation))?)
    }
}

impl Known {
    fn explanation(&self, headers: &[String], body: &[u8], now: f64) -> Explanation {
        let recent: Vec<_> =
            self.recent.iter().map(|(headers, body)| delivery(headers, body)).collect();
        let delivery = delivery(headers, body);
        #[allow(clippy::cast_possible_truncation, reason = "a clock: saturates")]
        let now = now as i64;
        let case = Case { delivery: &delivery, secrets: &self.secrets, recent: &recent, now };
        explain(&case, Effort::default())
    }
}

/// An error, as `PerchError` reads it.
fn unusable(message: &str) -> JsValue {
    let mut out = Object::new();
    out.put("code", "invalid_input");
    out.put("message", message);
    out.put("remedy", "Leave it out, or configure it as the platform showed it.");
    out.put("retry", "never");
    JsValue::from_str(&Value::from(out).encode())
}

fn delivery<'a>(headers: &'a [String], body: &'a [u8]) -> Delivery<'a> {
    Delivery::new(headers.as_chunks().0.iter().map(|[name, value]| (name, value)), body)
}

/// What a program gets to see of an explanation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained<'a> {
    diagnosis: &'a str,
    confidence: &'static str,
    evidence: Vec<Clue<'a>>,
    remedy: &'a str,
    hypotheses: usize,
    cut_short: bool,
}

#[derive(Serialize)]
struct Clue<'a> {
    about: &'static str,
    text: &'a str,
}

impl<'a> Explained<'a> {
    fn new(explanation: &'a Explanation) -> Self {
        let clues = explanation.evidence.iter();
        Self {
            diagnosis: explanation.diagnosis.as_str(),
            confidence: match explanation.confidence {
                Confidence::None => "none",
                Confidence::Likely => "likely",
                Confidence::Proven => "proven",
            },
            evidence: clues
                .map(|clue| Clue { about: about(clue.about), text: &clue.text })
                .collect(),
            remedy: explanation.remedy,
            hypotheses: explanation.hypotheses,
            cut_short: explanation.cut_short,
        }
    }
}

const fn about(about: About) -> &'static str {
    match about {
        About::Headers => "headers",
        About::Signature => "signature",
        About::Timestamp => "timestamp",
        About::Secret => "secret",
        About::Layout => "layout",
        About::Algorithm => "algorithm",
        About::Body => "body",
        About::Search => "search",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_secret_is_named_and_not_shown() {
        let mut known = Known::new();
        known.secret("shop", "current", "whsec_shop".to_owned()).unwrap();
        known.secret("hotel", "foreign", "whsec_hotel".to_owned()).unwrap();
        let hotel = Secret::new("whsec_hotel".to_owned());
        let hotel = SigningSecret::new("hotel", Standing::Foreign, hotel).unwrap();
        let signed = perch_api::webhook::sign(&hotel, "evt_1", b"{}", 1_788_000_000);
        let headers = signed.pairs().into_iter().flat_map(|(name, value)| [name, value]);
        let headers: Vec<_> = headers.map(str::to_owned).collect();
        let explanation = known.explanation(&headers, b"{}", 1_788_000_001.0);
        let explained = Explained::new(&explanation);
        assert_eq!((explained.diagnosis, explained.confidence), ("wrong_secret", "proven"));
        let texts: Vec<_> = explained.evidence.iter().map(|clue| clue.text).collect();
        let text = texts.join(" ");
        assert!(text.contains("hotel") && !text.contains("whsec_"), "{text}");
    }
}

//! The named vectors, read for the tests of the webhook module.

use perch_api::{
    model::Secret,
    webhook::{Delivery, SigningSecret, SigningSecrets, Standing},
};
use serde::Deserialize;
use serde_json::Value;

/// The whole file.
#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) default_secrets: Vec<VectorSecret>,
    pub(crate) standard_secret: String,
    pub(crate) polyai: Vec<Vector>,
    pub(crate) standard: Vec<Vector>,
    pub(crate) explain: Vec<Vector>,
}

#[derive(Deserialize)]
pub(crate) struct VectorSecret {
    name: String,
    standing: String,
    secret: String,
}

/// A delivery and what is to be said of it; which fields there are depends on the list.
#[derive(Deserialize)]
pub(crate) struct Vector {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) result: String,
    #[serde(default)]
    pub(crate) diagnosis: String,
    #[serde(default)]
    pub(crate) confidence: String,
    pub(crate) evidence: Option<String>,
    headers: Vec<(String, Value)>,
    body: Option<String>,
    body_hex: Option<String>,
    #[serde(default)]
    pub(crate) now: i64,
    pub(crate) secrets: Option<Vec<VectorSecret>>,
    pub(crate) secret: Option<String>,
    #[serde(default)]
    pub(crate) recent: Vec<Vector>,
}

/// Headers and body in bytes.
pub(crate) type Parts = (Vec<(String, Vec<u8>)>, Vec<u8>);

impl Vectors {
    pub(crate) fn load() -> Self {
        serde_json::from_str(include_str!("../vectors/webhook.json")).unwrap()
    }

    pub(crate) fn secrets(&self, vector: &Vector) -> SigningSecrets {
        secrets(vector.secrets.as_deref().unwrap_or(&self.default_secrets))
    }
}

impl Vector {
    pub(crate) fn parts(&self) -> Parts {
        let value = |value: &Value| match value {
            Value::String(text) => text.clone().into_bytes(),
            other => hex(other["hex"].as_str().unwrap()),
        };
        let headers = self.headers.iter().map(|(name, v)| (name.clone(), value(v))).collect();
        let body = match (&self.body, &self.body_hex) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(text)) => hex(text),
            _ => panic!("{}: one body", self.name),
        };
        (headers, body)
    }
}

pub(crate) fn delivery(parts: &Parts) -> Delivery<'_> {
    Delivery::new(parts.0.iter().map(|(name, value)| (name, value)), &parts.1)
}

pub(crate) fn secrets(list: &[VectorSecret]) -> SigningSecrets {
    list.iter().fold(SigningSecrets::default(), |secrets, vector| {
        let standing = match vector.standing.as_str() {
            "current" => Standing::Current,
            "previous" => Standing::Previous,
            "retired" => Standing::Retired,
            "foreign" => Standing::Foreign,
            other => panic!("{other}"),
        };
        let secret = Secret::new(vector.secret.clone());
        secrets.with(SigningSecret::new(&vector.name, standing, secret).unwrap())
    })
}

fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

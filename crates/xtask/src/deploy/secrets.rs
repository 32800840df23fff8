//! Which secrets there are, where their values come from, and what may be printed of one.

use std::{collections::BTreeMap, env, fmt::Write as _};

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::dev::random_text;

/// Signs every token and seals what is stored.
const ROOT: &str = "PERCH_ROOT_KEY";
/// The one-time sign-in.
const SETUP: &str = "PERCH_SETUP_TOKEN";

/// Secrets to be set, by name; never printed, never written to a file.
pub(crate) struct Secrets(BTreeMap<String, String>);

/// Whether a variable is one that Cloudflare must keep as a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    name.starts_with("POLYAI_")
        || ["_KEY", "_KEY_PREVIOUS", "_SECRET", "_TOKEN", "_CONNECTOR", "_PASSWORD"]
            .iter()
            .any(|end| name.starts_with("PERCH_") && name.ends_with(end))
}

impl Secrets {
    /// Takes what the environment has. `first`: also a new root key, and a sign-in link for this deployment.
    pub(crate) fn gather(first: bool) -> Result<Self> {
        let given = env::vars().filter(|(name, value)| is_secret(name) && !value.is_empty());
        let mut secrets: BTreeMap<String, String> = given.collect();
        if first {
            for (name, bytes) in [(ROOT, 32), (SETUP, 24)] {
                if !secrets.contains_key(name) {
                    secrets.insert(name.to_owned(), random_text(bytes)?);
                }
            }
        }
        Ok(Self(secrets))
    }

    /// The token of the sign-in link, if there is one.
    pub(crate) fn setup_token(&self) -> Option<&str> {
        self.0.get(SETUP).map(String::as_str)
    }

    /// Names, and what tells two values of one name apart.
    pub(crate) fn fingerprints(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, value)| (name.clone(), fingerprint(value))).collect()
    }

    /// For the standard input of `wrangler secret bulk`.
    pub(crate) fn document(&self) -> Value {
        json!(self.0)
    }
}

/// The last four digits of the SHA-256, as the vault shows them.
fn fingerprint(value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    digest.iter().skip(30).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_what_is_secret() {
        for name in
            ["POLYAI_CHAT_KEY", "PERCH_ROOT_KEY", "PERCH_ROOT_KEY_PREVIOUS", "PERCH_SETUP_TOKEN"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in
            ["PERCH_SITES", "PERCH_REGION", "PERCH_SETUP_EXPIRES", "PERCH_VISITOR_HOST", "HOME_KEY"]
        {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_fingerprint_is_the_end_of_the_hash() {
        // echo -n abc | sha256sum
        assert_eq!(fingerprint("abc"), "15ad");
    }

    #[test]
    fn a_first_deployment_gets_a_root_key_of_its_own() {
        let secrets = Secrets::gather(true).unwrap();
        let names: Vec<_> = secrets.fingerprints().into_iter().map(|(name, _)| name).collect();
        assert!(names.iter().any(|name| name == ROOT) && names.iter().any(|name| name == SETUP));
        assert!(secrets.setup_token().unwrap().len() >= 20);
        assert!(Secrets::gather(false).unwrap().setup_token().is_none());
    }
}

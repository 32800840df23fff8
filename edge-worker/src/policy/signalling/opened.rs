//! What a signalling socket is opened with, as a text that outlives the instance.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use perch_api::calls::message::OfferFields;
use perch_api::model::{AccountId, ProjectId, Secret};
use serde::Deserialize;
use serde_json::json;

use crate::config::Calls;

/// Everything the rules of a call begin with.
pub struct Opened {
    pub(super) token: Secret,
    pub(super) keys: Vec<[u8; 32]>,
    pub(super) offer: OfferFields,
}

#[derive(Deserialize)]
struct Wire {
    token: Secret,
    keys: Vec<String>,
    calls: Calls,
    account: AccountId,
    project: ProjectId,
}

impl Opened {
    /// The text for a call of this agent with the site's token; `keys` mark sessions. It holds the
    /// token, so it stays between the two halves of the worker.
    pub fn write(
        token: &Secret,
        keys: &[[u8; 32]],
        calls: &Calls,
        (account, project): (&AccountId, &ProjectId),
    ) -> String {
        let keys: Vec<_> = keys.iter().map(|key| BASE64.encode(key)).collect();
        json!({
            "token": token.expose(),
            "keys": keys,
            "calls": calls,
            "account": account.as_str(),
            "project": project.as_str(),
        })
        .to_string()
    }

    /// Reads it back.
    pub fn read(text: &str) -> Option<Self> {
        let wire: Wire = serde_json::from_str(text).ok()?;
        let keys: Option<Vec<_>> =
            wire.keys.iter().map(|key| BASE64.decode(key).ok()?.try_into().ok()).collect();
        let offer = wire.calls.offer(&wire.account, &wire.project);
        Some(Self { token: wire.token, keys: keys?, offer })
    }
}

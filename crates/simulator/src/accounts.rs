//! The accounts of one simulator: which of them a request belongs to.

use std::sync::Arc;

use axum::http::HeaderMap;
use perch_api::operation::{CredentialKind, Match};
use perch_api::region::Region;

use crate::account::SECOND;
use crate::calls::Calls;
use crate::keys::bearer;
use crate::keys::ring::Ring;
use crate::platform::Platform;
use crate::refusal::Refusal;

/// All accounts, and the keys that lead to them.
pub(crate) struct Accounts {
    all: Vec<Arc<Platform>>,
    ring: Ring,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts(..)")
    }
}

impl Accounts {
    /// The account everything is about, and its neighbour.
    pub(crate) fn new(first: Platform, region: Region) -> Self {
        let second = first.neighbour(&SECOND);
        let ring = Ring::new(region, [&first.keys, &second.keys].into_iter());
        Self { all: vec![Arc::new(first), Arc::new(second)], ring }
    }

    /// Every account, the first one first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Platform>> {
        self.all.iter()
    }

    /// The region whose keys are taken.
    pub(crate) const fn region(&self) -> Region {
        self.ring.region()
    }

    /// The account everything is about.
    #[allow(clippy::expect_used, reason = "an account stands first from the start")]
    pub(crate) fn first(&self) -> &Arc<Platform> {
        self.all.first().expect("the first account")
    }

    /// Calls from browsers.
    pub(crate) fn calls(&self) -> &Calls {
        &self.first().calls
    }

    /// Drops every socket and forgets every session.
    pub(crate) fn close_sessions(&self) {
        for platform in &self.all {
            platform.close_sessions();
        }
    }

    /// The account that minted a messaging token; the first one for a token that nobody minted.
    pub(crate) fn minted(&self, token: &str) -> &Arc<Platform> {
        self.all.iter().find(|one| one.tokens.is_own(token)).unwrap_or_else(|| self.first())
    }

    /// The account that a request's credential opens.
    pub(crate) fn admit(
        &self,
        found: &Match<'_>,
        headers: &HeaderMap,
        now_ms: i64,
    ) -> Result<&Arc<Platform>, Refusal> {
        let at = match found.spec.credential {
            CredentialKind::Anonymous => 0,
            CredentialKind::MessagingAccess => {
                return Ok(self.minted(bearer(headers).unwrap_or_default()));
            }
            // Refused by the family itself when nobody knows it.
            CredentialKind::MessagingConnector | CredentialKind::WebCalling => {
                self.ring.owner(found, headers).unwrap_or_default()
            }
            _ => self.ring.admit(found, headers, now_ms)?,
        };
        Ok(self.all.get(at).unwrap_or_else(|| self.first()))
    }
}

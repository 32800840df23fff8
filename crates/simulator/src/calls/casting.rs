//! Whom a call is for, and what is put on record of it.

use std::sync::Arc;

use perch_api::calls::message::{ErrorCode, ErrorReport, OfferFields};

use crate::accounts::Accounts;
use crate::agent::{Dialogue, Language};
use crate::conversation::{Channel, Conversation, Environment, VARIANTS};
use crate::platform::Platform;
use crate::studio::Stage;
use crate::sync::lock;

/// How long a record waits for the end of its call.
const OPEN_MS: i64 = 3 * 60 * 60 * 1_000;
/// Longest number or name of a caller that is kept.
const NAME: usize = 64;

/// A call that is let through.
pub(super) struct Cast {
    /// Whose agent answers.
    pub(super) platform: Arc<Platform>,
    variant: usize,
}

/// Checks the token, and everything else an offer names.
pub(super) fn cast(accounts: &Accounts, fields: &OfferFields) -> Result<Cast, ErrorReport> {
    let report = |code, text: &str| Err(ErrorReport { code, message: text.to_owned() });
    let token = fields.auth_token.as_ref().map_or("", |token| token.expose());
    let mut all = accounts.iter();
    // A connector's token opens calls as well.
    let Some(platform) = all
        .find(|one| one.keys.web_calling.ct_eq(token) || one.keys.messaging_connector.ct_eq(token))
    else {
        return report(ErrorCode::Unauthorized, "invalid auth token");
    };
    let named = |given: &Option<String>| given.clone().filter(|id| !id.is_empty());
    let foreign_account = named(&fields.account_id).is_some_and(|id| !platform.account.is(&id));
    let foreign_agent =
        named(&fields.project_id).is_some_and(|id| !platform.account.is_project(&id));
    if foreign_account || foreign_agent {
        return report(ErrorCode::Forbidden, "The token belongs to another agent");
    }
    let agents = lock(&platform.agents);
    let agent = agents.find(platform.account.project_id).ok();
    let Some(live) = agent.and_then(|agent| agent.deployments.active(Stage::Live)) else {
        return report(ErrorCode::AgentFailure, "The agent is not deployed");
    };
    let variant = named(&fields.variant_id);
    if variant.as_ref().is_some_and(|id| !live.content.variants.contains_key(id)) {
        return report(ErrorCode::InvalidArgument, "Unknown variant");
    }
    if let (Some(version), Some(agent)) = (&fields.agent_version, agent) {
        let mut all = Stage::ALL.into_iter().flat_map(|stage| agent.deployments.of(stage));
        if !all.any(|known| known.artifact == version.artifact_version) {
            return report(ErrorCode::InvalidArgument, "Unknown agent version");
        }
    }
    let known = |id: String| VARIANTS.iter().position(|(known, _)| *known == id);
    let variant = variant.and_then(known).unwrap_or(0);
    Ok(Cast { platform: Arc::clone(platform), variant })
}

impl Cast {
    /// Opens the record with the agent's greeting; gives its id, which callers never learn.
    pub(super) fn begin(&self, fields: &OfferFields, now_ms: i64) -> String {
        let platform = &self.platform;
        let id = format!("CA{}", platform.uuid().replace('-', ""));
        let name = |given: &Option<String>| -> String {
            given.iter().flat_map(|text| text.chars()).take(NAME).collect()
        };
        let deployment = platform.live_deployment();
        let language = Language::English;
        let channel = Channel::Voice;
        let begun = Conversation::begun(id.clone(), channel, Environment::Live, language, now_ms);
        platform.live.put(Conversation {
            variant: self.variant,
            from_number: name(&fields.caller),
            to_number: name(&fields.callee),
            deployment: deployment.into(),
            ..begun
        });
        let greeting = Dialogue::new(language, platform.random()).voice_greeting();
        platform.live.answered(&id, &greeting, language, None, now_ms + 400);
        platform.live.keep_open(&id, now_ms + OPEN_MS);
        id
    }
}

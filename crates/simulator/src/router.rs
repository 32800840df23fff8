//! Requests to typed handlers, by the operation tables of `perch_api`.

pub(crate) mod body;
mod closed;
mod monitoring;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use perch_api::model::PhoneNumberError;
use perch_api::operation::query::{from_pairs, read};
use perch_api::operation::{Family, Match, Operation, Payload};

pub(crate) use self::monitoring::refused;
use crate::account::{Account, FIRST, SECOND};
use crate::accounts::Accounts;
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::sync::lock;

/// A request, decoded to the types its operation declares.
pub(crate) struct Call<'a, O: Operation> {
    /// The platform.
    pub(crate) platform: &'a Arc<Platform>,
    /// Placeholders of the path.
    pub(crate) path: O::Path,
    /// Query.
    pub(crate) query: O::Query,
    /// The query as it came, without the question mark: senders may add to it.
    pub(crate) raw_query: &'a str,
    /// Body.
    pub(crate) request: O::Request,
    /// Headers.
    pub(crate) headers: &'a HeaderMap,
    /// The moment of arrival, Unix milliseconds.
    pub(crate) now_ms: i64,
}

/// A successful answer.
pub(crate) struct Answer {
    /// The body.
    pub(crate) body: Content,
    /// Its type.
    pub(crate) content_type: Option<&'static str>,
    /// How long the agent takes, milliseconds.
    pub(crate) after_ms: u64,
}

/// The body of an answer.
pub(crate) enum Content {
    /// In one piece.
    Whole(Vec<u8>),
    /// Written while it is sent.
    Parts(Box<dyn Iterator<Item = String> + Send>),
}

/// A request as it came.
pub(crate) struct Raw<'a> {
    /// Query without the question mark.
    pub(crate) query: &'a str,
    /// Headers.
    pub(crate) headers: &'a HeaderMap,
    /// Body.
    pub(crate) body: &'a [u8],
    /// The moment of arrival.
    pub(crate) now_ms: i64,
}

/// A typed response, and how long the agent takes for it in milliseconds.
pub(crate) type Answered<O> = Result<(<O as Operation>::Response, u64), Refusal>;

type Handler =
    Box<dyn Fn(&Arc<Platform>, &Match<'_>, &Raw<'_>) -> Result<Answer, Refusal> + Send + Sync>;

/// Handlers by operation id.
#[derive(Default)]
pub(crate) struct Router(BTreeMap<&'static str, Handler>);

impl Router {
    /// Answers `O` with its declared response type.
    pub(crate) fn on<O: Operation + 'static>(
        self,
        operation: O,
        handler: fn(&Call<'_, O>) -> Answered<O>,
    ) -> Self {
        self.on_bytes(operation, move |call| {
            let (response, after_ms) = handler(call)?;
            Ok(Answer {
                body: Content::Whole(response.encode()),
                content_type: O::Response::CONTENT_TYPE,
                after_ms,
            })
        })
    }

    /// Answers `O` with a JSON text that was written directly.
    pub(crate) fn on_text<O: Operation + 'static>(
        self,
        operation: O,
        handler: fn(&Call<'_, O>) -> Result<String, Refusal>,
    ) -> Self {
        self.on_bytes(operation, move |call| {
            Ok(Answer {
                body: Content::Whole(handler(call)?.into_bytes()),
                content_type: O::Response::CONTENT_TYPE,
                after_ms: 0,
            })
        })
    }

    /// Answers `O` with a JSON text, perhaps in pieces.
    pub(crate) fn on_parts<O: Operation + 'static>(
        self,
        operation: O,
        handler: fn(&Call<'_, O>) -> Result<Content, Refusal>,
    ) -> Self {
        self.on_bytes(operation, move |call| {
            let body = handler(call)?;
            Ok(Answer { body, content_type: O::Response::CONTENT_TYPE, after_ms: 0 })
        })
    }

    /// Answers a matched request.
    pub(crate) fn answer(
        &self,
        accounts: &Accounts,
        found: &Match<'_>,
        raw: &Raw<'_>,
    ) -> Result<Answer, Refusal> {
        let admitted = accounts.admit(found, raw.headers, raw.now_ms);
        let platform = admitted.map_err(|refusal| reword(found.spec.id, refusal))?;
        check_ids(platform, found)?;
        let handler = self.0.get(found.spec.id).ok_or_else(|| {
            Refusal::new(501, "NOT_IMPLEMENTED", "The simulator does not serve this operation.")
        })?;
        handler(platform, found, raw)
    }

    /// Operations of the tables that nobody answers.
    #[cfg(test)]
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        perch_api::operation::all()
            .map(|spec| spec.id)
            .filter(|id| !self.0.contains_key(id))
            .collect()
    }

    fn on_bytes<O: Operation + 'static>(
        mut self,
        _: O,
        handler: impl Fn(&Call<'_, O>) -> Result<Answer, Refusal> + Send + Sync + 'static,
    ) -> Self {
        let typed: Handler = Box::new(move |platform, found, raw| {
            monitoring::check_path(found)?;
            let path: Vec<_> = found
                .params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone().into_owned()))
                .collect();
            let invalid = |message: &str| address_refusal(O::SPEC.family, message);
            let path = from_pairs(&path).map_err(|error| invalid(&error.to_string()))?;
            let query = read(raw.query).ok_or_else(|| invalid("The query string is malformed."))?;
            let query = from_pairs(&query).map_err(|error| invalid(&error.to_string()))?;
            let request = body::read::<O>(raw)?;
            let (headers, raw_query, now_ms) = (raw.headers, raw.query, raw.now_ms);
            handler(&Call { platform, path, query, raw_query, request, headers, now_ms })
        });
        self.0.insert(O::SPEC.id, typed);
        self
    }
}

/// A path or a query that cannot be read.
fn address_refusal(family: Family, reason: &str) -> Refusal {
    let code = match family {
        Family::Conversations => "CONVERSATIONS_VALIDATION_FAILED",
        _ => "SCHEMA_VALIDATION_FAILED",
    };
    let is_number = reason.contains(&PhoneNumberError.to_string());
    if is_number { odd_number() } else { Refusal::new(400, code, reason) }
}

fn odd_number() -> Refusal {
    let code = "PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT";
    Refusal::new(400, code, "Number is not in valid E.164 format.")
}

/// Every account there is.
const ACCOUNTS: [&Account; 2] = [&FIRST, &SECOND];

/// Families that have an answer for agents without a past.
fn serves_any_agent(family: Family) -> bool {
    matches!(
        family,
        Family::Agents
            | Family::Concurrency
            | Family::Conversations
            | Family::Data
            | Family::DebugChat
            | Family::Handoff
    )
}

/// What a key without the permission is told, where the family has words of its own.
fn reword(id: &str, refusal: Refusal) -> Refusal {
    if refusal.status == 403 && id.starts_with("agents.rtc.") {
        let text = "Not authorized to access real-time configs.";
        return Refusal::new(403, "REAL_TIME_CONFIG_FORBIDDEN_ACCESS", text);
    }
    refusal
}

/// The account must be the key's own, in either form; so must the agent where it has to speak.
fn check_ids(platform: &Platform, found: &Match<'_>) -> Result<(), Refusal> {
    if let Some(account) = found.param("account_id").or_else(|| found.param("accountId"))
        && !platform.account.is(account)
    {
        // One family tells accounts that nobody has from those of others.
        if found.spec.id.starts_with("agents.voices.")
            && !ACCOUNTS.iter().any(|one| one.is(account))
        {
            return Err(Refusal::new(404, "ACCOUNT_NOT_FOUND", "Account ID does not exist."));
        }
        let text = "The key does not belong to this account.";
        return Err(Refusal::new(403, "ACCOUNT_INSUFFICIENT_PERMISSIONS", text));
    }
    if let Some(project) = found.param("project_id").or_else(|| found.param("agentId"))
        && !platform.account.is_project(project)
        // Agents that were made here have no past, and nobody to answer for them.
        && !(serves_any_agent(found.spec.family)
            && lock(&platform.agents).contains(project))
    {
        return Err(Refusal::new(404, "PROJECT_NOT_FOUND", "No such project."));
    }
    if found.param("version").is_some_and(|version| version != "v1") {
        return Err(Refusal::new(404, "NOT_FOUND", "No such version."));
    }
    Ok(())
}

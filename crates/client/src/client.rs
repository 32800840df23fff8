//! Sending operations.

use std::{sync::Arc, time::Duration};

use perch_api::operation::{Operation, Payload, query};

use crate::budget::RetryBudget;
use crate::credentials::Credentials;
use crate::error::ClientError;
use crate::exchange::unreadable;
use crate::options::CallOptions;
use crate::platform::Platform;
use crate::retry::RetryPolicy;
use crate::route::{Asked, Direct, Hosts, Route};

/// How long an answer may take in all.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends operations, to the platform or to an edge worker. Clones share everything.
///
/// What fails in passing is tried again: at most three times per call, with pauses drawn from a doubling
/// bound or as `Retry-After` says. Only what does no harm twice is repeated after a lost answer. Beyond
/// that, a client and its clones share a budget: retries are at most a tenth of the calls, plus one for
/// every ten seconds, plus ten, so that a broken platform is not asked four times as often.
#[derive(Clone)]
pub struct Client {
    platform: Arc<dyn Platform>,
    route: Arc<Route>,
    retry: RetryPolicy,
    budget: RetryBudget,
    options: Arc<CallOptions>,
}

/// A body ready to be sent, as often as needed.
pub(crate) struct Prepared {
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
    /// Headers that belong to the body besides its type.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Prepared {
    pub(crate) fn of(body: &impl Payload) -> Option<Self> {
        body.content_type().map(|kind| Self {
            content_type: kind.into_owned(),
            bytes: body.encode(),
            headers: body.headers(),
        })
    }
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    // On wasm as well: a client lives in view contexts that demand it.
    shared::<Client>();
};

impl Client {
    /// A client that goes through a Perch edge worker.
    ///
    /// `base` is the worker's origin without a slash at the end, or empty for the page's own.
    pub fn edge(platform: Arc<dyn Platform>, base: impl Into<String>) -> Self {
        Self::new(platform, Route::Edge { base: base.into() })
    }

    /// A client that holds credentials and talks to the platform itself: servers only.
    pub fn direct(platform: Arc<dyn Platform>, hosts: Hosts, credentials: Credentials) -> Self {
        Self::new(platform, Route::Direct(Box::new(Direct { hosts, credentials })))
    }

    fn new(platform: Arc<dyn Platform>, route: Route) -> Self {
        Self {
            platform,
            route: Arc::new(route),
            retry: RetryPolicy::default(),
            budget: RetryBudget::new(),
            options: Arc::default(),
        }
    }

    /// The same client with another patience.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The same client for calls with these options: `client.with(options).send(...)`.
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Self {
        Self { options: Arc::new(options), ..self.clone() }
    }

    /// What the client stands on.
    pub fn platform(&self) -> &Arc<dyn Platform> {
        &self.platform
    }

    pub(crate) fn route(&self) -> &Route {
        &self.route
    }

    pub(crate) const fn retry(&self) -> &RetryPolicy {
        &self.retry
    }

    pub(crate) const fn budget(&self) -> &RetryBudget {
        &self.budget
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.options
    }

    /// Sends an operation and reads its answer.
    pub async fn send<O: Operation>(
        &self,
        _: O,
        path: &O::Path,
        query: &O::Query,
        body: &O::Request,
    ) -> Result<O::Response, ClientError> {
        let (path, query) = (query::to_pairs(path), query::to_pairs(query));
        let asked = Asked { spec: O::SPEC, checks: O::CHECKS, path: &path, query: &query };
        let answer = self.execute(asked, Prepared::of(body)).await?;
        O::Response::decode(&answer.body).map_err(|fault| unreadable(O::SPEC, &answer, fault))
    }
}

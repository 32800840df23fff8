//! Sending operations.

use std::{sync::Arc, time::Duration};

use perch_api::error::ErrorBody;
use perch_api::operation::{Host, Operation, OperationSpec, Payload as _, query};
use perch_api::region::Region;

use crate::credentials::Credentials;
use crate::error::{ClientError, Failure};
use crate::input::{InputError, InputFault, InputPart};
use crate::platform::{HttpRequest, HttpResponse, Platform};
use crate::retry::{RetryPolicy, retry_after};

/// How long an answer may take in all.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends operations, to the platform or to an edge worker. Clones share everything.
#[derive(Clone)]
pub struct Client {
    platform: Arc<dyn Platform>,
    route: Arc<Route>,
    retry: RetryPolicy,
}

/// A body ready to be sent, as often as needed.
pub(crate) struct Prepared {
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
    /// Headers that belong to the body besides its type.
    pub(crate) headers: Vec<(&'static str, String)>,
}

enum Route {
    /// To a Perch edge worker, which holds the credentials.
    Edge { base: String },
    /// Straight to the platform.
    Direct { hosts: Hosts, credentials: Box<Credentials> },
}

/// Where the platform's hosts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts([Option<String>; 4]);

impl Hosts {
    /// The hosts of a region.
    pub fn region(region: Region) -> Self {
        let base = |kind| region.host(kind).map(|host| format!("https://{host}"));
        Self([Host::Build, Host::Platform, Host::Messaging, Host::Webrtc].map(base))
    }

    /// Hosts of one's own, for example a simulator's: origins without a slash at the end.
    pub fn custom(build: &str, platform: &str, messaging: &str, webrtc: &str) -> Self {
        Self([build, platform, messaging, webrtc].map(|base| Some(base.to_owned())))
    }

    fn base(&self, kind: Host) -> Option<&str> {
        let [build, platform, messaging, webrtc] = &self.0;
        match kind {
            Host::Build => build.as_deref(),
            Host::Platform => platform.as_deref(),
            Host::Messaging => messaging.as_deref(),
            Host::Webrtc => webrtc.as_deref(),
        }
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
        let route = Arc::new(Route::Edge { base: base.into() });
        Self { platform, route, retry: RetryPolicy::default() }
    }

    /// A client that holds credentials and talks to the platform itself: servers only.
    pub fn direct(platform: Arc<dyn Platform>, hosts: Hosts, credentials: Credentials) -> Self {
        let credentials = Box::new(credentials);
        let route = Arc::new(Route::Direct { hosts, credentials });
        Self { platform, route, retry: RetryPolicy::default() }
    }

    /// The same client with another patience.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// What the client stands on.
    pub fn platform(&self) -> &Arc<dyn Platform> {
        &self.platform
    }

    /// Sends an operation and reads its answer.
    pub async fn send<O: Operation>(
        &self,
        _: O,
        path: &O::Path,
        query: &O::Query,
        body: &O::Request,
    ) -> Result<O::Response, ClientError> {
        let body = body.content_type().map(|kind| Prepared {
            content_type: kind.into_owned(),
            bytes: body.encode(),
            headers: body.headers(),
        });
        let (path, query) = (query::to_pairs(path), query::to_pairs(query));
        let answer = self.execute(O::SPEC, &path, &query, body).await?;
        O::Response::decode(&answer.body)
            .map_err(|fault| failed(O::SPEC, fault.into(), Some(&answer)))
    }

    /// Everything that does not depend on types, so that it is compiled once.
    pub(crate) async fn execute(
        &self,
        spec: &'static OperationSpec,
        path: &[(&'static str, String)],
        query: &[(&'static str, String)],
        body: Option<Prepared>,
    ) -> Result<HttpResponse, ClientError> {
        let mut request = self.request(spec, path, query).map_err(|why| failed(spec, why, None))?;
        if let Some(body) = body {
            request.headers.push(("content-type", body.content_type));
            request.headers.extend(body.headers);
            request.body = Some(body.bytes);
        }
        let mut attempt = 1;
        loop {
            let answer = self.platform.fetch(request.clone()).await;
            let random = self.platform.random();
            let pause =
                self.retry.pause(spec.retry, attempt, answer.as_ref().map_err(|e| *e), random);
            match (pause, answer) {
                (Some(pause), _) => self.platform.sleep(pause).await,
                (None, Ok(answer)) if (200..300).contains(&answer.status) => return Ok(answer),
                (None, Ok(answer)) => {
                    let refused = ErrorBody::parse(answer.status, &answer.body);
                    return Err(failed(spec, Failure::Refused(refused), Some(&answer)));
                }
                (None, Err(error)) => return Err(failed(spec, error.into(), None)),
            }
            attempt += 1;
        }
    }

    fn request(
        &self,
        spec: &OperationSpec,
        path: &[(&'static str, String)],
        query: &[(&'static str, String)],
    ) -> Result<HttpRequest, Failure> {
        let is_given =
            |name: &str| query.iter().any(|(given, value)| *given == name && !value.is_empty());
        if let Some(name) = spec.required.iter().find(|name| !is_given(name)) {
            return Err(InputError::new(InputPart::Query, name, InputFault::Missing).into());
        }
        let (mut url, headers, cookies) = match &*self.route {
            Route::Edge { base } => {
                let url = format!("{base}/api/{}", spec.host.as_str());
                (url, vec![("x-perch", "1".to_owned())], true)
            }
            Route::Direct { hosts, credentials } => {
                let base = hosts.base(spec.host).ok_or(Failure::NoHost)?;
                (base.to_owned(), credentials.headers(spec.credential)?, false)
            }
        };
        let missing = || {
            let empty =
                |name: &&str| !path.iter().any(|(own, value)| own == name && !value.is_empty());
            let name = spec.placeholders().find(empty).unwrap_or_default();
            InputError::new(InputPart::Path, name, InputFault::Missing)
        };
        url.push_str(&spec.path_with(path).ok_or_else(missing)?);
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query::write(query.iter().map(|(name, value)| (*name, value.as_str()))));
        }
        let method = spec.method.as_str();
        Ok(HttpRequest { method, url, headers, body: None, timeout: TIMEOUT, cookies })
    }
}

pub(crate) fn failed(
    spec: &'static OperationSpec,
    failure: Failure,
    answer: Option<&HttpResponse>,
) -> ClientError {
    let header = |name| answer.and_then(|answer| answer.header(name)).map(str::to_owned);
    let repeated = match &failure {
        Failure::Refused(body) => body.correlation_id.clone(),
        _ => None,
    };
    ClientError {
        operation: spec.id,
        failure,
        correlation_id: header("x-polyai-correlation-id")
            .or(repeated)
            .or_else(|| header("x-request-id")),
        retry_after: answer.and_then(retry_after),
    }
}

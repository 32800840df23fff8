//! One call from its first try to its last: patience, budget, deadline, cancellation.

use std::time::Duration;

use perch_api::error::ErrorBody;
use perch_api::model::Millis;
use perch_api::operation::{CORRELATION_HEADER, DecodeError, OperationSpec};

use crate::cancel::unless_cancelled;
use crate::client::{Client, Prepared};
use crate::error::{ClientError, Failure, Unreadable};
use crate::platform::{BoxFuture, HttpRequest, HttpResponse, TransportError};
use crate::retry::{millis, retry_after};
use crate::route::Asked;

/// An answer, of which at least the head is there.
pub(crate) trait Answered {
    /// Status and headers; the body too when it is a refusal.
    fn head(&self) -> &HttpResponse;
}

impl Answered for HttpResponse {
    fn head(&self) -> &HttpResponse {
        self
    }
}

/// An answer and the correlation id that was sent for it.
pub(crate) struct Exchanged<R> {
    pub(crate) answer: R,
    pub(crate) sent_id: Option<String>,
}

impl Client {
    /// A call whose answer is awaited whole.
    pub(crate) async fn execute(
        &self,
        asked: Asked<'_>,
        body: Option<Prepared>,
    ) -> Result<HttpResponse, ClientError> {
        let platform = self.platform();
        let fetch = |request| platform.fetch(request);
        let exchanged = self.exchange(asked, body, &[], fetch).await?;
        if exchanged.answer.is_success() {
            return Ok(exchanged.answer);
        }
        Err(refused(asked.spec, &exchanged.answer, exchanged.sent_id))
    }

    /// Sends the request with `attempt` until an answer stands; `extra` are headers of this call alone.
    pub(crate) async fn exchange<'p, R: Answered>(
        &self,
        asked: Asked<'_>,
        body: Option<Prepared>,
        extra: &[(&'static str, String)],
        attempt: impl Fn(HttpRequest) -> BoxFuture<'p, Result<R, TransportError>>,
    ) -> Result<Exchanged<R>, ClientError> {
        let (platform, options) = (self.platform(), self.options());
        let spec = asked.spec;
        let (mut request, sent_id) = self
            .route()
            .request(asked, body, options, &|| platform.random())
            .map_err(|failure| ClientError::unsent(spec.id, failure))?;
        request.headers.extend_from_slice(extra);
        let lost = |failure: Failure| ClientError {
            correlation_id: sent_id.clone(),
            ..ClientError::unsent(spec.id, failure)
        };
        let cancel = options.cancel.as_ref();
        let patience = request.timeout;
        let begun = platform.now();
        // Milliseconds: the arithmetic of durations is downloaded, too.
        let deadline = options.deadline.map(millis);
        let left = |now: Millis| deadline.map(|whole| whole.saturating_sub(now.since(begun)));
        self.budget().call(begun);
        let mut tries = 1;
        loop {
            if let Some(left) = left(platform.now()) {
                request.timeout = Duration::from_millis(left).min(patience);
                if let Some(whole) = options.deadline.filter(|_| left == 0) {
                    return Err(lost(TransportError::Timeout(whole).into()));
                }
            }
            let answer = unless_cancelled(cancel, attempt(request.clone())).await;
            let answer = answer.ok_or_else(|| lost(Failure::Cancelled))?;
            let seen = answer.as_ref().map(Answered::head).map_err(|error| *error);
            let now = platform.now();
            let pause = self
                .retry()
                .pause(spec.retry, tries, seen, platform.random())
                // A pause that leaves no time for a try, or a try that nobody pays for, is none.
                .filter(|pause| left(now).is_none_or(|left| millis(*pause) < left))
                .filter(|_| self.budget().take(now));
            match (pause, answer) {
                (None, Ok(answer)) => return Ok(Exchanged { answer, sent_id }),
                (None, Err(error)) => return Err(lost(error.into())),
                (Some(pause), _) => {
                    let slept = unless_cancelled(cancel, platform.sleep(pause)).await;
                    slept.ok_or_else(|| lost(Failure::Cancelled))?;
                }
            }
            tries += 1;
        }
    }
}

/// The error that an answer outside 200 to 299 is.
pub(crate) fn refused(
    spec: &'static OperationSpec,
    answer: &HttpResponse,
    sent_id: Option<String>,
) -> ClientError {
    let body = ErrorBody::parse(answer.status, &answer.body);
    failed(spec, Failure::Refused(body), answer, sent_id)
}

/// The error of a success that cannot be read.
// Once, and not in every caller for its types.
#[inline(never)]
pub(crate) fn unreadable(
    spec: &'static OperationSpec,
    answer: &HttpResponse,
    fault: DecodeError,
) -> ClientError {
    failed(spec, Unreadable::new(answer.status, &answer.body, fault).into(), answer, None)
}

/// The error of an answer that came, under the platform's name for it, or else the one that was sent.
pub(crate) fn failed(
    spec: &'static OperationSpec,
    failure: Failure,
    answer: &HttpResponse,
    sent_id: Option<String>,
) -> ClientError {
    let header = |name| answer.header(name).map(str::to_owned);
    let repeated = match &failure {
        Failure::Refused(body) => body.correlation_id.clone(),
        _ => None,
    };
    let named = header(CORRELATION_HEADER).or(repeated).or_else(|| header("x-request-id"));
    ClientError {
        operation: spec.id,
        correlation_id: named.or(sent_id),
        failure,
        retry_after: retry_after(answer),
    }
}

//! Recordings, whole or in part, over as many requests as it takes.

use perch_api::operation::{
    Checks, Empty, InputError, InputFault, InputPart, Operation, OperationSpec, Wav, query,
};
use perch_api::range::{ByteRange, Download, RangeHead};

use super::{Body, Streaming};
use crate::cancel::unless_cancelled;
use crate::error::{ClientError, Failure};
use crate::exchange::{failed, refused};
use crate::platform::{HttpResponse, TransportError};
use crate::route::Asked;

/// How a recording is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownloadOptions {
    /// Which part.
    pub range: ByteRange,
    /// Most bytes that are taken; more end the download.
    pub limit: u64,
    /// How often a broken download goes on; each time counts against the client's budget for retries.
    pub resumes: u32,
}

impl Default for DownloadOptions {
    fn default() -> Self {
        Self { range: ByteRange::All, limit: 256 * 1024 * 1024, resumes: 5 }
    }
}

/// A recording on its way. Dropping it ends the request.
///
/// When the connection breaks, it asks for the rest, and makes sure that the rest is of the same
/// recording: by its `ETag`, or by its size where the server gives none.
pub struct Recording {
    streaming: Streaming,
    spec: &'static OperationSpec,
    checks: &'static Checks,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    download: Download,
    resumes: u32,
    tries: u32,
    head: HttpResponse,
    /// Until the download is at its end.
    body: Option<Body>,
}

impl Streaming {
    /// Begins to fetch a recording: [`perch_api::families::conversations::Audio`] or
    /// [`perch_api::families::agents::audio_cache::Download`].
    pub async fn recording<O: Operation<Request = Empty, Response = Wav>>(
        &self,
        _: O,
        path: &O::Path,
        query: &O::Query,
        options: DownloadOptions,
    ) -> Result<Recording, ClientError> {
        let (path, query) = (query::to_pairs(path), query::to_pairs(query));
        self.begin(O::SPEC, O::CHECKS, path, query, options).await
    }

    pub(super) async fn begin(
        &self,
        spec: &'static OperationSpec,
        checks: &'static Checks,
        path: Vec<(&'static str, String)>,
        query: Vec<(&'static str, String)>,
        options: DownloadOptions,
    ) -> Result<Recording, ClientError> {
        if !options.range.is_lawful() {
            let fault = InputFault::Unlawful("at least one byte");
            let error = InputError::new(InputPart::Option, "range", fault);
            return Err(ClientError::unsent(spec.id, error.into()));
        }
        let mut download = Download::new(options.range, options.limit);
        let asked = Asked { spec, checks, path: &path, query: &query };
        let (head, body) = self.part(asked, &mut download).await?;
        Ok(Recording {
            streaming: self.clone(),
            spec,
            checks,
            path,
            query,
            download,
            resumes: options.resumes,
            tries: 0,
            head,
            body: Some(body),
        })
    }

    /// Asks for what is missing.
    async fn part(
        &self,
        asked: Asked<'_>,
        download: &mut Download,
    ) -> Result<(HttpResponse, Body), ClientError> {
        let (head, body) = self.open(asked, None, &download.headers()).await?;
        if !head.is_success() && head.status != 416 {
            return Err(refused(asked.spec, &head, body.sent_id()));
        }
        let is_plain = head.header("content-encoding").is_none_or(|kind| kind == "identity");
        let answered = download.answered(RangeHead {
            status: head.status,
            content_range: head.header("content-range"),
            content_length: head.header("content-length").filter(|_| is_plain),
            etag: head.header("etag"),
        });
        match answered {
            Ok(()) => Ok((head, body)),
            Err(fault) => Err(failed(asked.spec, fault.into(), &head, body.sent_id())),
        }
    }
}

impl Recording {
    /// How many bytes the whole recording has, where the server says so.
    pub const fn total(&self) -> Option<u64> {
        self.download.total()
    }

    /// What the server says that it is.
    pub fn content_type(&self) -> Option<&str> {
        self.head.header("content-type")
    }

    /// How many bytes of the wanted part were given so far.
    pub const fn taken(&self) -> u64 {
        self.download.taken()
    }

    /// The next bytes; nothing at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, ClientError>> {
        loop {
            if self.download.is_complete() {
                self.body = None;
            }
            let failure = match self.body.as_mut()?.next().await {
                Some(Ok(chunk)) => match self.download.take(&chunk) {
                    Ok([]) => continue,
                    Ok(wanted) => return Some(Ok(wanted.to_vec())),
                    Err(fault) => return Some(Err(self.end(fault.into()))),
                },
                None => match self.download.ended() {
                    Ok(true) => {
                        self.body = None;
                        return None;
                    }
                    Ok(false) => TransportError::Connect.into(),
                    Err(fault) => return Some(Err(self.end(fault.into()))),
                },
                Some(Err(failure)) => failure,
            };
            if let Err(error) = self.go_on(failure).await {
                self.body = None;
                return Some(Err(error));
            }
        }
    }

    /// All of the wanted part at once.
    pub async fn collect(mut self) -> Result<Wav, ClientError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.next().await {
            bytes.extend(chunk?);
        }
        Ok(Wav(bytes))
    }

    /// After a break: a pause, and a request for the rest.
    async fn go_on(&mut self, failure: Failure) -> Result<(), ClientError> {
        let client = &self.streaming.client;
        let platform = &self.streaming.platform;
        let may = self.tries < self.resumes && !matches!(failure, Failure::Cancelled);
        if !may || !client.budget().take(platform.now()) {
            return Err(self.named(failure));
        }
        self.tries += 1;
        let pause = platform.sleep(client.retry().jitter(self.tries, platform.random()));
        if unless_cancelled(client.options().cancel.as_ref(), pause).await.is_none() {
            return Err(self.named(Failure::Cancelled));
        }
        let asked =
            Asked { spec: self.spec, checks: self.checks, path: &self.path, query: &self.query };
        let (head, body) = self.streaming.part(asked, &mut self.download).await?;
        self.head = head;
        self.body = Some(body);
        Ok(())
    }

    fn end(&mut self, failure: Failure) -> ClientError {
        let error = self.named(failure);
        self.body = None;
        error
    }

    fn named(&self, failure: Failure) -> ClientError {
        failed(self.spec, failure, &self.head, self.body.as_ref().and_then(Body::sent_id))
    }
}

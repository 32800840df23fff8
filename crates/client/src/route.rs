//! Where requests go, and what authorises them there.

use perch_api::operation::{
    CORRELATION_HEADER, Checks, Host, InputError, InputFault, InputPart, OperationSpec,
    lawful_credential, query,
};
use perch_api::region::Region;

use crate::client::Prepared;
use crate::credentials::Credentials;
use crate::error::Failure;
use crate::options::CallOptions;
use crate::platform::HttpRequest;

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

pub(crate) enum Route {
    /// To a Perch edge worker, which holds the credentials.
    Edge { base: String },
    /// Straight to the platform. By a trait, so that a page, which has no credentials, links none.
    Direct(Box<dyn Way>),
}

/// The start of a URL, headers that authorise, and the correlation id among them.
type Start = (String, Vec<(&'static str, String)>, Option<String>);

pub(crate) trait Way: Send + Sync {
    fn start(
        &self,
        spec: &OperationSpec,
        options: &CallOptions,
        random: &dyn Fn() -> u64,
    ) -> Result<Start, Failure>;
}

/// Hosts of the platform, and the credentials for them.
pub(crate) struct Direct {
    pub(crate) hosts: Hosts,
    pub(crate) credentials: Credentials,
}

impl Way for Direct {
    fn start(
        &self,
        spec: &OperationSpec,
        options: &CallOptions,
        random: &dyn Fn() -> u64,
    ) -> Result<Start, Failure> {
        let base = self.hosts.base(spec.host).ok_or(Failure::NoHost)?;
        let mut headers = self.credentials.headers(spec.credential)?;
        lawful_credential(spec.credential, &headers)?;
        let own = || format!("perch-{:016x}{:016x}", random(), random());
        let id = options.correlation_id.clone().unwrap_or_else(own);
        headers.push((CORRELATION_HEADER, id.clone()));
        Ok((base.to_owned(), headers, Some(id)))
    }
}

/// One call, before anything of it is on a wire.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) spec: &'static OperationSpec,
    pub(crate) checks: &'static Checks,
    pub(crate) path: &'a [(&'static str, String)],
    pub(crate) query: &'a [(&'static str, String)],
}

impl Route {
    /// The request, and the correlation id that goes with it.
    pub(crate) fn request(
        &self,
        asked: Asked<'_>,
        body: Option<Prepared>,
        options: &CallOptions,
        random: &dyn Fn() -> u64,
    ) -> Result<(HttpRequest, Option<String>), Failure> {
        options.check()?;
        let Asked { spec, checks, path, query } = asked;
        let given = |list: &[(&'static str, String)], name: &str| {
            list.iter().any(|(own, value)| *own == name && !value.is_empty())
        };
        let missing = |part, name| InputError::new(part, name, InputFault::Missing);
        if let Some(name) = spec.required.iter().find(|name| !given(query, name)) {
            return Err(missing(InputPart::Query, name).into());
        }
        let json = body.as_ref().filter(|body| body.content_type == "application/json");
        checks.hold(spec, path, query, json.map(|body| body.bytes.as_slice()))?;
        let ((mut url, mut headers, id), cookies) = match self {
            Self::Edge { base } => {
                let url = [base, "/api/", spec.host.as_str()].concat();
                let mut headers = vec![("x-perch", "1".to_owned())];
                let id = options.correlation_id.clone();
                headers.extend(id.iter().map(|id| (CORRELATION_HEADER, id.clone())));
                ((url, headers, id), true)
            }
            Self::Direct(way) => (way.start(spec, options, random)?, false),
        };
        url.push_str(&spec.path_with(path).map_err(|name| missing(InputPart::Path, name))?);
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query::write(query.iter().map(|(name, value)| (*name, value.as_str()))));
        }
        if let Some(kind) = spec.answers.filter(|kind| kind.starts_with("audio/")) {
            headers.push(("accept", kind.to_owned()));
        }
        let mut bytes = None;
        if let Some(body) = body {
            headers.push(("content-type", body.content_type));
            headers.extend(body.headers);
            bytes = Some(body.bytes);
        }
        let timeout = options.timeout.unwrap_or(crate::client::TIMEOUT);
        let method = spec.method.as_str();
        Ok((HttpRequest { method, url, headers, body: bytes, timeout, cookies }, id))
    }
}

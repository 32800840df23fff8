//! The anonymous side of a Perch edge worker: a session, one-use tickets, a socket.
//!
//! A visitor holds two things: a token of a few minutes, in memory only, and a resume handle that a
//! page may store so that history survives a reload. Neither is a key of the platform.

mod wire;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use perch_api::json::{Object, Value};
use perch_api::messaging::client::DialFailure;
use perch_api::model::Millis;

use wire::Session;
pub use wire::{ChatReply, Check, Handoff, Site, Theme, VisitorError};

use crate::driver::Dialler;
use crate::platform::{BoxFuture, HttpRequest, HttpResponse, Platform, Sockets};
use crate::retry::retry_after;
use crate::socket::{Socket, SocketError};

const TIMEOUT: Duration = Duration::from_secs(20);

/// An agent's turn may take tens of seconds; the worker gives up after 60.
const TURN_TIMEOUT: Duration = Duration::from_secs(65);

/// A token is renewed when less than this is left of it, in milliseconds.
const RENEW_BEFORE_MS: u64 = 60_000;

/// One visitor of one site, known to the edge worker.
pub struct Visitor {
    platform: Arc<dyn Sockets>,
    edge: String,
    site: Site,
    session: String,
    resumed: bool,
    verified: Option<bool>,
    tokens: Mutex<Tokens>,
}

/// What a visitor comes with.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The site's name.
    pub site: String,
    /// The handle of an earlier session. One that is no longer good is no error: a new session is
    /// opened, and [`Visitor::resumed`] says so.
    pub resume: Option<String>,
    /// Another agent of the site, by its key.
    pub agent: Option<String>,
    /// The visitor's language tag, for sites with an agent for each.
    pub language: Option<String>,
    /// The handle of what the site's backend vouches for; good once.
    pub context: Option<String>,
    /// The solved check, when the worker asked for one with [`VisitorError::Check`].
    pub check: Option<Solved>,
}

/// A check that was solved.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The worker's challenge ([`Check::challenge`]).
    pub challenge: String,
    /// What its provider's script answered.
    pub answer: String,
}

struct Tokens {
    token: String,
    until: Millis,
    resume: String,
}

impl Visitor {
    /// Opens a session, or takes one up again.
    ///
    /// `edge` is the worker's origin without a slash at the end. A `resume` handle that is no longer
    /// good is no error: a new session is opened, and [`resumed`](Self::resumed) says so.
    pub async fn open(
        platform: Arc<dyn Sockets>,
        edge: &str,
        site: &str,
        resume: Option<&str>,
    ) -> Result<Self, VisitorError> {
        let resume = resume.map(str::to_owned);
        let entry = Entry { site: site.to_owned(), resume, ..Entry::default() };
        Self::enter(platform, edge, &entry).await
    }

    /// Opens a session, or takes one up again, with everything a visitor may come with.
    pub async fn enter(
        platform: Arc<dyn Sockets>,
        edge: &str,
        entry: &Entry,
    ) -> Result<Self, VisitorError> {
        let opened = open(&*platform, edge, entry.body()).await?;
        let tokens = Mutex::new(tokens(&*platform, &opened));
        let Session { site, id: session, resumed, verified, .. } = opened;
        Ok(Self { platform, edge: edge.to_owned(), site, session, resumed, verified, tokens })
    }

    /// What the site's owner configured for all visitors.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The edge worker's name for the session; no secret.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// Whether an earlier session goes on.
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// Whether the agent was told what the site's backend vouches for; nothing when no handle was sent.
    pub fn verified(&self) -> Option<bool> {
        self.verified
    }

    /// What to store so that a later page can take this session up again.
    pub fn resume_handle(&self) -> String {
        self.lock().resume.clone()
    }

    /// Starts a conversation over plain requests, for networks that let no socket through.
    pub async fn chat_create(&self) -> Result<ChatReply, VisitorError> {
        self.authorised("/visitor/chat/create", Object::new(), TURN_TIMEOUT, ChatReply::read).await
    }

    /// Says something over plain requests; the answer may take tens of seconds.
    pub async fn chat_respond(&self, message: &str) -> Result<ChatReply, VisitorError> {
        let mut body = Object::new();
        body.put("message", message);
        self.authorised("/visitor/chat/respond", body, TURN_TIMEOUT, ChatReply::read).await
    }

    /// Ends the conversation held over plain requests.
    pub async fn chat_close(&self) -> Result<ChatReply, VisitorError> {
        self.authorised("/visitor/chat/close", Object::new(), TIMEOUT, ChatReply::read).await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request with the token, renewing it first when it is about to die.
    async fn authorised<T>(
        &self,
        path: &str,
        body: Object,
        timeout: Duration,
        read: fn(&Object) -> Option<T>,
    ) -> Result<T, VisitorError> {
        let stale = self.lock().until <= self.platform.now().plus(RENEW_BEFORE_MS);
        if stale {
            self.renew().await?;
        }
        let body = Value::from(body).encode();
        let send = || {
            let mut request = post([&self.edge, path].concat(), body.clone());
            let token = ["Bearer ", &self.lock().token].concat();
            request.headers.push(("authorization", token));
            request.timeout = timeout;
            self.platform.fetch(request)
        };
        let mut answer = send().await?;
        if answer.status == 401 && !stale {
            // The worker may have rotated its keys since.
            self.renew().await?;
            answer = send().await?;
        }
        decode(&answer, read)
    }

    async fn renew(&self) -> Result<(), VisitorError> {
        let mut body = Object::new();
        // The worker is not to open another session in place of one that is over.
        body.put("renew", true);
        body.put("resume", self.resume_handle().as_str());
        body.put("site", self.site.id.as_str());
        let opened =
            open(&*self.platform, &self.edge, body).await.map_err(|error| match error {
                VisitorError::Refused { status: 409, .. } => VisitorError::SessionLost,
                error => error,
            })?;
        if opened.id != self.session {
            return Err(VisitorError::SessionLost);
        }
        *self.lock() = tokens(&*self.platform, &opened);
        Ok(())
    }
}

impl Dialler for Visitor {
    fn dial(&self, cursor: Option<u64>) -> BoxFuture<'_, Result<Socket, DialFailure>> {
        Box::pin(async move {
            let ticket = self
                .authorised("/visitor/ticket", Object::new(), TIMEOUT, wire::ticket)
                .await
                .map_err(|error| error.dial_failure())?;
            let host = self.edge.strip_prefix("http").unwrap_or(&self.edge);
            let mut url = ["ws", host, "/visitor/socket?ticket=", &ticket].concat();
            if let Some(cursor) = cursor {
                url += "&cursor=";
                url += &cursor.to_string();
            }
            self.platform.connect(url).await.map_err(|error| match error {
                SocketError::Refused(401 | 404) => DialFailure::SessionLost,
                SocketError::Refused(400 | 403) | SocketError::Url => DialFailure::Refused,
                SocketError::Refused(429 | 503) => DialFailure::Busy { retry_after_ms: None },
                _ => DialFailure::Unreachable,
            })
        })
    }
}

impl Entry {
    fn body(&self) -> Object {
        let mut body = Object::new();
        body.maybe("agent", self.agent.as_deref());
        if let Some(solved) = &self.check {
            let mut check = Object::new();
            check.put("answer", solved.answer.as_str());
            check.put("challenge", solved.challenge.as_str());
            body.put("check", check);
        }
        body.maybe("context", self.context.as_deref());
        body.maybe("language", self.language.as_deref());
        body.maybe("resume", self.resume.as_deref());
        body.put("site", self.site.as_str());
        body
    }
}

async fn open(platform: &dyn Platform, edge: &str, body: Object) -> Result<Session, VisitorError> {
    let request = post([edge, "/visitor/session"].concat(), Value::from(body).encode());
    decode(&platform.fetch(request).await?, Session::read)
}

fn tokens(platform: &dyn Platform, session: &Session) -> Tokens {
    Tokens {
        token: session.token.clone(),
        until: platform.now().plus(session.expires_in.saturating_mul(1_000)),
        resume: session.resume.clone(),
    }
}

fn post(url: String, body: String) -> HttpRequest {
    HttpRequest {
        method: "POST",
        url,
        headers: vec![("content-type", "application/json".to_owned())],
        body: Some(body.into_bytes()),
        timeout: TIMEOUT,
        cookies: false,
    }
}

fn decode<T>(answer: &HttpResponse, read: fn(&Object) -> Option<T>) -> Result<T, VisitorError> {
    if answer.is_success() {
        let value = wire::value(&answer.body);
        return value
            .as_ref()
            .and_then(Value::as_object)
            .and_then(read)
            .ok_or(VisitorError::Answer);
    }
    Err(VisitorError::refused(answer.status, &answer.body, retry_after(answer)))
}

//! One request: its parts, its id and its answer.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Date, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;
use worker::Env;

use crate::config::Config;
use crate::error::Refusal;
use crate::glue;
use crate::policy::event::{self, Facts};
use crate::policy::identity::Identity;
use crate::policy::planes::Planes;
use crate::policy::trace::Trace;
use crate::policy::{gate, headers};
use crate::token;

/// One request and what is needed to answer it.
pub(crate) struct Call {
    pub(crate) request: Request,
    pub(crate) env: Env,
    /// The runtime's context, which is the request's note at once; see `js/note.js`.
    pub(crate) context: JsValue,
    /// Method, address and the headers that routing reads, one per line; see `describe` in the glue.
    pub(crate) described: String,
    /// The id that goes into `x-request-id`.
    pub(crate) id: String,
    /// Whether the visitor's side is https, so that HSTS may be said.
    pub(crate) secure: bool,
    /// What its event says.
    pub(crate) facts: RefCell<Facts>,
    /// Its trace, once somebody asked.
    pub(crate) trace: Cell<Option<Trace>>,
}

impl Call {
    pub(crate) fn method(&self) -> &str {
        self.line(0).unwrap_or_default()
    }

    pub(crate) fn url(&self) -> &str {
        self.line(1).unwrap_or_default()
    }

    pub(crate) fn cookie(&self) -> Option<&str> {
        self.line(2)
    }

    pub(crate) fn origin(&self) -> Option<&str> {
        self.line(3)
    }

    /// `Sec-Fetch-Site`.
    pub(crate) fn fetch_site(&self) -> Option<&str> {
        self.line(4)
    }

    /// `X-Perch`.
    pub(crate) fn marker(&self) -> Option<&str> {
        self.line(5)
    }

    /// What the platform is to call the exchange, if it goes there.
    pub(crate) fn correlation(&self) -> &str {
        headers::correlation(self.line(6), &self.id)
    }

    /// `X-Perch-Account`: which configured account is meant, by its name.
    pub(crate) fn account(&self) -> Option<&str> {
        self.line(7)
    }

    /// Its trace: a new one, unless the caller turned out to be an operator.
    pub(crate) fn trace(&self) -> Trace {
        let begin = || Trace::begin(self.line(8), number, self.rate());
        let trace = self.trace.get().unwrap_or_else(begin);
        self.trace.set(Some(trace));
        trace
    }

    /// The caller is this operator, whose trace goes on here.
    pub(crate) fn known(&self, operator: &Identity) {
        self.trace.set(Some(self.trace().continued(self.rate())));
        self.facts.borrow_mut().role = operator.role.as_str();
    }

    /// Hands what is known so far to the note.
    pub(crate) fn tell(&self) {
        let line = self.facts.borrow().line(&self.trace(), &self.id);
        glue::tell(&self.context, &line);
    }

    fn rate(&self) -> f64 {
        self.config().map_or(event::RATE, |config| config.event_rate)
    }

    // Header values hold no line breaks; an empty one counts as absent.
    fn line(&self, at: usize) -> Option<&str> {
        self.described.split('\n').nth(at).filter(|line| !line.is_empty())
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// Who calls, as far as limits care: an address or a network.
    pub(crate) fn caller(&self) -> String {
        // Set by the network in front of the worker, and only there.
        gate::caller(&self.header("cf-connecting-ip").unwrap_or_default())
    }

    /// The deployment's configuration, read by the first request of the instance.
    pub(crate) fn config(&self) -> Result<Rc<Config>, Refusal> {
        thread_local! {
            static CONFIG: OnceCell<Option<Rc<Config>>> = const { OnceCell::new() };
        }
        let read = || match Config::read(|name| variable(&self.env, name)) {
            Ok(config) => Some(Rc::new(config)),
            Err(error) => {
                worker::console_error!("configuration: {error}");
                None
            }
        };
        CONFIG.with(|config| config.get_or_init(read).clone()).ok_or(Refusal::NotConfigured)
    }

    /// The host names of the planes, if each has its own. A wrong name closes everything but health.
    pub(crate) fn planes(&self) -> Result<Option<Rc<Planes>>, Refusal> {
        type Read = Result<Option<Rc<Planes>>, Refusal>;
        thread_local! {
            static PLANES: OnceCell<Read> = const { OnceCell::new() };
        }
        let read = || match Planes::read(|name| variable(&self.env, name)) {
            Ok(planes) => Ok(planes.map(Rc::new)),
            Err(name) => {
                worker::console_error!("configuration: variable {name} is missing or not valid");
                Err(Refusal::NotConfigured)
            }
        };
        PLANES.with(|planes| planes.get_or_init(read).clone())
    }

    /// A whole response; `headers` is names and values, one per line.
    pub(crate) fn respond(&self, status: u16, headers: &str, body: Option<&str>) -> JsValue {
        glue::respond(status, headers, body, &self.id, self.secure)
    }

    /// A JSON response that no cache keeps.
    pub(crate) fn json(&self, status: u16, extra: &str, body: &str) -> JsValue {
        let headers = format!("content-type\napplication/json\ncache-control\nno-store{extra}");
        self.respond(status, &headers, Some(body))
    }

    /// A refusal; `extra` is more header lines, each starting with a line break.
    pub(crate) fn refuse(&self, refusal: Refusal, extra: &str) -> JsValue {
        self.facts.borrow_mut().refusal = Some(refusal);
        let wait = if refusal == Refusal::TooManyRequests && !extra.contains("retry-after\n") {
            "\nretry-after\n5"
        } else {
            ""
        };
        self.json(refusal.status(), &format!("{extra}{wait}"), &refusal.body(&self.id))
    }

    /// The request's JSON body, at most 16 KiB.
    pub(crate) async fn body<T: serde::de::DeserializeOwned>(&self) -> Result<T, Refusal> {
        const LIMIT: u32 = 16_384;
        let text = JsFuture::from(glue::bounded(&self.request, LIMIT))
            .await
            .map_err(|_| Refusal::Internal)?
            .as_string()
            .ok_or(Refusal::TooLarge)?;
        serde_json::from_str(&text).map_err(|_| Refusal::BadBody)
    }
}

/// A request id: random per instance, then counted. It only has to be unique, not secret.
pub(crate) fn request_id() -> String {
    thread_local! {
        static START: OnceCell<String> = const { OnceCell::new() };
        static COUNT: Cell<u32> = const { Cell::new(0) };
    }
    let count = COUNT.get();
    COUNT.set(count.wrapping_add(1));
    START.with(|start| {
        let start = start.get_or_init(|| {
            random::<9>().map_or_else(|_| "edge".to_owned(), |bytes| token::text(&bytes))
        });
        format!("{start}-{count:x}")
    })
}

/// A random number that need not be secret.
fn number() -> u64 {
    thread_local! {
        static RANDOM: RefCell<fastrand::Rng> = RefCell::new(fastrand::Rng::with_seed(
            random().map_or_else(|_| Date::now().to_bits(), u64::from_le_bytes),
        ));
    }
    RANDOM.with_borrow_mut(|random| random.u64(..))
}

/// Random bytes from the runtime.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Refusal::Internal)?;
    Ok(bytes)
}

/// Unix seconds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the clock is positive and far below 2^53"
)]
pub(crate) fn now() -> u64 {
    (Date::now() / 1000.0) as u64
}

/// A variable or secret of the deployment.
pub(crate) fn variable(env: &Env, name: &str) -> Option<String> {
    Reflect::get(env.unchecked_ref(), &name.into()).ok()?.as_string()
}

//! Calls and messages that cost money or reach people: confirmed, keyed, counted, then sent once.

mod object;

use std::cell::Cell;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::dutiful::{carry_out, note};
use super::{Identity, handled};
use crate::call::{Call, now};
use crate::config::Config;
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::policy::admit::Admitted;
use crate::policy::audit::Phase;
use crate::policy::spend::{self, Answer, CONFIRM_HEADER, End, KEY_HEADER};
use crate::token;

/// The binding's name.
const BINDING: &str = "SPENDING";
/// The one object: quotas are a deployment's.
const NAME: &str = "spending";

/// May this be sent?
#[derive(Serialize, Deserialize)]
struct Reserve {
    /// The hash of operator and key.
    key: String,
    /// The hash of address and body.
    asked: String,
    subject: String,
    now: u64,
}

/// It may, it was, or it must not.
#[derive(Serialize, Deserialize)]
enum Reserved {
    /// Counted; to be settled under this key.
    Fresh,
    /// The answer of the first time.
    Again(Answer),
    /// The same key for something else.
    Reused,
    /// The first time is not over.
    Running,
    /// The first time has no known end.
    Unknown,
    /// Over quota for so many seconds.
    Wait(u64),
}

/// How it went.
#[derive(Serialize, Deserialize)]
struct Settle {
    key: String,
    ended: Ended,
}

/// The end of a request.
#[derive(Serialize, Deserialize)]
enum Ended {
    /// Done, with this answer.
    Done(Answer),
    /// Refused: given back.
    Refused,
    /// Nobody knows.
    Unknown,
}

/// Sends the operation once.
pub(super) async fn handle(
    call: &Call,
    config: &Config,
    who: &Identity,
    admitted: &Admitted,
) -> Result<JsValue, Refusal> {
    let given = call.header(KEY_HEADER);
    let confirm = call.header(CONFIRM_HEADER);
    let key = spend::demands(admitted.spec, confirm.as_deref(), given.as_deref())?;
    let (text, _) = handled::body(call, admitted).await?.ok_or(Refusal::BadBody)?;
    let reserve = Reserve {
        key: token::fingerprint(format!("{key}\n{}", who.subject).as_bytes()),
        asked: token::fingerprint(format!("{}\n{text}", admitted.url).as_bytes()),
        subject: who.subject.clone(),
        now: now(),
    };
    let object = stub(&call.env, BINDING, NAME)?;
    let refusal = match ask(&object, "reserve", &reserve).await?.read()? {
        Reserved::Fresh => return first(call, config, who, admitted, (reserve.key, &text)).await,
        Reserved::Again(answer) => {
            let body = serde_json::from_str(&answer.body).unwrap_or_default();
            return Ok(handled::respond(
                call,
                answer.status,
                &body,
                "\nidempotency-replayed\ntrue",
            ));
        }
        Reserved::Reused => Refusal::KeyReused,
        Reserved::Running => Refusal::KeyInFlight,
        Reserved::Unknown => Refusal::OutcomeUnknown,
        Reserved::Wait(seconds) => {
            let refusal = Refusal::QuotaExceeded;
            note(call, who, admitted, Phase::Refused, refusal.status()).await?;
            return Ok(call.refuse(refusal, &format!("\nretry-after\n{seconds}")));
        }
    };
    Err(refusal)
}

async fn first(
    call: &Call,
    config: &Config,
    who: &Identity,
    admitted: &Admitted,
    (key, text): (String, &str),
) -> Result<JsValue, Refusal> {
    let is_sent = Cell::new(false);
    let send = async || {
        is_sent.set(true);
        let method = admitted.spec.method.as_str();
        let answer = handled::exchange(call, config, admitted, method, text).await;
        let status = match &answer {
            // A key that is not configured was never used.
            Err(Refusal::NotConfigured) => Some(Refusal::NotConfigured.status()),
            Err(_) => None,
            Ok((status, _)) => Some(*status),
        };
        let body = answer.as_ref().map_or(&Value::Null, |(_, body)| body);
        let ended = match spend::end(status) {
            End::Unknown => Ended::Unknown,
            End::Refused => Ended::Refused,
            End::Done => {
                let body = if body.is_null() { String::new() } else { body.to_string() };
                Ended::Done(Answer { status: status.unwrap_or_default(), body })
            }
        };
        settle(call, &key, ended).await;
        answer.map(|(status, body)| handled::respond(call, status, &body, ""))
    };
    let answer = carry_out(call, who, admitted, send).await;
    if !is_sent.get() {
        settle(call, &key, Ended::Refused).await;
    }
    answer
}

/// Tells the object. When it cannot be told, the request stays counted and its key taken.
async fn settle(call: &Call, key: &str, ended: Ended) {
    let settled = Settle { key: key.to_owned(), ended };
    let told = match stub(&call.env, BINDING, NAME) {
        Ok(object) => ask(&object, "settle", &settled).await.is_ok_and(|told| told.status == 200),
        Err(_) => false,
    };
    if !told {
        worker::console_error!("spending: the end of {} is not settled", call.id);
    }
}

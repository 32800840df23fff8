//! `/operator/sessions`: who is signed in where, and ending that.

use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::dutiful::change;
use super::object::{BINDING, Kill, Killed, List, NAME, Shown, Which};
use super::session::{forget, identify};
use crate::call::{Call, now};
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::policy::identity::Identity;
use crate::router::{Method, Target};

/// What is to end, when no single session is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Many {
    /// `{"others": true}`: the caller's own, but for the one that asks.
    Others(bool),
    /// `{"subject": "..."}`: all of a subject.
    Subject(String),
}

/// Lists sessions: an administrator sees all, everybody else their own; or ends several of them.
pub(super) async fn handle(call: &Call, method: Method) -> Result<JsValue, Refusal> {
    let identity = identify(call).await?;
    if method == Method::Delete {
        let (subject, keep) = match call.body().await? {
            Many::Others(true) => (identity.subject.clone(), identity.session.clone()),
            Many::Subject(subject) if may_touch(&identity, &subject) => (subject, String::new()),
            Many::Subject(_) => return Err(Refusal::RoleTooLow),
            Many::Others(false) => return Err(Refusal::BadBody),
        };
        let gone = |other: &Identity| other.subject == subject && other.session != keep;
        let which = Which::AllBut(keep.clone());
        return change(call, &identity, ("sessions.end", ""), async {
            let ended = kill(call, Some(subject.clone()), which).await?;
            forget(gone);
            Ok(call.json(200, "", &format!("{{\"ended\":{ended}}}")))
        })
        .await;
    }
    let subject = (!identity.is_admin()).then(|| identity.subject.clone());
    let object = stub(&call.env, BINDING, NAME)?;
    let answer = ask(&object, "list", &List { subject, now: now() }).await?;
    let mut sessions: Vec<Shown> = answer.read()?;
    for session in &mut sessions {
        session.current = session.id == identity.session;
    }
    let body = serde_json::to_string(&serde_json::json!({ "sessions": sessions }));
    Ok(call.json(200, "", &body.map_err(|_| Refusal::Internal)?))
}

/// Ends one session. One that the caller may not touch does not exist.
pub(super) async fn end(call: &Call, target: &Target<'_>) -> Result<JsValue, Refusal> {
    let identity = identify(call).await?;
    let id = target.last_segment();
    let subject = (!identity.is_admin()).then(|| identity.subject.clone());
    change(call, &identity, ("sessions.end", id), async {
        let ended = kill(call, subject, Which::One(id.to_owned())).await?;
        if ended == 0 {
            return Err(Refusal::UnknownRoute);
        }
        forget(|other| other.session == id);
        Ok(call.respond(204, "cache-control\nno-store", None))
    })
    .await
}

fn may_touch(identity: &Identity, subject: &str) -> bool {
    identity.is_admin() || identity.subject == subject
}

async fn kill(call: &Call, subject: Option<String>, which: Which) -> Result<u32, Refusal> {
    let object = stub(&call.env, BINDING, NAME)?;
    let answer = ask(&object, "kill", &Kill { subject, which }).await?;
    let Killed { ended } = answer.read()?;
    Ok(ended)
}

//! Writing the record of what operators did. The rows and their chain are [`crate::policy::audit`]'s.

mod object;

use wasm_bindgen::JsValue;

use crate::call::Call;
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::glue;
use crate::operators::Identity;
use crate::policy::audit::chain::Preface;
use crate::policy::audit::pages::{Page, Pages};
use crate::policy::audit::{Event, Extent, FORMAT, Phase};

/// The binding's name.
const BINDING: &str = "AUDIT";
/// The one object: a deployment has one record.
const NAME: &str = "audit";

/// What was done.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) phase: Phase,
    /// An operation's id, or one of the edge's own such as `session.open`.
    pub(crate) action: &'a str,
    /// Account and project, as far as there are any.
    pub(crate) tenant: &'a str,
    /// Ids only: never a name or a value.
    pub(crate) target: &'a str,
    /// The answer's status; 0 while there is none.
    pub(crate) status: u16,
}

/// Writes a row, and comes back when it is stored.
///
/// Before a change: with [`Phase::Intent`], and the change is not made when this fails. So a change
/// without a row is impossible; a row without an outcome says that the outcome is unknown.
pub(crate) async fn record(
    call: &Call,
    who: Option<&Identity>,
    deed: Deed<'_>,
) -> Result<(), Refusal> {
    let event = Event {
        phase: deed.phase,
        action: deed.action.to_owned(),
        subject: who.map(|who| who.subject.clone()).unwrap_or_default(),
        session: who.map(|who| who.session.clone()).unwrap_or_default(),
        role: who.map(|who| who.role.as_str().to_owned()).unwrap_or_default(),
        tenant: deed.tenant.to_owned(),
        target: deed.target.to_owned(),
        status: deed.status,
        request: call.id.clone(),
    };
    let object = stub(&call.env, BINDING, NAME).map_err(|_| Refusal::AuditUnavailable)?;
    match ask(&object, "append", &event).await {
        Ok(answer) if answer.status == 200 => Ok(()),
        _ => Err(Refusal::AuditUnavailable),
    }
}

/// A page of the record as the operator's answer.
pub(crate) async fn shown(call: &Call, query: &str) -> Result<JsValue, Refusal> {
    let pages = Pages::parse(query)?;
    let object = stub(&call.env, BINDING, NAME)?;
    let page: Page = ask(&object, "page", &pages).await?.read()?;
    Ok(call.json(200, "", &page.shown(pages.limit).to_string()))
}

/// All of it as one stream of lines.
pub(crate) async fn exported(call: &Call) -> Result<JsValue, Refusal> {
    let object = stub(&call.env, BINDING, NAME)?;
    let Extent { first, head } = ask(&object, "extent", &()).await?.read()?;
    let last = head.seq;
    let preface = Preface { format: FORMAT.to_owned(), first, head };
    let preface = serde_json::to_string(&preface).map_err(|_| Refusal::Internal)?;
    #[allow(clippy::cast_precision_loss, reason = "rows are counted far below 2^53")]
    let (first, last) = (first as f64, last as f64);
    Ok(glue::exported(&call.env, &preface, first, last, &call.id, call.secure))
}

//! What a session's object keeps for us, unreadable to whoever reads its storage.

use perch_api::model::Secret;

use crate::call::random;
use crate::config::{Config, Site};
use crate::error::Refusal;
use crate::seal::{Record, Use};
use crate::token;

/// What is sealed; one kind never opens as another.
#[derive(Clone, Copy)]
pub(super) enum Field {
    /// The platform's access token of a session.
    Access,
    /// The platform's name of a session.
    Platform,
    /// What a site's backend vouched for, in the session it is for.
    Context,
    /// The same on its way there, under its handle.
    Handed,
    /// The answer of a turn.
    Turn,
}

impl Field {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "visitor-access",
            Self::Platform => "visitor-session",
            Self::Context => "visitor-context",
            Self::Handed => "visitor-handed",
            Self::Turn => "visitor-turn",
        }
    }
}

/// Seals a value for the session, or the handle, with this id.
pub(super) fn seal(
    config: &Config,
    site: &Site,
    field: Field,
    id: [u8; 16],
    plain: &Secret,
) -> Result<String, Refusal> {
    let id = token::text(&id);
    let record = Record { tenant: &site.tenant.name, kind: field.as_str(), id: &id };
    config.seals.seal(Use::Visitor, record, random()?, plain).map_err(|_| Refusal::Internal)
}

/// Opens what was sealed under the same name. Nothing of another session, site or kind opens.
pub(super) fn open(
    config: &Config,
    site: &Site,
    field: Field,
    id: [u8; 16],
    sealed: &str,
) -> Result<Secret, Refusal> {
    let id = token::text(&id);
    let record = Record { tenant: &site.tenant.name, kind: field.as_str(), id: &id };
    let opened = config.seals.open(Use::Visitor, record, sealed);
    Ok(opened.map_err(|_| Refusal::SessionEnded)?.secret)
}

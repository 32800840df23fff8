//! Who an operator is, how long that holds, and how fresh the proof of it is.

use perch_api::operation::Audience;
use serde::{Deserialize, Serialize};

/// Seconds for which a proof of presence covers dangerous operations.
pub const STEP_UP_SECONDS: u64 = 300;

/// Seconds without a request after which a session is over.
pub const IDLE_SECONDS: u64 = 30 * 60;
/// Seconds a session lives, however busy.
pub const ABSOLUTE_SECONDS: u64 = 12 * 3_600;

/// The subject of a session that the one-time link opened.
pub const SETUP_SUBJECT: &str = "setup";

/// How a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The one-time set-up token of the deployment.
    Setup,
    /// Cloudflare Access.
    Access,
    /// An `OpenID` provider.
    Oidc,
}

impl Provider {
    /// Its name in storage and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Access => "access",
            Self::Oidc => "oidc",
        }
    }
}

/// An operator with a live session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The stable name of the person, as audit rows and lists show it.
    pub subject: String,
    /// What they may do.
    #[serde(with = "role")]
    pub role: Audience,
    /// Whether they may see personal data.
    pub pii: bool,
    /// How they proved who they are.
    pub provider: Provider,
    /// The session's fingerprint: names it, opens nothing.
    pub session: String,
    /// Unix seconds at which they signed in.
    pub authenticated_at: u64,
    /// Unix seconds at which they last proved to be there in person.
    pub stepped_up_at: Option<u64>,
    /// Unix seconds at which the session ends, however busy.
    pub absolute: u64,
}

impl Identity {
    /// Whether they manage other operators.
    pub fn is_admin(&self) -> bool {
        self.role == Audience::Admin
    }

    /// Seconds for which dangerous operations are still covered; zero asks for a step-up.
    pub fn step_up_left(&self, now: u64) -> u64 {
        let proven = self.stepped_up_at.filter(|at| *at <= now);
        proven.map_or(0, |at| at.saturating_add(STEP_UP_SECONDS).saturating_sub(now))
    }
}

mod role {
    use perch_api::operation::Audience;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(role: &Audience, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(role.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Audience, D::Error> {
        let text = String::deserialize(from)?;
        Audience::parse(&text).ok_or_else(|| D::Error::custom("no role"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ada() -> Identity {
        Identity {
            subject: "ada".to_owned(),
            role: Audience::Admin,
            pii: true,
            provider: Provider::Setup,
            session: "s".to_owned(),
            authenticated_at: 1_000,
            stepped_up_at: None,
            absolute: 44_200,
        }
    }

    #[test]
    fn a_step_up_lasts_five_minutes() {
        assert_eq!(ada().step_up_left(1_000), 0);
        let proven = Identity { stepped_up_at: Some(1_000), ..ada() };
        assert_eq!(proven.step_up_left(999), 0, "proven in the future");
        assert_eq!(proven.step_up_left(1_000), 300);
        assert_eq!(proven.step_up_left(1_299), 1);
        assert_eq!(proven.step_up_left(1_300), 0);
    }

    #[test]
    fn an_identity_is_read_back_and_a_made_up_role_is_not() {
        let text = serde_json::to_string(&ada()).unwrap();
        assert_eq!(serde_json::from_str::<Identity>(&text).unwrap(), ada());
        assert!(serde_json::from_str::<Identity>(&text.replace("\"admin\"", "\"root\"")).is_err());
    }
}

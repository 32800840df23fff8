//! What the edge worker's visitor plane says.

use std::time::Duration;

use perch_api::json::{Object, Value};
use perch_api::messaging::client::DialFailure;

use crate::platform::TransportError;

/// What the site's owner configured for all visitors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Names the site.
    pub id: String,
    /// Heads the chat window.
    pub title: String,
    /// Who answers.
    pub agent_name: String,
    /// A CSS colour; check it before use.
    pub accent: String,
    /// Whether answers arrive in chunks.
    pub streaming: bool,
    /// How the chat looks, as far as the site's owner decides that.
    pub theme: Theme,
}

/// The looks of a site's chat. Empty texts leave it to the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// `light`, `dark` or `auto`.
    pub mode: String,
    /// The accent on dark ground, a CSS colour; check it before use.
    pub accent_dark: String,
    /// `left` or `right`.
    pub position: String,
}

/// A check that the worker asks for before it opens a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The page to frame; it posts the answer to its parent.
    pub frame: String,
    /// To be sent back with the answer.
    pub challenge: String,
}

/// A session as the worker grants it. No `Debug`: it holds tokens.
pub(super) struct Session {
    pub(super) token: String,
    pub(super) expires_in: u64,
    pub(super) resume: String,
    pub(super) id: String,
    pub(super) resumed: bool,
    pub(super) verified: Option<bool>,
    pub(super) site: Site,
}

impl Session {
    pub(super) fn read(fields: &Object) -> Option<Self> {
        let site = fields.get("site")?.as_object()?;
        let theme = site.get("theme").and_then(Value::as_object);
        Some(Self {
            token: fields.text("token")?.to_owned(),
            expires_in: fields.get("expires_in")?.as_whole()?,
            resume: fields.text("resume")?.to_owned(),
            id: fields.text("session")?.to_owned(),
            resumed: flag(fields, "resumed"),
            verified: fields.get("verified").and_then(Value::as_bool),
            site: Site {
                id: site.text("id")?.to_owned(),
                title: text(site, "title"),
                agent_name: text(site, "agent_name"),
                accent: text(site, "accent"),
                streaming: flag(site, "streaming"),
                theme: theme.map(Theme::read).unwrap_or_default(),
            },
        })
    }
}

impl Theme {
    fn read(fields: &Object) -> Self {
        Self {
            mode: text(fields, "mode"),
            accent_dark: text(fields, "accent_dark"),
            position: text(fields, "position"),
        }
    }
}

/// A one-use ticket for a socket.
pub(super) fn ticket(fields: &Object) -> Option<String> {
    fields.text("ticket").map(str::to_owned)
}

/// The agent's turn over plain requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatReply {
    /// What the agent says.
    pub response: String,
    /// Whether this was the last turn.
    pub ended: bool,
    /// Where the conversation goes on, when it was handed over.
    pub handoff: Option<Handoff>,
}

impl ChatReply {
    #[allow(clippy::unnecessary_wraps, reason = "beside answers that cannot do without a field")]
    pub(super) fn read(fields: &Object) -> Option<Self> {
        let handoff = fields.get("handoff").and_then(Value::as_object);
        Some(Self {
            response: text(fields, "response"),
            ended: flag(fields, "ended"),
            handoff: handoff.map(|handoff| Handoff {
                destination: text(handoff, "destination"),
                reason: text(handoff, "reason"),
            }),
        })
    }
}

/// A handover to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    /// Where to.
    pub destination: String,
    /// Why.
    pub reason: String,
}

/// Why the worker did not do what a visitor asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VisitorError {
    /// The worker refused.
    #[error("the edge worker refused ({code})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The worker's code, for example `origin_not_allowed`.
        code: String,
        /// What to do about it, in the worker's words.
        remedy: String,
        /// Quote it to support.
        request_id: String,
        /// How long the answer asked to wait.
        retry_after: Option<Duration>,
    },
    /// The site checks that visitors are people; solve this and come again with the answer.
    #[error("the site asks for a check")]
    Check(Check),
    /// The session is gone; open a new one.
    #[error("the session is gone")]
    SessionLost,
    /// The answer is not the worker's.
    #[error("the edge worker's answer cannot be read")]
    Answer,
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl VisitorError {
    pub(super) fn refused(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let body = value(body);
        let fields = body.as_ref().and_then(Value::as_object);
        let error = fields.and_then(|fields| fields.get("error")?.as_object());
        let told = |fields: Option<&Object>, name| {
            fields.map(|fields| text(fields, name)).unwrap_or_default()
        };
        let check = fields.and_then(|fields| fields.get("check")?.as_object());
        if let Some(check) = check {
            let [frame, challenge] = ["frame", "challenge"].map(|name| text(check, name));
            return Self::Check(Check { frame, challenge });
        }
        let (mut code, remedy) = (told(error, "code"), told(error, "remedy"));
        if code.is_empty() {
            code = ["status_", &status.to_string()].concat();
        }
        let request_id = told(fields, "request_id");
        Self::Refused { status, code, remedy, request_id, retry_after }
    }

    pub(super) fn dial_failure(&self) -> DialFailure {
        match self {
            // 409 is the worker's word for a session that it has seen end.
            Self::SessionLost | Self::Refused { status: 401 | 404 | 409 | 410, .. } => {
                DialFailure::SessionLost
            }
            Self::Refused { status: 429 | 503, retry_after, .. } => DialFailure::Busy {
                retry_after_ms: retry_after.and_then(|pause| u64::try_from(pause.as_millis()).ok()),
            },
            Self::Check(_) | Self::Refused { status: 400 | 403 | 405, .. } => DialFailure::Refused,
            Self::Refused { .. } | Self::Answer | Self::Transport(_) => DialFailure::Unreachable,
        }
    }
}

/// The value of a body.
pub(super) fn value(body: &[u8]) -> Option<Value> {
    Value::parse(std::str::from_utf8(body).ok()?)
}

fn text(fields: &Object, name: &str) -> String {
    fields.text(name).unwrap_or_default().to_owned()
}

fn flag(fields: &Object, name: &str) -> bool {
    fields.get(name).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_what_a_person_needs() {
        let body = br#"{"error":{"code":"origin_not_allowed","message":"m","remedy":"Add the origin."},"request_id":"r-1"}"#;
        let error = VisitorError::refused(403, body, None);
        assert_eq!(error.to_string(), "the edge worker refused (origin_not_allowed)");
        assert_eq!(error.dial_failure(), DialFailure::Refused);
        assert!(matches!(error, VisitorError::Refused { remedy, request_id, .. }
            if remedy == "Add the origin." && request_id == "r-1"));
    }

    #[test]
    fn a_body_of_somebody_else_still_gives_a_code() {
        let error = VisitorError::refused(502, b"<html>", None);
        assert_eq!(error.to_string(), "the edge worker refused (status_502)");
        assert_eq!(error.dial_failure(), DialFailure::Unreachable);
    }

    #[test]
    fn a_session_that_the_worker_saw_end_is_lost() {
        let body = br#"{"error":{"code":"session_ended"},"request_id":"r"}"#;
        assert_eq!(VisitorError::refused(409, body, None).dial_failure(), DialFailure::SessionLost);
    }

    #[test]
    fn a_check_is_told_apart_from_other_refusals() {
        let body = br#"{"error":{"code":"bot_check_needed"},"request_id":"r","check":{"provider":"turnstile","frame":"https://edge/visitor/check?site=a#b","challenge":"pc1.x"}}"#;
        let check = Check {
            frame: "https://edge/visitor/check?site=a#b".to_owned(),
            challenge: "pc1.x".to_owned(),
        };
        assert_eq!(VisitorError::refused(403, body, None), VisitorError::Check(check));
    }

    #[test]
    fn a_pause_is_passed_on() {
        let error = VisitorError::refused(429, b"{}", Some(Duration::from_secs(3)));
        assert_eq!(error.dial_failure(), DialFailure::Busy { retry_after_ms: Some(3_000) });
    }
}

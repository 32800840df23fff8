//! How messaging behaves where the platform leaves it to configuration, or fails: set by the control
//! API, for all sessions from then on.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::snapshot::Store;
use crate::sync::lock;

/// Troubles that may lie ahead.
const TROUBLES: usize = 100;

/// The rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rules {
    /// What becomes of a hand-over.
    pub(crate) handoff: Handover,
    /// How long before the end of a silent session a warning is sent, if at all; new sessions only.
    pub(crate) idle_warning_ms: Option<u32>,
    /// Send what only the SDKs know: receipts, and a survey before a natural end.
    pub(crate) sdk_events: bool,
    /// Take a message with a known `client_event_id` once; new sessions only.
    pub(crate) deduplicate: bool,
    /// Replay complete streams as whole messages; new sessions only.
    pub(crate) replay_whole: bool,
    /// What goes wrong next, each once, wherever it fits first.
    pub(crate) troubles: Vec<Trouble>,
}

/// What becomes of a hand-over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Handover {
    /// The platform finds a person: whoever sits at the desk, or a scripted colleague.
    #[default]
    Server,
    /// The page must take the visitor elsewhere.
    Client,
    /// Nobody comes in time.
    Timeout,
    /// The live-agent provider refuses.
    Refused,
    /// It is not configured.
    Impossible,
}

/// Something that goes wrong once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trouble {
    /// The agent cannot join.
    JoinFailed,
    /// The agent has no answer.
    NoAnswer,
    /// An answer breaks off.
    StreamBroke,
    /// The session cannot be looked up for a message.
    SessionUnreadable,
    /// The connector is gone: the session ends.
    ConnectorGone,
    /// The conversation was not initialised.
    ConversationMissing,
    /// A message to a person is lost.
    NotForwarded,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct RuleBoard(Mutex<Rules>);

impl RuleBoard {
    /// Replaces all of them.
    pub(crate) fn set(&self, rules: Rules) -> Result<(), &'static str> {
        if rules.troubles.len() > TROUBLES {
            return Err("troubles must be at most 100");
        }
        if rules.idle_warning_ms.is_some_and(|ms| !(1_000..600_000).contains(&ms)) {
            return Err("idle_warning_ms must be from 1000 to 599999");
        }
        *lock(&self.0) = rules;
        Ok(())
    }

    /// What goes into snapshots of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }

    /// What is in force.
    pub(crate) fn current(&self) -> Rules {
        lock(&self.0).clone()
    }

    /// Whether one of these goes wrong now; it does not again.
    pub(super) fn takes(&self, fitting: &[Trouble]) -> Option<Trouble> {
        let mut rules = lock(&self.0);
        let at = rules.troubles.iter().position(|trouble| fitting.contains(trouble))?;
        Some(rules.troubles.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_met_once_and_only_where_it_fits() {
        let board = RuleBoard::default();
        let troubles = vec![Trouble::NoAnswer, Trouble::JoinFailed];
        board.set(Rules { troubles, ..Rules::default() }).unwrap();
        assert_eq!(board.takes(&[Trouble::JoinFailed]), Some(Trouble::JoinFailed));
        assert_eq!(board.takes(&[Trouble::JoinFailed]), None);
        let either = [Trouble::StreamBroke, Trouble::NoAnswer];
        assert_eq!(board.takes(&either), Some(Trouble::NoAnswer));
        assert_eq!(board.current(), Rules::default());
    }

    #[test]
    fn nonsense_is_refused() {
        let board = RuleBoard::default();
        for nonsense in [r#"{"idle_warning_ms":600000}"#, r#"{"idle_warning_ms":1}"#] {
            assert!(board.set(serde_json::from_str(nonsense).unwrap()).is_err());
        }
        let troubles = vec![Trouble::NoAnswer; 101];
        assert!(board.set(Rules { troubles, ..Rules::default() }).is_err());
        for nonsense in [r#"{"handoff":"magic"}"#, r#"{"unknown":1}"#, r#"{"troubles":["x"]}"#] {
            assert!(serde_json::from_str::<Rules>(nonsense).is_err(), "{nonsense}");
        }
    }
}

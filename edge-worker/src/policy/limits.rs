//! What visitors of one site may ask for, kind by kind: more than a person needs, less than a script wants.

use serde::{Deserialize, Serialize};

/// Sockets the platform allows a session at once.
const SOCKETS_MAX: u32 = 10;
/// Beyond this a limit limits nothing.
const LIMIT_MAX: u32 = 1_000_000;

/// The limits of a site; each has a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// New sessions of the whole site per minute, whoever asks.
    pub site_sessions_per_minute: u32,
    /// Verified contexts that the site's backend may leave per minute.
    pub contexts_per_minute: u32,
    /// Times a session is taken up again or renewed per minute.
    pub resumes_per_minute: u32,
    /// Tickets of a session per minute.
    pub tickets_per_minute: u32,
    /// Sockets a session may have open at once; the platform allows ten.
    pub sockets: u32,
    /// Messages of a session per minute, over sockets and plain requests together.
    pub messages_per_minute: u32,
    /// Messages of a session in all its life, over sockets and plain requests together.
    pub messages_per_session: u32,
    /// Conversations a session may begin over plain requests per minute.
    pub chats_per_minute: u32,
    /// Turns of a session over plain requests per minute.
    pub turns_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            site_sessions_per_minute: 600,
            contexts_per_minute: 600,
            resumes_per_minute: 60,
            tickets_per_minute: 20,
            sockets: SOCKETS_MAX,
            messages_per_minute: 30,
            messages_per_session: 1_000,
            chats_per_minute: 5,
            turns_per_minute: 20,
        }
    }
}

impl Limits {
    /// Whether the platform's own limits are kept, and none is out of all proportion.
    pub fn is_sound(&self) -> bool {
        (1..=SOCKETS_MAX).contains(&self.sockets)
            && [
                self.site_sessions_per_minute,
                self.contexts_per_minute,
                self.resumes_per_minute,
                self.tickets_per_minute,
                self.messages_per_minute,
                self.messages_per_session,
                self.chats_per_minute,
                self.turns_per_minute,
            ]
            .iter()
            .all(|limit| *limit <= LIMIT_MAX)
    }

    /// How many of this kind a minute may have.
    pub const fn per_minute(&self, kind: Budget) -> u32 {
        match kind {
            Budget::Resume => self.resumes_per_minute,
            Budget::Ticket => self.tickets_per_minute,
            Budget::Message => self.messages_per_minute,
            Budget::Chat => self.chats_per_minute,
            Budget::Turn => self.turns_per_minute,
        }
    }
}

/// What one visitor session may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Taking the session up again.
    Resume,
    /// A ticket for a socket.
    Ticket,
    /// Saying something, wherever.
    Message,
    /// A new conversation over plain requests.
    Chat,
    /// A turn of it.
    Turn,
}

impl Budget {
    /// Its name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::Ticket => "ticket",
            Self::Message => "message",
            Self::Chat => "chat",
            Self::Turn => "turn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_states_what_differs() {
        let limits: Limits = serde_json::from_str(r#"{"sockets":2,"turns_per_minute":7}"#).unwrap();
        assert_eq!(limits.per_minute(Budget::Turn), 7);
        assert_eq!(limits, Limits { sockets: 2, turns_per_minute: 7, ..Limits::default() });
        assert!(limits.is_sound());
        assert!(serde_json::from_str::<Limits>(r#"{"turns":7}"#).is_err());
    }

    #[test]
    fn limits_that_limit_nothing_are_refused() {
        let sound = |limits: Limits| limits.is_sound();
        assert!(!sound(Limits { sockets: 11, ..Limits::default() }));
        assert!(!sound(Limits { sockets: 0, ..Limits::default() }));
        assert!(!sound(Limits { messages_per_session: u32::MAX, ..Limits::default() }));
        assert!(sound(Limits { chats_per_minute: 0, ..Limits::default() }));
    }
}

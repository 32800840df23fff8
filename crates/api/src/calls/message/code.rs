//! The words and numbers of signalling: modes, error codes, close codes.

crate::open_enum! {
    /// How the agent hears and speaks. Leave it out to get the gateway's default.
    Mode {
        /// Speech in, speech out; the default.
        EndToEnd = "end-to-end",
        /// Recognition, then the agent, then synthesis.
        Traditional = "traditional",
        /// The caller hears themselves; gateways for debugging only.
        Echo = "echo",
    }

    /// Why the gateway refused something.
    ErrorCode {
        /// The token is missing or wrong.
        Unauthorized = "UNAUTHORIZED",
        /// Not allowed here, such as echo in production.
        Forbidden = "FORBIDDEN",
        /// A bad value, such as an unknown mode.
        InvalidArgument = "INVALID_ARGUMENT",
        /// A malformed message.
        InvalidMessage = "INVALID_MESSAGE",
        /// The signalling handler failed.
        HandlerError = "HANDLER_ERROR",
        /// The media leg failed.
        MediaBridgeFailure = "MEDIA_BRIDGE_FAILURE",
        /// The agent could not be reached.
        AgentFailure = "AGENT_FAILURE",
    }
}

impl Mode {
    /// Names of earlier versions; the gateway still resolves them, to which of the three is its own
    /// business.
    pub const LEGACY: [&'static str; 6] =
        ["agent", "agent_v1", "agent_v2", "cascaded", "normal", "realtime"];

    /// Whether a gateway takes this mode at all.
    pub fn is_accepted(&self) -> bool {
        self.is_known() || Self::LEGACY.contains(&self.as_str())
    }
}

/// Whose fault an error is, and so who can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The credential.
    Credential,
    /// What this deployment allows.
    NotAllowed,
    /// What was sent.
    Request,
    /// The gateway.
    Gateway,
    /// The way between caller and agent.
    Media,
    /// The agent.
    Agent,
    /// Not known to this version.
    Unknown,
}

impl ErrorCode {
    /// Whose fault it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Unauthorized => ErrorKind::Credential,
            Self::Forbidden => ErrorKind::NotAllowed,
            Self::InvalidArgument | Self::InvalidMessage => ErrorKind::Request,
            Self::HandlerError => ErrorKind::Gateway,
            Self::MediaBridgeFailure => ErrorKind::Media,
            Self::AgentFailure => ErrorKind::Agent,
            Self::Unknown(_) => ErrorKind::Unknown,
        }
    }

    /// Whether another attempt may go better.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::Gateway | ErrorKind::Media | ErrorKind::Agent)
    }

    /// Whether a call that has been answered cannot go on.
    pub fn ends_a_call(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Credential | ErrorKind::NotAllowed | ErrorKind::Media | ErrorKind::Agent
        )
    }

    /// What whoever runs the site can do.
    pub fn remedy(&self) -> &'static str {
        match self.kind() {
            ErrorKind::Credential => {
                "check the connector or web-calling token, and that it is one of this region"
            }
            ErrorKind::NotAllowed => "leave the mode out; echo works on debugging gateways only",
            ErrorKind::Request => "check mode, variant and agent version against the reference",
            ErrorKind::Gateway => "try again; if it lasts, look at the gateway's health",
            ErrorKind::Media => "try again; if it lasts, check that UDP or TURN gets through",
            ErrorKind::Agent => "try again; if it lasts, check that the agent is deployed",
            ErrorKind::Unknown => "look the code up in the platform's reference",
        }
    }
}

/// What the close code of a signalling socket means for the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// The other side is done.
    Clean,
    /// Trying again cannot help.
    Terminal,
    /// The connection was lost; the call may outlive it.
    Lost,
}

impl CloseCode {
    /// Sorts a close code as the mobile SDKs do.
    pub fn of(code: u16) -> Self {
        match code {
            1000 => Self::Clean,
            1002 | 1003 | 1007..=1009 | 4000..=4999 => Self::Terminal,
            _ => Self::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_those_of_the_reference() {
        for (code, retry) in [
            ("UNAUTHORIZED", false),
            ("FORBIDDEN", false),
            ("INVALID_ARGUMENT", false),
            ("INVALID_MESSAGE", false),
            ("HANDLER_ERROR", true),
            ("MEDIA_BRIDGE_FAILURE", true),
            ("AGENT_FAILURE", true),
            ("SOMETHING_NEW", false),
        ] {
            let read = ErrorCode::parse(code);
            assert_eq!((read.as_str(), read.is_retryable()), (code, retry));
            assert!(!read.remedy().is_empty());
        }
        assert_eq!(ErrorCode::KNOWN.len(), 7);
    }

    #[test]
    fn close_codes_are_sorted() {
        for code in [1002, 1003, 1007, 1008, 1009, 4000, 4001, 4999] {
            assert_eq!(CloseCode::of(code), CloseCode::Terminal, "{code}");
        }
        for code in [0, 1001, 1004, 1005, 1006, 1010, 1011, 1012, 1013, 1015, 3999, 5000] {
            assert_eq!(CloseCode::of(code), CloseCode::Lost, "{code}");
        }
        assert_eq!(CloseCode::of(1000), CloseCode::Clean);
    }

    #[test]
    fn legacy_modes_are_accepted_and_kept_as_they_came() {
        for word in Mode::LEGACY {
            assert!(Mode::parse(word).is_accepted());
            assert_eq!(Mode::parse(word).as_str(), word);
        }
        assert!(Mode::parse("End-To-End").is_accepted() && !Mode::parse("telepathy").is_accepted());
    }
}

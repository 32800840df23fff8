//! What a press means. One listener on the panel's body reads it from the element's attributes.

use web_sys::Element;

/// What a visitor wants by pressing something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send a ready answer.
    Say(String),
    /// Send an undelivered message again, by its id.
    SendAgain(String),
    /// Connect now.
    Connect,
    /// Open a session again, after that failed.
    Restart,
    /// See the newest message.
    Newest,
    /// Ask whether to end the chat, or take the question back.
    AskToEnd,
    /// End the chat.
    End,
    /// Start a new chat after the end.
    StartOver,
}

impl Action {
    /// The attribute's text for an action without an argument.
    pub(crate) const CONNECT: &str = "connect";
    pub(crate) const RESTART: &str = "restart";
    pub(crate) const NEWEST: &str = "newest";
    pub(crate) const ASK: &str = "ask";
    pub(crate) const END: &str = "end";
    pub(crate) const START_OVER: &str = "over";
    pub(crate) const SAY: &str = "say";
    pub(crate) const AGAIN: &str = "again";

    /// The action of the element that was hit, or of the nearest one around it.
    pub(crate) fn of(hit: &Element) -> Option<Self> {
        let found = hit.closest("[data-do]").ok()??;
        Self::parse(&found.get_attribute("data-do")?, found.get_attribute("data-arg"))
    }

    fn parse(name: &str, argument: Option<String>) -> Option<Self> {
        Some(match name {
            Self::CONNECT => Self::Connect,
            Self::RESTART => Self::Restart,
            Self::NEWEST => Self::Newest,
            Self::ASK => Self::AskToEnd,
            Self::END => Self::End,
            Self::START_OVER => Self::StartOver,
            Self::SAY => Self::Say(argument?),
            Self::AGAIN => Self::SendAgain(argument?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn actions_are_read_from_attributes() {
        assert_eq!(Action::parse(Action::END, None), Some(Action::End));
        let said = Action::parse(Action::SAY, Some("Yes".to_owned()));
        assert_eq!(said, Some(Action::Say("Yes".to_owned())));
        assert_eq!(Action::parse(Action::SAY, None), None);
        assert_eq!(Action::parse("other", None), None);
    }
}

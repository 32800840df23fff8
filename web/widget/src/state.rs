//! What the panel knows, besides what was said.

use perch_api::messaging::{
    client::{Agent, Refusal, Status},
    transcript::{Author, Entry},
};
use perch_client::visitor::Site;

use crate::labels::Labels;

/// Where the panel stands before there is a session to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The session is being opened.
    #[default]
    Opening,
    /// It could not be opened; trying again may help.
    Failed,
    /// This page may not open one.
    Refused,
    /// There is a session, perhaps a finished one.
    Running,
}

/// Everything the views are drawn from, except the transcript.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts, not states of one machine")]
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) site: Option<Site>,
    pub(crate) status: Status,
    /// Whether the connection ever stood.
    pub(crate) was_open: bool,
    /// When the next attempt comes, in milliseconds since the Unix epoch.
    pub(crate) retry_at: Option<u64>,
    /// Said before there was a session to say it to.
    pub(crate) waiting: Vec<String>,
    /// Why the last message was not taken.
    pub(crate) notice: Option<Refusal>,
    pub(crate) labels: &'static Labels,
    /// The worker runs on the visitor's own machine, as in development.
    pub(crate) local: bool,
    /// The conversation's language tag, for dates and for readers of the text.
    pub(crate) locale: String,
    /// The panel is open.
    pub(crate) shown: bool,
    pub(crate) unread: u32,
    /// The visitor was asked whether to end the chat.
    pub(crate) asking: bool,
    /// Counts sessions that followed each other.
    pub(crate) session: u32,
    /// The last text sent, to give it back when it is refused.
    pub(crate) last: String,
}

impl State {
    pub(crate) fn new(lang: &str, waiting: Vec<String>) -> Self {
        Self {
            phase: Phase::Opening,
            site: None,
            status: Status::default(),
            was_open: false,
            retry_at: None,
            waiting,
            notice: None,
            labels: Labels::of(lang),
            local: false,
            locale: lang.to_owned(),
            shown: false,
            unread: 0,
            asking: false,
            session: 0,
            last: String::new(),
        }
    }

    /// Back to the beginning, in the same language.
    pub(crate) fn start_over(&mut self) {
        let (site, shown) = (self.site.take(), self.shown);
        *self = Self { site, shown, ..Self::new(&self.locale, Vec::new()) };
    }

    /// Whether the conversation is over.
    pub(crate) fn over(&self) -> bool {
        self.status.ended.is_some()
    }

    /// Whether a person answers.
    pub(crate) fn live(&self) -> bool {
        matches!(self.status.agent, Agent::Live(_))
    }

    /// Who is on the other side: a person, the agent, or nobody in particular.
    pub(crate) fn partner(&self) -> &str {
        let (named, nobody) = match &self.status.agent {
            Agent::Live(person) => (person.name.as_deref(), self.labels.person),
            Agent::Poly(agent) => (named(agent.name.as_deref()).or(self.agent()), self.labels.chat),
            Agent::None => (self.agent(), self.labels.chat),
        };
        self::named(named).unwrap_or(nobody)
    }

    /// Who said something: as the platform named them, or as the site names its agent.
    pub(crate) fn speaker<'a>(&'a self, entry: &'a Entry) -> &'a str {
        let named = named(entry.name.as_deref());
        match entry.author {
            Author::Visitor => self.labels.you,
            Author::Agent => named.or(self.agent()).unwrap_or(self.labels.assistant),
            Author::LiveAgent => named.unwrap_or(self.labels.person),
            Author::System => "",
        }
    }

    fn agent(&self) -> Option<&str> {
        named(self.site.as_ref().map(|site| site.agent_name.as_str()))
    }
}

fn named(name: Option<&str>) -> Option<&str> {
    name.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use perch_api::messaging::{client::EndReason, frame::AgentIdentity};
    use perch_client::visitor::Theme;

    use super::*;

    fn identity(name: &str) -> AgentIdentity {
        AgentIdentity { name: Some(name.to_owned()), ..AgentIdentity::default() }
    }

    fn site() -> Site {
        let [id, title, accent] = ["shop", "Shop", "#0f6b57"].map(str::to_owned);
        Site {
            id,
            title,
            agent_name: "Juno".to_owned(),
            accent,
            streaming: true,
            theme: Theme::default(),
        }
    }

    #[test]
    fn the_partner_is_whoever_is_there() {
        let mut state = State::new("de-DE", Vec::new());
        assert_eq!(state.partner(), "Chat");
        state.site = Some(site());
        assert_eq!(state.partner(), "Juno");
        state.status.agent = Agent::Poly(identity(""));
        assert_eq!(state.partner(), "Juno");
        state.status.agent = Agent::Live(identity("Imre"));
        assert_eq!((state.partner(), state.live()), ("Imre", true));
        state.status.agent = Agent::Live(AgentIdentity::default());
        assert_eq!(state.partner(), "Kundendienst");
    }

    #[test]
    fn starting_over_keeps_language_and_site() {
        let mut state = State::new("fr-FR", vec!["x".to_owned()]);
        state.site = Some(site());
        state.status.ended = Some(EndReason::Natural);
        state.start_over();
        assert!(!state.over() && state.waiting.is_empty());
        assert_eq!((state.labels.lang, state.partner()), ("fr", "Juno"));
    }
}

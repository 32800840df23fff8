//! Which conversations are listed: every filter of the explorer.

use perch_api::model::{Channel, Environment, ProjectId, VariantId};

use super::{
    range::{Range, Zone},
    value as first,
};

/// Longest search text kept, in characters: an address must stay under 2 KB.
const MAX_SEARCH: usize = 120;

/// The filters of the explorer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filters {
    /// The project, or the first one of the session.
    pub(crate) project: Option<ProjectId>,
    /// The stretch of time.
    pub(crate) range: Range,
    /// The environment; the platform answers for one at a time.
    pub(crate) environment: Environment,
    /// Channels to show; none means all.
    pub(crate) channels: Vec<Channel>,
    /// Running, ended or both.
    pub(crate) progress: Progress,
    /// The variant of the agent, or all.
    pub(crate) variant: Option<VariantId>,
    /// Words to look for in the transcripts, empty for none.
    pub(crate) search: String,
    /// Whose words are searched.
    pub(crate) speaker: Speaker,
    /// The clock times are shown in.
    pub(crate) zone: Zone,
}

/// Whether a conversation is still going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Progress {
    /// Both.
    #[default]
    Any,
    /// Going on now.
    Live,
    /// Over.
    Ended,
}

/// Whose words a search looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Speaker {
    /// Both sides.
    #[default]
    Anyone,
    /// The person who calls or writes.
    Caller,
    /// The agent.
    Agent,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            project: None,
            range: Range::default(),
            environment: Environment::Live,
            channels: Vec::new(),
            progress: Progress::Any,
            variant: None,
            search: String::new(),
            speaker: Speaker::Anyone,
            zone: Zone::Local,
        }
    }
}

impl Filters {
    /// Channels offered for choice, in the platform's words.
    pub(crate) const CHANNELS: &'static [&'static str] = Channel::KNOWN;

    /// Whether anything besides project, time and environment narrows the list.
    pub(crate) fn narrowed(&self) -> bool {
        !(self.channels.is_empty() && self.variant.is_none() && self.search.is_empty())
            || self.progress != Progress::Any
    }

    /// The same project, time and clock without any narrowing.
    pub(crate) fn widened(&self) -> Self {
        Self {
            project: self.project.clone(),
            range: self.range,
            environment: self.environment.clone(),
            zone: self.zone,
            ..Self::default()
        }
    }

    /// Whether two sets of filters list the same conversations: the clock does not matter.
    pub(crate) fn same_list(&self, other: &Self) -> bool {
        Self { zone: other.zone, ..self.clone() } == *other
    }

    pub(super) fn from_pairs(pairs: &[(String, String)]) -> Self {
        let value = |key| first(pairs, key);
        let text = |key| value(key).unwrap_or_default().trim().chars().take(MAX_SEARCH).collect();
        Self {
            project: value("project").and_then(|id| ProjectId::parse(id).ok()),
            range: Range::from_pairs(pairs),
            environment: value("env").map_or(Environment::Live, Environment::parse),
            channels: value("channel")
                .map(|list| list.split(',').filter(|word| !word.is_empty()).map(Channel::parse))
                .map(Iterator::collect)
                .unwrap_or_default(),
            progress: value("state").and_then(Progress::parse).unwrap_or_default(),
            variant: value("variant").and_then(|id| VariantId::parse(id).ok()),
            search: text("q"),
            speaker: value("said").and_then(Speaker::parse).unwrap_or_default(),
            zone: if value("tz") == Some("utc") { Zone::Utc } else { Zone::Local },
        }
    }

    pub(super) fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push = |key, value: &str| {
            if !value.is_empty() {
                pairs.push((key, value.to_owned()));
            }
        };
        push("project", self.project.as_ref().map_or("", |id| id.as_str()));
        push("q", &self.search);
        push("said", self.speaker.key());
        push(
            "env",
            if self.environment == Environment::Live { "" } else { self.environment.as_str() },
        );
        let channels: Vec<_> = self.channels.iter().map(Channel::as_str).collect();
        push("channel", &channels.join(","));
        push("state", self.progress.key());
        push("variant", self.variant.as_ref().map_or("", |id| id.as_str()));
        push("tz", if self.zone == Zone::Utc { "utc" } else { "" });
        self.range.to_pairs(&mut pairs);
        pairs
    }
}

impl Progress {
    /// All values in the order shown.
    pub(crate) const ALL: [Self; 3] = [Self::Any, Self::Live, Self::Ended];

    /// The word in the address bar and of the choice, empty for the default.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Live => "live",
            Self::Ended => "ended",
        }
    }

    /// The words on screen.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Any => "All states",
            Self::Live => "In progress",
            Self::Ended => "Ended",
        }
    }

    /// The reverse of [`Progress::key`].
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.key() == word)
    }
}

impl Speaker {
    /// All values in the order shown.
    pub(crate) const ALL: [Self; 3] = [Self::Anyone, Self::Caller, Self::Agent];

    /// The word in the address bar and of the choice, empty for the default.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Anyone => "",
            Self::Caller => "user",
            Self::Agent => "agent",
        }
    }

    /// The words on screen.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Anyone => "Said by anyone",
            Self::Caller => "Said by the caller",
            Self::Agent => "Said by the agent",
        }
    }

    /// The reverse of [`Speaker::key`].
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.key() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_changes_no_list() {
        let one = Filters::default();
        let other = Filters { zone: Zone::Utc, ..one.clone() };
        assert!(one.same_list(&other));
        assert!(!one.same_list(&Filters { search: "coat".into(), ..one.clone() }));
    }

    #[test]
    fn widening_keeps_where_and_when() {
        let narrow = Filters {
            range: Range::Between { from: 1, to: 2 },
            environment: Environment::Sandbox,
            search: "coat".into(),
            progress: Progress::Live,
            ..Filters::default()
        };
        assert!(narrow.narrowed());
        let wide = narrow.widened();
        assert!(!wide.narrowed());
        assert_eq!((wide.range, wide.environment), (narrow.range, narrow.environment));
    }
}

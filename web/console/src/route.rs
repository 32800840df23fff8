//! The address bar as state: what is shown is exactly what the URL says.
//!
//! Defaults are left out, so an address stays short and two addresses of the same view are equal.

mod filters;
mod range;

pub(crate) use filters::{Filters, Progress, Speaker};
pub(crate) use range::{Preset, Range, Zone};

use perch_api::{model::ConversationId, operation::query};

/// Path under which the console is served.
pub(crate) const BASE: &str = "/console";

/// A page of the console together with everything it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// The conversation explorer.
    Conversations(Explorer),
    /// An address no page answers to, as it was typed.
    Unknown(String),
}

/// What the conversation explorer shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Explorer {
    /// Which conversations are listed.
    pub(crate) filters: Filters,
    /// The conversation that is open.
    pub(crate) open: Option<ConversationId>,
    /// The turn the address points at, counted from 1.
    pub(crate) turn: Option<u32>,
}

impl Route {
    /// Reads `location.pathname` and `location.search`.
    pub(crate) fn parse(path: &str, search: &str) -> Self {
        let unknown = || Self::Unknown(path.to_owned());
        let Some(rest) = path.strip_prefix(BASE) else { return unknown() };
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        let page = parts.next().unwrap_or("conversations");
        let open = parts.next();
        if parts.next().is_some() || page != "conversations" {
            return unknown();
        }
        let open = match open.map(ConversationId::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return unknown(),
        };
        // A query with broken escapes says nothing.
        let pairs = query::read(search.trim_start_matches('?')).unwrap_or_default();
        let turn = open.as_ref().and_then(|_| value(&pairs, "turn")?.parse().ok());
        Self::Conversations(Explorer { filters: Filters::from_pairs(&pairs), open, turn })
    }

    /// Path and query of this view, from the root of the site.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Conversations(explorer) => explorer.url(),
            Self::Unknown(path) => path.clone(),
        }
    }
}

impl Explorer {
    /// Path and query of this view, from the root of the site.
    pub(crate) fn url(&self) -> String {
        let mut pairs = self.filters.to_pairs();
        let mut url = format!("{BASE}/conversations");
        if let Some(id) = &self.open {
            url.push('/');
            url.push_str(id.as_str());
            if let Some(turn) = self.turn {
                pairs.push(("turn", turn.to_string()));
            }
        }
        if !pairs.is_empty() {
            url.push('?');
            url.push_str(&query::write(pairs.iter().map(|(key, value)| (*key, value.as_str()))));
        }
        url
    }

    /// The same list with another conversation open, or none.
    pub(crate) fn with_open(&self, open: Option<ConversationId>) -> Self {
        Self { filters: self.filters.clone(), open, turn: None }
    }

    /// Another list; nothing is open.
    pub(crate) fn with_filters(filters: Filters) -> Self {
        Self { filters, open: None, turn: None }
    }
}

/// The first value of a key.
fn value<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a str> {
    pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use perch_api::model::{Channel, Environment, ProjectId, VariantId};
    use proptest::prelude::*;

    use super::{range::MAX_SPAN_MS, *};

    fn read(url: &str) -> Route {
        let (path, search) = url.split_once('?').unwrap_or((url, ""));
        Route::parse(path, search)
    }

    #[test]
    fn the_root_is_the_explorer_with_its_defaults() {
        for url in ["/console", "/console/", "/console/conversations"] {
            assert_eq!(read(url), Route::Conversations(Explorer::default()), "{url}");
        }
        assert_eq!(Explorer::default().url(), "/console/conversations");
    }

    #[test]
    fn foreign_paths_and_broken_ids_are_unknown() {
        for url in
            ["/", "/console/flights", "/console/conversations/a%2fb", "/console/conversations/a/b"]
        {
            assert!(matches!(read(url), Route::Unknown(_)), "{url}");
        }
    }

    #[test]
    fn values_that_make_no_sense_fall_back_instead_of_failing() {
        let Route::Conversations(explorer) = read(
            "/console/conversations?range=9y&state=odd&said=nobody&turn=2&project=%2F&tz=moon",
        ) else {
            panic!("the path is known")
        };
        assert_eq!(explorer, Explorer::default());
    }

    fn filters() -> impl Strategy<Value = Filters> {
        let range = prop_oneof![
            prop::sample::select(Preset::ALL.to_vec()).prop_map(Range::Last),
            (0_i64..4_000_000_000_000, 1_i64..MAX_SPAN_MS)
                .prop_map(|(from, span)| Range::Between { from, to: from + span }),
        ];
        let word = "[ -~äßé€😀+&=#%?]{0,24}";
        (
            (
                range,
                prop::sample::subsequence(Filters::CHANNELS.to_vec(), 0..=6),
                word,
                "[A-Za-z0-9_-]{0,40}",
            ),
            (0_usize..4, 0_usize..3, 0_usize..3, any::<bool>(), any::<bool>()),
        )
            .prop_map(
                |((range, channels, search, variant), (env, progress, speaker, utc, project))| {
                    Filters {
                        project: project.then(|| ProjectId::parse("PROJECT-4E5B8A10").unwrap()),
                        range,
                        environment: [
                            Environment::Live,
                            Environment::Sandbox,
                            Environment::PreRelease,
                            Environment::Unknown("staging".into()),
                        ][env]
                            .clone(),
                        channels: channels.iter().map(|word| Channel::parse(word)).collect(),
                        progress: [Progress::Any, Progress::Live, Progress::Ended][progress],
                        variant: VariantId::parse(&variant).ok(),
                        search: search.trim().to_owned(),
                        speaker: [Speaker::Anyone, Speaker::Caller, Speaker::Agent][speaker],
                        zone: if utc { Zone::Utc } else { Zone::Local },
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn every_view_survives_the_address_bar(filters in filters(), open in "[A-Za-z0-9_.:-]{0,30}", turn in prop::option::of(1_u32..500)) {
            let open = ConversationId::parse(&open).ok();
            let turn = open.as_ref().and(turn);
            let explorer = Explorer { filters, open, turn };
            let url = explorer.url();
            prop_assert!(url.len() <= 2_048, "{}", url);
            prop_assert!(url.is_ascii());
            prop_assert_eq!(read(&url), Route::Conversations(explorer));
        }

        #[test]
        fn no_address_panics(path in ".{0,40}", search in ".{0,80}") {
            let _ = Route::parse(&format!("/console{path}"), &search);
        }
    }
}

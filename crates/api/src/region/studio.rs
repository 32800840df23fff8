//! Addresses of Studio, as people copy them, and back.

use super::hosts::host_of;
use super::{Region, UnknownRegion};
use crate::model::{AccountId, ConversationId, IdError, ProjectId};

/// What an address of Studio leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudioLink {
    /// The region; nothing for addresses from before Studio had regions.
    pub region: Option<Region>,
    /// The workspace, slug or prefixed, as it stood there.
    pub account: AccountId,
    /// The agent, slug or prefixed.
    pub project: Option<ProjectId>,
    /// The conversation.
    pub conversation: Option<ConversationId>,
}

/// Why an address is not Studio's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StudioLinkError {
    /// Another host.
    #[error(
        "no address of Studio: its hosts are studio.us.poly.ai, studio.uk.poly.ai, studio.eu.poly.ai and studio.poly.ai"
    )]
    Host,
    /// A region of Studio that is not known.
    #[error("an address of Studio in an unknown region")]
    Region(#[source] UnknownRegion),
    /// The host alone.
    #[error("the address leads to no workspace: open an agent in Studio and copy its address")]
    NoWorkspace,
    /// An id with characters that ids do not have.
    #[error("an id in the address is damaged")]
    Id(#[from] IdError),
}

/// First segments that are Studio's own pages, not workspaces.
const OWN_PAGES: [&str; 5] = ["login", "logout", "signup", "settings", "auth"];
/// Lists of conversations by channel: no ids.
const CHANNELS: [&str; 6] = ["voice", "chat", "webchat", "sms", "rcs", "whatsapp"];

impl StudioLink {
    /// Reads an address; scheme, query, fragment and anything behind the ids may be there or not.
    pub fn parse(text: &str) -> Result<Self, StudioLinkError> {
        let region = region(&host_of(text))?;
        let rest = text.trim();
        let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
        let path = rest.split(['?', '#']).next().unwrap_or_default();
        // Browsers take a backslash for a slash.
        let mut segments = path.split(['/', '\\']).skip(1).filter(|segment| !segment.is_empty());
        let account = segments.next().filter(|first| !OWN_PAGES.contains(first));
        let account = AccountId::parse(account.ok_or(StudioLinkError::NoWorkspace)?)?;
        let project = segments.next().map(ProjectId::parse).transpose()?;
        let conversation = segments
            .skip_while(|segment| *segment != "conversations")
            .skip(1)
            .find(|segment| !CHANNELS.contains(segment))
            .map(ConversationId::parse)
            .transpose()?;
        Ok(Self { region, account, project, conversation })
    }

    /// The address, or nothing where the region is unknown.
    pub fn url(&self) -> Option<String> {
        let mut url = format!("https://{}/{}", self.region?.studio_host(), self.account);
        let Some(project) = &self.project else { return Some(url) };
        url.push('/');
        url.push_str(project.as_str());
        if let Some(conversation) = &self.conversation {
            url.push_str("/conversations/");
            url.push_str(conversation.as_str());
        }
        Some(url)
    }
}

fn region(host: &str) -> Result<Option<Region>, StudioLinkError> {
    if host == "jupiter.polyai.app" {
        return Ok(None);
    }
    if host == Region::Studio.studio_host() {
        return Ok(Some(Region::Studio));
    }
    let place = host.strip_prefix("studio.").and_then(|rest| rest.strip_suffix(".poly.ai"));
    let place = place.ok_or(StudioLinkError::Host)?;
    Region::parse(place).map(Some).map_err(StudioLinkError::Region)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(text: &str) -> (Option<Region>, String, Option<String>, Option<String>) {
        let link = StudioLink::parse(text).unwrap();
        let own = |id: &str| id.to_owned();
        (
            link.region,
            own(link.account.as_str()),
            link.project.map(|id| own(id.as_str())),
            link.conversation.map(|id| own(id.as_str())),
        )
    }

    #[test]
    fn every_shape_is_read() {
        let some = |text: &str| Some(text.to_owned());
        let acme = || "acme-uk".to_owned();
        for (text, expected) in [
            (
                "https://studio.us.poly.ai/acme-uk/acme-team-4",
                (Some(Region::Us), acme(), some("acme-team-4"), None),
            ),
            (
                "https://studio.eu.poly.ai/acme-uk/PROJECT-1A2B3C4D/conversations/CA0123?tab=1#turn-2",
                (Some(Region::Eu), acme(), some("PROJECT-1A2B3C4D"), some("CA0123")),
            ),
            (
                "studio.poly.ai/acme-uk/p/knowledge/topics/",
                (Some(Region::Studio), acme(), some("p"), None),
            ),
            ("  HTTPS://STUDIO.UK.POLY.AI/acme-uk ", (Some(Region::Uk), acme(), None, None)),
            ("https://studio.uk-1.poly.ai/acme-uk/p", (Some(Region::Uk), acme(), some("p"), None)),
            (
                "https://jupiter.polyai.app/acme-uk/p/conversations/voice?x=1",
                (None, acme(), some("p"), None),
            ),
            (r"studio.uk.poly.ai\acme-uk\p", (Some(Region::Uk), acme(), some("p"), None)),
            ("https://me@studio.uk.poly.ai.:443/acme-uk", (Some(Region::Uk), acme(), None, None)),
            (
                "https://jupiter.polyai.app/acme-uk/p/conversations/voice/CA1",
                (None, acme(), some("p"), some("CA1")),
            ),
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }

    #[test]
    fn the_rest_is_refused_in_words() {
        for (text, fault) in [
            ("https://api.us.poly.ai/v1/agents", StudioLinkError::Host),
            ("https://studio.us.poly.ai.evil.example/a/b", StudioLinkError::Host),
            ("https://studio.us.poly.ai@evil.example/a/b", StudioLinkError::Host),
            ("https://studio.us.poly.ai../a/b", StudioLinkError::Host),
            ("https://evil.example/?https://studio.us.poly.ai/a/b", StudioLinkError::Host),
            ("https://studio.sg.poly.ai/a/b", StudioLinkError::Region(UnknownRegion)),
            ("https://studio.us.poly.ai", StudioLinkError::NoWorkspace),
            ("https://studio.us.poly.ai/login?next=/", StudioLinkError::NoWorkspace),
            ("https://studio.us.poly.ai/a%2fb/c", StudioLinkError::Id(IdError::Character)),
            ("https://studio.us.poly.ai/a/..", StudioLinkError::Id(IdError::Dots)),
            ("", StudioLinkError::Host),
        ] {
            assert_eq!(StudioLink::parse(text), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn addresses_survive(
            region in proptest::sample::select(Region::ALL),
            account in "[a-z][a-z0-9-]{3,20}-x",
            project in proptest::option::of("[A-Za-z0-9_.-]{2,20}x"),
            conversation in "[A-Z0-9_-]{4,40}",
        ) {
            let conversation = project.as_ref().map(|_| ConversationId::parse(&conversation).unwrap());
            let link = StudioLink {
                region: Some(region),
                account: AccountId::parse(&account).unwrap(),
                project: project.as_deref().map(|id| ProjectId::parse(id).unwrap()),
                conversation,
            };
            prop_assert_eq!(StudioLink::parse(&link.url().unwrap()), Ok(link));
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = StudioLink::parse(&text);
            let _ = StudioLink::parse(&format!("studio.us.poly.ai/{text}"));
        }
    }
}

//! Every operation names the vendor's page it was taken from: its own, or its family's.

use std::collections::BTreeMap;

use perch_api::operation::{self, Family, SOCKETS};

/// The families' pages. `data` has none of its own any more, so the overview stands for it.
const PAGES: [(Family, &str); 15] = [
    (Family::Agents, "api-reference/agents/introduction"),
    (Family::Alerts, "api-reference/alerts/introduction"),
    (Family::Chat, "api-reference/chat/introduction"),
    (Family::Concurrency, "api-reference/concurrent-calls/introduction"),
    (Family::Conversations, "api-reference/conversations/introduction"),
    (Family::Data, "api-reference/introduction"),
    (Family::DebugChat, "api-reference/debug-chat/introduction"),
    (Family::Dni, "integrations/voice/dnis-pool"),
    (Family::ExternalEvents, "api-reference/external-events/introduction"),
    (Family::Handoff, "api-reference/handoff/introduction"),
    (Family::Messaging, "api-reference/messaging/introduction"),
    (Family::Outbound, "api-reference/outbound/introduction"),
    (Family::Sms, "api-reference/sms/introduction"),
    (Family::Webhooks, "api-reference/webhooks/introduction"),
    (Family::Webrtc, "api-reference/webrtc-gateway/introduction"),
];

/// Operations without a page of their own.
const PAGELESS: [&str; 6] = [
    // Legacy: the vendor lists pages of versions 1 and 3 only.
    "conversations.v2.list",
    // The vendor withdrew the pages of this family.
    "data.conversations.list",
    "data.annotations.add",
    "data.note.upsert",
    // Told in the family's specification only.
    "webrtc.health",
    // Never published.
    "webrtc.ice_servers",
];

/// The one page about two operations.
const SHARED: (&str, [&str; 2]) = (
    "https://docs.poly.ai/api-reference/messaging/sessions",
    ["messaging.access_token", "messaging.sessions.create"],
);

#[test]
fn every_operation_names_its_familys_page() {
    assert!(Family::ALL.iter().eq(PAGES.iter().map(|(family, _)| family)), "one page for each");
    for spec in operation::all() {
        assert_eq!(spec.source, familys(spec.family), "{}", spec.id);
    }
    for socket in SOCKETS {
        assert!(is_a_page(socket.source), "{}", socket.id);
    }
}

#[test]
fn every_operation_links_its_own_page() {
    let mut pageless = Vec::new();
    let mut pages: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for spec in operation::all() {
        let page = spec.page();
        if page == familys(spec.family) {
            pageless.push(spec.id);
            continue;
        }
        assert!(is_a_page(&page), "{}: {page}", spec.id);
        pages.entry(page.into_owned()).or_default().push(spec.id);
    }
    assert_eq!(pageless, PAGELESS);
    assert_eq!(pages.remove(SHARED.0).as_deref(), Some(&SHARED.1[..]));
    for (page, ids) in pages {
        assert_eq!(ids.len(), 1, "{page} is the page of {ids:?}");
    }
}

fn familys(family: Family) -> String {
    let (_, page) = PAGES.iter().find(|(own, _)| *own == family).unwrap();
    format!("https://docs.poly.ai/{page}")
}

/// Two to four words in lower case behind the reference's address, and no overview.
fn is_a_page(address: &str) -> bool {
    let Some(path) = address.strip_prefix("https://docs.poly.ai/api-reference/") else {
        return false;
    };
    let words: Vec<_> = path.split('/').collect();
    let is_word = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !word.contains("--")
    };
    (2..=4).contains(&words.len())
        && words.iter().all(is_word)
        && words.last() != Some(&"introduction")
}

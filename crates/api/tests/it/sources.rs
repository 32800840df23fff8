//! Every operation names the vendor's page it was taken from: its family's.

use perch_api::operation::{self, Family, SOCKETS};

/// The vendor's pages. `data` has none of its own any more, so the overview stands for it.
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

#[test]
fn every_operation_links_its_familys_page() {
    assert!(Family::ALL.iter().eq(PAGES.iter().map(|(family, _)| family)), "one page for each");
    for spec in operation::all() {
        let (_, page) = PAGES.iter().find(|(family, _)| *family == spec.family).unwrap();
        assert_eq!(spec.source, format!("https://docs.poly.ai/{page}"), "{}", spec.id);
    }
    for socket in SOCKETS {
        assert!(socket.source.starts_with("https://docs.poly.ai/api-reference/"), "{}", socket.id);
    }
}

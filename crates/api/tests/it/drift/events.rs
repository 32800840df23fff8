//! Against the catalogue of messaging events.

use std::collections::BTreeSet;

use perch_api::messaging::frame::{ServerEvent, ServerFrame};
use perch_api::messaging::server::texts;

use super::{facts, text};

#[test]
fn every_event_of_the_catalogue_has_a_name_and_every_name_is_read() {
    for kind in ServerEvent::KINDS {
        let frame = format!(
            r#"{{"type":"EVENT_TYPE_{kind}","payload":{{"chunk_index":1,"language_code":"en"}}}}"#
        );
        let read = ServerFrame::parse(&frame).unwrap().event;
        assert_eq!(read.kind(), format!("EVENT_TYPE_{kind}"));
        assert!(!matches!(read, ServerEvent::Unknown { .. }), "{kind}");
    }
    let Some(catalogue) = facts("events.json") else { return };
    let socket = &catalogue["messaging_websocket"];
    let lists =
        ["server_events", "server_events_sdk_only", "client_events", "client_events_sdk_only"];
    let theirs: BTreeSet<_> = lists
        .iter()
        .flat_map(|list| socket[*list].as_array().unwrap())
        .map(|event| text(event, "type").strip_prefix("EVENT_TYPE_").unwrap())
        .collect();
    assert_eq!(theirs, BTreeSet::from(ServerEvent::KINDS));
}

#[test]
fn every_text_of_a_system_message_is_known() {
    let Some(catalogue) = facts("events.json") else { return };
    let theirs: BTreeSet<_> = catalogue["messaging_websocket"]["system_messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| text(one, "text").trim_end_matches("EVENT_TYPE_*"))
        .collect();
    assert_eq!(theirs, BTreeSet::from(texts::ALL));
}

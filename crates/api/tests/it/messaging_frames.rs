//! Frames: every event in its documented form, the forms SDKs have seen, and what is malformed.

use perch_api::messaging::frame::{
    AgentIdentity, Attachment, AttachmentKind, CallAction, Capabilities, Chunk, ClientEvent,
    ClientEventType, ClientFrame, FrameFault, HandoffReason, HandoffRequest, Message, QueueStatus,
    Receipt, ServerEvent, ServerFrame, SessionEndReason, Suggestion, SystemLevel, TypingState,
};

#[allow(clippy::unnecessary_wraps, reason = "nearly every field is optional")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn read(kind: &str, payload: &str) -> ServerEvent {
    let text = format!(r#"{{"type":"EVENT_TYPE_{kind}","payload":{payload}}}"#);
    ServerFrame::parse(&text).unwrap().event
}

fn noor() -> AgentIdentity {
    AgentIdentity { id: None, name: some("Noor"), avatar_url: some("https://cdn.example.com/n") }
}

fn imre() -> AgentIdentity {
    AgentIdentity { id: some("la-8"), name: some("Imre"), avatar_url: None }
}

fn full_message() -> Message {
    Message {
        message_id: some("m-21"),
        text: "Yes, until 22:00.".to_owned(),
        attachments: vec![Attachment {
            title: some("Terrace"),
            preview_image_url: some("https://cdn.example.com/t.jpg"),
            content_url: some("https://example.com/terrace"),
            kind: AttachmentKind::Image,
            call_to_action_text: some("See photos"),
        }],
        suggestions: vec![Suggestion { message_text: "No thanks".into(), payload: some("p") }],
        call_actions: vec![CallAction { title: some("Call"), contact_number: "+44".into() }],
        agent: noor(),
        end_conversation: true,
    }
}

const FULL_MESSAGE: &str = r#"{"message_id":"m-21","text":"Yes, until 22:00.","attachments":[{
    "title":"Terrace","preview_image_url":"https://cdn.example.com/t.jpg",
    "content_url":"https://example.com/terrace","content_type":"ATTACHMENT_CONTENT_TYPE_IMAGE",
    "call_to_action_text":"See photos"}],
    "response_suggestions":[{"message_text":"No thanks","payload":"p"}],
    "chat_call_actions":[{"title":"Call","contact_number":"+44"}],
    "agent_name":"Noor","avatar_url":"https://cdn.example.com/n","end_conversation":true}"#;

/// Every type, its payload, and what is read from it.
fn table() -> Vec<(&'static str, &'static str, ServerEvent)> {
    let reason = || some("busy");
    let queue_name = || some("Front desk");
    vec![
        (
            "SESSION_START",
            r#"{"capabilities":{"streaming":true,"max_message_size_bytes":131072,
                "max_reconnect_attempts":5,"heartbeat_interval_seconds":30}}"#,
            ServerEvent::SessionStart(Capabilities {
                streaming: Some(true),
                max_message_size_bytes: Some(131_072),
                max_reconnect_attempts: Some(5),
                heartbeat_interval_seconds: Some(30),
            }),
        ),
        (
            "POLY_AGENT_JOINED",
            r#"{"agent_name":"Noor","agent_avatar_url":"https://cdn.example.com/n"}"#,
            ServerEvent::PolyAgentJoined(noor()),
        ),
        ("POLY_AGENT_THINKING", "{}", ServerEvent::PolyAgentThinking),
        ("POLY_AGENT_MESSAGE", FULL_MESSAGE, ServerEvent::PolyAgentMessage(full_message())),
        ("LIVE_AGENT_MESSAGE", FULL_MESSAGE, ServerEvent::LiveAgentMessage(full_message())),
        (
            "POLY_AGENT_MESSAGE_CHUNK",
            r#"{"message_id":"m-22","text":"Booked for ","attachments":[],
                "response_suggestions":[],"chunk_index":1,"is_complete":false}"#,
            ServerEvent::PolyAgentMessageChunk(Chunk {
                index: 1,
                is_complete: false,
                part: Message {
                    message_id: some("m-22"),
                    text: "Booked for ".to_owned(),
                    ..Message::default()
                },
            }),
        ),
        (
            "POLY_AGENT_LEFT",
            r#"{"reason":"busy"}"#,
            ServerEvent::PolyAgentLeft { reason: reason() },
        ),
        ("POLY_AGENT_TRIGGERED_HANDOFF", "{}", ServerEvent::PolyAgentTriggeredHandoff),
        (
            "LIVE_AGENT_JOINED",
            r#"{"agent":{"id":"la-8","name":"Imre"}}"#,
            ServerEvent::LiveAgentJoined(imre()),
        ),
        (
            "LIVE_AGENT_TYPING",
            r#"{"state":"TYPING_STATE_STOPPED","agent_id":"la-8","agent_name":"Imre"}"#,
            ServerEvent::LiveAgentTyping { state: TypingState::Stopped, agent: imre() },
        ),
        (
            "LIVE_AGENT_LEFT",
            r#"{"agent_id":"la-8","agent_name":"Imre","reason":"busy"}"#,
            ServerEvent::LiveAgentLeft { agent: imre(), reason: reason() },
        ),
        (
            "HANDOFF_ACCEPTED",
            r#"{"queue_name":"Front desk"}"#,
            ServerEvent::HandoffAccepted { queue_name: queue_name() },
        ),
        (
            "HANDOFF_QUEUE_STATUS",
            r#"{"queue_name":"Front desk","position_in_queue":2,"estimated_wait_seconds":95,
                "display_message":"Soon"}"#,
            ServerEvent::HandoffQueueStatus(QueueStatus {
                queue_name: queue_name(),
                position: Some(2),
                estimated_wait_seconds: Some(95),
                display_message: some("Soon"),
            }),
        ),
        (
            "CLIENT_HANDOFF_REQUIRED",
            r#"{"reason":"POLICY","queue_name":"Front desk","route":"tel"}"#,
            ServerEvent::ClientHandoffRequired(HandoffRequest {
                reason: Some(HandoffReason::Policy),
                queue_name: queue_name(),
                route: some("tel"),
            }),
        ),
        ("HANDOFF_FAILED", r#"{"reason":"busy"}"#, ServerEvent::HandoffFailed { reason: reason() }),
        ("HANDOFF_TIMEOUT", "{}", ServerEvent::HandoffTimeout { reason: None }),
        (
            "SESSION_END",
            r#"{"reason":"REASON_NATURAL_END"}"#,
            ServerEvent::SessionEnd { reason: SessionEndReason::NaturalEnd },
        ),
        (
            "SESSION_END",
            r#"{"reason":"agent_ended"}"#,
            ServerEvent::SessionEnd { reason: SessionEndReason::Other("agent_ended".into()) },
        ),
        (
            "SYSTEM_MESSAGE",
            r#"{"level":"SYSTEM_MESSAGE_LEVEL_WARNING","message":"Careful"}"#,
            ServerEvent::SystemMessage { level: SystemLevel::Warning, message: "Careful".into() },
        ),
        (
            "LANGUAGE_CHANGED",
            r#"{"language_code":"es-MX"}"#,
            ServerEvent::LanguageChanged { language_code: "es-MX".into() },
        ),
        ("SESSION_IDLE_WARNING", "{}", ServerEvent::SessionIdleWarning),
        ("USER_RECEIVED_MESSAGE", "{}", ServerEvent::Receipt(Receipt::UserReceived)),
        ("USER_READ_MESSAGE", "{}", ServerEvent::Receipt(Receipt::UserRead)),
        ("POLY_AGENT_RECEIVED_MESSAGE", "{}", ServerEvent::Receipt(Receipt::PolyAgentReceived)),
        ("POLY_AGENT_READ_MESSAGE", "{}", ServerEvent::Receipt(Receipt::PolyAgentRead)),
        ("LIVE_AGENT_RECEIVED_MESSAGE", "{}", ServerEvent::Receipt(Receipt::LiveAgentReceived)),
        ("LIVE_AGENT_READ_MESSAGE", "{}", ServerEvent::Receipt(Receipt::LiveAgentRead)),
        ("SHOW_CSAT_REQUEST", "{}", ServerEvent::ShowCsatRequest),
        ("CSAT_RESPONSE", "{}", ServerEvent::CsatResponse),
        (
            "USER_MESSAGE",
            r#"{"text":"hello","message_id":"m-1"}"#,
            ServerEvent::UserMessage { text: "hello".into(), message_id: some("m-1") },
        ),
        (
            "USER_TYPING",
            r#"{"state":"TYPING_STATE_STARTED"}"#,
            ServerEvent::UserTyping(TypingState::Started),
        ),
        ("USER_END_SESSION", "{}", ServerEvent::UserEndSession),
        ("HEARTBEAT", "{}", ServerEvent::Heartbeat),
        ("REQUEST_POLY_AGENT_JOIN", "{}", ServerEvent::RequestPolyAgentJoin),
        (
            "LINK_TO_WEBRTC_CONVERSATION",
            r#"{"call_sid":"5b0c"}"#,
            ServerEvent::LinkToWebrtcConversation { call_sid: "5b0c".into() },
        ),
        (
            "TEA_IS_READY",
            r#"{"sugar":2}"#,
            ServerEvent::Unknown { kind: "EVENT_TYPE_TEA_IS_READY".into() },
        ),
    ]
}

#[test]
fn every_event_is_read_and_written() {
    for (kind, payload, event) in table() {
        assert_eq!(read(kind, payload), event, "{kind}");
        assert_eq!(event.kind(), format!("EVENT_TYPE_{kind}"));
        let again = ServerFrame::parse(&ServerFrame::new(event.clone()).encode()).unwrap();
        assert_eq!(again.event, event, "written and read: {kind}");
    }
}

#[test]
fn the_oneof_form_and_a_missing_payload_are_read() {
    for (kind, payload, event) in table() {
        let key = kind.to_ascii_lowercase();
        let text = format!(r#"{{"type":"EVENT_TYPE_{kind}","{key}":{payload}}}"#);
        assert_eq!(ServerFrame::parse(&text).unwrap().event, event, "{kind}");
        let bare = format!(r#"{{"type":"EVENT_TYPE_{kind}"}}"#);
        assert!(ServerFrame::parse(&bare).is_ok(), "{kind}");
    }
    assert_eq!(
        read("POLY_AGENT_MESSAGE_CHUNK", "{}"),
        ServerEvent::Unknown { kind: "EVENT_TYPE_POLY_AGENT_MESSAGE_CHUNK".into() },
        "a chunk without an index has no place"
    );
}

#[test]
fn aliases_are_understood() {
    assert_eq!(
        read(
            "POLY_AGENT_JOINED",
            r#"{"agent_name":"Noor","avatar_url":"https://cdn.example.com/n"}"#
        ),
        ServerEvent::PolyAgentJoined(noor())
    );
    assert_eq!(
        read("LIVE_AGENT_JOINED", r#"{"agent_id":"la-8","agent_name":"Imre"}"#),
        ServerEvent::LiveAgentJoined(imre())
    );
    let ServerEvent::HandoffQueueStatus(queue) = read("HANDOFF_QUEUE_STATUS", r#"{"position":3}"#)
    else {
        panic!("no queue")
    };
    assert_eq!(queue.position, Some(3));
    let absent = read("LIVE_AGENT_TYPING", "{}");
    let agent = AgentIdentity::default();
    assert_eq!(absent, ServerEvent::LiveAgentTyping { state: TypingState::Started, agent });
}

#[test]
fn one_bad_element_costs_only_itself() {
    let text = r#"{"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[
        {"id":"a","sequence":1,"timestamp":"2026-09-01T10:00:01Z","type":"EVENT_TYPE_HEARTBEAT"},
        7, null, {"id":"no type"}, {"type":5},
        {"id":"b","sequence":2.0,"type":"EVENT_TYPE_SESSION_END","session_end":{"reason":"REASON_USER_END"}},
        {"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[
            {"id":"c","sequence":null,"type":"EVENT_TYPE_POLY_AGENT_THINKING","payload":{}}, "x"]}},
        {"id":5,"sequence":"3","timestamp":8,"type":"EVENT_TYPE_FUTURE","metadata":"?"}
    ]}}"#;
    let ServerEvent::Batch { events, skipped } = ServerFrame::parse(text).unwrap().event else {
        panic!("no batch")
    };
    assert_eq!(skipped, 5);
    let read: Vec<_> =
        events.iter().map(|f| (f.id.as_deref(), f.sequence, f.event.kind())).collect();
    assert_eq!(
        read,
        [
            (Some("a"), Some(1), "EVENT_TYPE_HEARTBEAT"),
            (Some("b"), Some(2), "EVENT_TYPE_SESSION_END"),
            (Some("c"), None, "EVENT_TYPE_POLY_AGENT_THINKING"),
            (None, None, "EVENT_TYPE_FUTURE"),
        ]
    );
    let ServerEvent::PolyAgentMessage(message) = self::read(
        "POLY_AGENT_MESSAGE",
        r#"{"message_id":"m","text":"t","attachments":[3,{"title":7,"content_type":"PDF"}],
            "response_suggestions":[{"payload":"p"},{"message_text":"ok"}],
            "chat_call_actions":"none"}"#,
    ) else {
        panic!("no message")
    };
    assert_eq!(message.attachments, [Attachment::default()]);
    assert_eq!(message.suggestions.len(), 1);
}

#[test]
fn metadata_with_a_value_that_is_no_string_counts_as_absent() {
    let custom = |custom: &str| {
        let text = format!(r#"{{"type":"EVENT_TYPE_HEARTBEAT","metadata":{{"custom":{custom}}}}}"#);
        ServerFrame::parse(&text).unwrap().custom
    };
    assert_eq!(custom(r#"{"client_event_id":"c-1"}"#).unwrap()["client_event_id"], "c-1");
    assert_eq!(custom(r#"{"client_event_id":"c-1","n":1}"#), None);
    assert_eq!(custom("{}"), Some(<_>::default()));
    assert_eq!(custom("null"), None);
}

#[test]
fn client_frames_are_as_documented() {
    let frames = [
        (ClientFrame::new(ClientEvent::RequestPolyAgentJoin), "{}", "REQUEST_POLY_AGENT_JOIN"),
        (ClientFrame::new(ClientEvent::UserEndSession), "{}", "USER_END_SESSION"),
        (ClientFrame::new(ClientEvent::Heartbeat), "{}", "HEARTBEAT"),
        (
            ClientFrame::new(ClientEvent::UserTyping(TypingState::Stopped)),
            r#"{"state":"TYPING_STATE_STOPPED"}"#,
            "USER_TYPING",
        ),
        (
            ClientFrame::new(ClientEvent::LinkToWebrtcConversation { call_sid: "5b".into() }),
            r#"{"call_sid":"5b"}"#,
            "LINK_TO_WEBRTC_CONVERSATION",
        ),
    ];
    for (frame, payload, kind) in frames {
        let text = format!(r#"{{"payload":{payload},"type":"EVENT_TYPE_{kind}"}}"#);
        assert_eq!(frame.encode(), text);
        assert_eq!(ClientFrame::parse(&text), Ok(frame));
    }
    let message = ClientFrame::message("Hi \"you\"\n", "c-1");
    assert_eq!(
        message.encode(),
        r#"{"metadata":{"custom":{"client_event_id":"c-1"}},"payload":{"text":"Hi \"you\"\n"},"type":"EVENT_TYPE_USER_MESSAGE"}"#
    );
    assert_eq!(ClientFrame::parse(&message.encode()), Ok(message));
    assert_eq!(
        ClientFrame::parse(r#"{"type":"EVENT_TYPE_USER_MESSAGE","payload":{"text":7}}"#),
        Err(FrameFault::BadPayload)
    );
    assert_eq!(ClientEventType::ALL.iter().filter(|kind| kind.is_documented()).count(), 5);
}

#[test]
fn what_is_no_frame_is_refused_without_being_quoted() {
    for (text, fault) in [
        ("", FrameFault::NotJson),
        ("{\"type\":", FrameFault::NotJson),
        ("[]", FrameFault::NotObject),
        ("{}", FrameFault::NoType),
        ("{\"type\":1}", FrameFault::NoType),
    ] {
        assert_eq!(ServerFrame::parse(text), Err(fault), "{text}");
    }
    let large = format!("\"{}\"", "secret".repeat(200_000));
    let fault = ServerFrame::parse(&large).unwrap_err();
    assert_eq!(fault, FrameFault::TooLarge);
    assert!(!fault.to_string().contains("secret"));
}

//! The server half alone: journal, replay, echoes, refusals, the end.

use perch_api::{
    messaging::{
        frame::{
            ClientEvent, ClientFrame, Message, ServerEvent, ServerFrame, SessionEndReason,
            SystemLevel, TypingState,
        },
        server::{
            Config, ConnectionId, ConnectionLimit, Event, Input, Output, ServerSession, texts,
        },
    },
    model::Millis,
};

const ONE: ConnectionId = ConnectionId(1);
const TWO: ConnectionId = ConnectionId(2);

fn session(config: Config) -> ServerSession {
    ServerSession::new(config, 7, Millis(0))
}

fn joined(config: Config) -> ServerSession {
    let mut server = session(config);
    server.connect(Millis(0), ONE, None).unwrap();
    send(&mut server, &ClientFrame::new(ClientEvent::RequestPolyAgentJoin));
    drain(&mut server);
    server
}

fn send(server: &mut ServerSession, frame: &ClientFrame) {
    server.handle(Millis(9), Input::Frame { conn: ONE, text: &frame.encode() });
}

fn drain(server: &mut ServerSession) -> Vec<Output> {
    std::iter::from_fn(|| server.poll()).collect()
}

fn frames(server: &mut ServerSession, of: ConnectionId) -> Vec<ServerFrame> {
    let mut frames = Vec::new();
    for output in drain(server) {
        if let Output::Write { conn, text } = output
            && conn == of
        {
            match ServerFrame::parse(&text).unwrap() {
                ServerFrame { event: ServerEvent::Batch { events, skipped: 0 }, .. } => {
                    frames.extend(events);
                }
                frame => frames.push(frame),
            }
        }
    }
    frames
}

fn numbers(frames: &[ServerFrame]) -> Vec<Option<u64>> {
    frames.iter().map(|frame| frame.sequence).collect()
}

#[test]
fn replays_what_is_newer_and_reads_cursors_leniently() {
    let mut server = joined(Config { batch_events: 2, ..Config::default() });
    server.thinking(Millis(10));
    for text in ["a", "b", "c"] {
        server.say(Millis(11), Message { text: text.to_owned(), ..Message::default() });
    }
    let live = frames(&mut server, ONE);
    assert_eq!(numbers(&live), [None, Some(3), Some(4), Some(5)]);
    assert!(live.iter().all(|frame| frame.id.is_some() && frame.timestamp.is_some()));
    let all: Vec<_> = (1..=5).map(Some).collect();
    for (cursor, expected) in [
        (None, &all[..]),
        (Some("0"), &all),
        (Some("junk"), &all),
        (Some("-3"), &all),
        (Some("3"), &all[3..]),
        (Some("seq:3"), &all[3..]),
        (Some("99"), &[]),
    ] {
        server.handle(Millis(12), Input::Closed { conn: TWO });
        server.connect(Millis(12), TWO, cursor).unwrap();
        let replay = frames(&mut server, TWO);
        assert_eq!(numbers(&replay), expected, "{cursor:?}");
    }
}

#[test]
fn a_history_comes_in_batches_even_when_it_is_empty() {
    let mut server = joined(Config { batch_events: 2, ..Config::default() });
    server.left(Millis(1));
    drain(&mut server);
    server.connect(Millis(1), TWO, None).unwrap();
    assert_eq!(drain(&mut server).len(), 2);
    server.handle(Millis(1), Input::Closed { conn: TWO });
    server.connect(Millis(1), TWO, Some("3")).unwrap();
    let Some(Output::Write { text, .. }) = server.poll() else { panic!("no batch") };
    assert_eq!(text, r#"{"type":"EVENT_TYPE_EVENT_BATCH","payload":{"events":[]}}"#);
}

#[test]
fn echoes_as_documented_and_to_every_connection() {
    let mut server = joined(Config::default());
    server.connect(Millis(1), TWO, Some("2")).unwrap();
    drain(&mut server);
    send(&mut server, &ClientFrame::message("hello", "c-1"));
    let outputs = drain(&mut server);
    let echoes: Vec<_> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Write { conn, text } => Some((*conn, ServerFrame::parse(text).unwrap())),
            _ => None,
        })
        .collect();
    assert_eq!(echoes.len(), 2);
    assert_ne!(echoes[0].0, echoes[1].0);
    let echo = &echoes[0].1;
    assert_eq!((echo.sequence, echo.client_event_id()), (Some(3), Some("c-1")));
    let ServerEvent::UserMessage { text, message_id: Some(id) } = &echo.event else {
        panic!("no echo: {echo:?}")
    };
    assert_eq!(text, "hello");
    assert!(outputs.iter().any(|output| matches!(
        output,
        Output::Event(Event::UserMessage { text, message_id, .. }) if text == "hello" && message_id == id
    )));

    send(&mut server, &ClientFrame::new(ClientEvent::Heartbeat));
    assert_eq!(
        drain(&mut server),
        [Output::Write {
            conn: ONE,
            text: r#"{"payload":{},"type":"EVENT_TYPE_HEARTBEAT"}"#.to_owned()
        }]
    );
    send(&mut server, &ClientFrame::new(ClientEvent::UserTyping(TypingState::Started)));
    assert_eq!(drain(&mut server), [Output::Event(Event::UserTyping(TypingState::Started))]);
}

#[test]
fn keeps_doubles_unless_told_otherwise() {
    for (deduplicate, kept) in [(false, 2), (true, 1)] {
        let mut server = joined(Config { deduplicate, ..Config::default() });
        for _ in 0..2 {
            send(&mut server, &ClientFrame::message("twice", "c-1"));
        }
        let echoes = frames(&mut server, ONE);
        assert_eq!(echoes.len(), 2, "both are acknowledged");
        let said = |f: &&ServerFrame| matches!(f.event, ServerEvent::UserMessage { .. });
        assert_eq!(server.journal().filter(said).count(), kept);
    }
}

#[test]
fn refuses_with_the_documented_words_and_keeps_the_socket() {
    let mut server = joined(Config::default());
    for (text, words, id) in [
        ("no json", texts::INVALID, None),
        (r#"{"type":"EVENT_TYPE_TEA"}"#, texts::INVALID, None),
        (
            r#"{"type":"EVENT_TYPE_SESSION_END","payload":{},"metadata":{"custom":{"client_event_id":"c-7"}}}"#,
            "Event type not allowed: EVENT_TYPE_SESSION_END",
            Some("c-7"),
        ),
    ] {
        server.handle(Millis(1), Input::Frame { conn: ONE, text });
        let frames = frames(&mut server, ONE);
        assert_eq!(frames.len(), 1, "{text}");
        let message = words.to_owned();
        assert_eq!(
            frames[0].event,
            ServerEvent::SystemMessage { level: SystemLevel::Error, message }
        );
        assert_eq!(frames[0].client_event_id(), id);
    }
    let large = ClientFrame::message(&"x".repeat(140_000), "c-1").encode();
    server.handle(Millis(1), Input::Frame { conn: ONE, text: &large });
    assert_eq!(drain(&mut server), [Output::Close { conn: ONE, code: 1009 }]);
}

#[test]
fn there_is_no_conversation_before_the_join_and_one_join_is_enough() {
    let mut server = session(Config::default());
    server.connect(Millis(0), ONE, None).unwrap();
    drain(&mut server);
    send(&mut server, &ClientFrame::message("too early", "c-1"));
    let events: Vec<_> = frames(&mut server, ONE).into_iter().map(|frame| frame.event).collect();
    assert!(matches!(
        &events[..],
        [ServerEvent::UserMessage { .. }, ServerEvent::SystemMessage { message, .. }]
            if message == texts::CONVERSATION_NOT_FOUND
    ));
    let joins = |server: &mut ServerSession| {
        send(server, &ClientFrame::new(ClientEvent::RequestPolyAgentJoin));
        drain(server).iter().filter(|output| **output == Output::Event(Event::Join)).count()
    };
    assert_eq!(joins(&mut server), 1);
    assert_eq!(joins(&mut server), 0, "it is joining already");
    server.join_failed(Millis(1));
    assert_eq!(joins(&mut server), 1, "it failed, and may be asked again");
}

#[test]
fn ends_when_idle_when_asked_and_closes_what_is_left_open() {
    let config = Config { idle_warning_ms: Some(60_000), ..Config::default() };
    let mut server = joined(config);
    send(&mut server, &ClientFrame::new(ClientEvent::Heartbeat));
    drain(&mut server);
    // The last word was at 9; heartbeats do not count.
    assert_eq!(server.deadline(), Some(Millis(540_009)));
    server.handle(Millis(540_009), Input::Tick);
    assert_eq!(frames(&mut server, ONE)[0].event, ServerEvent::SessionIdleWarning);
    assert_eq!(server.deadline(), Some(Millis(600_009)));
    server.handle(Millis(600_009), Input::Tick);
    let end = ServerEvent::SessionEnd { reason: SessionEndReason::UserAbandoned };
    assert_eq!(frames(&mut server, ONE)[0].event, end);
    server.handle(server.deadline().unwrap(), Input::Tick);
    assert_eq!(drain(&mut server), [Output::Close { conn: ONE, code: 1000 }]);
    assert_eq!(server.deadline(), None);

    let mut server = joined(Config::default());
    send(&mut server, &ClientFrame::new(ClientEvent::UserEndSession));
    let outputs = drain(&mut server);
    assert_eq!(outputs.last(), Some(&Output::Event(Event::End)));
    assert!(server.is_ended());
    send(&mut server, &ClientFrame::message("anyone?", "c-1"));
    let message = texts::SESSION_NOT_FOUND.to_owned();
    assert_eq!(
        frames(&mut server, ONE)[0].event,
        ServerEvent::SystemMessage { level: SystemLevel::Error, message }
    );
    server.connect(Millis(20), TWO, None).unwrap();
    let replay = frames(&mut server, TWO);
    assert!(matches!(
        replay.last().map(|frame| &frame.event),
        Some(ServerEvent::SessionEnd { reason: SessionEndReason::UserEnd })
    ));
}

#[test]
fn ten_connections_and_no_more() {
    let mut server = session(Config::default());
    for n in 0..10 {
        assert_eq!(server.connect(Millis(0), ConnectionId(n), None), Ok(()));
    }
    assert_eq!(server.connect(Millis(0), ConnectionId(10), None), Err(ConnectionLimit));
    server.handle(Millis(0), Input::Closed { conn: ConnectionId(3) });
    assert_eq!(server.connect(Millis(0), ConnectionId(10), None), Ok(()));
}

#[test]
fn ids_come_from_the_entropy_alone() {
    let ids = |entropy| {
        let mut server = ServerSession::new(Config::default(), entropy, Millis(0));
        for _ in 0..50 {
            server.language(Millis(0), "es-ES");
        }
        server.journal().map(|frame| frame.id.clone().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
    let mut unique = ids(1);
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 51);
}

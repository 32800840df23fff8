//! Whatever comes in: no panic, bounded queues, and a deadline as long as something is expected.

use perch_api::{
    messaging::{
        client::{
            ClientSession, Config, Connection, DialFailure, Event, Input, Output, PendingMessage,
        },
        frame::{ClientFrame, ServerEvent, ServerFrame, client_type},
        server::{self, ConnectionId, ServerSession},
        transcript::Delivery,
    },
    model::Millis,
};
use proptest::{collection::vec, prelude::*};

#[derive(Debug, Clone)]
enum Step {
    Input(Input<'static>),
    Frame(String),
    Retry,
    Deadline,
}

fn sequence() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => (0..12_u64).prop_map(|n| n.to_string()),
        1 => Just("null".to_owned()),
        1 => Just(u64::MAX.to_string()),
        1 => Just("-1".to_owned()),
        1 => Just("\"x\"".to_owned()),
    ]
}

fn frame() -> impl Strategy<Value = String> {
    let one = (sequence(), 0..ServerEvent::KINDS.len(), 0..4_u8, 0..5_u32, any::<bool>(), "[a-z ]{0,6}").prop_map(
        |(sequence, kind, message, index, last, text)| {
            format!(
                r#"{{"id":"{sequence}","sequence":{},"type":"EVENT_TYPE_{}","payload":{{
                "message_id":"m{message}","chunk_index":{index},"is_complete":{last},"text":"{text}",
                "message":"conversation not found {text}","language_code":"es","reason":"{text}"}}}}"#,
                sequence.replace('"', ""),
                ServerEvent::KINDS[kind]
            )
        },
    );
    prop_oneof![
        8 => one.clone(),
        3 => vec(one, 0..6).prop_map(|list| format!(
            r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{}]}}}}"#,
            list.join(",")
        )),
        1 => ".{0,40}",
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let input = prop_oneof![
        1 => Just(Input::Connect),
        4 => Just(Input::Opened),
        1 => Just(Input::DialFailed(DialFailure::Unreachable)),
        1 => Just(Input::DialFailed(DialFailure::Busy { retry_after_ms: Some(u64::MAX) })),
        1 => prop_oneof![Just(1000), Just(1006), Just(4000), Just(4002), any::<u16>()]
            .prop_map(|code| Input::Closed { code }),
        4 => ".{0,9}".prop_map(|text| Input::Send { text }),
        1 => any::<bool>().prop_map(Input::Typing),
        1 => Just(Input::RequestAgent),
        1 => Just(Input::Online),
        1 => Just(Input::Offline),
        1 => Just(Input::Tick),
    ];
    prop_oneof![
        6 => input.prop_map(Step::Input),
        1 => prop_oneof![Just(Input::End), Just(Input::DialFailed(DialFailure::SessionLost))]
            .prop_map(Step::Input),
        12 => frame().prop_map(Step::Frame),
        1 => Just(Step::Retry),
        6 => Just(Step::Deadline),
    ]
}

fn rests(client: &ClientSession) -> bool {
    matches!(
        client.status().connection,
        Connection::Idle
            | Connection::Replaced
            | Connection::Failed
            | Connection::Lost
            | Connection::Ended
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_client_survives_anything(
        steps in vec((step(), 0..20_000_u64), 1..120),
        drains in any::<bool>(),
        entropy in any::<u64>(),
    ) {
        let config = Config { entries: 20, backlog: 5, ..Config::default() };
        let mut client = ClientSession::new(config, entropy);
        client.restore(vec![PendingMessage {
            id: "old".to_owned(),
            text: "from before".to_owned(),
            written: true,
            delivery: Delivery::Sending,
            at_ms: u64::MAX,
        }]);
        let mut now = Millis(0);
        client.handle(now, Input::Connect);
        for (step, pause) in steps {
            match step {
                Step::Input(input) => {
                    now = now.plus(pause / 10);
                    client.handle(now, input);
                }
                Step::Frame(text) => client.handle(now, Input::Frame(&text)),
                Step::Retry => {
                    let id = client.outbox().first().map(|pending| pending.id.clone());
                    client.handle(now, Input::Retry { id: id.as_deref().unwrap_or("none") });
                }
                Step::Deadline => {
                    if let Some(at) = client.deadline() {
                        now = now.max(at);
                        client.handle(now, Input::Tick);
                        prop_assert!(
                            client.deadline().is_none_or(|next| next > now),
                            "a timer must not run twice: {:?}", client
                        );
                    }
                }
            }
            prop_assert_eq!(client.deadline().is_none(), rests(&client));
            prop_assert!(client.transcript().len() <= 20);
            prop_assert!(client.outbox().len() <= 5);
            let places: Vec<_> = client.transcript().iter().map(|entry| entry.key).collect();
            let mut unique = places.clone();
            unique.sort();
            unique.dedup();
            prop_assert_eq!(unique.len(), places.len(), "an entry is there twice");
            if drains {
                while let Some(output) = client.poll() {
                    if let Output::Write(frame) = &output {
                        prop_assert!(ClientFrame::parse(frame).is_ok());
                    }
                    prop_assert_ne!(output, Output::Event(Event::Resync));
                }
            }
        }
    }

    #[test]
    fn a_server_survives_anything(
        steps in vec((0..5_u64, frame(), 0..9_u8), 1..80),
        entropy in any::<u64>(),
    ) {
        let config = server::Config { journal: 30, ..server::Config::default() };
        let mut server = ServerSession::new(config, entropy, Millis(0));
        let mut now = Millis(0);
        for (conn, text, what) in steps {
            let conn = ConnectionId(conn);
            now = now.plus(1_000);
            match what {
                0 => { let _ = server.connect(now, conn, Some(&text)); }
                1 => server.handle(now, server::Input::Closed { conn }),
                2 => {
                    now = server.deadline().unwrap_or(now).max(now);
                    server.handle(now, server::Input::Tick);
                    prop_assert!(server.deadline().is_none_or(|next| next > now));
                }
                _ => server.handle(now, server::Input::Frame { conn, text: &text }),
            }
            while let Some(output) = server.poll() {
                if let server::Output::Write { text, .. } = output {
                    prop_assert!(ServerFrame::parse(&text).is_ok());
                }
            }
            prop_assert!(server.journal().count() <= 30);
            prop_assert_eq!(
                server.deadline().is_none(),
                server.is_ended() && server.connections().is_empty()
            );
        }
    }

    #[test]
    fn frames_of_any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200), text in frame()) {
        let lossy = String::from_utf8_lossy(&bytes);
        let _ = (client_type(&lossy), ClientFrame::parse(&lossy), ServerFrame::parse(&lossy));
        // What was read and written is read again as the same.
        if let Ok(frame) = ServerFrame::parse(&text) {
            let again = ServerFrame::parse(&frame.encode()).unwrap();
            prop_assert_eq!(again.encode(), frame.encode());
        }
    }
}

#[test]
fn outputs_are_bounded_when_nobody_polls() {
    let mut client = ClientSession::new(Config::default(), 1);
    client.handle(Millis(0), Input::Connect);
    client.handle(Millis(0), Input::Opened);
    for n in 0..20_000 {
        let frame = format!(
            r#"{{"id":"e{n}","sequence":{n},"type":"EVENT_TYPE_SYSTEM_MESSAGE","payload":{{"level":"x","message":"y"}}}}"#
        );
        client.handle(Millis(0), Input::Frame(&frame));
    }
    for n in 0..20_000 {
        client.handle(Millis(n * 60_000), Input::Tick);
        client.handle(Millis(n * 60_000), Input::Offline);
        client.handle(Millis(n * 60_000), Input::Online);
        client.handle(Millis(n * 60_000), Input::Opened);
    }
    let outputs: Vec<_> = std::iter::from_fn(|| client.poll()).collect();
    assert!(outputs.len() < 10_000, "{}", outputs.len());
    assert_eq!(outputs.last(), Some(&Output::Event(Event::Resync)));
    assert_eq!(client.transcript().len(), 2_000);
    assert_eq!(client.transcript().dropped(), 18_000);
}

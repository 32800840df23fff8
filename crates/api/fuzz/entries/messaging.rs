//! Frames, and a client session that is told anything.

use perch_api::{
    messaging::{
        client::{ClientSession, Config, DialFailure, Input},
        frame::{ClientFrame, ServerFrame, client_type},
    },
    model::Millis,
};

use super::{byte, part};

/// A frame's text, read as either side would.
pub fn messaging_frame(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(frame) = ServerFrame::parse(text) {
        let written = frame.encode();
        let again = ServerFrame::parse(&written).expect("a frame of our own");
        assert_eq!(again.encode(), written);
    }
    match ClientFrame::parse(text) {
        Ok(frame) => {
            assert_eq!(client_type(text), Ok(frame.event.kind()));
            assert_eq!(ClientFrame::parse(&frame.encode()), Ok(frame));
        }
        Err(_) => {
            let _ = client_type(text);
        }
    }
}

const FRAMES: [&str; 12] = [
    r#"{"type":"SESSION_START","sequence":1,"payload":{"session_start":{}}}"#,
    r#"{"type":"POLY_AGENT_JOINED","sequence":2,"payload":{"poly_agent_joined":{"name":"Juno"}}}"#,
    r#"{"type":"POLY_AGENT_THINKING","payload":{}}"#,
    r#"{"type":"POLY_AGENT_MESSAGE","sequence":3,"payload":{"poly_agent_message":{"message_id":"m","text":"hi"}}}"#,
    r#"{"type":"POLY_AGENT_MESSAGE_CHUNK","sequence":4,"payload":{"poly_agent_message_chunk":{"message_id":"m","text":"h","sequence":0}}}"#,
    r#"{"type":"LIVE_AGENT_JOINED","sequence":9,"payload":{"live_agent_joined":{"name":"Imre"}}}"#,
    r#"{"type":"HANDOFF_QUEUE_STATUS","payload":{"handoff_queue_status":{"position":2}}}"#,
    r#"{"type":"USER_MESSAGE","sequence":5,"payload":{"user_message":{"text":"x"}}}"#,
    r#"{"type":"SESSION_IDLE_WARNING","payload":{}}"#,
    r#"{"type":"SYSTEM_MESSAGE","payload":{"system_message":{"level":"ERROR","message":"no"}}}"#,
    r#"{"type":"SESSION_END","sequence":12,"payload":{"session_end":{"reason":"REASON_NATURAL_END"}}}"#,
    r#"{"type":"EVENT_BATCH","payload":{"event_batch":{"events":[]}}}"#,
];

/// Longest script: states are reached within a few steps, and millions of scripts are tried.
const STEPS: usize = 96;

/// Inputs, one after the other, with time passing between them.
pub fn session_script(mut data: &[u8]) {
    let config = Config { resumed: byte(&mut data) & 1 == 1, ..Config::default() };
    let (backlog, entries) = (config.backlog, config.entries);
    let mut session = ClientSession::new(config, u64::from(byte(&mut data)));
    let mut now = Millis(1_000_000);
    let mut steps = 0;
    while !data.is_empty() && steps < STEPS {
        steps += 1;
        let (step, time) = (byte(&mut data), byte(&mut data));
        now = now.plus(u64::from(time) * u64::from(time));
        let text = match step % 24 {
            3..=5 => String::from_utf8_lossy(part(&mut data)).into_owned(),
            6..=11 => FRAMES[usize::from(byte(&mut data)) % FRAMES.len()].to_owned(),
            _ => String::new(),
        };
        let id = match step % 24 {
            21 => session.outbox().into_iter().next().map(|message| message.id).unwrap_or_default(),
            _ => String::new(),
        };
        let input = match step % 24 {
            0 => Input::Connect,
            1 | 2 => Input::Opened,
            3 | 4 | 6..=11 => Input::Frame(&text),
            5 => Input::Send { text: text.clone() },
            12 => Input::Send { text: "hello".to_owned() },
            13 => Input::DialFailed(DialFailure::Unreachable),
            14 => {
                Input::DialFailed(DialFailure::Busy { retry_after_ms: Some(u64::from(time) << 48) })
            }
            15 => Input::DialFailed(DialFailure::SessionLost),
            16 => Input::Closed { code: 1000 + u16::from(time) },
            17 => Input::Closed { code: 4001 },
            18 => Input::Typing(time & 1 == 1),
            19 => Input::Offline,
            20 => Input::Online,
            21 => Input::Retry { id: &id },
            22 => Input::RequestAgent,
            _ => {
                now = session.deadline().map_or(now, |deadline| deadline.max(now));
                Input::Tick
            }
        };
        session.handle(now, input);
        let outputs = std::iter::from_fn(|| session.poll()).take(100_000).count();
        assert!(outputs < 100_000);
        assert!(session.outbox().len() <= backlog + 1);
        assert!(session.transcript().len() <= entries);
    }
}

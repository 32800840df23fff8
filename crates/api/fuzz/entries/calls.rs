//! Signalling of calls: frames and bodies, and sessions that are told anything.

use perch_api::{
    calls::{
        bridge::{self, BridgeEvent, BridgeSession, Provisioned, SdpOffer, read_sdp},
        message::{Candidate, ErrorCode, ErrorReport, Frame, OfferFields, Sdp},
        relay::Relay,
        server::{self, CallId, ConnectionId, Gateway},
        session::{CallSession, Config, DialFailure, Input, MediaState, Output, PeerId},
    },
    model::{Millis, Secret},
};

use super::{byte, part};

/// Longest script.
const STEPS: usize = 64;

/// What to do in one byte; then a frame or a script.
pub fn call_signal(mut data: &[u8]) {
    match byte(&mut data) % 4 {
        0 => texts(data),
        1 => caller(data),
        2 => gateway(data),
        _ => bridge(data),
    }
}

/// One text, read as every party would.
fn texts(data: &[u8]) {
    // Begins with no letter of an escape: `\tok` would be a tab and three letters.
    const TOKEN: &str = "Z-token-of-the-site";
    let Ok(text) = std::str::from_utf8(data) else { return };
    let loose = Frame::parse(text);
    if let Ok(frame) = &loose {
        let written = frame.encode();
        assert_eq!(Frame::parse(written.as_str()).as_ref(), Ok(frame));
    }
    if let Ok(strict) = Frame::parse_strict(text) {
        assert_eq!(loose, Ok(strict));
    }
    let mut relay = Relay::new(Secret::new(TOKEN.to_owned()), OfferFields::default());
    if let Ok(passed) = relay.from_visitor(text) {
        assert!(Frame::parse_strict(passed.as_str()).is_ok());
    }
    if let Ok(passed) = relay.from_gateway(text) {
        assert!(!passed.as_str().contains(TOKEN));
    }
    let _ = (BridgeEvent::parse(text), read_sdp(text));
    if let Ok(call) = Provisioned::parse(text) {
        let paths = [&call.connect_path, &call.pull_path, &call.events_path, &call.delete_path];
        assert!(paths.iter().all(|path| path.starts_with('/') && !path.starts_with("//")));
        assert!(!paths.iter().any(|path| path.contains("..") && path.contains("/../")));
    }
}

const FRAMES: [&str; 10] = [
    r#"{"type":"answer","sessionId":"s-1","data":{"sdp":"v=0"}}"#,
    r#"{"type":"answer","data":{"sdp":"v=1"}}"#,
    r#"{"type":"ice-candidate","sessionId":"s-1","data":{"candidate":"c1"}}"#,
    r#"{"type":"ice-candidate","data":{"candidate":"c2"}}"#,
    r#"{"type":"close","sessionId":"s-1"}"#,
    r#"{"type":"close"}"#,
    r#"{"type":"error","data":{"code":"AGENT_FAILURE"}}"#,
    r#"{"type":"error","data":{"code":"INVALID_MESSAGE"}}"#,
    r#"{"type":"offer","data":{"sdp":"v=0"},"callSid":"web-1","authToken":"t"}"#,
    r#"{"type":"ping"}"#,
];

fn frame(data: &mut &[u8]) -> String {
    let choice = usize::from(byte(data));
    match FRAMES.get(choice % 12) {
        Some(frame) => (*frame).to_owned(),
        None => String::from_utf8_lossy(part(data)).into_owned(),
    }
}

const MEDIA: [MediaState; 3] =
    [MediaState::Connected, MediaState::Disconnected, MediaState::Failed];

/// A browser's side of a call.
fn caller(mut data: &[u8]) {
    let mut call = CallSession::new(Config::default());
    let (mut now, mut peer) = (Millis(1_000_000), PeerId(1));
    for _ in 0..STEPS {
        if data.is_empty() {
            break;
        }
        let (step, time) = (byte(&mut data), byte(&mut data));
        now = now.plus(u64::from(time) * u64::from(time));
        let text = frame(&mut data);
        call.handle(
            now,
            match step % 14 {
                0 | 1 => Input::Call { call_sid: "web-1" },
                2 | 3 => Input::Opened,
                4 | 5 => Input::Frame(&text),
                6 => Input::OfferReady { peer, sdp: Sdp::new("v=0") },
                7 => Input::LocalCandidate { peer, candidate: Candidate::new(time.to_string()) },
                8 => Input::Media { peer, state: MEDIA[usize::from(time) % 3] },
                9 => Input::Closed { code: 1000 + u16::from(time) * 16 },
                10 => Input::DialFailed(DialFailure::Unreachable),
                11 => Input::HangUp,
                12 => Input::Mute(time & 1 == 1),
                _ => {
                    now = call.deadline().map_or(now, |deadline| deadline.max(now));
                    Input::Tick
                }
            },
        );
        let mut outputs = 0;
        while let Some(output) = call.poll() {
            outputs += 1;
            if let Output::Write(text) = &output {
                assert!(Frame::parse_strict(text.as_str()).is_ok());
            }
            if let Output::Media(perch_api::calls::session::MediaAction::CreateOffer {
                peer: new,
            }) = output
            {
                peer = new;
            }
        }
        assert!(outputs < 10_000);
    }
}

/// The platform's side of calls.
fn gateway(mut data: &[u8]) {
    let mut gateway = Gateway::new(server::Config::default(), u64::from(byte(&mut data)));
    let mut now = Millis(1_000_000);
    for _ in 0..STEPS {
        if data.is_empty() {
            break;
        }
        let (step, time) = (byte(&mut data), byte(&mut data));
        now = now.plus(u64::from(time) * u64::from(time));
        let conn = ConnectionId(u64::from(step >> 4) % 3);
        let text = frame(&mut data);
        match step % 8 {
            0 | 1 => {
                let _ = gateway.connect(now, conn);
            }
            2..=4 => gateway.handle(now, server::Input::Frame { conn, text: &text }),
            5 => gateway.handle(now, server::Input::Closed { conn, code: 1000 + u16::from(time) }),
            6 => {
                let call = CallId(u64::from(time) % 4);
                gateway.handle(
                    now,
                    match time % 5 {
                        0 | 1 => server::Input::Accept { call, sdp: Sdp::new("v=9") },
                        2 => server::Input::Candidate { call, candidate: Candidate::new("c9") },
                        3 => server::Input::HangUp { call },
                        _ => server::Input::Fail {
                            call,
                            report: ErrorReport {
                                code: ErrorCode::Forbidden,
                                message: String::new(),
                            },
                        },
                    },
                );
            }
            _ => {
                now = gateway.deadline().map_or(now, |deadline| deadline.max(now));
                gateway.handle(now, server::Input::Tick);
            }
        }
        let outputs = std::iter::from_fn(|| gateway.poll()).take(10_000).count();
        assert!(outputs < 10_000 && gateway.connections() <= 3);
    }
}

const BODY: &str = r#"{"callId":"call-1","creds":{"token":"t","extra":{}}}"#;

/// A call over the bridge.
fn bridge(mut data: &[u8]) {
    let mut call = BridgeSession::new(bridge::Config::default());
    let (mut now, mut peer, mut request) = (Millis(1_000_000), PeerId(1), 1);
    for _ in 0..STEPS {
        if data.is_empty() {
            break;
        }
        let (step, time) = (byte(&mut data), byte(&mut data));
        now = now.plus(u64::from(time) * u64::from(time));
        let text = if step % 20 > 15 {
            String::from_utf8_lossy(part(&mut data)).into_owned()
        } else {
            String::new()
        };
        let offer = SdpOffer { sdp: Sdp::new("v=0"), mid: None };
        call.handle(
            now,
            match step % 20 {
                0 => bridge::Input::Call,
                1 | 2 => bridge::Input::Response { request, status: 200, body: BODY },
                3 => bridge::Input::Response { request, status: 200, body: r#"{"sdp":"v=1"}"# },
                4 => bridge::Input::Response { request, status: 300 + u16::from(time), body: "" },
                5 => bridge::Input::RequestFailed { request },
                6 => bridge::Input::Linked,
                7 => bridge::Input::OfferCreated { peer },
                8 => bridge::Input::CandidateFound { peer, last: time & 1 == 1 },
                9 => bridge::Input::OfferReady { peer, offer },
                10 => bridge::Input::AnswerReady { peer, sdp: Sdp::new("v=2") },
                11 => bridge::Input::Media { peer, state: MEDIA[usize::from(time) % 3] },
                12 => bridge::Input::EventsOpened,
                13 => bridge::Input::EventsClosed,
                14 => bridge::Input::HangUp,
                15 => bridge::Input::EventsFrame(r#"{"event":"repull"}"#),
                16 => bridge::Input::EventsFrame(&text),
                17 => bridge::Input::Response { request, status: 200, body: &text },
                _ => {
                    now = call.deadline().map_or(now, |deadline| deadline.max(now));
                    bridge::Input::Tick
                }
            },
        );
        let mut outputs = 0;
        while let Some(output) = call.poll() {
            outputs += 1;
            match output {
                bridge::Output::Request { id, request: sent } => {
                    request = id;
                    assert!(sent.path.starts_with('/') && !sent.path.contains("//"));
                }
                bridge::Output::Media(bridge::MediaAction::CreateOffer { peer: new, .. }) => {
                    peer = new;
                }
                _ => {}
            }
        }
        assert!(outputs < 10_000);
    }
}

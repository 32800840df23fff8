//! Whatever comes in, in whatever order: no panic, bounded queues, one end for every call.

use perch_api::{
    calls::{
        bridge::{self, BridgeSession, SdpOffer},
        message::{Candidate, ErrorCode, ErrorReport, Frame, OfferFields, Sdp},
        relay::Relay,
        server::{self, CallId, ConnectionId, Gateway},
        session::{
            CallSession, Config, DialFailure, Event, Input, MediaAction, MediaState,
            MicrophoneFault, Output, PeerId, Phase,
        },
    },
    model::{Millis, Secret},
};
use proptest::{collection::vec, prelude::*};

fn frame() -> impl Strategy<Value = String> {
    let session = prop_oneof![
        3 => Just(r#","sessionId":"s-1""#), 1 => Just(r#","sessionId":"s-2""#),
        1 => Just(r#","sessionId":null"#), 1 => Just(""),
    ];
    let rest = prop_oneof![
        4 => Just(r#""type":"answer","data":{"sdp":"v=0"}"#.to_owned()),
        4 => (0..400_u32).prop_map(|n| {
            format!(r#""type":"ice-candidate","data":{{"candidate":"c{n}"}}"#)
        }),
        1 => Just(r#""type":"close""#.to_owned()),
        1 => prop_oneof![Just("AGENT_FAILURE"), Just("INVALID_MESSAGE"), Just("NEW")]
            .prop_map(|code| format!(r#""type":"error","data":{{"code":"{code}"}}"#)),
        1 => Just(r#""type":"ping""#.to_owned()),
        2 => ("v=[0-3]", "web-[0-2]", "tok-[0-1]").prop_map(|(sdp, sid, token)| format!(
            r#""type":"offer","data":{{"sdp":"{sdp}"}},"callSid":"{sid}","authToken":"{token}""#
        )),
        1 => "[a-z]{0,5}".prop_map(|kind| format!(r#""type":"{kind}""#)),
    ];
    prop_oneof![
        12 => (rest, session).prop_map(|(rest, session)| format!("{{{rest}{session}}}")),
        1 => ".{0,40}",
    ]
}

fn state() -> impl Strategy<Value = MediaState> {
    prop_oneof![
        4 => Just(MediaState::Connected),
        2 => Just(MediaState::Disconnected),
        1 => Just(MediaState::Failed),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Input(Input<'static>),
    Frame(String),
    Deadline,
}

/// Inputs about the peer connection there is, or one of before; it is put in later.
const PEER: PeerId = PeerId(0);

fn step() -> impl Strategy<Value = Step> {
    let input = prop_oneof![
        3 => Just(Input::Call { call_sid: "web-1" }),
        5 => Just(Input::Opened),
        1 => Just(Input::DialFailed(DialFailure::Unreachable)),
        1 => Just(Input::DialFailed(DialFailure::Busy { retry_after_ms: Some(u64::MAX) })),
        1 => prop_oneof![Just(1000), Just(1006), Just(4000), any::<u16>()]
            .prop_map(|code| Input::Closed { code }),
        1 => Just(Input::Online),
        5 => Just(Input::OfferReady { peer: PEER, sdp: Sdp::new("v=0") }),
        5 => (0..400_u32).prop_map(|n| Input::LocalCandidate {
            peer: PEER,
            candidate: Candidate::new(n.to_string()),
        }),
        3 => state().prop_map(|state| Input::Media { peer: PEER, state }),
        1 => any::<bool>().prop_map(Input::Mute),
        1 => Just(Input::Tick),
    ];
    prop_oneof![
        10 => input.prop_map(Step::Input),
        1 => prop_oneof![
            Just(Input::HangUp),
            Just(Input::DialFailed(DialFailure::Refused)),
            Just(Input::NoMicrophone { peer: PEER, fault: MicrophoneFault::Unusable }),
        ].prop_map(Step::Input),
        10 => frame().prop_map(Step::Frame),
        5 => Just(Step::Deadline),
    ]
}

fn with_peer(input: Input<'_>, peer: PeerId) -> Input<'_> {
    match input {
        Input::OfferReady { sdp, .. } => Input::OfferReady { peer, sdp },
        Input::LocalCandidate { candidate, .. } => Input::LocalCandidate { peer, candidate },
        Input::Media { state, .. } => Input::Media { peer, state },
        Input::NoMicrophone { fault, .. } => Input::NoMicrophone { peer, fault },
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_caller_survives_anything(
        steps in vec((step(), 0..4_000_u64, 0..8_u32), 1..150),
        drains in any::<bool>(),
    ) {
        let mut call = CallSession::new(Config::default());
        let (mut now, mut peer) = (Millis(0), 1);
        let (mut begun, mut ended, mut open) = (0, 0, 0);
        for (step, pause, old) in steps {
            let before = call.status().phase;
            match step {
                Step::Input(input) => {
                    now = now.plus(pause / 10);
                    // Now and then one of before.
                    let peer = PeerId(if old == 0 { peer - 1 } else { peer });
                    call.handle(now, with_peer(input, peer));
                }
                Step::Frame(text) => call.handle(now, Input::Frame(&text)),
                Step::Deadline => {
                    if let Some(at) = call.deadline() {
                        now = now.max(at);
                        call.handle(now, Input::Tick);
                        prop_assert!(
                            call.deadline().is_none_or(|next| next > now),
                            "a timer must not run twice: {:?}", call
                        );
                    }
                }
            }
            let status = call.status();
            let is_over = |phase| matches!(phase, Phase::Idle | Phase::Ended);
            prop_assert_eq!(status.ended.is_some(), status.phase == Phase::Ended);
            prop_assert!(!is_over(status.phase) || call.deadline().is_none());
            prop_assert!(status.phase != Phase::Connecting || call.deadline().is_some());
            begun += u32::from(is_over(before) && !is_over(status.phase));
            if drains {
                while let Some(output) = call.poll() {
                    match output {
                        Output::Write(text) => {
                            prop_assert!(Frame::parse_strict(text.as_str()).is_ok());
                        }
                        Output::Event(Event::Ended(_)) => ended += 1,
                        Output::Media(MediaAction::CreateOffer { peer: new }) => {
                            peer = new.0;
                            open += 1;
                        }
                        Output::Media(MediaAction::Close { .. }) => open -= 1,
                        Output::Event(Event::Resync) => prop_assert!(false, "nothing overflowed"),
                        _ => {}
                    }
                    prop_assert!(open <= 1, "two peer connections");
                }
                prop_assert_eq!(begun - ended, u32::from(!is_over(call.status().phase)));
            }
        }
    }

    #[test]
    fn a_gateway_survives_anything(
        steps in vec((0..4_u64, frame(), 0..12_u8, 0..6_u64), 1..120),
        entropy in any::<u64>(),
    ) {
        let config = server::Config { max_calls: 3, max_candidates: 5, ..Default::default() };
        let mut gateway = Gateway::new(config, entropy);
        let mut relay = Relay::new(Secret::new("tok-x".to_owned()), OfferFields::default());
        let mut now = Millis(0);
        let mut live = std::collections::BTreeSet::new();
        let mut session = "s-1".to_owned();
        for (conn, text, what, call) in steps {
            let (conn, call) = (ConnectionId(conn), CallId(call));
            let text = text.replace("s-1", &session);
            now = now.plus(700);
            match what {
                0 => { let _ = gateway.connect(now, conn); }
                1 => gateway.handle(now, server::Input::Closed { conn, code: 1006 }),
                2 => {
                    now = gateway.deadline().unwrap_or(now).max(now);
                    gateway.handle(now, server::Input::Tick);
                    prop_assert!(gateway.deadline().is_none_or(|next| next > now));
                }
                3 => gateway.handle(now, server::Input::Accept { call, sdp: Sdp::new("v=0") }),
                4 => {
                    let candidate = Candidate::new(text);
                    gateway.handle(now, server::Input::Candidate { call, candidate });
                }
                5 => gateway.handle(now, server::Input::HangUp { call }),
                6 => {
                    let report = ErrorReport { code: ErrorCode::Forbidden, message: text };
                    gateway.handle(now, server::Input::Fail { call, report });
                }
                7 => {
                    if let Ok(text) = relay.from_visitor(&text) {
                        let text = text.as_str();
                        gateway.handle(now, server::Input::Frame { conn, text });
                    }
                }
                _ => gateway.handle(now, server::Input::Frame { conn, text: &text }),
            }
            while let Some(output) = gateway.poll() {
                match output {
                    server::Output::Write { text, .. } => {
                        let frame = Frame::parse_strict(text.as_str()).unwrap();
                        session = frame.session.unwrap_or(session);
                    }
                    server::Output::Event(server::Event::Offer { call, again, .. }) => {
                        prop_assert_eq!(live.insert(call), !again);
                    }
                    server::Output::Event(server::Event::Ended { call, .. }) => {
                        prop_assert!(live.remove(&call), "a call ends once");
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(gateway.calls().collect::<Vec<_>>(), live.iter().copied().collect::<Vec<_>>());
            prop_assert!(live.len() <= 3);
            prop_assert_eq!(
                gateway.deadline().is_none(),
                live.is_empty() && gateway.connections() == 0
            );
        }
    }

    #[test]
    fn a_bridge_call_survives_anything(
        steps in vec((0..18_u8, 0..3_000_u64, state(), ".{0,30}", 0..8_u32), 1..120),
    ) {
        const MADE: &str = r#"{"callId":"call-1","creds":{"token":"per-call-77"}}"#;
        const SDP: &str = r#"{"sdp":"v=0"}"#;
        let mut call = BridgeSession::new(bridge::Config::default());
        let (mut now, mut last, mut peer) = (Millis(0), 0_u32, 0_u32);
        let (mut begun, mut ended, mut made, mut deleted, mut pulls) = (0, 0, 0, 0, 0);
        for (what, pause, state, text, old) in steps {
            now = now.plus(pause / 20);
            let was_over = matches!(call.status().phase, Phase::Idle | Phase::Ended);
            let request = if old == 0 { last.saturating_sub(1) } else { last };
            let peer_id = PeerId(if old == 1 { peer.saturating_sub(1) } else { peer });
            let reply = |status, body| bridge::Input::Response { request, status, body };
            let sdp = Sdp::new("v=0");
            let input = match what {
                0 | 1 => bridge::Input::Call,
                2 | 3 => reply(200, MADE),
                4 | 5 => reply(200, SDP),
                6 => reply(503, &text),
                7 => reply(200, &text),
                8 => bridge::Input::RequestFailed { request },
                9 => bridge::Input::Linked,
                10 => bridge::Input::OfferCreated { peer: peer_id },
                11 => bridge::Input::CandidateFound { peer: peer_id, last: old > 3 },
                12 => bridge::Input::OfferReady { peer: peer_id, offer: SdpOffer { sdp, mid: None } },
                13 => bridge::Input::AnswerReady { peer: peer_id, sdp },
                14 => bridge::Input::Media { peer: peer_id, state },
                15 => bridge::Input::EventsOpened,
                16 if old < 2 => bridge::Input::HangUp,
                16 => bridge::Input::EventsFrame(r#"{"event":"repull"}"#),
                _ => {
                    now = call.deadline().unwrap_or(now).max(now);
                    bridge::Input::Tick
                }
            };
            call.handle(now, input);
            prop_assert!(call.deadline().is_none_or(|next| next > now), "{:?}", call);
            let is_over = matches!(call.status().phase, Phase::Idle | Phase::Ended);
            begun += u32::from(was_over && !is_over);
            while let Some(output) = call.poll() {
                match output {
                    bridge::Output::Request { id, request: sent } => {
                        prop_assert!(!sent.path.contains("per-call-77"));
                        pulls += i32::from(sent.path.ends_with("/pull"));
                        pulls -= i32::from(sent.path.ends_with("/renegotiate"));
                        prop_assert!(pulls <= 1, "two pulls at once");
                        // A hang-up is nothing anyone answers.
                        if sent.method == bridge::Method::Post {
                            last = id;
                            made += u32::from(sent.path.ends_with("/call"));
                        } else {
                            deleted += 1;
                        }
                    }
                    bridge::Output::Media(bridge::MediaAction::CreateOffer { peer: new, .. }) => {
                        peer = new.0;
                    }
                    bridge::Output::Event(bridge::Event::Ended(_)) => {
                        ended += 1;
                        pulls = 0;
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(begun - ended, u32::from(!is_over));
            prop_assert!(deleted <= made);
        }
    }
}

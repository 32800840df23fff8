//! Queues and memories stay bounded when nobody polls.

use perch_api::{
    calls::{
        bridge::{self, BridgeSession},
        message::{Candidate, Sdp},
        server::{self, ConnectionId, Gateway},
        session::{CallSession, Config, Event, Input, MediaAction, Output, PeerId},
    },
    model::Millis,
};

#[test]
fn a_caller_is_bounded_when_nobody_polls() {
    let mut call = CallSession::new(Config::default());
    call.handle(Millis(0), Input::Call { call_sid: "web-1" });
    call.handle(Millis(0), Input::Opened);
    let candidate = |n: u32| format!(r#"{{"type":"ice-candidate","data":{{"candidate":"c{n}"}}}}"#);
    for n in 0..20_000 {
        call.handle(Millis(0), Input::Frame(&candidate(n)));
        let local = Candidate::new(n.to_string());
        call.handle(Millis(0), Input::LocalCandidate { peer: PeerId(1), candidate: local });
        call.handle(Millis(0), Input::Frame(r#"{"type":"ping"}"#));
    }
    let outputs: Vec<_> = std::iter::from_fn(|| call.poll()).collect();
    assert!(outputs.len() <= 8_193, "{}", outputs.len());
    assert_eq!(outputs.last(), Some(&Output::Event(Event::Resync)));
    // What was held is bounded too, on both sides, and handed on with the answer.
    call.handle(Millis(0), Input::OfferReady { peer: PeerId(1), sdp: Sdp::new("v=0") });
    call.handle(Millis(0), Input::Frame(r#"{"type":"answer","data":{"sdp":"v=0"}}"#));
    for n in 20_000..30_000 {
        call.handle(Millis(0), Input::Frame(&candidate(n)));
    }
    let outputs: Vec<_> = std::iter::from_fn(|| call.poll()).collect();
    let count = |wanted: fn(&Output) -> bool| outputs.iter().filter(|one| wanted(one)).count();
    let added = count(|one| matches!(one, Output::Media(MediaAction::AddCandidate { .. })));
    let written = count(|one| matches!(one, Output::Write(_)));
    assert_eq!((added, written), (256, 1 + 256));
    assert!(outputs.contains(&Output::Event(Event::CandidatesDropped)));
}

#[test]
fn a_gateway_and_a_bridge_call_are_bounded_when_nobody_polls() {
    let conn = ConnectionId(1);
    let mut gateway = Gateway::new(server::Config::default(), 7);
    gateway.connect(Millis(0), conn).unwrap();
    for _ in 0..20_000 {
        gateway.handle(Millis(0), server::Input::Frame { conn, text: "?" });
    }
    assert!(std::iter::from_fn(|| gateway.poll()).count() <= 8_192);
    let mut call = BridgeSession::new(bridge::Config::default());
    for _ in 0..20_000 {
        call.handle(Millis(0), bridge::Input::Call);
        call.handle(Millis(0), bridge::Input::HangUp);
    }
    let outputs: Vec<_> = std::iter::from_fn(|| call.poll()).collect();
    assert!(outputs.len() <= 8_193, "{}", outputs.len());
    assert_eq!(outputs.last(), Some(&bridge::Output::Event(bridge::Event::Resync)));
}

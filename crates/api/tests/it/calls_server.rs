//! The gateway's half by itself: what it refuses, limits and forgets.

use perch_api::{
    calls::{
        message::{Body, Candidate, ErrorCode, ErrorReport, Frame, Sdp},
        server::{CallEnd, CallId, Config, ConnectionId, Event, Gateway, Input, Output},
    },
    model::Millis,
};
use serde_json::json;

const CONN: ConnectionId = ConnectionId(1);

struct Stage {
    gateway: Gateway,
    now: u64,
}

impl Stage {
    fn new(config: Config) -> Self {
        let mut gateway = Gateway::new(config, 7);
        gateway.connect(Millis(0), CONN).unwrap();
        Self { gateway, now: 0 }
    }

    fn handle(&mut self, input: Input<'_>) -> Vec<Output> {
        self.gateway.handle(Millis(self.now), input);
        std::iter::from_fn(|| self.gateway.poll()).collect()
    }

    fn frame(&mut self, conn: ConnectionId, text: &str) -> Vec<Output> {
        self.handle(Input::Frame { conn, text })
    }

    /// Lets time pass, timer by timer.
    fn wait(&mut self, ms: u64) -> Vec<Output> {
        let until = self.now + ms;
        let mut all = Vec::new();
        while let Some(at) = self.gateway.deadline().filter(|at| at.0 <= until) {
            self.now = at.0;
            all.extend(self.handle(Input::Tick));
        }
        self.now = until;
        all
    }

    /// A call that was answered, and its session.
    fn call(&mut self) -> (CallId, String) {
        self.frame(CONN, &offer("v=0", "web-1", "end-to-end", "tok"));
        let call = self.gateway.calls().last().unwrap();
        let out = self.handle(Input::Accept { call, sdp: Sdp::new("v=0 answer") });
        let Some(Output::Write { text, .. }) = out.last() else { panic!("{out:?}") };
        (call, Frame::parse(text.as_str()).unwrap().session.unwrap())
    }
}

fn offer(sdp: &str, sid: &str, mode: &str, token: &str) -> String {
    json!({ "type": "offer", "sessionId": null, "data": { "type": "offer", "sdp": sdp },
        "authToken": token, "callSid": sid, "mode": mode })
    .to_string()
}

fn errors(out: &[Output]) -> Vec<ErrorReport> {
    let report = |output: &Output| match output {
        Output::Write { text, .. } => match Frame::parse(text.as_str()).unwrap().body {
            Body::Error(report) => Some(report),
            _ => None,
        },
        _ => None,
    };
    out.iter().filter_map(report).collect()
}

fn codes(out: &[Output]) -> Vec<ErrorCode> {
    errors(out).into_iter().map(|report| report.code).collect()
}

fn ends(out: &[Output]) -> Vec<CallEnd> {
    let end = |output: &Output| match output {
        Output::Event(Event::Ended { end, .. }) => Some(*end),
        _ => None,
    };
    out.iter().filter_map(end).collect()
}

fn bodies(out: &[Output]) -> Vec<(u64, String)> {
    let body = |output: &Output| match output {
        Output::Write { conn, text } => {
            Some((conn.0, Frame::parse(text.as_str()).unwrap().body.kind().to_owned()))
        }
        _ => None,
    };
    out.iter().filter_map(body).collect()
}

#[test]
fn offers_are_refused_in_the_platforms_words() {
    let mut stage = Stage::new(Config::default());
    let missing = errors(&stage.frame(CONN, &offer("v=0", "w", "end-to-end", "")));
    let words = "Auth token required".to_owned();
    assert_eq!(missing, [ErrorReport { code: ErrorCode::Unauthorized, message: words }]);
    for (text, code) in [
        (offer("v=0", "w", "echo", "tok"), ErrorCode::Forbidden),
        (offer("v=0", "w", "telepathy", "tok"), ErrorCode::InvalidArgument),
        (offer("", "w", "end-to-end", "tok"), ErrorCode::InvalidMessage),
        ("{".to_owned(), ErrorCode::InvalidMessage),
        (r#"{"type":"close","type":"close"}"#.to_owned(), ErrorCode::InvalidMessage),
        (r#"{"type":"answer","data":{"sdp":"v=0"}}"#.to_owned(), ErrorCode::InvalidMessage),
        (r#"{"type":"dance"}"#.to_owned(), ErrorCode::InvalidMessage),
        (
            r#"{"type":"ice-candidate","sessionId":"s","data":{"candidate":"c"}}"#.to_owned(),
            ErrorCode::InvalidArgument,
        ),
    ] {
        assert_eq!(codes(&stage.frame(CONN, &text)), [code], "{text}");
    }
    assert_eq!(stage.gateway.calls().count(), 0);
    for mode in ["end-to-end", "traditional", "cascaded"] {
        let mut stage = Stage::new(Config::default());
        let out = stage.frame(CONN, &offer("v=0", "w", mode, "tok"));
        assert!(matches!(out[..], [Output::Event(Event::Offer { again: false, .. })]), "{mode}");
    }
    let mut debugging = Stage::new(Config { echo: true, ..Config::default() });
    assert_eq!(debugging.frame(CONN, &offer("v=0", "w", "echo", "tok")).len(), 1);
}

#[test]
fn a_driver_that_refuses_or_never_answers() {
    let mut stage = Stage::new(Config::default());
    stage.frame(CONN, &offer("v=0", "w", "end-to-end", "bad"));
    let report = ErrorReport { code: ErrorCode::Unauthorized, message: "no".to_owned() };
    let out = stage.handle(Input::Fail { call: CallId(1), report });
    assert_eq!((codes(&out), ends(&out)), (vec![ErrorCode::Unauthorized], vec![CallEnd::Failed]));
    stage.frame(CONN, &offer("v=0", "w", "end-to-end", "tok"));
    let out = stage.wait(10_000);
    assert_eq!(
        (codes(&out), ends(&out)),
        (vec![ErrorCode::AgentFailure], vec![CallEnd::Unanswered])
    );
    // What comes too late is for nobody.
    assert_eq!(stage.handle(Input::Accept { call: CallId(2), sdp: Sdp::new("v=0") }), []);
}

#[test]
fn a_call_outlives_its_socket_for_a_while() {
    let mut stage = Stage::new(Config::default());
    let (call, session) = stage.call();
    stage.handle(Input::Candidate { call, candidate: Candidate::new("theirs") });
    assert_eq!(stage.handle(Input::Closed { conn: CONN, code: 1006 }), []);
    stage.wait(15_000);
    let next = ConnectionId(2);
    stage.gateway.connect(Millis(stage.now), next).unwrap();
    let text =
        json!({ "type": "ice-candidate", "sessionId": session, "data": { "candidate": "c" } });
    let out = stage.frame(next, &text.to_string());
    assert_eq!(bodies(&out), [(2, "ice-candidate".to_owned())]);
    assert_eq!(ends(&stage.wait(60_000)), []);
    stage.handle(Input::Closed { conn: next, code: 1001 });
    assert_eq!(ends(&stage.wait(20_000)), [CallEnd::Lost]);
    assert_eq!(stage.gateway.deadline(), None);
}

#[test]
fn a_repeated_offer_gets_the_same_answer_and_another_one_replaces_the_call() {
    let mut stage = Stage::new(Config::default());
    let (call, session) = stage.call();
    let text = offer("v=0", "web-1", "end-to-end", "tok");
    let answer = |conn: u64| vec![(conn, "answer".to_owned())];
    assert_eq!(bodies(&stage.frame(CONN, &text)), answer(1));
    stage.handle(Input::Closed { conn: CONN, code: 1006 });
    let next = ConnectionId(2);
    stage.gateway.connect(Millis(stage.now), next).unwrap();
    assert_eq!(bodies(&stage.frame(next, &text)), answer(2));
    assert_eq!(stage.gateway.calls().collect::<Vec<_>>(), [call]);
    // A stranger's token does not reach it, though the call id is the same.
    let third = ConnectionId(3);
    stage.gateway.connect(Millis(stage.now), third).unwrap();
    let out = stage.frame(third, &offer("v=0", "web-1", "end-to-end", "other"));
    assert!(matches!(&out[..], [Output::Event(Event::Offer { call: CallId(2), .. })]), "{out:?}");
    // A change of the description is asked of the driver, and keeps the session.
    let change = offer("v=0 change", "web-1", "end-to-end", "tok");
    let change = change.replace("null", &format!("\"{session}\""));
    let out = stage.frame(next, &change);
    assert!(matches!(&out[..], [Output::Event(Event::Offer { again: true, .. })]), "{out:?}");
    let out = stage.handle(Input::Accept { call, sdp: Sdp::new("v=0 changed") });
    let Some(Output::Write { text, .. }) = out.last() else { panic!("{out:?}") };
    assert_eq!(Frame::parse(text.as_str()).unwrap().session, Some(session));
    // Without the session it is a new call of the same caller.
    let out = stage.frame(next, &offer("v=0 new", "web-1", "end-to-end", "tok"));
    assert_eq!(ends(&out), [CallEnd::Replaced]);
    let out = stage.frame(next, &offer("v=0", "web-9", "end-to-end", "tok"));
    assert_eq!(codes(&out), [ErrorCode::InvalidMessage]);
}

#[test]
fn either_side_ends_a_call() {
    let mut stage = Stage::new(Config::default());
    let (_, session) = stage.call();
    let text = json!({ "type": "close", "sessionId": session }).to_string();
    let out = stage.frame(CONN, &text);
    assert_eq!((ends(&out), out.len()), (vec![CallEnd::Caller], 1));
    assert_eq!(stage.frame(CONN, &text), []);
    let (call, _) = stage.call();
    let out = stage.handle(Input::HangUp { call });
    assert_eq!(bodies(&out), [(1, "close".to_owned())]);
    assert!(out.contains(&Output::Close { conn: CONN, code: 1000 }), "{out:?}");
    assert_eq!(ends(&out), [CallEnd::Agent]);
    assert_eq!(stage.gateway.connections(), 0);
    let mut stage = Stage::new(Config::default());
    stage.call();
    assert_eq!(ends(&stage.handle(Input::Closed { conn: CONN, code: 1000 })), [CallEnd::Caller]);
}

#[test]
fn limits_hold() {
    let config =
        Config { max_connections: 2, max_calls: 1, max_candidates: 3, ..Config::default() };
    let mut stage = Stage::new(config);
    let (second, third) = (ConnectionId(2), ConnectionId(3));
    stage.gateway.connect(Millis(0), second).unwrap();
    assert!(stage.gateway.connect(Millis(0), third).is_err());
    let (_, session) = stage.call();
    let out = stage.frame(second, &offer("v=0", "web-2", "end-to-end", "tok"));
    assert_eq!(codes(&out), [ErrorCode::HandlerError]);
    for n in 0..4 {
        let text =
            json!({ "type": "ice-candidate", "sessionId": session, "data": { "candidate": "c" } });
        let out = stage.frame(CONN, &text.to_string());
        assert_eq!(codes(&out).is_empty(), n < 3, "{n}");
    }
    // One without a call is closed after a while, one with a call only when calls are too long.
    assert!(stage.wait(30_000).contains(&Output::Close { conn: second, code: 1008 }));
    let out = stage.wait(2 * 60 * 60 * 1_000);
    assert_eq!(ends(&out), [CallEnd::TooLong]);
    assert!(out.contains(&Output::Close { conn: CONN, code: 1000 }));
    assert_eq!(stage.gateway.deadline(), None);
}
